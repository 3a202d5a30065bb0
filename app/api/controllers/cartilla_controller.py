"""La cartilla de un animal, como la ve su titular."""

from typing import Any
from uuid import UUID

from app.api.schemas.cartilla_schema import Cartilla
from app.api.services import cartilla_service as cartillas
from app.config.permissions import Permiso
from app.utils.routing import Resource

api = Resource("cartilla", path="portal", tag="Vacunas")


@api.get("/pacientes/<uuid:id>/cartilla", permission=Permiso.VACUNACIONES_LEER, output=Cartilla, portal=Cartilla)
def leer(id: UUID) -> Any:
    """Lee la cartilla de un animal: vacunas, desparasitaciones y pesos"""
    return cartillas.cartilla(id)
