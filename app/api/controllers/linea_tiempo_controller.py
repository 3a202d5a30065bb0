"""Línea de tiempo: la vida de un paciente, por fecha."""

from typing import Any
from uuid import UUID

from app.api.schemas.linea_tiempo_schema import Entrada, LineaTiempoFiltro
from app.api.services import linea_tiempo_service as lineas
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("linea-tiempo", path="", tag="Pacientes")


@api.get("/pacientes/<uuid:id>/linea-tiempo", permission=Permiso.PACIENTES_LEER, output=Pagina[Entrada],
         portal=Pagina[Entrada], errors=(MotivoRequerido,))  # fmt: skip
def listar(id: UUID, query: LineaTiempoFiltro) -> Any:
    """Lista lo que le ha pasado a un paciente, lo último delante

    Cada quien lee lo suyo: el titular, lo publicado; recepción, lo que no es clínico.
    """
    return lineas.listar(id, query)
