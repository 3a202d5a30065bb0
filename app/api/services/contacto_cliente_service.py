"""Lo que los datos de un cliente exigen unos de otros, y cómo se normalizan."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.api.models.cliente import TipoCliente
from app.api.models.organizacion import Organizacion
from app.utils import fiscal, telefonos
from app.utils.context import avisar, organizacion_id
from app.utils.errors import BusinessRule
from app.utils.records import rows

FISCALES = ("identificador_fiscal", "tipo_identificador", "pais_identificador")
COHERENTES = ("tipo", "nombre", "razon_social", "codigo_rega", "telefonos", "email", *FISCALES)


class IdentificadorFiscalInvalido(BusinessRule):
    """El identificador fiscal no es válido."""


class TelefonoInvalido(BusinessRule):
    """El teléfono no es válido."""


class TelefonoPrincipalRepetido(BusinessRule):
    """Sólo un teléfono puede ser el principal."""


class ContactoRequerido(BusinessRule):
    """Hace falta al menos un teléfono o un correo."""


class NombreRequerido(BusinessRule):
    """Falta el nombre."""


class CampoNoAplicable(BusinessRule):
    """Ese dato no corresponde a este tipo de cliente."""


def pedir_pais() -> Callable[[], str]:
    """Pide el país de la organización, para los teléfonos; viaja ya, y se espera al llamarlo."""
    filas = rows(select(Organizacion.pais).where(Organizacion.id == organizacion_id()))
    return lambda: str(filas[0].pais)


def normalizar(nuevos: dict[str, Any], guardados: dict[str, Any], pais: str) -> dict[str, Any]:
    """Los campos nuevos en su forma canónica, comprobados junto a los que ya estaban guardados."""
    campos = dict(nuevos)
    if "telefonos" in campos:
        campos["telefonos"] = _telefonos(campos["telefonos"], pais)
    if any(campo in campos for campo in FISCALES):
        campos.update(_identificador({**guardados, **campos}, pais))
    _comprobar({**guardados, **campos})
    return campos


def numero_e164(numero: str, pais: str, campo: str) -> str:
    """El teléfono en E.164. Errores: ``TelefonoInvalido``, que nombra el campo."""
    try:
        return telefonos.normalizar(numero, pais)
    except telefonos.TelefonoInvalido as error:
        raise TelefonoInvalido(error.mensaje, campo=campo) from None


def _telefonos(escritos: list[dict[str, Any]], pais: str) -> list[dict[str, Any]]:
    unicos: dict[str, dict[str, Any]] = {}
    for n, uno in enumerate(escritos):
        numero = numero_e164(uno["numero"], pais, f"/telefonos/{n}/numero")
        previo = unicos.setdefault(numero, {"numero": numero, "etiqueta": None, "principal": False})
        previo["principal"] = previo["principal"] or uno.get("principal", False)
        previo["etiqueta"] = previo["etiqueta"] or uno.get("etiqueta")
    lista = list(unicos.values())
    principales = [uno for uno in lista if uno["principal"]]
    if len(principales) > 1:
        raise TelefonoPrincipalRepetido(campo="/telefonos")
    if lista and not principales:
        lista[0]["principal"] = True
    return lista


def _identificador(campos: dict[str, Any], pais: str) -> dict[str, Any]:
    valor = campos.get("identificador_fiscal")
    if valor is None:
        return dict.fromkeys(FISCALES)
    pais = campos.get("pais_identificador") or pais
    try:
        leido = fiscal.validar(pais, campos.get("tipo_identificador"), valor)
    except fiscal.IdentificadorFiscalInvalido as error:
        raise IdentificadorFiscalInvalido(error.mensaje, campo="/identificador_fiscal") from None
    for aviso in leido.avisos:
        avisar(aviso.codigo, aviso.mensaje)
    return dict(zip(FISCALES, (leido.valor_normalizado, leido.tipo, leido.pais), strict=True))


def _comprobar(campos: dict[str, Any]) -> None:
    tipo = TipoCliente(campos["tipo"])
    if tipo is TipoCliente.PERSONA:
        if not campos.get("nombre"):
            raise NombreRequerido("Una persona necesita nombre", campo="/nombre")
        if campos.get("razon_social"):
            raise CampoNoAplicable("Una persona no tiene razón social", campo="/razon_social")
    elif not campos.get("razon_social"):
        raise NombreRequerido("Una entidad necesita razón social", campo="/razon_social")
    if campos.get("codigo_rega") and tipo is not TipoCliente.EXPLOTACION:
        raise CampoNoAplicable("El código REGA es de las explotaciones ganaderas", campo="/codigo_rega")
    if not campos.get("telefonos") and not campos.get("email"):
        raise ContactoRequerido(campo="/telefonos")
