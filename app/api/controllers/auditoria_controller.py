"""Auditoría: quién hizo qué, y la prueba de que nadie la ha tocado."""

from typing import Any

from app.api.schemas.auditoria_schema import AsientoLectura, AuditoriaFiltro, VerificacionCadena
from app.api.services import auditoria_service as auditoria
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("auditoria", tag="Auditoría")


@api.get("", permission=Permiso.AUDITORIA_LEER, output=Pagina[AsientoLectura])
def listar(query: AuditoriaFiltro) -> Any:
    """Lista los asientos de auditoría, del último al primero"""
    return auditoria.listar(query)


@api.get("/verificacion-cadena", permission=Permiso.AUDITORIA_LEER, output=VerificacionCadena)
def verificar() -> Any:
    """Comprueba la cadena de huellas de la auditoría"""
    return auditoria.verificar()
