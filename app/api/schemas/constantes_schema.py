"""El contrato de las constantes vitales; fuera de lo plausible, 422 con el campo."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.constantes import Mucosas
from app.utils.constantes import PLAUSIBLES as L
from app.utils.schemas import Aviso, Cifras, DecimalLeido, Instante, Partial, Schema

Temperatura = Annotated[Decimal, Cifras(2, 1, "38.6", ge=L["temperatura"][0], le=L["temperatura"][1])]
Trc = Annotated[Decimal, Cifras(2, 1, "1.5", ge=L["trc"][0], le=L["trc"][1])]
Deshidratacion = Annotated[Decimal, Cifras(2, 1, "5.0", ge=L["deshidratacion_pct"][0], le=L["deshidratacion_pct"][1])]
Cardiaca = Annotated[int, Field(ge=int(L["frecuencia_cardiaca"][0]), le=int(L["frecuencia_cardiaca"][1]))]
Respiratoria = Annotated[int, Field(ge=int(L["frecuencia_respiratoria"][0]), le=int(L["frecuencia_respiratoria"][1]))]
Sistolica = Annotated[int, Field(ge=int(L["pas"][0]), le=int(L["pas"][1]))]
Diastolica = Annotated[int, Field(ge=int(L["pad"][0]), le=int(L["pad"][1]))]
Media = Annotated[int, Field(ge=int(L["pam"][0]), le=int(L["pam"][1]))]
Spo2 = Annotated[int, Field(ge=int(L["spo2"][0]), le=int(L["spo2"][1]))]
Glucemia = Annotated[int, Field(ge=int(L["glucemia"][0]), le=int(L["glucemia"][1]))]


class Dolor(Schema):
    """Cuánto le duele, en la escala que se diga."""

    escala: str = Field(min_length=1, max_length=60, examples=["Numérica 0–10"])
    puntos: int = Field(ge=0, le=100, examples=[3])
    maximo: int = Field(ge=1, le=100, examples=[10], description="Lo más que marca esa escala")

    @model_validator(mode="after")
    def _en_la_escala(self) -> Any:
        if self.puntos > self.maximo:
            raise PydanticCustomError("DOLOR_FUERA_DE_ESCALA", "Los puntos pasan del máximo de la escala")
        return self


class ConstantesCampos(Schema):
    """Lo que se mide; presiones en mmHg, glucemia en mg/dL, TRC en segundos."""

    tomadas_en: Instante | None = None
    temperatura: Temperatura | None = Field(default=None, description="°C, rectal", examples=["38.6"])
    frecuencia_cardiaca: Cardiaca | None = Field(default=None, description="lpm", examples=[96])
    frecuencia_respiratoria: Respiratoria | None = Field(default=None, description="rpm", examples=[24])
    trc: Trc | None = Field(default=None, description="Tiempo de relleno capilar, s")
    pas: Sistolica | None = None
    pad: Diastolica | None = None
    pam: Media | None = None
    spo2: Spo2 | None = None
    glucemia: Glucemia | None = None
    deshidratacion_pct: Deshidratacion | None = None
    mucosas: Mucosas | None = Field(default=None, examples=["rosadas"])
    dolor: Dolor | None = None


class ConstantesCrear(ConstantesCampos):
    """Una toma; sin ``tomadas_en``, ahora."""

    @model_validator(mode="after")
    def _algo(self) -> Any:
        if not self.model_dump(exclude={"tomadas_en"}, exclude_none=True):
            raise PydanticCustomError("CONSTANTES_VACIAS", "Indique al menos una constante")
        return self


class ConstantesEditar(Partial, ConstantesCampos):
    """Correcciones de una toma."""


class Referencia(Schema):
    """El rango con que se comparó y cómo quedó; no cambia aunque después cambien los rangos."""

    minimo: str | None
    maximo: str | None
    fuente: str | None
    marca: str


class ConstantesPortal(Schema):
    """Lo que el titular ve de una toma: los valores, sin marcas."""

    id: UUID
    tomadas_en: Instante
    temperatura: DecimalLeido | None
    frecuencia_cardiaca: int | None
    frecuencia_respiratoria: int | None
    trc: DecimalLeido | None
    pas: int | None
    pad: int | None
    pam: int | None
    spo2: int | None
    glucemia: int | None
    deshidratacion_pct: DecimalLeido | None
    mucosas: str | None
    dolor: Dolor | None


class ConstantesLectura(ConstantesPortal):
    """Una toma de constantes."""

    consulta_id: UUID
    referencias: dict[str, Referencia]
    version: int
    creado_en: Instante
    creado_por: UUID | None
    avisos: list[Aviso] = []
