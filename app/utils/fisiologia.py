"""Lo que se calcula del peso: energía en reposo, plan de fluidos y superficie corporal."""

from dataclasses import dataclass
from decimal import Decimal

from app.utils.decimales import UNO, entre, por, potencia, redondear
from app.utils.errors import BusinessRule

RER_KCAL = Decimal(70)
# Las fórmulas están contrastadas en estas dos; en las demás no se calcula.
ESPECIES_RER = frozenset({"perro", "gato"})
MANTENIMIENTO_ML = {"perro": Decimal(132), "gato": Decimal(80)}
K_SUPERFICIE = {"perro": Decimal("10.1"), "conejo": Decimal("11.0"), "gato": Decimal("10.0")}
FUENTE_RER, FUENTE_FLUIDOS = "F34", "F11"
FUENTES_SUPERFICIE = {"perro": "F30", "conejo": "F30b", "gato": "NV"}
GOTAS_MACRO, GOTAS_MICRO = 20, 60
DECIMA, DIEZMILESIMA = Decimal("0.1"), Decimal("0.0001")


class CalculoNoDisponible(BusinessRule):
    """No hay con qué hacer ese cálculo."""


@dataclass(frozen=True, slots=True)
class Fluidos:
    """Un plan de fluidos, ya redondeado para mostrarlo: volúmenes en mL, ritmo en mL/h y goteo en gotas por minuto."""

    mantenimiento_ml_dia: Decimal
    mantenimiento_ml_h: Decimal
    mantenimiento_ml: Decimal
    deficit_ml: Decimal
    perdidas_ml: Decimal
    total_ml: Decimal
    ritmo_ml_h: Decimal
    goteo_gotas_min: int


def rer(peso_kg: Decimal, especie: str | None = None) -> int:
    """Energía en reposo: 70 × kg^0,75.

    Unidades: kcal al día.
    Errores: ``CalculoNoDisponible``.
    Fuente: F34.
    """
    _exigir_peso(peso_kg)
    if especie is not None and especie not in ESPECIES_RER:
        raise CalculoNoDisponible("En esa especie no hay fórmula contrastada")
    return int(redondear(por(RER_KCAL, potencia(peso_kg, 3, 4)), UNO))


def mantenimiento(especie: str, peso_kg: Decimal) -> Decimal:
    """Fluidos de mantenimiento al día, en mL y sin redondear. Errores: ``CalculoNoDisponible``. Fuente: F11."""
    _exigir_peso(peso_kg)
    if especie not in MANTENIMIENTO_ML:
        raise CalculoNoDisponible("En esa especie no hay fórmula contrastada")
    return por(MANTENIMIENTO_ML[especie], potencia(peso_kg, 3, 4))


def fluidos(
    especie: str, peso_kg: Decimal, deshidratacion_pct: Decimal, perdidas_ml: Decimal, horas: int, gotas_ml: int
) -> Fluidos:
    """Plan de unas horas: mantenimiento, déficit y pérdidas previstas.

    Errores: ``CalculoNoDisponible``.
    Fuente: F11.
    """
    diario = mantenimiento(especie, peso_kg)
    en_el_plan = entre(por(diario, Decimal(horas)), Decimal(24))
    deficit = por(peso_kg, deshidratacion_pct, Decimal(10))
    total = en_el_plan + deficit + perdidas_ml
    ritmo = entre(total, Decimal(horas))
    return Fluidos(
        mantenimiento_ml_dia=redondear(diario, DECIMA),
        mantenimiento_ml_h=redondear(entre(diario, Decimal(24)), DECIMA),
        mantenimiento_ml=redondear(en_el_plan, DECIMA),
        deficit_ml=redondear(deficit, DECIMA),
        perdidas_ml=redondear(perdidas_ml, DECIMA),
        total_ml=redondear(total, DECIMA),
        ritmo_ml_h=redondear(ritmo, DECIMA),
        goteo_gotas_min=int(redondear(entre(por(ritmo, Decimal(gotas_ml)), Decimal(60)), UNO)),
    )


def superficie_corporal(especie: str, peso_kg: Decimal) -> Decimal:
    """Superficie corporal sin redondear: K × gramos^(2/3) × 10⁻⁴.

    Unidades: m².
    Errores: ``CalculoNoDisponible`` si de la especie no consta K.
    Fuente: F30 (perro), F30b (conejo), NV (gato).
    """
    _exigir_peso(peso_kg)
    if especie not in K_SUPERFICIE:
        raise CalculoNoDisponible("De esa especie no consta la constante de superficie corporal")
    return por(K_SUPERFICIE[especie], potencia(por(peso_kg, Decimal(1000)), 2, 3), DIEZMILESIMA)


def _exigir_peso(peso_kg: Decimal) -> None:
    if peso_kg <= 0:
        raise CalculoNoDisponible("El peso debe ser mayor que cero", campo="/peso_kg")
