"""Lista de espera: quién quiere el próximo hueco."""

from typing import Any
from uuid import UUID

from app.api.models.cita import CitaSolapada
from app.api.models.lista_espera import HuecoYaOfertado, YaEnEspera
from app.api.schemas.lista_espera_schema import (
    EsperaCrear,
    EsperaEditar,
    EsperaFiltro,
    EsperaLectura,
    EsperaPortal,
    OfertaCrear,
)
from app.api.services import lista_espera_service as espera
from app.api.services.lista_espera_service import OfertaCaducada
from app.api.services.ofertas_service import HuecoOcupado
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("lista-espera", tag="Lista de espera")


@api.get("", permission=Permiso.LISTA_ESPERA_LEER, output=Pagina[EsperaLectura], portal=Pagina[EsperaPortal])
def listar(query: EsperaFiltro) -> Any:
    """Lista las esperas"""
    return espera.listar(query)


@api.post("", permission=Permiso.LISTA_ESPERA_CREAR, output=EsperaLectura, portal=EsperaPortal, status=201,
          errors=(YaEnEspera,))  # fmt: skip
def crear(body: EsperaCrear) -> Any:
    """Apunta a un paciente a la lista de espera"""
    return espera.crear(body)


@api.get("/<uuid:id>", permission=Permiso.LISTA_ESPERA_LEER, output=EsperaLectura, portal=EsperaPortal)
def obtener(id: UUID) -> Any:
    """Lee una espera"""
    return espera.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.LISTA_ESPERA_EDITAR, output=EsperaLectura, portal=EsperaPortal,
           errors=(TransicionInvalida,))  # fmt: skip
def editar(id: UUID, body: EsperaEditar) -> Any:
    """Cambia cuándo o con quién se espera"""
    return espera.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.LISTA_ESPERA_ELIMINAR, errors=(TransicionInvalida,))
def eliminar(id: UUID) -> None:
    """Borra de la lista de espera"""
    espera.eliminar(id)


@api.post("/<uuid:id>/oferta", permission=Permiso.CITAS_GESTIONAR, output=EsperaLectura,
          errors=(HuecoYaOfertado, HuecoOcupado, TransicionInvalida))  # fmt: skip
def ofertar(id: UUID, body: OfertaCrear) -> Any:
    """Ofrece un hueco a quien espera"""
    return espera.ofertar(id, body)


@api.post("/<uuid:id>/aceptacion", permission=Permiso.LISTA_ESPERA_RESPONDER, output=EsperaLectura,
          portal=EsperaPortal, errors=(OfertaCaducada, CitaSolapada, TransicionInvalida))  # fmt: skip
def aceptar(id: UUID) -> Any:
    """Acepta el hueco ofrecido"""
    return espera.aceptar(id)


@api.post("/<uuid:id>/rechazo", permission=Permiso.LISTA_ESPERA_RESPONDER, output=EsperaLectura,
          portal=EsperaPortal, errors=(TransicionInvalida,))  # fmt: skip
def rechazar(id: UUID) -> Any:
    """Rechaza el hueco ofrecido"""
    return espera.rechazar(id)
