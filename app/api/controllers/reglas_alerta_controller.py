"""Reglas de alerta: con qué avisa la clínica al medicar."""

from typing import Any
from uuid import UUID

from app.api.models.regla_alerta import ReglaDeBloqueo, ReglaDuplicada
from app.api.schemas.regla_alerta_schema import ReglaCrear, ReglaEditar, ReglaFiltro, ReglaLectura
from app.api.services import reglas_alerta_service as reglas
from app.api.services.reglas_alerta_service import ParametrosDeReglaInvalidos, ReglaDeFabrica
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("reglas-alerta", tag="Medicación")


@api.get("", permission=Permiso.MEDICAMENTOS_LEER, output=Pagina[ReglaLectura])
def listar(query: ReglaFiltro) -> Any:
    """Lista las reglas de alerta de medicación"""
    return reglas.listar(query)


@api.post(
    "",
    permission=Permiso.MEDICAMENTOS_EDITAR,
    output=ReglaLectura,
    status=201,
    errors=(ParametrosDeReglaInvalidos, ReglaDuplicada),
)
def crear(body: ReglaCrear) -> Any:
    """Crea una regla de alerta"""
    return reglas.crear(body)


@api.get("/<uuid:id>", permission=Permiso.MEDICAMENTOS_LEER, output=ReglaLectura)
def obtener(id: UUID) -> Any:
    """Lee una regla de alerta"""
    return reglas.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.MEDICAMENTOS_EDITAR,
    output=ReglaLectura,
    errors=(ParametrosDeReglaInvalidos, ReglaDeBloqueo),
)
def editar(id: UUID, body: ReglaEditar) -> Any:
    """Edita una regla de alerta"""
    return reglas.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.MEDICAMENTOS_EDITAR, errors=(ReglaDeFabrica,))
def eliminar(id: UUID) -> None:
    """Da de baja una regla de alerta"""
    reglas.eliminar(id)
