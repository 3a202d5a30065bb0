"""Lo que el sistema hace solo, vuelta tras vuelta: enviar, caducar y purgar."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import DBAPIError

from app.api.models.usuario import Enlace, Renovacion, Sesion
from app.api.services import almacen_service, buzon_service, caducidades_service, privacidad_service
from app.config.connections import get_engine
from app.config.database import transaction
from app.utils.context import Contexto, iniciar, organizacion_id
from app.utils.credenciales import reloj_real
from app.utils.db_errors import ERRORES_DE_BASE, de_base_de_datos
from app.utils.errors import NoDisponible
from app.utils.idempotency import idempotencia
from app.utils.intentos import VENTANA, intentos_acceso
from app.utils.records import execute, rows

registro = logging.getLogger("servet.tareas")
CERROJO = 7_305_119_002
GUARDA_IDEMPOTENCIA = timedelta(hours=48)
GUARDA_SESIONES = timedelta(days=1)


def purgar() -> None:
    """Borra lo que ya no sirve a la organización: respuestas guardadas y sesiones vencidas."""
    limite = reloj_real() - GUARDA_SESIONES
    execute(
        delete(idempotencia).where(
            idempotencia.c.organizacion_id == organizacion_id(),
            idempotencia.c.creado_en < reloj_real() - GUARDA_IDEMPOTENCIA,
        )
    )
    vencidas = select(Sesion.id).where(Sesion.expira_en < limite)
    execute(delete(Renovacion).where(Renovacion.sesion_id.in_(vencidas)))
    execute(delete(Sesion).where(Sesion.expira_en < limite))
    execute(delete(Enlace).where(Enlace.expira_en < limite))


def purgar_intentos() -> None:
    """Olvida los intentos de acceso cuya ventana ya pasó."""
    iniciar(Contexto())
    with transaction():
        execute(delete(intentos_acceso).where(intentos_acceso.c.desde < func.now() - VENTANA))


# Una vez por vuelta, cada una con sus propias transacciones.
TAREAS_GENERALES: list[Callable[[], object]] = [buzon_service.enviar_pendientes, purgar_intentos]
# Una vez por vuelta y organización, en una transacción ya abierta.
TAREAS: list[Callable[[], object]] = [
    caducidades_service.caducar, privacidad_service.borrar_vencidos, purgar, almacen_service.limpiar_cada_dia,
]  # fmt: skip


class Turno:
    """El derecho a trabajar, que sólo tiene un proceso a la vez.

    Es de su conexión: si el proceso o la base caen, queda libre para otro.
    """

    def __init__(self) -> None:
        self._conexion: Connection | None = None

    def es_mio(self) -> bool:
        """Si me toca; lo pide si aún no lo tengo. Errores: ``DBAPIError`` si se perdió la conexión."""
        if self._conexion is not None:
            self._conexion.execute(select(1))
            return True
        conexion = get_engine().connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if conexion.execute(select(func.pg_try_advisory_lock(CERROJO))).scalar_one():
                self._conexion = conexion
                return True
        finally:
            if self._conexion is None:
                conexion.close()
        return False

    def soltar(self) -> None:
        """Cierra su conexión, y con ella el turno; las demás se vuelven a abrir cuando hagan falta."""
        if self._conexion is not None:
            with suppress(DBAPIError):
                self._conexion.invalidate()
                self._conexion.close()
            self._conexion = None


def una_vuelta(parar: Callable[[], bool]) -> None:
    """Todas las tareas, una vez; lo que falle en una organización no detiene a las demás.

    Errores: ``DBAPIError`` si la base no está.
    """
    for tarea in TAREAS_GENERALES:
        if parar():
            return
        _intentar(tarea, None)
    for organizacion, _ in organizaciones():
        for tarea in TAREAS:
            if parar():
                return
            _intentar(tarea, organizacion)
    iniciar(Contexto())


def organizaciones() -> list[tuple[UUID, str]]:
    """El id y el código de las organizaciones de la instalación."""
    iniciar(Contexto())
    with transaction():
        activas = func.organizaciones_activas().table_valued("id", "codigo")
        return [(fila.id, fila.codigo) for fila in rows(select(activas.c.id, activas.c.codigo))]


def _intentar(tarea: Callable[[], object], organizacion: UUID | None) -> None:
    try:
        iniciar(Contexto(organizacion_id=organizacion))
        if organizacion is None:
            tarea()
            return
        with transaction():
            tarea()
    except ERRORES_DE_BASE as error:
        if de_base_de_datos(error).status == NoDisponible.status:
            raise
        registro.exception("tarea_fallida", extra={"tarea": tarea.__name__, "de": str(organizacion)})
    except Exception:
        registro.exception("tarea_fallida", extra={"tarea": tarea.__name__, "de": str(organizacion)})
