"""Los casos resueltos de dosis (D1–D13), para probarlos en seco y por HTTP."""

from typing import Any, NamedTuple


class CasoDosis(NamedTuple):
    """Un caso: a quién, cuánto se pide, con qué rango y presentación, y qué sale exactamente."""

    especie: str
    peso: str
    dosis: str
    rango: tuple[str, str] | None
    concentracion: str
    unidad_base: str
    fracciones: tuple[str, ...]
    cantidad: str
    efectiva: str
    mas: dict[str, Any] = {}
    unidad: str = "mg_kg"


ML, COMP = "ml", "comprimido"
MEDIOS, CUARTOS = ("1", "0.5"), ("1", "0.5", "0.25")
DOCE_SIETE = {"intervalo_h": 12, "duracion_dias": 7, "unidades_envase": "10"}
DOCE_CATORCE = {"intervalo_h": 12, "duracion_dias": 14, "unidades_envase": "20"}

CASOS: dict[str, CasoDosis] = {
    "D1": CasoDosis("perro", "12.4", "0.2", ("0.2", "0.2"), "1.5", ML, (), "1.6", "0.1935", {"dosis_mg": "2.48"}),
    "D2": CasoDosis("perro", "12.4", "0.1", ("0.1", "0.1"), "1.5", ML, (), "0.82", "0.0992", {"dosis_mg": "1.24"}),
    "D3": CasoDosis(
        "perro", "23.0", "12.5", ("12.5", "25"), "250", COMP, MEDIOS, "1.5", "16.3043",
        {**DOCE_SIETE, "dosis_mg": "287.5", "cantidad_total": "21", "envases": 3, "porcentaje_envase": "70.0"},
    ),
    "D4": CasoDosis("gato", "4.2", "1", ("1", "1"), "10", ML, (), "0.42", "1.0000", {"dosis_mg": "4.2"}),
    "D5": CasoDosis("gato", "5.35", "8", ("8", "8"), "80", ML, (), "0.53", "7.9252", {"dosis_mg": "42.8"}),
    "D6": CasoDosis(
        "perro", "8.6", "2.2", ("2.2", "4.4"), "40", COMP, CUARTOS, "0.5", "2.3256",
        {**DOCE_CATORCE, "cantidad_total": "14", "envases": 1, "porcentaje_envase": "70.0"},
    ),
    "D7": CasoDosis(
        "perro", "31.5", "50", ("50", "50"), "100", ML, (), "15.7", "49.8413",
        {"intervalo_h": 24, "duracion_dias": 3, "unidades_envase": "100", "dosis_mg": "1575", "cantidad_total": "47.1"},
    ),
    "D8": CasoDosis(
        "perro", "20", "500", ("500", "500"), "0.5", ML, (), "0.74", "497.1953", {"dosis_mg": "0.3721"}, "ug_m2"
    ),
    "D9": CasoDosis("perro", "15.2", "0.5", ("0.5", "1"), "10", ML, (), "0.76", "0.5000", {"dosis_mg": "7.6"}),
    "D10": CasoDosis("perro", "6.9", "0.25", ("0.25", "0.25"), "1.5", ML, (), "1.1", "0.2391", {"dosis_mg": "1.725"}),
    "D12b": CasoDosis("perro", "1.1", "12.5", ("12.5", "25"), "50", COMP, MEDIOS, "0.5", "22.7273"),
    "D13a": CasoDosis("gato", "4.65", "0.1", ("0.1", "0.1"), "0.5", ML, (), "0.93", "0.1000"),
    "D13b": CasoDosis("gato", "4.65", "0.05", ("0.05", "0.05"), "0.5", ML, (), "0.46", "0.0495"),
}  # fmt: skip
# D12, primera parte: medio comprimido de 250 mg serían 113,6 mg/kg.
SIN_PRESENTACION = CasoDosis("perro", "1.1", "12.5", ("12.5", "25"), "250", COMP, MEDIOS, "", "")
