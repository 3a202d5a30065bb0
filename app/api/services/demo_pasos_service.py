"""Lo que comparte todo lo que llena la demostración: crear lo que falte, y quién actúa y cuándo."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.api.services.demo_datos import USUARIOS_DEMO
from app.config.permissions import Rol, permisos_de_roles
from app.utils.context import Contexto, Identidad, contexto, iniciar
from app.utils.entities import Base
from app.utils.records import add, first

ZONA = ZoneInfo("Europe/Madrid")
Identificador = Callable[..., UUID]


def asegurar(modelo: type[Base], id: UUID, **campos: Any) -> bool:
    """La fila con ese id, que se crea si no está; lo que alguien haya cambiado en ella se respeta. Dice si es nueva."""
    if first(select(modelo.id).where(modelo.id == id)) is not None:  # type: ignore[attr-defined]
        return False
    add(modelo(id=id, **campos))
    return True


def persona(identificador: Identificador, clave: str) -> Identidad:
    """Quien entra en la demostración con ese nombre de correo, con los permisos de su papel."""
    nombre, rol, sedes = next(
        (nombre, rol, sedes) for correo, nombre, rol, sedes, _ in USUARIOS_DEMO if correo == f"{clave}@demo.test"
    )
    roles = frozenset({Rol(rol)})
    return Identidad(
        id=identificador("usuarios", f"{clave}@demo.test"), organizacion_id=contexto().organizacion_id,  # type: ignore[arg-type]
        tipo="usuario", nombre=nombre, roles=roles, permisos=permisos_de_roles(roles),
        sedes=tuple(identificador("sedes", sede) for sede in sedes), zona=ZONA.key,
    )  # fmt: skip


def a_las(quien: Identidad, instante: datetime) -> None:
    """Lo que sigue lo hace esa persona y ocurre en ese momento."""
    iniciar(Contexto(organizacion_id=quien.organizacion_id, identidad=quien, reloj=instante.astimezone(UTC)))
