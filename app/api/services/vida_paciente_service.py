"""Lo que le pasa a un paciente: se valida, se pierde, aparece, muere o vuelve a la clínica."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.paciente import Paciente
from app.api.models.tarea import Tarea, TipoTarea
from app.api.schemas.vida_paciente_schema import Fallecimiento, Perdida
from app.api.services import bloqueos_service as bloqueos
from app.api.services import citas_service, lista_espera_service, parametros_service
from app.api.services.ocupacion_service import por_turno
from app.api.services.pacientes_service import exigir_fecha, obtener
from app.api.services.recalculo_vacunal_service import rehacer
from app.utils.audit import anotar
from app.utils.context import ahora, avisar, hoy
from app.utils.records import Reread, add, ask, ask_all, change, change_all, find, remove
from app.utils.schemas import Motivo

PLAZO_PERDIDA = timedelta(days=2)
MOTIVO_FALLECIDO = "paciente_fallecido"
MOTIVO_BAJA = "paciente_dado_de_baja"


def validar(id: UUID) -> Reread:
    """La clínica da por buena la ficha que el titular creó en el portal."""
    _pasar(id, "validacion")
    return Reread(obtener, id)


def marcar_perdido(id: UUID, datos: Perdida) -> Reread:
    """El animal se ha perdido: hay que comunicarlo al registro."""
    leer_paciente, rigen = ask(Paciente, id), parametros_service.pedir_si_rigen_las_espanolas()
    paciente = leer_paciente()
    desde = datos.perdido_desde or hoy()
    paciente.pasar_por("perdida")
    exigir_fecha("perdido_desde", desde, paciente.fecha_nacimiento)
    change(paciente, {"perdido_desde": desde})
    encargar(TipoTarea.COMUNICAR_PERDIDA, paciente, "Comunicar la pérdida al registro oficial", desde + PLAZO_PERDIDA)
    if rigen():
        avisar("COMUNICAR_PERDIDA", "En España la pérdida se comunica al registro en un máximo de 48 horas")
    return Reread(obtener, id)


def marcar_encontrado(id: UUID) -> Reread:
    """El animal ha aparecido."""
    leer_paciente, leer_tareas = ask(Paciente, id), _pedir_tareas(id, TipoTarea.COMUNICAR_PERDIDA)
    paciente = leer_paciente()
    paciente.pasar_por("hallazgo")
    change(paciente, {"perdido_desde": None})
    _dar_por_hechas(leer_tareas())
    return Reread(obtener, id)


def registrar_fallecimiento(id: UUID, datos: Fallecimiento) -> Reread:
    """El animal ha muerto: se cancela todo lo que tenía por delante."""
    paciente = find(Paciente, id)
    paciente.pasar_por("fallecimiento")
    exigir_fecha("fecha_fallecimiento", datos.fecha_fallecimiento, paciente.fecha_nacimiento)
    change(
        paciente,
        {
            "fecha_fallecimiento": datos.fecha_fallecimiento,
            "causa_fallecimiento": datos.causa,
            "eutanasia": datos.eutanasia,
            "destino_restos": datos.destino_restos,
            "gestante_desde": None,
            "lactante_desde": None,
        },
    )
    _vaciar_agenda(id, MOTIVO_FALLECIDO)
    rehacer([id])  # ya no le toca ninguna vacuna
    encargar(TipoTarea.COMUNICAR_FALLECIMIENTO, paciente, "Comunicar el fallecimiento al registro oficial")
    return Reread(obtener, id)


def revertir_fallecimiento(id: UUID, datos: Motivo) -> Reread:
    """Fue un error de registro: vive. Las citas que se cancelaron siguen canceladas."""
    _pasar(
        id,
        "reversion-fallecimiento",
        fecha_fallecimiento=None,
        causa_fallecimiento=None,
        eutanasia=None,
        destino_restos=None,
        perdido_desde=None,
    )
    rehacer([id])
    anotar("revertir_fallecimiento", "pacientes", id, {"motivo": (None, datos.motivo)})
    _dar_por_hechas(_pedir_tareas(id, TipoTarea.COMUNICAR_FALLECIMIENTO)())
    return Reread(obtener, id)


def dar_de_baja(id: UUID) -> None:
    """Baja lógica de un paciente: se cancela lo que tenía por delante y se puede reactivar."""
    paciente = find(Paciente, id)
    paciente.pasar_por("baja")
    remove(paciente)
    _vaciar_agenda(id, MOTIVO_BAJA)


def reactivar(id: UUID) -> Reread:
    """El paciente dado de baja vuelve a la clínica."""
    _pasar(id, "reactivacion", activo=True, baja_en=None, baja_motivo=None)
    return Reread(obtener, id)


def encargar(tipo: TipoTarea, paciente: Paciente, texto: str, vence: date | None = None) -> None:
    """Deja un recado a recepción sobre el paciente."""
    add(Tarea(tipo=tipo, paciente_id=paciente.id, texto=f"{texto}: {paciente.nombre} ({paciente.codigo})", vence=vence))


def _vaciar_agenda(paciente_id: UUID, motivo: str) -> None:
    # Todo bloqueado, y tomado el turno de todo lo que ocupan, antes de soltar el primer hueco.
    por_turno(list(bloqueos.agenda(paciente_id)))
    # Primero deja de esperar: si no, el hueco de su propia cita podría ofrecérsele a él.
    lista_espera_service.retirar(paciente_id)
    citas_service.cancelar_futuras(paciente_id, motivo)


def _pasar(id: UUID, accion: str, **cambios: Any) -> None:
    paciente = find(Paciente, id)
    paciente.pasar_por(accion)
    change(paciente, cambios)


def _pedir_tareas(paciente_id: UUID, tipo: TipoTarea) -> Callable[[], Sequence[Tarea]]:
    """Pide, bloqueados, los recados pendientes de un paciente."""
    pendientes = select(Tarea).where(Tarea.paciente_id == paciente_id, Tarea.tipo == tipo, Tarea.hecha_en.is_(None))
    return ask_all(pendientes.order_by(Tarea.id).with_for_update())


def _dar_por_hechas(tareas: Sequence[Tarea]) -> None:
    """Lo que se iba a comunicar ya no es verdad: el recado sobra."""
    change_all(tareas, lambda _: {"hecha_en": ahora()})
