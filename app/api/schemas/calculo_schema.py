"""El contrato de los cálculos: datos de un paciente o sueltos, y el aviso clínico en todas las respuestas."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.paciente import Precision
from app.api.schemas.principio_activo_schema import CodigoEspecie
from app.config.demostracion import EJEMPLARES
from app.utils.schemas import Aviso, Cifras, DecimalLeido, Fecha, Schema

# Sin mínimo: de un peso que no vale se dice que no se puede calcular, y no que la forma es mala.
PesoDado = Annotated[Decimal, Cifras(4, 3, "23.000", con_signo=True)]
Volumen = Annotated[Decimal, Cifras(7, 2, "60", ge=0)]
Deshidratacion = Annotated[Decimal, Cifras(2, 2, "8", ge=0, le=15)]
Medida = Annotated[Decimal, Cifras(8, 4, "124", ge=0)]


class DeQuien(Schema):
    """El paciente, del que se toman especie y peso, o esos datos sueltos; lo que se dé manda sobre lo suyo."""

    paciente_id: UUID | None = Field(default=None, examples=[str(EJEMPLARES["pacientes"])])
    especie: CodigoEspecie | None = None
    peso_kg: PesoDado | None = None

    @model_validator(mode="after")
    def _alguien(self) -> Any:
        if self.paciente_id is None and self.especie is None:
            raise PydanticCustomError("ANIMAL_REQUERIDO", "Diga el paciente o, al menos, su especie")
        return self


class Calculo(Schema):
    """Lo que acompaña a todo cálculo."""

    fuente: str | None
    aviso_clinico: str
    avisos: list[Aviso] = []


class RerPedido(Schema):
    """El paciente o su peso; la especie, si se dice, tiene que tener fórmula."""

    paciente_id: UUID | None = None
    especie: CodigoEspecie | None = Field(default=None, examples=["perro"])
    peso_kg: PesoDado | None = Field(default=None, examples=["10.000"])


class RerLectura(Calculo):
    """Energía en reposo al día."""

    peso_usado_kg: DecimalLeido
    rer_kcal_dia: int


class FluidosPedidos(DeQuien):
    """Un plan de fluidos de unas horas."""

    especie: CodigoEspecie | None = Field(default=None, examples=["perro"])
    deshidratacion_pct: Deshidratacion = Decimal(0)
    perdidas_ml: Volumen = Field(default=Decimal(0), description="Las previstas durante el plan")
    horas: int = Field(default=24, ge=1, le=168, examples=[24])
    gotas_ml: int = Field(default=20, ge=1, le=100, examples=[20], description="20 macrogotas, 60 microgotas")


class FluidosLectura(Calculo):
    """Calculado, no prescrito: volúmenes en mL, ritmo en mL/h y goteo en gotas por minuto."""

    peso_usado_kg: DecimalLeido
    mantenimiento_ml_dia: DecimalLeido
    mantenimiento_ml_h: DecimalLeido
    mantenimiento_ml: DecimalLeido
    deficit_ml: DecimalLeido
    perdidas_ml: DecimalLeido
    total_ml: DecimalLeido
    ritmo_ml_h: DecimalLeido
    goteo_gotas_min: int
    leyenda: str


class SuperficiePedida(DeQuien):
    """De quién se quiere la superficie corporal."""

    especie: CodigoEspecie | None = Field(default=None, examples=["perro"])


class SuperficieLectura(Calculo):
    """Superficie corporal."""

    peso_usado_kg: DecimalLeido
    superficie_m2: DecimalLeido


class EdadPedida(Schema):
    """El paciente, o cuándo nació; sin `referencia`, hoy."""

    paciente_id: UUID | None = None
    fecha_nacimiento: Fecha | None = Field(default=None, examples=["2024-05-02"])
    precision: Precision = Precision.EXACTA
    referencia: Fecha | None = None


class EdadLectura(Calculo):
    """La edad en las unidades en que la dice la clínica."""

    fecha_nacimiento: date
    referencia: date
    anios: int
    meses: int
    dias: int
    semanas: int
    texto: str
    precision: str


class ConversionPedida(Schema):
    """Un resultado, en qué unidad está y en cuál se quiere."""

    analito: CodigoEspecie = Field(examples=["creatinina"])
    valor: Medida
    de: str = Field(min_length=1, max_length=20, examples=["umol/L"])
    a: str = Field(min_length=1, max_length=20, examples=["mg/dL"])


class ConversionLectura(Calculo):
    """El resultado en la otra unidad, y el original."""

    analito: str
    valor: DecimalLeido
    unidad: str
    valor_convertido: DecimalLeido
    unidad_convertida: str
