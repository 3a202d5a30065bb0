"""Identificadores fiscales: qué número es válido en cada país."""

from collections.abc import Callable
from dataclasses import dataclass

from stdnum.ar import cuit
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.es import nif
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError
from stdnum.mx import rfc
from stdnum.pe import ruc
from stdnum.util import clean

from app.utils.avisos import Aviso

RFC_GENERICOS = frozenset({"XAXX010101000", "XEXX010101000"})

# Entidades cuyo control es siempre letra, y siempre dígito: en las demás se ven ambos. Las extranjeras
# anteriores a 2008 comparten clave con las españolas: provincia 00 y letra.
_ENTIDADES_CON_LETRA = "NPQRSW"
_ENTIDADES_CON_DIGITO = "ABEH"
_PROVINCIA_EXTRANJERA = "00"


class IdentificadorFiscalInvalido(ValueError):
    """El valor no puede ser un identificador fiscal de ese país."""

    def __init__(self, mensaje: str) -> None:
        super().__init__(mensaje)
        self.mensaje = mensaje


@dataclass(frozen=True)
class IdentificadorFiscal:
    """Identificador normalizado, con lo que no se ha podido asegurar de él."""

    pais: str
    tipo: str | None
    valor_normalizado: str
    avisos: tuple[Aviso, ...] = ()


def validar(pais: str, tipo: str | None, valor: str) -> IdentificadorFiscal:
    """Comprueba y normaliza un identificador; sin tipo, lo deduce.

    Lo que no tiene regla (otro país, un pasaporte, una cédula) se admite tal cual y con aviso.

    Errores: ``IdentificadorFiscalInvalido`` si incumple la regla de su país.
    """
    pais, tipo, valor = pais.strip().upper(), tipo.strip().lower() if tipo else None, valor.strip()
    if not valor:
        raise IdentificadorFiscalInvalido("El identificador fiscal está vacío")
    if pais not in _REGLAS:
        return IdentificadorFiscal(pais, tipo, valor, (_SIN_REGLA_DE_PAIS,))
    tipos, comprobar = _REGLAS[pais]
    if tipo is not None and tipo not in tipos:
        return IdentificadorFiscal(pais, tipo, valor, (_SIN_REGLA_DE_TIPO,))
    try:
        normalizado = comprobar("".join(clean(valor, "-.").split()).upper())
    except ValidationError as error:
        raise IdentificadorFiscalInvalido(_mensaje(error)) from error
    if pais == "ES":
        tipo = _tipo_espanol(normalizado, tipo)
    return IdentificadorFiscal(pais, tipo or tipos[0], normalizado, _avisos_de_homoclave(pais, normalizado))


def _nif(valor: str) -> str:
    normalizado = nif.validate(valor)
    clave, provincia, control = normalizado[0], normalizado[1:3], normalizado[-1]
    letra_indebida = clave in _ENTIDADES_CON_DIGITO and control.isalpha() and provincia != _PROVINCIA_EXTRANJERA
    digito_indebido = clave in _ENTIDADES_CON_LETRA and control.isdigit()
    if letra_indebida or digito_indebido:
        raise InvalidChecksum
    return normalizado


def _tipo_espanol(normalizado: str, declarado: str | None) -> str:
    clave = normalizado[0]
    real = "nie" if clave in "XYZ" else "nif" if clave.isdigit() or clave in "KLM" else "cif"
    # Los tres son NIF para la administración: quien declara «nif» nunca se equivoca.
    if declarado in (None, "nif"):
        return declarado or real
    if declarado != real and not (declarado == "dni" and clave.isdigit()):
        raise IdentificadorFiscalInvalido(f"El valor no corresponde a un {declarado.upper()}")
    return declarado


def _rfc(valor: str) -> str:
    normalizado = rfc.validate(valor)
    if len(normalizado) not in (12, 13):  # la biblioteca admite también el de persona física sin homoclave
        raise InvalidLength
    return normalizado


def _avisos_de_homoclave(pais: str, normalizado: str) -> tuple[Aviso, ...]:
    # Circulan RFC auténticos con la homoclave mal calculada: no se rechazan.
    if pais != "MX" or normalizado in RFC_GENERICOS or rfc.is_valid(normalizado, validate_check_digits=True):
        return ()
    return (Aviso("RFC_HOMOCLAVE", "La homoclave del RFC no concuerda con el resto: conviene comprobarlo"),)


def _mensaje(error: ValidationError) -> str:
    if isinstance(error, InvalidChecksum):
        return "El carácter de control del identificador fiscal no corresponde"
    if isinstance(error, InvalidLength):
        return "El identificador fiscal no tiene la longitud de su país"
    if isinstance(error, InvalidFormat):
        return "El identificador fiscal no tiene el formato de su país"
    return "Una parte del identificador fiscal (prefijo o fecha) no es válida"


_SIN_REGLA_DE_PAIS = Aviso("PAIS_SIN_VALIDACION", "No hay regla para los identificadores de ese país")
_SIN_REGLA_DE_TIPO = Aviso("TIPO_SIN_VALIDACION", "No hay regla para ese tipo de documento")

# Tipos que admite cada país, el suyo por omisión primero, y quién los comprueba.
_REGLAS: dict[str, tuple[tuple[str, ...], Callable[[str], str]]] = {
    "ES": (("nif", "nie", "cif", "dni"), _nif),
    "MX": (("rfc",), _rfc),
    "CO": (("nit",), nit.validate),
    "AR": (("cuit", "cuil"), cuit.validate),
    "CL": (("rut", "run"), rut.validate),
    "PE": (("ruc",), ruc.validate),
}
