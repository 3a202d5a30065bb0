"""La cartilla de un animal: lo que se le ha puesto y lo que le toca, para leerla o imprimirla."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.api.models.desparasitacion import Desparasitacion, TipoDesparasitacion
from app.api.models.paciente import Paciente
from app.api.models.peso import Peso
from app.api.models.vacunacion import Vacunacion
from app.api.services import desparasitaciones_service, lectura_vacunas_service
from app.api.services.calendario_service import SIN_CALENDARIO, Calendario, resumidas
from app.api.services.ficha_paciente_service import edad_de
from app.utils.context import hoy
from app.utils.pauta_desparasitacion import externa, interna, primera
from app.utils.records import AnyRow, AnySelect, Rows, columns, dato, fetch, rows

MAXIMO = 200


def cartilla(paciente_id: UUID) -> dict[str, Any]:
    """Lo que dice la cartilla de un animal, con la forma de ``Cartilla``; lo último, primero.

    Errores: ``NoEncontrado`` si quien pide no puede verlo.
    """
    # Todas se piden antes de mirar ninguna: viajan juntas.
    calendario = Calendario([paciente_id])
    vacunas = rows(_vacunas, id=paciente_id)
    en_protocolos = rows(lectura_vacunas_service.del_paciente, id=paciente_id)
    desparasitaciones = rows(_desparasitaciones, id=paciente_id)
    pesos = rows(_pesos, id=paciente_id)
    paciente = fetch(_paciente, id=paciente_id)
    suyos: dict[UUID, list[AnyRow]] = {}
    for fila in en_protocolos:
        suyos.setdefault(fila.vacunacion_id, []).append(fila)
    return {
        "paciente": {**paciente._asdict(), "edad": edad_de(paciente, hoy())},
        "vacunas": [lectura_vacunas_service.presentar(una, suyos.get(una.id, [])) for una in vacunas],
        "desparasitaciones": list(desparasitaciones),
        "pesos": list(pesos),
        "proximas_vacunas": resumidas(calendario.proximas()),
        "proximas_desparasitaciones": _proximas(paciente, desparasitaciones),
    }


def _proximas(paciente: AnyRow, puestas: Rows) -> list[dict[str, Any]]:
    """La próxima interna, según su edad, y la próxima externa, si se sabe lo que duró la última."""
    if paciente.estado in SIN_CALENDARIO:
        return []
    ultimas: dict[TipoDesparasitacion, AnyRow] = {}
    for una in puestas:
        tipos = set(TipoDesparasitacion) if una.tipo is TipoDesparasitacion.MIXTA else {una.tipo}
        for tipo in tipos:
            ultimas.setdefault(tipo, una)
    dentro, fuera = ultimas.get(TipoDesparasitacion.INTERNA), ultimas.get(TipoDesparasitacion.EXTERNA)
    especie, nacimiento = paciente.especie, paciente.fecha_nacimiento
    tocan = {"interna": interna(especie, nacimiento, dentro.fecha) if dentro else primera(especie, nacimiento, hoy())}
    if fuera:
        tocan["externa"] = externa(fuera.fecha, fuera.duracion_dias)
    return [{"tipo": tipo, "fecha": toca.fecha, "mensaje": toca.mensaje} for tipo, toca in tocan.items() if toca.fecha]


@cache
def _paciente() -> Select[Any]:
    return select(*columns(Paciente)).where(Paciente.id == dato("id"))


@cache
def _vacunas() -> Select[Any]:
    de = lectura_vacunas_service.lectura().where(Vacunacion.paciente_id == dato("id"), Vacunacion.anulado_en.is_(None))
    return de.order_by(Vacunacion.fecha.desc(), Vacunacion.id.desc()).limit(MAXIMO)


@cache
def _desparasitaciones() -> Select[Any]:
    de = desparasitaciones_service.lectura().where(
        Desparasitacion.paciente_id == dato("id"), Desparasitacion.anulado_en.is_(None)
    )
    return de.order_by(Desparasitacion.fecha.desc(), Desparasitacion.id.desc()).limit(MAXIMO)


@cache
def _pesos() -> AnySelect:
    de = select(Peso.id, Peso.peso_kg, Peso.medido_en).where(Peso.paciente_id == dato("id"), Peso.anulado_en.is_(None))
    return de.order_by(Peso.medido_en.desc(), Peso.id.desc()).limit(MAXIMO)
