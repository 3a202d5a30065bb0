"""Las pesadas de un paciente: se añaden y se anulan, nunca se editan."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.catalogo import Especie
from app.api.models.consulta import Consulta
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.peso import MetodoPeso, Peso
from app.api.schemas.paciente_schema import PesoInicial
from app.api.schemas.peso_schema import PesoCrear, PesoFiltro
from app.api.services import bloqueos_service, parametros_service
from app.api.services.limite_sedes_service import exigir_propias
from app.utils.context import ahora, avisar, identidad, zona_actual
from app.utils.errors import BusinessRule, Conflict, NoEncontrado, exigir_sin_anular
from app.utils.horas import fecha_local
from app.utils.pagination import Page, paginate
from app.utils.records import AnyRow, Reread, add, change, columns, fetch, find, first, rows, touch
from app.utils.schemas import Motivo

DIAS_COMPARABLES = timedelta(days=30)
MARGEN_RELOJ = timedelta(minutes=5)


class PesoEnElFuturo(BusinessRule):
    """La pesada no puede estar en el futuro."""


class PesoAntesDeNacer(BusinessRule):
    """La pesada no puede ser anterior al nacimiento."""


class PacienteSinPesos(Conflict):
    """El paciente ya no admite pesadas."""


def listar(paciente_id: UUID, filtro: PesoFiltro) -> Page:
    """Las pesadas de un paciente, de la última a la primera."""
    fetch(select(Paciente.id).where(Paciente.id == paciente_id))
    consulta = select(*columns(Peso)).where(Peso.paciente_id == paciente_id)
    if not filtro.incluir_anulados or identidad().es_cliente:
        consulta = consulta.where(Peso.anulado_en.is_(None))
    return paginate(consulta, filtro, {"medido_en": Peso.medido_en}, "-medido_en", Peso.id)


def obtener(id: UUID) -> Any:
    """Una pesada."""
    return fetch(select(*columns(Peso)).where(Peso.id == id))


def peso_vigente(paciente_id: UUID) -> Decimal | None:
    """La última pesada no anulada, en kg."""
    consulta = select(Peso.peso_kg).where(Peso.paciente_id == paciente_id, Peso.anulado_en.is_(None))
    fila = first(consulta.order_by(Peso.medido_en.desc(), Peso.id.desc()).limit(1))
    return fila.peso_kg if fila else None


def crear(paciente_id: UUID, datos: PesoCrear) -> Reread:
    """Anota una pesada y avisa si cambia mucho o se sale de lo razonable en la especie."""
    paciente = find(Paciente, paciente_id)
    if datos.consulta_id and _abierta(datos.consulta_id).paciente_id != paciente_id:
        raise NoEncontrado
    peso, avisar_de_el = anotar(paciente, datos)
    return Reread(_recien_anotada, peso.id, avisar_de_el)


def _recien_anotada(id: UUID, avisar_de_ella: Callable[[], None]) -> Any:
    pesada = obtener(id)
    avisar_de_ella()
    return pesada


def anotar(paciente: Paciente, datos: PesoCrear | PesoInicial) -> tuple[Peso, Callable[[], None]]:
    """Añade la pesada a un paciente ya leído. Devuelve también con qué avisar de lo que convenga, leído lo demás.

    Errores: ``PesoEnElFuturo``, ``PesoAntesDeNacer``, ``PacienteSinPesos``.
    """
    if paciente.estado in (EstadoPaciente.FALLECIDO, EstadoPaciente.FUSIONADO):
        raise PacienteSinPesos
    campos = datos.model_dump()
    campos["medido_en"] = campos["medido_en"] or ahora()
    if campos["medido_en"] > ahora() + MARGEN_RELOJ:
        raise PesoEnElFuturo(campo="/medido_en")
    nacimiento = paciente.fecha_nacimiento
    if nacimiento and fecha_local(campos["medido_en"], zona_actual()) < nacimiento:
        raise PesoAntesDeNacer(campo="/medido_en")
    avisar_de_ella = _pedir_avisos(paciente, campos)
    peso = add(Peso(paciente_id=paciente.id, **campos))
    touch(paciente)
    return peso, avisar_de_ella


def anular(id: UUID, datos: Motivo) -> Reread:
    """Anula una pesada; la anterior vuelve a ser la vigente. Errores: ``TransicionInvalida``."""
    paciente, peso = bloqueos_service.con_su_paciente(Peso, id)
    exigir_sin_anular(peso.anulado_en)
    if peso.consulta_id:
        _abierta(peso.consulta_id)
    change(peso, {"anulado_en": ahora(), "anulado_por": identidad().id, "anulacion_motivo": datos.motivo})
    touch(paciente)
    return Reread(obtener, id)


def _abierta(consulta_id: UUID) -> Consulta:
    """La consulta en la que se pesa, que nadie cierra mientras tanto.

    Errores: ``FueraDeSusSedes``, ``ConsultaCerrada``.
    """
    consulta = find(Consulta, consulta_id, compartida=True)
    exigir_propias([consulta.sede_id], "/consulta_id")
    consulta.exigir_abierta()
    return consulta


def _pedir_avisos(paciente: Paciente, campos: dict[str, Any]) -> Callable[[], None]:
    """Lee, antes de anotarla, con qué comparar la pesada; al llamarlo, avisa."""
    limites = rows(
        select(Especie.peso_aviso_min_kg, Especie.peso_aviso_max_kg).where(Especie.codigo == paciente.especie)
    )
    anteriores = rows(
        select(Peso.peso_kg, Peso.medido_en)
        .where(Peso.paciente_id == paciente.id, Peso.anulado_en.is_(None), Peso.medido_en <= campos["medido_en"])
        .order_by(Peso.medido_en.desc(), Peso.id.desc())
        .limit(1)
    )
    tope = parametros_service.pedir("variacion_peso_aviso_pct")
    return lambda: _avisar(campos, limites.first(), anteriores.first(), tope())


def _avisar(campos: dict[str, Any], limites: AnyRow | None, anterior: AnyRow | None, tope: Any) -> None:
    peso_kg: Decimal = campos["peso_kg"]
    if campos["metodo"] is not MetodoPeso.BASCULA:
        avisar("PESO_NO_BASCULA", "Para calcular dosis hace falta un peso de báscula")
    if limites and not limites.peso_aviso_min_kg <= peso_kg <= limites.peso_aviso_max_kg:
        avisar("PESO_IMPROBABLE", "Peso fuera de lo habitual en la especie: compruebe que no es un error de tecleo")
    if anterior is None or campos["medido_en"] - anterior.medido_en > DIAS_COMPARABLES:
        return
    if abs(peso_kg - anterior.peso_kg) * 100 > anterior.peso_kg * Decimal(tope):
        avisar("VARIACION_PESO", "El peso ha cambiado mucho desde la última pesada")
