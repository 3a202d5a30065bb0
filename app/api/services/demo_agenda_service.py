"""La agenda de la demostración: esta semana y la anterior, reservada y atendida con las reglas de verdad."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.api.models.agenda import TipoCita
from app.api.models.cita import Cita, OrigenCita
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.schemas.cita_schema import Cancelacion, CitaCrear, Inicio
from app.api.services import citas_service, demo_consultas_service, demo_datos, reservas_service
from app.config.permissions import Rol, permisos_de_roles
from app.utils.context import Contexto, Identidad, contexto, iniciar
from app.utils.records import first, rows

ZONA = ZoneInfo("Europe/Madrid")
Identificador = Callable[..., UUID]


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
    recepcion = _recepcion(identificador)
    try:
        for dia, hora, tipo, paciente, quien, salas, motivo, final in demo_datos.CITAS:
            inicio = datetime.combine(lunes + timedelta(days=dia), time.fromisoformat(hora), ZONA)
            paciente_id = identificador("pacientes", paciente)
            _a_las(recepcion, inicio - timedelta(days=3))
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
                fin = (inicio + timedelta(minutes=19)).astimezone(UTC)
                demo_consultas_service.cerrar(identificador, cita_id, paciente, quien, fin)
        _solicitud(recepcion, identificador, tipos["especialidad"], duenos, ahora)
    finally:
        iniciar(previo)


def _atender(recepcion: Identidad, cita_id: UUID, inicio: datetime, final: str) -> None:
    """Lleva una cita hasta su final, a la hora en que habría ocurrido."""
    if final == "finalizada":
        _a_las(recepcion, inicio - timedelta(minutes=6))
        citas_service.registrar_llegada(cita_id)
        _a_las(recepcion, inicio + timedelta(minutes=3))
        citas_service.iniciar(cita_id, Inicio())
        _a_las(recepcion, inicio + timedelta(minutes=19))
        citas_service.finalizar(cita_id)
    elif final == "no_presentado":
        _a_las(recepcion, inicio + timedelta(minutes=30))
        citas_service.marcar_no_presentado(cita_id)
    elif final == "cancelada":
        _a_las(recepcion, inicio - timedelta(days=1))
        citas_service.cancelar(cita_id, Cancelacion(motivo="El titular no puede venir"))


def _solicitud(
    recepcion: Identidad, identificador: Identificador, tipo_id: UUID, duenos: dict[UUID, UUID], ahora: datetime
) -> None:
    """Una petición de hora pendiente de confirmar, para dentro de unos días laborables."""
    _a_las(recepcion, ahora)
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


def _recepcion(identificador: Identificador) -> Identidad:
    roles = frozenset({Rol.RECEPCION})
    return Identidad(
        id=identificador("usuarios", "recepcion@demo.test"), organizacion_id=contexto().organizacion_id,  # type: ignore[arg-type]
        tipo="usuario", nombre="Begoña Núñez Lago", roles=roles, permisos=permisos_de_roles(roles),
        sedes=(identificador("sedes", "MAD"), identificador("sedes", "LPA")), zona=ZONA.key,
    )  # fmt: skip


def _a_las(quien: Identidad, instante: datetime) -> None:
    """Lo que sigue lo hace esa persona y ocurre en ese momento."""
    iniciar(Contexto(organizacion_id=quien.organizacion_id, identidad=quien, reloj=instante.astimezone(UTC)))
