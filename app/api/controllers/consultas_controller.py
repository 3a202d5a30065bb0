"""Consultas: el episodio clínico, desde que se abre hasta que se publica."""

from typing import Any
from uuid import UUID

from app.api.models.consulta import CitaConConsulta, ConsultaAnulada, ConsultaCerrada
from app.api.schemas.consulta_lectura_schema import ConsultaLectura, ConsultaPortal, ConsultaResumen
from app.api.schemas.consulta_schema import (
    Cierre,
    ConsultaCrear,
    ConsultaEditar,
    ConsultaFiltro,
    TrabajoFiltro,
)
from app.api.schemas.exploracion_schema import ExploracionLectura, ExploracionSustituir
from app.api.services import cierre_consulta_service as cierres
from app.api.services import consultas_service as consultas
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.cierre_consulta_service import ConsultaConActos, ConsultaIncompleta
from app.api.services.consultas_service import MotivoDesconocido, SoloSubjetivo, VeterinarioRequerido
from app.api.services.firmantes_service import ProfesionalSinColegiacion
from app.api.services.pacientes_service import FechaFutura, PacienteFallecido, PacienteNoActivo
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Motivo, Pagina

api = Resource("consultas", path="", tag="Consultas")
ABIERTA = (ConsultaCerrada, ConsultaAnulada)
SIN_CLINICA = (Permiso.CONSULTAS_LEER, ConsultaResumen)


@api.get("/consultas", permission=Permiso.CONSULTAS_VER, output=Pagina[ConsultaResumen], portal=Pagina[ConsultaPortal])
def listar_trabajo(query: TrabajoFiltro) -> Any:
    """Lista las consultas de una sede, sin lo que se escribió en ellas"""
    return consultas.listar_trabajo(query)


@api.get("/pacientes/<uuid:id>/consultas", permission=Permiso.CONSULTAS_VER, output=Pagina[ConsultaLectura],
         portal=Pagina[ConsultaPortal], brief=(Permiso.CONSULTAS_LEER, Pagina[ConsultaResumen]),
         errors=(MotivoRequerido,))  # fmt: skip
def listar(id: UUID, query: ConsultaFiltro) -> Any:
    """Lista las consultas de un paciente"""
    return consultas.listar(id, query)


@api.post("/pacientes/<uuid:id>/consultas", permission=Permiso.CONSULTAS_CREAR, output=ConsultaLectura, status=201,
          errors=(PacienteFallecido, PacienteNoActivo, VeterinarioRequerido, MotivoDesconocido, CitaConConsulta,
                  FechaFutura))  # fmt: skip
def crear(id: UUID, body: ConsultaCrear) -> Any:
    """Abre una consulta"""
    return consultas.crear(id, body)


@api.get("/consultas/<uuid:id>", permission=Permiso.CONSULTAS_VER, output=ConsultaLectura, portal=ConsultaPortal,
         brief=SIN_CLINICA, errors=(MotivoRequerido,))  # fmt: skip
def obtener(id: UUID) -> Any:
    """Lee una consulta

    Quien no ha atendido al paciente hace poco dice por qué en X-Motivo-Acceso. Sin acceso clínico, un resumen.
    """
    return consultas.obtener(id)


@api.patch("/consultas/<uuid:id>", permission=Permiso.CONSULTAS_EDITAR, output=ConsultaLectura,
           errors=(*ABIERTA, SoloSubjetivo, VeterinarioRequerido, MotivoDesconocido, MotivoRequerido))  # fmt: skip
def editar(id: UUID, body: ConsultaEditar) -> Any:
    """Escribe en una consulta abierta"""
    return consultas.editar(id, body)


@api.post("/consultas/<uuid:id>/cierre", permission=Permiso.CONSULTAS_GESTIONAR, output=ConsultaLectura,
          errors=(TransicionInvalida, ConsultaIncompleta, ProfesionalSinColegiacion, MotivoRequerido))  # fmt: skip
def cerrar(id: UUID, body: Cierre) -> Any:
    """Firma y cierra una consulta; desde entonces no se toca"""
    return cierres.cerrar(id, body)


@api.post("/consultas/<uuid:id>/anulacion", permission=Permiso.CONSULTAS_GESTIONAR, output=ConsultaLectura,
          errors=(TransicionInvalida, ConsultaConActos, MotivoRequerido))  # fmt: skip
def anular(id: UUID, body: Motivo) -> Any:
    """Anula una consulta abierta por error"""
    return cierres.anular(id, body)


@api.post("/consultas/<uuid:id>/publicacion", permission=Permiso.CONSULTAS_GESTIONAR, output=ConsultaLectura,
          errors=(TransicionInvalida, MotivoRequerido))  # fmt: skip
def publicar(id: UUID) -> Any:
    """Publica una consulta cerrada en el portal"""
    return cierres.publicar(id)


@api.get("/consultas/<uuid:id>/exploracion", permission=Permiso.CONSULTAS_LEER, output=ExploracionLectura,
         errors=(MotivoRequerido,))  # fmt: skip
def obtener_exploracion(id: UUID) -> Any:
    """Lee la exploración por sistemas"""
    return consultas.exploracion(id)


@api.put("/consultas/<uuid:id>/exploracion", permission=Permiso.CONSULTAS_CREAR, output=ExploracionLectura,
         errors=(*ABIERTA, MotivoRequerido))  # fmt: skip
def explorar(id: UUID, body: ExploracionSustituir) -> Any:
    """Sustituye la exploración por sistemas"""
    return consultas.explorar(id, body)
