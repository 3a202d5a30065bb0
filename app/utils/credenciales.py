"""El reloj de las credenciales: siempre el verdadero, nunca el que fija X-Servet-Reloj."""

from datetime import UTC, datetime


def reloj_real() -> datetime:
    """La hora de verdad, en UTC: sesiones, enlaces y claves caducan con ella."""
    return datetime.now(UTC)
