"""Recetas: del borrador a la emisión y, desde ahí, a dispensarse o anularse."""

from typing import Any
from uuid import UUID

from app.api.models.controlado import SaldoControladoNegativo
from app.api.models.receta import EnvasesExcedidos, RecetaEmitidaInmutable
from app.api.models.vacunacion import LoteCaducado
from app.api.schemas.dispensacion_schema import (
    DispensacionCrear,
    DispensacionFiltro,
    DispensacionHecha,
    DispensacionLectura,
    DispensacionPortal,
)
from app.api.schemas.receta_schema import (
    RecetaCrear,
    RecetaDePacienteFiltro,
    RecetaEditar,
    RecetaFiltro,
    RecetaLectura,
    RecetaPortal,
    RecetaResumen,
)
from app.api.services import dispensaciones_service as dispensaciones
from app.api.services import emision_receta_service as emision
from app.api.services import recetas_service as recetas
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.alertas_medicacion_service import AlertasMedicacion, JustificacionRequerida
from app.api.services.clientes_service import ClienteCerrado
from app.api.services.firmantes_service import FirmanteNoAutorizado, ProfesionalSinColegiacion
from app.api.services.lineas_receta_service import CantidadExcesiva
from app.api.services.pacientes_service import PacienteFallecido
from app.api.services.sedes_service import SedeSinDecir
from app.config.permissions import Permiso
from app.utils.dosis import SinPresentacionAdecuada
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Motivo, Pagina

api = Resource("recetas", path="", tag="Recetas")
ALERTAS = (AlertasMedicacion, JustificacionRequerida)


@api.get("/recetas", permission=Permiso.RECETAS_LEER, output=Pagina[RecetaResumen], portal=Pagina[RecetaPortal])
def listar(query: RecetaFiltro) -> Any:
    """Lista las recetas"""
    return recetas.listar(query)


@api.post("/recetas", permission=Permiso.RECETAS_CREAR, output=RecetaLectura, status=201,
          errors=(*ALERTAS, PacienteFallecido, ProfesionalSinColegiacion, recetas.ConsultaDeOtroPaciente,
                  recetas.SinTitular, SedeSinDecir, CantidadExcesiva, ClienteCerrado,
                  SinPresentacionAdecuada))  # fmt: skip
def crear(body: RecetaCrear) -> Any:
    """Escribe una receta en borrador"""
    return recetas.crear(body)


@api.get("/pacientes/<uuid:id>/recetas", permission=Permiso.RECETAS_LEER, output=Pagina[RecetaLectura],
         portal=Pagina[RecetaPortal], errors=(MotivoRequerido,))  # fmt: skip
def listar_de_paciente(id: UUID, query: RecetaDePacienteFiltro) -> Any:
    """Lista las recetas de un paciente"""
    return recetas.de_paciente(id, query)


@api.get("/recetas/<uuid:id>", permission=Permiso.RECETAS_LEER, output=RecetaLectura, portal=RecetaPortal,
         errors=(MotivoRequerido,))  # fmt: skip
def obtener(id: UUID) -> Any:
    """Lee una receta"""
    return recetas.leer(id)


@api.patch("/recetas/<uuid:id>", permission=Permiso.RECETAS_EDITAR, output=RecetaLectura,
           errors=(*ALERTAS, RecetaEmitidaInmutable, CantidadExcesiva, SinPresentacionAdecuada,
                   MotivoRequerido))  # fmt: skip
def editar(id: UUID, body: RecetaEditar) -> Any:
    """Corrige una receta en borrador"""
    return recetas.editar(id, body)


@api.post("/recetas/<uuid:id>/emision", permission=Permiso.RECETAS_EDITAR, output=RecetaLectura,
          errors=(*ALERTAS, TransicionInvalida, FirmanteNoAutorizado, ProfesionalSinColegiacion, PacienteFallecido,
                  emision.RecetaIncompleta, emision.EstupefacienteMalRecetado, emision.PlazoExcedido,
                  MotivoRequerido))  # fmt: skip
def emitir(id: UUID) -> Any:
    """Firma y emite una receta"""
    return emision.emitir(id)


@api.post("/recetas/<uuid:id>/anulacion", permission=Permiso.RECETAS_EDITAR, output=RecetaLectura,
          errors=(TransicionInvalida, MotivoRequerido))  # fmt: skip
def anular(id: UUID, body: Motivo) -> Any:
    """Anula una receta emitida"""
    return emision.anular(id, body)


@api.get("/recetas/<uuid:id>/dispensaciones", permission=Permiso.RECETAS_LEER, output=Pagina[DispensacionLectura],
         portal=Pagina[DispensacionPortal], errors=(MotivoRequerido,))  # fmt: skip
def listar_dispensaciones(id: UUID, query: DispensacionFiltro) -> Any:
    """Lista lo que se ha dispensado de una receta"""
    return dispensaciones.listar(id, query)


@api.get("/dispensaciones/<uuid:id>", permission=Permiso.RECETAS_LEER, output=DispensacionLectura,
         portal=DispensacionPortal, errors=(MotivoRequerido,))  # fmt: skip
def obtener_dispensacion(id: UUID) -> Any:
    """Lee una dispensación"""
    return dispensaciones.leer(id)


@api.post("/recetas/<uuid:id>/dispensaciones", permission=Permiso.RECETAS_EDITAR, output=DispensacionHecha,
          status=201, errors=(*ALERTAS, TransicionInvalida, dispensaciones.RecetaCaducada, EnvasesExcedidos,
                              dispensaciones.RecetaNoDispensable, LoteCaducado, SaldoControladoNegativo,
                              PacienteFallecido))  # fmt: skip
def dispensar(id: UUID, body: DispensacionCrear) -> Any:
    """Dispensa una receta, entera o en parte"""
    return dispensaciones.dispensar(id, body)
