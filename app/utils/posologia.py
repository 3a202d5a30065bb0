"""La posología en palabras: lo que el titular lee en su receta."""

from decimal import Decimal

from app.utils.medicacion import Via

_VIAS = {
    Via.ORAL: "por vía oral",
    Via.SUBCUTANEA: "por vía subcutánea",
    Via.INTRAMUSCULAR: "por vía intramuscular",
    Via.INTRAVENOSA: "por vía intravenosa",
    Via.TOPICA: "sobre la piel",
    Via.OFTALMICA: "en el ojo",
    Via.OTICA: "en el oído",
    Via.INTRANASAL: "en la nariz",
    Via.INHALATORIA: "inhalado",
    Via.RECTAL: "por vía rectal",
}
# Las unidades que no cambian en plural, y las que llevan tilde que el código no puede llevar.
_INVARIABLES = {"ml": "mL", "g": "g", "mg": "mg", "ui": "UI"}
_CON_TILDE = {"capsula": "cápsula", "pulsacion": "pulsación", "aplicacion": "aplicación"}
_VOCALES = "aeiouáéíóú"
HORAS_DIA = 24


def posologia(
    cantidad: Decimal | None,
    unidad: str | None,
    via: str | None,
    intervalo_h: int | None,
    duracion_dias: int | None,
    pauta: str | None = None,
) -> str:
    """«1,5 comprimidos por vía oral cada 12 horas durante 7 días»; la pauta escrita sustituye al intervalo."""
    una_vez = duracion_dias == 1 and intervalo_h is not None and intervalo_h >= HORAS_DIA
    partes = [
        en_unidades(cantidad, unidad) if cantidad is not None else "",
        _VIAS.get(Via(via), "") if via else "",
        pauta or ("una sola vez" if una_vez else _cada(intervalo_h)),
        "" if una_vez else _durante(duracion_dias),
    ]
    return " ".join(parte for parte in partes if parte)


def numero(valor: Decimal) -> str:
    """Un decimal como se escribe en español, sin ceros de más."""
    return f"{valor.normalize():f}".replace(".", ",")


def en_unidades(cantidad: Decimal, unidad: str | None) -> str:
    """«21 comprimidos», «5 mL»."""
    nombre = (unidad or "").strip()
    nombre = _INVARIABLES.get(nombre.lower()) or _plural(_CON_TILDE.get(nombre, nombre), cantidad)
    return f"{numero(cantidad)} {nombre}".strip()


def _plural(nombre: str, cantidad: Decimal) -> str:
    if not nombre or cantidad == 1:
        return nombre
    if nombre[-1] in _VOCALES:
        return f"{nombre}s"
    return f"{nombre[:-2]}ones" if nombre.endswith("ón") else f"{nombre}es"


def _cada(intervalo_h: int | None) -> str:
    if intervalo_h is None:
        return ""
    if intervalo_h == 1:
        return "cada hora"
    if intervalo_h > HORAS_DIA and intervalo_h % HORAS_DIA == 0:
        return f"cada {intervalo_h // HORAS_DIA} días"
    return f"cada {intervalo_h} horas"


def _durante(dias: int | None) -> str:
    if dias is None:
        return ""
    return "durante 1 día" if dias == 1 else f"durante {dias} días"
