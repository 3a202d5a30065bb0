"""Las sedes: sus fichas y quién puede trabajar en cada una."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from app.api.models.cita import Cita, EstadoCita
from app.api.models.organizacion import Organizacion
from app.api.models.sede import Sede
from app.api.schemas.sede_schema import SedeCrear, SedeEditar, SedeFiltro
from app.api.services.contacto_cliente_service import numero_e164, pedir_pais
from app.api.services.limite_sedes_service import exigir_propias, exigir_sin_limite
from app.api.services.organizacion_service import combinar, vigentes
from app.api.services.recalculo_vacunal_service import rehacer_todos
from app.config.permissions import Permiso, Rol
from app.utils.context import ahora, contexto, identidad
from app.utils.errors import BusinessRule, Conflict, NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, find, first, one_of, remove, rows
from app.utils.relations import relacion

_PENDIENTES = (EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA)
_EN_CURSO = (EstadoCita.EN_SALA, EstadoCita.EN_CONSULTA)


class SedeConCitas(Conflict):
    """La sede tiene citas pendientes: reprográmelas o cancélelas antes."""


class UltimaSede(Conflict):
    """Una organización no puede quedarse sin sedes."""


class SedeSinDecir(BusinessRule):
    """Falta decir en qué sede."""


class SedeDeBaja(Conflict):
    """La sede está de baja."""


def exigir_sede(sede_id: UUID) -> Any:
    """La sede, si está activa y quien pide trabaja en ella. Errores: ``NoEncontrado``."""
    if not sede_permitida(sede_id):
        raise NoEncontrado
    return pedir_sede(sede_id)()


def pedir_sede(sede_id: Any) -> Callable[[], Any]:
    """Lo mismo que ``exigir_sede``, en dos tiempos: se pide ya y se exige al llamarlo; también por una subconsulta."""
    consulta = select(*columns(Sede)).where(Sede.id == sede_id, Sede.activo)
    if contexto().metodo not in ("GET", "HEAD"):
        # Quien escribe espera a una baja en curso: no nace nada en una sede que se está cerrando.
        consulta = consulta.with_for_update(of=Sede, read=True, key_share=True)
    sedes = rows(consulta)

    def exigir() -> Any:
        sede = sedes.first()
        if sede is None or not sede_permitida(sede.id):
            raise NoEncontrado
        return sede

    return exigir


def pedir_sede_o_principal(pedida: UUID | None) -> Callable[[], Any]:
    """Pone en camino la que se dice o, si no se dice, la principal de quien pide; se exige al llamarlo.

    Errores: ``NoEncontrado``, ``SedeSinDecir``.
    """
    if pedida is not None:
        return pedir_sede(pedida)
    suyas = select(Sede.id).where(one_of(Sede.id, identidad().sedes), Sede.activo)
    exigir_principal = pedir_sede(suyas.order_by(Sede.creado_en, Sede.id).limit(1).scalar_subquery())

    def exigir() -> Any:
        try:
            return exigir_principal()
        except NoEncontrado:
            raise SedeSinDecir(campo="/sede_id") from None

    return exigir


def sede_permitida(sede_id: UUID) -> bool:
    """Si quien pide puede trabajar en esa sede: las suyas o, sin sedes asignadas, las que su rol permita."""
    quien = identidad()
    if quien.sedes:
        return sede_id in quien.sedes
    return quien.tipo == "integracion" or bool(quien.roles & {Rol.ADMINISTRADOR, Rol.CLIENTE})


def listar(filtro: SedeFiltro) -> Page:
    """Las sedes de la organización; en el portal, sólo las abiertas."""
    consulta = _lectura().where(Sede.activo == filtro.activo)
    pagina = paginate(consulta, filtro, {"codigo": Sede.codigo, "creado_en": Sede.creado_en}, "codigo", Sede.id)
    return pagina.mapear(_presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Una sede, con los parámetros que rigen en ella."""
    return _presentar(fetch(_lectura().where(Sede.id == id)))


@relacion("sede", Permiso.SEDES_LEER)
def varios(ids: set[UUID]) -> dict[UUID, Any]:
    """Las fichas de esos ids que quien pide puede ver."""
    return {fila.id: _presentar(fila) for fila in rows(_lectura().where(Sede.id.in_(ids)))}


def crear(datos: SedeCrear) -> Reread:
    """Da de alta una sede. Errores: ``SinPermiso`` a quien sólo administra unas sedes."""
    exigir_sin_limite()
    campos = datos.model_dump()
    campos["telefono"] = None if datos.telefono is None else numero_e164(datos.telefono, pedir_pais()(), "/telefono")
    campos["config"] = combinar({}, datos.config)
    return Reread(obtener, add(Sede(**campos)).id)


def editar(id: UUID, cambios: SedeEditar) -> Reread:
    """Cambia los campos que vinieron; ``config`` se combina con lo ya fijado."""
    leer_sede, pais = ask(Sede, id), pedir_pais()
    sede = leer_sede()
    exigir_propias([id])
    if not sede.activo:
        raise SedeDeBaja
    nuevos = cambios.model_dump(include=cambios.model_fields_set)
    if nuevos.get("telefono") is not None:
        nuevos["telefono"] = numero_e164(nuevos["telefono"], pais(), "/telefono")
    if "config" in nuevos:
        nuevos["config"] = combinar(sede.config, nuevos["config"])
    traslada = nuevos.get("territorio_sanitario", sede.territorio_sanitario) != sede.territorio_sanitario
    change(sede, nuevos)
    if traslada:  # lo que se exige de las vacunas depende de dónde se esté
        rehacer_todos()
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica de una sede sin citas por delante y que no sea la última."""
    # Se bloquean todas y por orden: dos bajas a la vez ni se interbloquean ni dejan la organización sin ninguna.
    rows(select(Sede.id).order_by(Sede.id).with_for_update())
    sede = find(Sede, id)
    exigir_propias([id])
    if not sede.activo:
        raise SedeDeBaja
    pendiente = select(Cita.id).where(
        Cita.sede_id == id,
        or_(Cita.estado.in_(_EN_CURSO), Cita.estado.in_(_PENDIENTES) & (Cita.fin > ahora())),
    )
    if first(pendiente.limit(1), alcance=False):
        raise SedeConCitas
    if len(rows(select(Sede.id).where(Sede.activo))) < 2:
        raise UltimaSede
    remove(sede)


def _lectura() -> Select[Any]:
    consulta = select(*columns(Sede), Organizacion.config.label("config_organizacion")).join(
        Organizacion, Organizacion.id == Sede.organizacion_id
    )
    return consulta.where(Sede.activo) if identidad().es_cliente else consulta


def _presentar(fila: Row[Any]) -> dict[str, Any]:
    return {**fila._asdict(), "parametros": vigentes(fila.config_organizacion, fila.config)}
