"""De quién es cada paciente: su historia, el cambio de titular y los cotitulares."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, update

from app.api.models.cita import Cita, EstadoCita
from app.api.models.cliente import Cliente, EstadoCliente
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.models.paciente import Paciente
from app.api.models.tarea import TipoTarea
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.schemas.titularidad_schema import CambioTitular, CotitularCrear, TitularidadFiltro
from app.api.services import bloqueos_service as bloqueos
from app.api.services import citas_service
from app.api.services.pacientes_service import ClienteNoActivo, exigir_vivo
from app.api.services.pacientes_service import obtener as obtener_paciente
from app.api.services.vida_paciente_service import encargar
from app.config.permissions import Rol
from app.utils.audit import anotar
from app.utils.context import avisar, hoy, identidad
from app.utils.errors import BusinessRule, Conflict, ConflictoConcurrente
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, change_all, columns, entities, execute, fetch, find, rows, touch

TODO = Decimal("100.00")


class DocumentoRequerido(BusinessRule):
    """Recepción tiene que indicar el documento que acredita el cambio."""


class YaEsTitular(BusinessRule):
    """Ese cliente ya es titular del paciente."""


class PorcentajesNoSuman(BusinessRule):
    """Las partes de los titulares tienen que sumar 100."""


class TitularidadCerrada(Conflict):
    """Esa titularidad ya está cerrada."""


class TitularNoSeCierra(Conflict):
    """Un paciente no puede quedarse sin titular: use el cambio de titular."""


def listar(paciente_id: UUID, filtro: TitularidadFiltro) -> Page:
    """La historia de quién ha sido titular, de la última a la primera."""
    fetch(select(Paciente.id).where(Paciente.id == paciente_id))
    consulta = _lectura().where(Titularidad.paciente_id == paciente_id)
    if filtro.vigentes:
        consulta = consulta.where(Titularidad.hasta.is_(None))
    ordenes: dict[str, Any] = {"desde": Titularidad.desde, "creado_en": Titularidad.creado_en}
    return paginate(consulta, filtro, ordenes, "-desde,-creado_en", Titularidad.id)


def cambiar_titular(id: UUID, datos: CambioTitular) -> Reread:
    """Cierra la titularidad y abre la del nuevo titular el mismo día; las deudas siguen siendo del anterior."""
    bloqueos.clientes([datos.cliente_id, *_titulares(id)])
    paciente = find(Paciente, id)  # bloqueado: los cambios simultáneos de un paciente van de uno en uno
    exigir_vivo(paciente)
    nuevo = _cliente_activo(datos.cliente_id)
    if not datos.documento and not identidad().roles & {Rol.ADMINISTRADOR, Rol.VETERINARIO}:
        raise DocumentoRequerido(campo="/documento")
    vigentes = vigentes_de(id)
    titular = _titular(vigentes)
    if titular is not None and titular.cliente_id == nuevo.id:
        raise YaEsTitular(campo="/cliente_id")
    dia = _dia(vigentes)
    se_van = [una for una in vigentes if una is titular or una.cliente_id == nuevo.id or not datos.mantener_cotitulares]
    se_quedan = [una for una in vigentes if una not in se_van]
    change_all(se_van, lambda _: {"hasta": dia})
    abrir(id, nuevo.id, RolTitular.TITULAR, dia, _resto(se_quedan), datos.documento)
    _reasignar(id, nuevo.id, [una.cliente_id for una in se_quedan])
    touch(paciente)
    encargar(TipoTarea.COMUNICAR_REGISTRO, paciente, "Comunicar el cambio de titular al registro oficial")
    return Reread(obtener_paciente, id)


def anadir_cotitular(id: UUID, datos: CotitularCrear) -> Page:
    """Añade un cotitular; su parte, si se dice, sale de la del titular. Devuelve los titulares vigentes."""
    quietos = {datos.cliente_id, *_titulares(id)}
    bloqueos.clientes(quietos)
    paciente = find(Paciente, id)
    exigir_vivo(paciente)
    nuevo = _cliente_activo(datos.cliente_id)
    vigentes = _los_mismos(vigentes_de(id), quietos)
    if any(una.cliente_id == nuevo.id for una in vigentes):
        raise YaEsTitular(campo="/cliente_id")
    dia = _dia(vigentes)
    vigentes.append(abrir(id, nuevo.id, RolTitular.COTITULAR, dia, datos.porcentaje))
    _cuadrar(vigentes, dia)
    touch(paciente)
    return listar(id, TitularidadFiltro(vigentes=True, limite=100))


def cerrar(id: UUID) -> Reread:
    """Un cotitular deja de serlo; su parte vuelve al titular."""
    de = fetch(select(Titularidad.paciente_id).where(Titularidad.id == id)).paciente_id
    quietos = set(_titulares(de))
    bloqueos.clientes(quietos)
    paciente = entities(select(Paciente).where(Paciente.id == de).with_for_update())[0]
    titularidad = find(Titularidad, id)
    if titularidad.hasta is not None:
        raise TitularidadCerrada
    if titularidad.rol is RolTitular.TITULAR:
        raise TitularNoSeCierra
    vigentes = _los_mismos(vigentes_de(paciente.id), quietos)
    dia = _dia(vigentes)
    change(titularidad, {"hasta": dia})
    _cuadrar([una for una in vigentes if una is not titularidad], dia)
    touch(paciente)
    return Reread(fetch, _lectura, Titularidad.id == id)


def vigentes_de(paciente_id: UUID) -> list[Titularidad]:
    """Las titularidades abiertas de un paciente, las vea o no quien pide."""
    consulta = select(Titularidad).where(Titularidad.paciente_id == paciente_id, Titularidad.hasta.is_(None))
    return list(entities(consulta.order_by(Titularidad.id), alcance=False))


def abrir(
    paciente_id: UUID,
    cliente_id: UUID,
    rol: RolTitular,
    desde: date,
    porcentaje: Decimal | None = None,
    documento: str | None = None,
) -> Titularidad:
    """Abre una titularidad."""
    return add(
        Titularidad(
            paciente_id=paciente_id, cliente_id=cliente_id, rol=rol, desde=desde, porcentaje=porcentaje,
            documento=documento,
        )
    )  # fmt: skip


def _reasignar(paciente_id: UUID, nuevo_id: UUID, se_quedan: list[UUID]) -> None:
    """Las citas y esperas por venir pasan al nuevo titular; las pasadas siguen siendo de quien las pidió."""
    bloqueos.agenda(paciente_id)
    if citas_service.separar(paciente_id, [nuevo_id, *se_quedan], "cambio_titular"):
        avisar("CITAS_COMPARTIDAS", "El paciente deja las citas que compartía con otros animales del anterior titular")
    movidas = 0
    for modelo, vivas in (
        (Cita, (EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA)),
        (Espera, (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA)),
    ):
        suyas = (modelo.paciente_id == paciente_id, modelo.estado.in_(vivas))
        ajenas = update(modelo).where(*suyas, modelo.cliente_id.not_in([nuevo_id, *se_quedan]))
        movidas += execute(ajenas.values(cliente_id=nuevo_id, version=modelo.version + 1)).rowcount
    if movidas:
        avisar("CITAS_REASIGNADAS", "Las citas y esperas pendientes pasan al nuevo titular: confírmelas con él")
        anotar(
            "reasignar_citas", "pacientes", paciente_id, {"cliente_id": (None, nuevo_id), "cuantas": (None, movidas)}
        )


@cache
def _lectura() -> Select[Any]:
    nombre = func.coalesce(Cliente.razon_social, func.concat_ws(" ", Cliente.nombre, Cliente.apellidos))
    return select(*columns(Titularidad), nombre.label("cliente")).join(
        Cliente, and_(Cliente.organizacion_id == Titularidad.organizacion_id, Cliente.id == Titularidad.cliente_id)
    )


def _cliente_activo(id: UUID) -> Cliente:
    cliente = find(Cliente, id)
    if cliente.estado is not EstadoCliente.ACTIVO:
        raise ClienteNoActivo(campo="/cliente_id")
    return cliente


def _titulares(paciente_id: UUID) -> list[UUID]:
    """Los clientes que hoy son titulares o cotitulares, leídos antes de bloquear al paciente."""
    consulta = select(Titularidad.cliente_id).where(Titularidad.paciente_id == paciente_id, Titularidad.hasta.is_(None))
    return [fila.cliente_id for fila in rows(consulta, alcance=False)]


def _los_mismos(vigentes: list[Titularidad], quietos: set[UUID]) -> list[Titularidad]:
    """Los vigentes, si siguen siendo de clientes bloqueados: bloquearlos ya con el paciente sería hacerlo al revés."""
    if any(una.cliente_id not in quietos for una in vigentes):
        raise ConflictoConcurrente
    return vigentes


def _titular(vigentes: Sequence[Titularidad]) -> Titularidad | None:
    return next((una for una in vigentes if una.rol is RolTitular.TITULAR), None)


def _dia(vigentes: Sequence[Titularidad]) -> date:
    # Quien pide puede estar en una zona donde aún es la víspera de la última apertura.
    return max([hoy(), *(una.desde for una in vigentes)])


def _resto(cotitulares: Sequence[Titularidad]) -> Decimal | None:
    """La parte del titular: lo que dejan los cotitulares, o nada si nadie ha dicho la suya."""
    partes = [una.porcentaje for una in cotitulares if una.porcentaje is not None]
    if not partes:
        return None
    resto = TODO - sum(partes)
    if resto <= 0:
        raise PorcentajesNoSuman(campo="/porcentaje")
    return resto


def _cuadrar(vigentes: Sequence[Titularidad], dia: date) -> None:
    """Que las partes dichas sumen 100: la del titular se cierra y se abre otra, porque la historia no se reescribe."""
    titular = _titular(vigentes)
    parte = _resto([una for una in vigentes if una.rol is RolTitular.COTITULAR])
    if titular is None or titular.porcentaje == parte:
        return
    change(titular, {"hasta": dia})
    abrir(titular.paciente_id, titular.cliente_id, RolTitular.TITULAR, dia, parte, titular.documento)
