"""El mapa de una importación: qué columna ajena es cada campo nuestro y cómo se traduce."""

from typing import Any, Literal

from pydantic import Field, field_validator

from app.api.schemas.cliente_schema import ClienteCrear, Direccion
from app.api.schemas.paciente_schema import PacienteCrear
from app.utils.schemas import Schema

Codificacion = Literal["utf-8", "latin-1", "cp1252", "iso-8859-15"]

TELEFONOS = ("telefono", "telefono_2", "telefono_3")
DIRECCION = tuple(f"direccion.{campo}" for campo in Direccion.model_fields)
# Lo que en la ficha es un objeto o una lista no cabe en una celda.
_COMPUESTOS = frozenset({"identificadores", "ppp", "seguro", "peso_inicial", "telefonos", "direccion", "preferencias"})
_INTERNOS = frozenset({"cliente_id", "sede_habitual_id"})
CAMPOS: dict[str, frozenset[str]] = {
    "pacientes": frozenset({*PacienteCrear.model_fields, "raza_secundaria", "cliente_id_externo"})
    - _COMPUESTOS
    - _INTERNOS,
    "clientes": frozenset({*ClienteCrear.model_fields, *TELEFONOS, *DIRECCION}) - _COMPUESTOS - _INTERNOS,
}


class Mapa(Schema):
    """Un fichero de mapa, ya leído."""

    entidad: Literal["pacientes", "clientes"]
    codificacion: Codificacion = "utf-8"
    separador: Literal[",", ";", "\t", "|"] | None = None
    columnas: dict[str, str] = Field(description="Campo nuestro = columna del fichero")
    valores: dict[str, dict[str, str]] = Field(default={}, description="Por campo, valor del fichero = valor nuestro")
    fijos: dict[str, str | int | bool] = Field(default={}, description="Lo que el fichero no trae; sólo en las altas")
    formatos: dict[str, str] = Field(default={}, description="Por campo, forma de la fecha (strptime)")
    equivalencias: dict[Literal["raza"], str] = {}
    titular_unico: dict[str, Any] | None = None

    @field_validator("columnas", "valores", "fijos", "formatos", mode="before")
    @classmethod
    def _aplanar(cls, tabla: Any) -> Any:
        """``direccion.calle = "Vía"`` llega de TOML como una tabla dentro de otra."""
        if not isinstance(tabla, dict) or not isinstance(tabla.get("direccion"), dict):
            return tabla
        plana = {clave: valor for clave, valor in tabla.items() if clave != "direccion"}
        return plana | {f"direccion.{clave}": valor for clave, valor in tabla["direccion"].items()}
