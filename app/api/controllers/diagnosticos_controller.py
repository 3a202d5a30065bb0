"""Diagnósticos de una consulta y problemas que el paciente arrastra."""

from typing import Any
from uuid import UUID

from app.api.models.consulta import ConsultaAnulada, ConsultaCerrada
from app.api.schemas.diagnostico_schema import (
    DiagnosticoCrear,
    DiagnosticoEditar,
    DiagnosticoLectura,
    DiagnosticoPortal,
    ProblemaCrear,
    ProblemaEditar,
    ProblemaFiltro,
    ProblemaLectura,
)
from app.api.services import diagnosticos_service as diagnosticos
from app.api.services import problemas_service as problemas
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.pacientes_service import FechaFutura, FechasIncoherentes, PacienteNoActivo
from app.api.services.sistemas_codificacion_service import CodificacionIncompleta, CodigoDesconocido, SistemaDesconocido
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import PageQuery, Pagina

api = Resource("diagnosticos", path="", tag="Consultas")
CODIFICAR = (CodificacionIncompleta, SistemaDesconocido, CodigoDesconocido)
ABIERTA = (ConsultaCerrada, ConsultaAnulada)
FECHAS = (FechaFutura, FechasIncoherentes)


@api.get("/consultas/<uuid:id>/diagnosticos", permission=Permiso.DIAGNOSTICOS_LEER, output=Pagina[DiagnosticoLectura],
         portal=Pagina[DiagnosticoPortal], errors=(MotivoRequerido,))  # fmt: skip
def listar(id: UUID, query: PageQuery) -> Any:
    """Lista los diagnósticos de una consulta"""
    return diagnosticos.listar(id, query)


@api.post("/consultas/<uuid:id>/diagnosticos", permission=Permiso.DIAGNOSTICOS_EDITAR, output=DiagnosticoLectura,
          status=201, errors=(*ABIERTA, *CODIFICAR))  # fmt: skip
def crear(id: UUID, body: DiagnosticoCrear) -> Any:
    """Añade un diagnóstico"""
    return diagnosticos.crear(id, body)


@api.get("/diagnosticos/<uuid:id>", permission=Permiso.DIAGNOSTICOS_LEER, output=DiagnosticoLectura,
         portal=DiagnosticoPortal, errors=(MotivoRequerido,))  # fmt: skip
def obtener(id: UUID) -> Any:
    """Lee un diagnóstico"""
    return diagnosticos.obtener(id)


@api.patch("/diagnosticos/<uuid:id>", permission=Permiso.DIAGNOSTICOS_EDITAR, output=DiagnosticoLectura,
           errors=(*ABIERTA, *CODIFICAR, MotivoRequerido))  # fmt: skip
def editar(id: UUID, body: DiagnosticoEditar) -> Any:
    """Corrige un diagnóstico"""
    return diagnosticos.editar(id, body)


@api.get("/pacientes/<uuid:id>/problemas", permission=Permiso.CONSULTAS_LEER, output=Pagina[ProblemaLectura],
         errors=(MotivoRequerido,))  # fmt: skip
def listar_problemas(id: UUID, query: ProblemaFiltro) -> Any:
    """Lista los problemas de un paciente"""
    return problemas.listar(id, query)


@api.post("/pacientes/<uuid:id>/problemas", permission=Permiso.DIAGNOSTICOS_EDITAR, output=ProblemaLectura, status=201,
          errors=(*FECHAS, *CODIFICAR, PacienteNoActivo))  # fmt: skip
def crear_problema(id: UUID, body: ProblemaCrear) -> Any:
    """Apunta un problema"""
    return problemas.crear(id, body)


@api.get("/problemas/<uuid:id>", permission=Permiso.CONSULTAS_LEER, output=ProblemaLectura, errors=(MotivoRequerido,))
def obtener_problema(id: UUID) -> Any:
    """Lee un problema"""
    return problemas.obtener(id)


@api.patch("/problemas/<uuid:id>", permission=Permiso.DIAGNOSTICOS_EDITAR, output=ProblemaLectura,
           errors=(*FECHAS, *CODIFICAR, MotivoRequerido))  # fmt: skip
def editar_problema(id: UUID, body: ProblemaEditar) -> Any:
    """Corrige un problema, o lo da por resuelto"""
    return problemas.editar(id, body)


@api.delete("/problemas/<uuid:id>", permission=Permiso.DIAGNOSTICOS_EDITAR)
def eliminar_problema(id: UUID) -> None:
    """Retira un problema"""
    problemas.eliminar(id)
