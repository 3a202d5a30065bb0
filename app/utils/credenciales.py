"""Lo que comparten todas las credenciales: su reloj, siempre el verdadero, y el correo que las nombra."""

from datetime import UTC, datetime

from app.utils.correos import normalizar


def reloj_real() -> datetime:
    """La hora de verdad, en UTC: sesiones, enlaces y claves nunca obedecen a X-Servet-Reloj."""
    return datetime.now(UTC)


def correo_de_cuenta(email: str) -> str:
    """El correo tal como se guarda; uno mal escrito se queda como está y no será de nadie."""
    try:
        return normalizar(email)
    except ValueError:
        return email.strip().lower()
