"""Cómo se escriben en un documento las fechas, las direcciones y quién lo emite."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.utils.documentos.bloques import Membrete

SEXOS = {"macho": "Macho", "hembra": "Hembra", "desconocido": "No consta"}
PIE_VERIFICACION = "El código comprueba que el documento es auténtico y si sigue vigente; también sin conexión."


def fecha(valor: date | str | None) -> str | None:
    """«25/11/2026»; también de una fecha ya escrita como texto."""
    if not valor:
        return None
    return f"{date.fromisoformat(valor) if isinstance(valor, str) else valor:%d/%m/%Y}"


def numero(valor: Decimal | str | None) -> str | None:
    """Con coma decimal y sin ceros de más."""
    if valor is None:
        return None
    return f"{Decimal(valor).normalize():f}".replace(".", ",")


def direccion(de: Mapping[str, Any] | None) -> str:
    """Calle, número, código postal y municipio, con lo que haya."""
    if not de:
        return ""
    via = ", ".join(filter(None, [de.get("calle"), de.get("numero"), de.get("piso")]))
    lugar = " ".join(filter(None, [de.get("cp"), de.get("municipio")]))
    provincia = de.get("provincia") if de.get("provincia") != de.get("municipio") else None
    return " · ".join(filter(None, [via, lugar, provincia]))


def membrete(organizacion: Mapping[str, Any], sede: Mapping[str, Any]) -> Membrete:
    """El de la clínica: quién es, dónde está y cómo se la llama."""
    nombre, centro = organizacion["nombre"], sede["nombre"]
    registro = sede.get("num_registro_centro")
    telefono = sede.get("telefono")
    fiscal = organizacion.get("identificador_fiscal")
    lineas = (
        " · ".join(filter(None, [organizacion.get("razon_social"), fiscal])),
        direccion(sede.get("direccion")),
        " · ".join(filter(None, [telefono and f"Tel. {telefono}", sede.get("email")])),
        f"N.º de registro de centro: {registro}" if registro else "",
    )
    return Membrete(nombre if centro == nombre else f"{nombre} · {centro}", tuple(filter(None, lineas)))
