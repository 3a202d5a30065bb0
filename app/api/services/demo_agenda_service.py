"""La agenda de la demostración: esta semana y la anterior, reservada y atendida con las reglas de verdad."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from app.api.models.agenda import TipoCita
from app.api.models.cita import Cita, OrigenCita
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.schemas.cita_schema import Cancelacion, CitaCrear, Inicio
from app.api.services import citas_service, demo_consultas_service, demo_datos, reservas_service
from app.api.services.demo_pasos_service import ZONA, Identificador, a_las, persona
from app.utils.context import Identidad, contexto, iniciar
from app.utils.records import first, rows


def llenar(identificador: Identificador) -> None:
    """Reserva las citas de estas dos semanas, si aún no hay ninguna desde el lunes; corre en la transacción abierta."""
    previo, ahora = contexto(), datetime.now(UTC)
    lunes = _lunes(ahora)
    if first(select(Cita.id).where(Cita.inicio >= datetime.combine(lunes, time(), ZONA)).limit(1)):
        return
    tipos = {fila.codigo: fila.id for fila in rows(select(TipoCita.codigo, TipoCita.id))}
    duenos = {
        fila.paciente_id: fila.cliente_id
        for fila in rows(
            select(Titularidad.paciente_id, Titularidad.cliente_id).where(
                Titularidad.rol == RolTitular.TITULAR, Titularidad.hasta.is_(None)
            )
        )
    }
    recepcion = persona(identificador, "recepcion")
    try:
        for dia, hora, tipo, paciente, quien, salas, motivo, final in demo_datos.CITAS:
            inicio = datetime.combine(lunes + timedelta(days=dia), time.fromisoformat(hora), ZONA)
            paciente_id = identificador("pacientes", paciente)
            a_las(recepcion, inicio - timedelta(days=3))
            cita_id = reservas_service.crear(
                CitaCrear(
                    sede_id=identificador("sedes", "MAD"), tipo_cita_id=tipos[tipo], paciente_id=paciente_id,
                    cliente_id=duenos[paciente_id], inicio=inicio, motivo=motivo, origen=OrigenCita.RECEPCION,
                    profesional_id=identificador("profesionales", f"{quien}@demo.test") if quien else None,
                    recursos=[identificador("recursos", "MAD", sala) for sala in salas],
                )
            )  # fmt: skip
            _atender(recepcion, cita_id, inicio, final)
            if final == "finalizada" and quien:
                a_las(persona(identificador, quien), inicio + timedelta(minutes=19))
                demo_consultas_service.cerrar(cita_id, paciente)
        _solicitud(recepcion, identificador, tipos["especialidad"], duenos, ahora)
    finally:
        iniciar(previo)


def _atender(recepcion: Identidad, cita_id: UUID, inicio: datetime, final: str) -> None:
    """Lleva una cita hasta su final, a la hora en que habría ocurrido."""
    if final == "finalizada":
        a_las(recepcion, inicio - timedelta(minutes=6))
        citas_service.registrar_llegada(cita_id)
        a_las(recepcion, inicio + timedelta(minutes=3))
        citas_service.iniciar(cita_id, Inicio())
        a_las(recepcion, inicio + timedelta(minutes=19))
        citas_service.finalizar(cita_id)
    elif final == "no_presentado":
        a_las(recepcion, inicio + timedelta(minutes=30))
        citas_service.marcar_no_presentado(cita_id)
    elif final == "cancelada":
        a_las(recepcion, inicio - timedelta(days=1))
        citas_service.cancelar(cita_id, Cancelacion(motivo="El titular no puede venir"))


def _solicitud(
    recepcion: Identidad, identificador: Identificador, tipo_id: UUID, duenos: dict[UUID, UUID], ahora: datetime
) -> None:
    """Una petición de hora pendiente de confirmar, para dentro de unos días laborables."""
    a_las(recepcion, ahora)
    dia = ahora.astimezone(ZONA).date() + timedelta(days=3)
    dia += timedelta(days=max(0, 7 - dia.weekday()) if dia.weekday() > 4 else 0)
    paciente_id = identificador("pacientes", "odin")
    reservas_service.crear(
        CitaCrear(
            sede_id=identificador("sedes", "MAD"), tipo_cita_id=tipo_id, paciente_id=paciente_id,
            cliente_id=duenos[paciente_id], inicio=datetime.combine(dia, time(19), ZONA), motivo="Cardiología",
            profesional_id=identificador("profesionales", "veterinaria@demo.test"), origen=OrigenCita.WEB,
            recursos=[identificador("recursos", "MAD", "CONS1")],
        )
    )  # fmt: skip


def _lunes(ahora: datetime) -> date:
    hoy = ahora.astimezone(ZONA).date()
    return hoy - timedelta(days=hoy.weekday())
