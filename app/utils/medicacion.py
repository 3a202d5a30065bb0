"""Con qué se razona la medicación: el animal, sus líneas y tratamientos, y las alertas que salen de ellos."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Gravedad(StrEnum):
    """Cuánto impide: un bloqueo no lo justifica nadie; algo grave, un veterinario; un aviso no impide."""

    BLOQUEO = "bloqueo"
    GRAVE = "grave"
    AVISO = "aviso"


class Via(StrEnum):
    """Por dónde se administra."""

    ORAL = "oral"
    SUBCUTANEA = "subcutanea"
    INTRAMUSCULAR = "intramuscular"
    INTRAVENOSA = "intravenosa"
    TOPICA = "topica"
    OFTALMICA = "oftalmica"
    OTICA = "otica"
    INTRANASAL = "intranasal"
    INHALATORIA = "inhalatoria"
    RECTAL = "rectal"
    OTRA = "otra"


class UnidadDosis(StrEnum):
    """En qué se da una dosis: por kg de peso o por m² de superficie corporal."""

    MG_KG = "mg_kg"
    UG_KG = "ug_kg"
    MG_M2 = "mg_m2"
    UG_M2 = "ug_m2"
    UI_KG = "ui_kg"
    ML_KG = "ml_kg"


@dataclass(frozen=True, slots=True)
class Pauta:
    """Pauta orientativa de un principio en una especie y vía; sin dosis, sólo informa.

    Forma: con ``concentracion`` sólo vale para la presentación que la tiene; ``por_banda``: la dosis es un mínimo
    y se elige el envase por peso.
    """

    especie: str
    via: str
    dosis_min: Decimal | None = None
    dosis_max: Decimal | None = None
    unidad_dosis: str = UnidadDosis.MG_KG
    indicacion: str | None = None
    intervalo_h: int | None = None
    duracion_max_dias: int | None = None
    concentracion: Decimal | None = None
    por_banda: bool = False
    fuente: str = ""


@dataclass(frozen=True, slots=True)
class Principio:
    """Un principio activo tal como lo lleva una línea; ``componentes`` son los códigos de los que se compone."""

    codigo: str
    nombre: str
    grupo: str | None = None
    familia: str | None = None
    categoria_ema: str | None = None
    componentes: frozenset[str] = frozenset()
    pautas: tuple[Pauta, ...] = ()
    concentracion: Decimal | None = None

    @property
    def codigos(self) -> frozenset[str]:
        """Su código y los de sus componentes: a todos ellos se puede ser alérgico."""
        return self.componentes | {self.codigo}

    @property
    def grupos(self) -> frozenset[str]:
        """Su grupo y, dentro de él, su familia."""
        return frozenset(uno for uno in (self.grupo, self.familia) if uno)


@dataclass(frozen=True, slots=True)
class Presentacion:
    """Cómo viene: cuánto principio lleva cada unidad, en qué partes se fracciona y cuántas trae el envase."""

    concentracion: Decimal
    unidad: str
    unidad_base: str
    fracciones: tuple[Decimal, ...] = (Decimal(1),)
    unidades_envase: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Linea:
    """Lo que se quiere dar: la dosis es del primer principio."""

    posicion: int
    nombre: str
    principios: tuple[Principio, ...]
    via: str
    dosis: Decimal | None = None
    unidad_dosis: str = UnidadDosis.MG_KG
    # Lo que se da cada vez, en la unidad base: sin dosis, de aquí sale.
    cantidad: Decimal | None = None
    indicacion: str | None = None
    intervalo_h: int | None = None
    duracion_dias: int | None = None
    especies_autorizadas: frozenset[str] = frozenset()
    fuera_de_ficha: bool = False
    tiempo_espera_informado: bool = False
    caducidad_lote: date | None = None
    motivo_antibiotico: str | None = None
    presentacion: Presentacion | None = None
    # De la ficha, en su especie: producto, valor y unidad.
    esperas: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tratamiento:
    """Lo que ya lleva puesto: de cuándo a cuándo, contando su última toma."""

    principios: tuple[Principio, ...]
    via: str
    inicio: datetime
    fin: datetime


@dataclass(frozen=True, slots=True)
class AlergiaConocida:
    """A qué principio o grupo es alérgico, y cuánto."""

    agente_tipo: str
    agente_ref: str
    gravedad: str


@dataclass(frozen=True, slots=True)
class PesoVigente:
    """La última pesada no anulada."""

    peso_kg: Decimal
    medido_en: datetime
    metodo: str


@dataclass(frozen=True, slots=True)
class Animal:
    """Lo que de un paciente importa para medicarlo."""

    especie: str
    nacimiento: date | None = None
    peso: PesoVigente | None = None
    destino: str = "compania"
    mdr1: str = "no_testado"
    raza_mdr1: bool = False
    gestante: bool = False
    lactante: bool = False
    deshidratacion_pct: Decimal | None = None
    creatinina_alta: bool = False
    alergias: tuple[AlergiaConocida, ...] = ()
    convivientes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Regla:
    """Una regla de alerta: qué comprueba (``tipo``), con qué parámetros y qué dice cuando salta."""

    codigo: str
    tipo: str
    gravedad: str
    mensaje: str
    parametros: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situacion:
    """Todo lo que las reglas miran, leído de una vez; ``parametros`` y ``reglas`` son los de la organización."""

    animal: Animal
    lineas: tuple[Linea, ...]
    ahora: datetime
    hoy: date
    tratamientos: tuple[Tratamiento, ...] = ()
    parametros: dict[str, Any] = field(default_factory=dict)
    reglas: tuple[Regla, ...] = ()


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """Lo que una comprobación encuentra: en qué principio, y cuánto se pasa de qué."""

    principio: str | None = None
    categoria_ema: str | None = None
    razon: Decimal | None = None
    limite: Decimal | None = None
    unidad: str | None = None


@dataclass(frozen=True, slots=True)
class Alerta:
    """Lo que una regla dice de una línea; ``linea`` es su posición, y nada si es del animal."""

    codigo: str
    gravedad: str
    mensaje: str
    linea: int | None = None
    principio: str | None = None
    categoria_ema: str | None = None
    razon: Decimal | None = None
    limite: Decimal | None = None
    unidad: str | None = None

    @property
    def justificable(self) -> bool:
        """Sólo lo grave se justifica: un bloqueo no puede nadie, y un aviso no lo necesita."""
        return self.gravedad == Gravedad.GRAVE
