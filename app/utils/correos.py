"""Correos electrónicos: qué dirección se admite y cómo se guarda."""

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

LONGITUD_MAXIMA = 254


def normalizar(direccion: str) -> str:
    """La dirección en minúsculas y en forma canónica; sin consultar si existe.

    Errores: ``ValueError`` si no tiene forma de correo.
    """
    # Se importa aquí: arrastra la codificación de dominios internacionales y el arranque no la necesita.
    from email_validator import validate_email

    if len(direccion) > LONGITUD_MAXIMA:
        raise ValueError("Correo demasiado largo")
    # Los dominios .test se admiten: son los de la demostración y nunca llegan a nadie.
    leida = validate_email(direccion.strip(), check_deliverability=False, test_environment=True)
    return leida.normalized.lower()


def _correo(valor: Any) -> Any:
    if not isinstance(valor, str):
        return valor
    try:
        return normalizar(valor)
    except ValueError:
        raise PydanticCustomError("CORREO_INVALIDO", "Debe ser una dirección de correo") from None


Correo = Annotated[
    str,
    BeforeValidator(_correo),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": LONGITUD_MAXIMA}),
]
