"""Los parámetros que admite cada tipo de regla de alerta."""

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.alerta import GravedadAlergia
from app.api.models.medicamento import CategoriaEma
from app.api.models.paciente import Destino
from app.api.schemas.principio_activo_schema import Codigo, CodigoEspecie, Dosis
from app.utils.alertas_medicacion import TipoRegla
from app.utils.medicacion import Via
from app.utils.schemas import Schema

Codigos = Annotated[list[Codigo], Field(max_length=50)]
Especies = Annotated[list[CodigoEspecie], Field(max_length=40)]


class Farmacos(Schema):
    """De qué habla una regla: unos principios o unos grupos."""

    principios: Codigos = []
    grupos: Codigos = []

    @model_validator(mode="after")
    def _alguno(self) -> "Farmacos":
        if not self.principios and not self.grupos:
            raise PydanticCustomError("FARMACO_REQUERIDO", "Diga de qué principios o grupos habla la regla")
        return self


class Lado(Farmacos):
    """Uno de los dos que no van juntos."""

    sistemica: bool = False


class EnEspecie(Farmacos):
    """Unos fármacos, en unas especies y por unas vías; sin decirlas, en todas."""

    especies: Especies = []
    vias: list[Via] = []


class Convivencia(EnEspecie):
    """Además, con qué especies convive."""

    convive_con: Annotated[Especies, Field(min_length=1)]


class Interaccion(Schema):
    """Qué dos no van juntos, y cuánto hay que esperar entre uno y otro."""

    uno: Lado
    otro: Lado
    ventana_h: int | None = Field(default=None, ge=0, le=8760)
    ventana: Literal["lavado_aine_corticoide_dias"] | None = None


class Repeticion(EnEspecie):
    """Lo que sólo se da una vez por unas vías."""

    vias: Annotated[list[Via], Field(min_length=1)]


class Estado(Farmacos):
    """En qué estados no conviene."""

    condiciones: list[Literal["gestante", "lactante", "deshidratado", "creatinina_alta"]] = Field(min_length=1)
    deshidratacion_min_pct: Dosis = Decimal(5)


class EdadPeso(EnEspecie):
    """Desde qué edad y peso."""

    edad_min_semanas: int | None = Field(default=None, ge=1, le=520)
    edad_min_meses: int | None = Field(default=None, ge=1, le=120)
    peso_min_kg: Dosis | None = None


class Alergia(Schema):
    """Qué gravedades de alergia."""

    gravedades: list[GravedadAlergia] = Field(min_length=1)


class Pauta(Schema):
    """Qué límite de la pauta."""

    limite: Literal["maxima", "minima", "duracion"]


class Peso(Schema):
    """Qué le pasa al peso."""

    caso: Literal["ausente", "antiguo", "no_bascula"]


class Antibiotico(Schema):
    """Qué categorías y en qué destinos."""

    categorias: list[CategoriaEma] = Field(min_length=1)
    destinos: list[Destino] = []
    sin_motivo: bool = False


class Nada(Schema):
    """Sin parámetros."""


PARAMETROS: dict[TipoRegla, type[Schema]] = {
    TipoRegla.CONTRAINDICACION: EnEspecie,
    TipoRegla.CONVIVENCIA: Convivencia,
    TipoRegla.MDR1: Farmacos,
    TipoRegla.INTERACCION: Interaccion,
    TipoRegla.REPETICION: Repeticion,
    TipoRegla.ESTADO: Estado,
    TipoRegla.EDAD_PESO: EdadPeso,
    TipoRegla.ALERGIA: Alergia,
    TipoRegla.PAUTA: Pauta,
    TipoRegla.DUPLICIDAD: Nada,
    TipoRegla.PESO: Peso,
    TipoRegla.FUERA_DE_FICHA: Nada,
    TipoRegla.ANTIBIOTICO: Antibiotico,
    TipoRegla.SIN_ESPERA: Nada,
    TipoRegla.LOTE_CADUCADO: Nada,
}


def parametros_de(tipo: TipoRegla, parametros: dict[str, Any]) -> dict[str, Any]:
    """Los parámetros, comprobados según el tipo y como se guardan. Errores: los de validación."""
    # Como JSON: las enumeraciones llegan como texto y así se guardan.
    leidos = PARAMETROS[tipo].model_validate_json(json.dumps(parametros))
    return leidos.model_dump(mode="json", exclude_none=True)
