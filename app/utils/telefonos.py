"""Teléfonos tal como se marcan desde cualquier parte: E.164."""

import re

_MARCABLE = re.compile(r"[+\uff0b]?[\d\s().\-/\u2010-\u2015]+")


class TelefonoInvalido(ValueError):
    """El texto no es un teléfono del país ni lleva prefijo de otro."""

    def __init__(self) -> None:
        self.mensaje = "El teléfono no es válido: número completo, sin letras ni extensión y con + si es de otro país"
        super().__init__(self.mensaje)


def normalizar(telefono: str, pais: str) -> str:
    """Teléfono en E.164; sin prefijo internacional, es del país dado.

    Errores: ``TelefonoInvalido``.
    """
    # Se importa aquí: sus tablas cuestan unos 40 ms y el arranque no las necesita.
    import phonenumbers

    # La biblioteca convierte letras en cifras y calla las extensiones: ambas cosas cambiarían el número.
    if not _MARCABLE.fullmatch(telefono.strip()):
        raise TelefonoInvalido
    try:
        numero = phonenumbers.parse(telefono, pais.strip().upper())
    except phonenumbers.NumberParseException as error:
        raise TelefonoInvalido from error
    if not phonenumbers.is_valid_number(numero):
        raise TelefonoInvalido
    return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
