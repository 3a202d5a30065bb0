"""Quién pide, de qué organización, con qué If-Match y a qué hora: el contexto de la petición."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.config.permissions import Alcance, Permiso, Rol


@dataclass(frozen=True, slots=True)
class Identidad:
    """Usuario o integración ya autenticados, con sus permisos efectivos."""

    id: UUID
    organizacion_id: UUID
    tipo: str
    nombre: str
    roles: frozenset[Rol]
    permisos: dict[Permiso, Alcance]
    sedes: tuple[UUID, ...] = ()
    cliente_id: UUID | None = None
    familia_id: UUID | None = None
    acceso_clinico: bool = False
    clientes_compartidos: bool = True
    zona: str = "UTC"
    valida_desde: int = 0

    @property
    def es_cliente(self) -> bool:
        """Si es el titular en el portal, y no alguien de la clínica."""
        return Rol.CLIENTE in self.roles

    def alcance(self, permiso: Permiso) -> Alcance:
        """Hasta dónde llega este permiso: nada, lo propio, sus sedes o todo."""
        return self.permisos.get(permiso, Alcance.NADA)


@dataclass(slots=True)
class Contexto:
    """Lo que la petición en curso sabe de sí misma."""

    id_peticion: str = ""
    ruta: str = ""
    regla: str | None = None  # la plantilla de la ruta, sin identificadores
    metodo: str = ""
    ip: str | None = None
    idioma: str = "es"
    identidad: Identidad | None = None
    organizacion_id: UUID | None = None
    recurso_id: UUID | None = None
    if_match: frozenset[str] | None = None
    reloj: datetime | None = None
    motivo_acceso: str | None = None
    avisos: list[dict[str, str]] = field(default_factory=list)


_contexto: ContextVar[Contexto | None] = ContextVar("contexto", default=None)


def iniciar(contexto: Contexto) -> Contexto:
    """Pone el contexto de esta petición; siempre pisa el de la anterior."""
    _contexto.set(contexto)
    return contexto


def contexto() -> Contexto:
    """El contexto en curso; vacío (y sin permisos) si nadie lo puso."""
    actual = _contexto.get()
    return actual if actual is not None else iniciar(Contexto())


def identidad() -> Identidad:
    """Quién pide. Falla si nadie se ha identificado: se cierra, no se abre."""
    actual = contexto().identidad
    if actual is None:
        raise RuntimeError("La petición no tiene identidad")
    return actual


def quien() -> UUID | None:
    """El id de quien pide, o nada si lo hace el propio sistema."""
    actual = contexto().identidad
    return actual.id if actual else None


def organizacion_id() -> UUID | None:
    """La organización en curso, o nada antes de identificarse."""
    return contexto().organizacion_id


def ahora() -> datetime:
    """El instante de negocio, en UTC; en demo y pruebas lo fija X-Servet-Reloj."""
    return contexto().reloj or datetime.now(UTC)


def hoy(zona: str | None = None) -> date:
    """La fecha civil de hoy en la zona dada o en la de quien pide."""
    return ahora().astimezone(ZoneInfo(zona or zona_actual())).date()


def zona_actual() -> str:
    """La zona horaria de la sede de quien pide."""
    actual = contexto().identidad
    return actual.zona if actual else "UTC"


def avisar(codigo: str, mensaje: str) -> None:
    """Añade un aviso a la respuesta: conviene saberlo y no impide."""
    contexto().avisos.append({"codigo": codigo, "mensaje": mensaje})
