"""Enmiendas: lo que se añade a una consulta cerrada, encadenado y sin tocarla."""

from typing import Any
from uuid import UUID

from app.api.schemas.enmienda_schema import EnmiendaCrear, EnmiendaLectura, EnmiendaPortal, VerificacionCadena
from app.api.services import enmiendas_service as enmiendas
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.enmiendas_service import ConsultaAbierta, ConsultaSinFirmar, SoloQuienLaLleva
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import PageQuery, Pagina

api = Resource("enmiendas", path="", tag="Consultas")


@api.get("/consultas/<uuid:id>/enmiendas", permission=Permiso.ENMIENDAS_LEER, output=Pagina[EnmiendaLectura],
         portal=Pagina[EnmiendaPortal], errors=(MotivoRequerido,))  # fmt: skip
def listar(id: UUID, query: PageQuery) -> Any:
    """Lista las enmiendas de una consulta"""
    return enmiendas.listar(id, query)


@api.post("/consultas/<uuid:id>/enmiendas", permission=Permiso.ENMIENDAS_CREAR, output=EnmiendaLectura, status=201,
          errors=(ConsultaAbierta, SoloQuienLaLleva, MotivoRequerido))  # fmt: skip
def crear(id: UUID, body: EnmiendaCrear) -> Any:
    """Enmienda una consulta cerrada"""
    return enmiendas.crear(id, body)


@api.get("/enmiendas/<uuid:id>", permission=Permiso.ENMIENDAS_LEER, output=EnmiendaLectura, portal=EnmiendaPortal,
         errors=(MotivoRequerido,))  # fmt: skip
def obtener(id: UUID) -> Any:
    """Lee una enmienda"""
    return enmiendas.obtener(id)


@api.get("/consultas/<uuid:id>/verificacion-cadena", permission=Permiso.CONSULTAS_LEER, output=VerificacionCadena,
         errors=(ConsultaSinFirmar, MotivoRequerido))  # fmt: skip
def verificar(id: UUID) -> Any:
    """Comprueba que una consulta y sus enmiendas siguen como se firmaron"""
    return enmiendas.verificar(id)
