"""Las desparasitaciones de un paciente: se apuntan y se anulan, nunca se editan."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.api.models import alcance  # noqa: F401 - declara qué pacientes ve cada cual
from app.api.models.desparasitacion import Desparasitacion, TipoDesparasitacion
from app.api.models.paciente import Paciente
from app.api.models.producto import Producto
from app.api.schemas.desparasitacion_schema import (
    DesparasitacionCrear,
    DesparasitacionFiltro,
    DesparasitacionSedeFiltro,
)
from app.api.services import bloqueos_service
from app.api.services.pacientes_service import exigir, exigir_fecha, exigir_vivo
from app.api.services.sede_de_trabajo_service import pedir_sede_de_trabajo
from app.utils.context import ahora, avisar, identidad
from app.utils.errors import BusinessRule, exigir_sin_anular
from app.utils.filters import Where, between_dates, matching
from app.utils.pagination import Page, paginate
from app.utils.pauta_desparasitacion import tras
from app.utils.records import Reread, add, ask, change, columns, fetch, touch
from app.utils.schemas import Motivo


class ProductoRequerido(BusinessRule):
    """Hay que decir con qué producto o con qué principios."""


def listar(paciente_id: UUID, filtro: DesparasitacionFiltro) -> Page:
    """Las de un paciente, de la última a la primera."""
    exigir(paciente_id)
    return _pagina(filtro, [Desparasitacion.paciente_id == paciente_id])


def listar_de_la_sede(filtro: DesparasitacionSedeFiltro) -> Page:
    """Las de las sedes de quien pide, o de la que diga."""
    if filtro.sede_id:
        return _pagina(filtro, [Desparasitacion.sede_id == filtro.sede_id])
    suyas = or_(Desparasitacion.sede_id.in_(identidad().sedes), Desparasitacion.sede_id.is_(None))
    return _pagina(filtro, [suyas] if identidad().sedes else [])


def obtener(id: UUID) -> Any:
    """Una desparasitación."""
    return fetch(lectura, Desparasitacion.id == id, *_visibles())


def crear(paciente_id: UUID, datos: DesparasitacionCrear) -> Reread:
    """La apunta y calcula la próxima. Errores: ``PacienteFallecido``, ``ProductoRequerido`` y los de fechas."""
    leer_paciente, sede = ask(Paciente, paciente_id), pedir_sede_de_trabajo(datos.sede_id)
    leer_producto = ask(Producto, datos.producto_id) if datos.producto_id else None
    paciente = leer_paciente()
    exigir_vivo(paciente)
    exigir_fecha("fecha", datos.fecha, paciente.fecha_nacimiento)
    if leer_producto:
        leer_producto()
    elif not datos.principios:
        raise ProductoRequerido(campo="/producto_id")
    campos = datos.model_dump()
    toca = tras(datos.tipo.value, paciente.especie, paciente.fecha_nacimiento, datos.fecha, datos.duracion_dias)
    if toca.fecha is None:
        avisar("SIN_PROXIMA_FECHA", toca.mensaje)
    elif datos.tipo is TipoDesparasitacion.MIXTA and datos.duracion_dias is None:
        avisar("SIN_DURACION", "Sin saber cuánto dura el producto, la próxima fecha es sólo la de la interna")
    campos |= {"sede_id": sede(), "fecha_proxima": toca.fecha}
    apuntada = add(Desparasitacion(paciente_id=paciente.id, **campos))
    touch(paciente)
    return Reread(obtener, apuntada.id)


def anular(id: UUID, datos: Motivo) -> Reread:
    """La anula; la anterior vuelve a ser la última. Errores: ``TransicionInvalida``."""
    paciente, suya = bloqueos_service.con_su_paciente(Desparasitacion, id)
    exigir_sin_anular(suya.anulado_en)
    change(suya, {"anulado_en": ahora(), "anulado_por": identidad().id, "anulacion_motivo": datos.motivo})
    touch(paciente)
    return Reread(obtener, id)


def _visibles() -> list[ColumnElement[bool]]:
    return [Desparasitacion.anulado_en.is_(None)] if identidad().es_cliente else []


def _pagina(filtro: DesparasitacionFiltro, donde: list[Where]) -> Page:
    donde += [*matching(Desparasitacion, filtro, "tipo"), *between_dates(Desparasitacion.fecha, filtro)]
    if not filtro.incluir_anuladas or identidad().es_cliente:
        donde.append(Desparasitacion.anulado_en.is_(None))
    return paginate(lectura, filtro, {"fecha": Desparasitacion.fecha}, "-fecha", Desparasitacion.id, *donde)


@cache
def lectura() -> Select[Any]:
    """Cada una con el nombre de su producto, si se dijo."""
    suyo = and_(Producto.organizacion_id == Desparasitacion.organizacion_id, Producto.id == Desparasitacion.producto_id)
    return select(*columns(Desparasitacion), Producto.nombre.label("producto")).outerjoin(Producto, suyo)
