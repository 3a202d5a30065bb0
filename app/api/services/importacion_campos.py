"""De las celdas de una fila a los campos que admite la API: traducir, dar forma y reconocer la raza."""

import time
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from app.api.schemas.importacion_schema import DIRECCION, TELEFONOS, Mapa
from app.config import semillas
from app.utils.errors import BusinessRule

Equivalencias = Mapping[tuple[str, str], str]

BOOLEANOS = frozenset({"verificado_lector", "apto_consumo", "bloqueo_morosidad"})
ENTEROS = frozenset({"edad_estimada_meses"})
DECIMALES = frozenset({"descuento_pct", "limite_credito"})
_SI = frozenset({"si", "sí", "s", "true", "verdadero", "1", "x"})
_NO = frozenset({"no", "n", "false", "falso", "0"})


class ValorIlegible(BusinessRule):
    """No se entiende el valor."""


def traducir(celdas: Mapping[str, str], mapa: Mapa) -> dict[str, Any]:
    """Los campos con algo escrito, en la forma en que los espera la API. Errores: ``ValorIlegible``."""
    campos: dict[str, Any] = {}
    for campo, celda in celdas.items():
        texto = _traducido(celda, mapa.valores.get(campo))
        if texto:
            campos[campo] = _valor(campo, texto, mapa.formatos.get(campo))
    return campos


def con_raza(campos: dict[str, Any], equivalencias: Equivalencias | None) -> tuple[dict[str, Any], bool]:
    """Los campos con la raza reconocida, y si hubo que dejarla como texto.

    Forma: una raza que no está en el catálogo queda en ``raza_texto`` tal como venía; si el animal es un cruce,
    ``raza`` es la principal (de ella dependen los avisos de riesgo) y ``raza_texto`` guarda las dos.
    """
    campos = dict(campos)
    escrita, otra = campos.pop("raza", None), campos.pop("raza_secundaria", None)
    nombre, es_cruce = escrita or otra, bool(escrita and otra and escrita != otra)
    if nombre is None:
        return campos, False
    conocidas = _del_catalogo() if equivalencias is None else equivalencias
    codigo = conocidas.get((campos.get("especie", ""), nombre.casefold()))
    if codigo:
        campos["raza"] = codigo
    if es_cruce or not codigo:
        campos.setdefault("raza_texto", f"{escrita} / {otra}" if es_cruce else nombre)
    return campos, codigo is None


def agrupar_contacto(campos: dict[str, Any]) -> dict[str, Any]:
    """Los campos de un cliente con sus teléfonos en lista y su dirección en un objeto."""
    telefonos = [{"numero": campos[uno]} for uno in TELEFONOS if uno in campos]
    direccion = {uno.removeprefix("direccion."): campos[uno] for uno in DIRECCION if uno in campos}
    resto = {campo: valor for campo, valor in campos.items() if campo not in (*TELEFONOS, *DIRECCION)}
    return resto | ({"telefonos": telefonos} if telefonos else {}) | ({"direccion": direccion} if direccion else {})


@cache
def _del_catalogo() -> Equivalencias:
    """Sin tabla de equivalencias, una raza se reconoce por su código o por su nombre."""
    return {
        (raza.especie, nombre.casefold()): raza.codigo
        for raza in semillas.razas()
        for nombre in (raza.codigo, raza.nombre)
    }


def _traducido(celda: str, tabla: dict[str, str] | None) -> str:
    if not tabla:
        return celda
    if celda in tabla:
        return tabla[celda]
    return {clave.casefold(): valor for clave, valor in tabla.items()}.get(celda.casefold(), celda)


def _valor(campo: str, texto: str, formato: str | None) -> Any:
    if formato:
        try:
            return date(*time.strptime(texto, formato)[:3]).isoformat()
        except ValueError:
            raise ValorIlegible(f"La fecha no tiene la forma {formato}", campo=f"/{campo}") from None
    if campo in BOOLEANOS:
        if texto.casefold() not in _SI | _NO:
            raise ValorIlegible("Debe ser sí o no", campo=f"/{campo}")
        return texto.casefold() in _SI
    if campo in ENTEROS:
        if not (texto.isascii() and texto.isdigit() and len(texto) < 10):
            raise ValorIlegible("Debe ser un número entero", campo=f"/{campo}")
        return int(texto)
    return _decimal(texto) if campo in DECIMALES else texto


def _decimal(texto: str) -> str:
    """El decimal con punto: de coma y punto, el último separa los decimales y el otro los millares."""
    if texto.rfind(",") > texto.rfind("."):
        return texto.replace(".", "").replace(",", ".")
    return texto.replace(",", "")
