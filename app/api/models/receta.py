"""La receta veterinaria y sus líneas; emitida no cambia, sólo se dispensa, se anula o caduca."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import BusinessRule, Conflict, restriccion
from app.utils.transiciones import siguiente


class TipoDispensacion(StrEnum):
    """Cómo llega el medicamento: se dispensa, no se dispensa (lo pone el veterinario) o va al botiquín."""

    DISPENSACION = "dispensacion"
    NO_DISPENSACION = "no_dispensacion"
    BOTIQUIN = "botiquin"


class ClaseReceta(StrEnum):
    """Dentro de la ficha técnica, o fuera de ella (cascada)."""

    ORDINARIA = "ordinaria"
    EXCEPCIONAL = "excepcional"


class Tratamiento(StrEnum):
    """Para qué se receta: decide el plazo y si hace falta un examen previo."""

    GENERAL = "general"
    CRONICO = "cronico"
    PREVENTIVO = "preventivo"
    SEGUIMIENTO = "seguimiento"


class FinalidadAntimicrobiana(StrEnum):
    """Por qué se da un antimicrobiano."""

    TERAPEUTICA = "terapeutica"
    METAFILAXIS = "metafilaxis"
    PROFILAXIS = "profilaxis"


class EstadoReceta(StrEnum):
    """Por dónde va la receta; «caducada» no se guarda: se deduce del plazo al leer."""

    BORRADOR = "borrador"
    EMITIDA = "emitida"
    DISPENSADA_PARCIAL = "dispensada_parcial"
    DISPENSADA = "dispensada"
    ANULADA = "anulada"
    CADUCADA = "caducada"


# Estado -> acción (el nombre de su ruta) -> estado al que lleva; la dispensación completa la decide lo que quede.
TRANSICIONES: dict[EstadoReceta, dict[str, EstadoReceta]] = {
    EstadoReceta.BORRADOR: {"emision": EstadoReceta.EMITIDA},
    EstadoReceta.EMITIDA: {
        "dispensaciones": EstadoReceta.DISPENSADA_PARCIAL,
        "anulacion": EstadoReceta.ANULADA,
    },
    EstadoReceta.DISPENSADA_PARCIAL: {"dispensaciones": EstadoReceta.DISPENSADA_PARCIAL},
    EstadoReceta.DISPENSADA: {},
    EstadoReceta.ANULADA: {},
    EstadoReceta.CADUCADA: {},
}


class RecetaEmitidaInmutable(Conflict):
    """La receta está emitida: ya no se puede cambiar."""


class EnvasesExcedidos(BusinessRule):
    """No se pueden dispensar más envases de los recetados."""


class Receta(DeOrganizacion, Entity, Base):
    """Prescripción de un veterinario; ``contenido`` es lo que se firmó, congelado, y ``huella`` su SHA-256."""

    __tablename__ = "recetas"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("veterinario_id", "profesionales"),
        referencia("cliente_id", "clientes"),
        referencia("paciente_id", "pacientes"),
        referencia("consulta_id", "consultas"),
        UniqueConstraint("organizacion_id", "numero"),
        CheckConstraint("estado <> 'caducada'", name="caducidad"),
        CheckConstraint("(paciente_id IS NULL) <> (grupo IS NULL)", name="para_quien"),
        CheckConstraint(
            "num_nulls(numero, fecha_emision, emitida_en, contenido, huella, firma)"
            " = CASE estado WHEN 'borrador' THEN 6 ELSE 0 END",
            name="emision",
        ),
        CheckConstraint("(estado = 'anulada') = (anulacion_motivo IS NOT NULL)", name="anulacion"),
        CheckConstraint("valida_hasta >= fecha_emision", name="plazo"),
        Index(None, "organizacion_id", "paciente_id", "creado_en", "id"),
        Index(None, "organizacion_id", "sede_id", "creado_en", "id"),
        Index(None, "organizacion_id", "veterinario_id", "creado_en", "id"),
        Index(None, "organizacion_id", "cliente_id", "creado_en", "id"),
        Index(None, "organizacion_id", "consulta_id"),
        Index(None, "organizacion_id", "creado_en", "id"),
        Index(None, "organizacion_id", "estado", "creado_en", "id"),
        Index(None, "organizacion_id", "fecha_emision"),
    )

    sede_id: Mapped[UUID]
    veterinario_id: Mapped[UUID]
    cliente_id: Mapped[UUID]
    paciente_id: Mapped[UUID | None]
    grupo: Mapped[dict[str, Any] | None]
    consulta_id: Mapped[UUID | None]
    estado: Mapped[EstadoReceta] = mapped_column(opcion(EstadoReceta, "estado"), default=EstadoReceta.BORRADOR)
    tipo_dispensacion: Mapped[TipoDispensacion] = mapped_column(opcion(TipoDispensacion, "tipo_dispensacion"))
    clase: Mapped[ClaseReceta] = mapped_column(opcion(ClaseReceta, "clase"), default=ClaseReceta.ORDINARIA)
    tratamiento: Mapped[Tratamiento] = mapped_column(opcion(Tratamiento, "tratamiento"), default=Tratamiento.GENERAL)
    indicacion: Mapped[str | None] = mapped_column(texto(500))
    finalidad_antimicrobiana: Mapped[FinalidadAntimicrobiana | None] = mapped_column(
        opcion(FinalidadAntimicrobiana, "finalidad_antimicrobiana")
    )
    justificacion_categoria: Mapped[dict[str, Any] | None]
    justificaciones: Mapped[list[Any]] = mapped_column(default=list)
    advertencias: Mapped[str | None] = mapped_column(texto(2000))
    numero: Mapped[str | None] = mapped_column(texto(60))
    fecha_emision: Mapped[date | None]
    emitida_en: Mapped[datetime | None]
    valida_hasta: Mapped[date | None]
    contenido: Mapped[dict[str, Any] | None]
    huella: Mapped[str | None] = mapped_column(texto(64))
    firma: Mapped[dict[str, Any] | None]
    anulada_en: Mapped[datetime | None]
    anulacion_motivo: Mapped[str | None] = mapped_column(texto(500))

    def pasar_por(self, accion: str) -> None:
        """Aplica una acción, o dice cuáles caben. Errores: ``TransicionInvalida``."""
        self.estado = siguiente(TRANSICIONES, self.estado, accion)

    def exigir_accion(self, accion: str) -> None:
        """Que la acción quepa, sin aplicarla todavía. Errores: ``TransicionInvalida``."""
        siguiente(TRANSICIONES, self.estado, accion)


class LineaReceta(DeOrganizacion, Base):
    """Un medicamento de la receta, con su posología y cuántos envases se han dispensado ya."""

    __tablename__ = "lineas_receta"
    __table_args__ = (
        referencia("receta_id", "recetas"),
        referencia("medicamento_id", "medicamentos"),
        UniqueConstraint("organizacion_id", "receta_id", "orden"),
        CheckConstraint("(medicamento_id IS NULL) <> (formula_magistral IS NULL)", name="que"),
        CheckConstraint("cantidad_por_toma > 0 AND cantidad_total > 0 AND envases > 0", name="cantidades"),
        CheckConstraint("duracion_dias > 0 AND intervalo_h > 0 AND dosis > 0", name="pauta"),
        CheckConstraint("porcentaje_envase > 0 AND porcentaje_envase <= 100", name="porcentaje"),
        CheckConstraint("envases_dispensados BETWEEN 0 AND coalesce(envases, 0)", name="envases"),
        Index(None, "organizacion_id", "medicamento_id"),
    )

    receta_id: Mapped[UUID]
    orden: Mapped[int] = mapped_column(SmallInteger())
    medicamento_id: Mapped[UUID | None]
    formula_magistral: Mapped[str | None] = mapped_column(texto(1000))
    dosis: Mapped[Decimal | None] = mapped_column(Numeric(12, 5))
    unidad_dosis: Mapped[str | None] = mapped_column(texto(20))
    peso_usado_kg: Mapped[Decimal | None] = mapped_column(Numeric(7, 3))
    cantidad_por_toma: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    unidad: Mapped[str | None] = mapped_column(texto(20))
    via: Mapped[str | None] = mapped_column(texto(30))
    intervalo_h: Mapped[int | None] = mapped_column(SmallInteger())
    pauta_texto: Mapped[str | None] = mapped_column(texto(500))
    duracion_dias: Mapped[int | None] = mapped_column(SmallInteger())
    cantidad_total: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    envases: Mapped[int | None]
    porcentaje_envase: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    tiempo_espera: Mapped[list[Any] | None]
    sustituible: Mapped[bool] = mapped_column(default=True)
    envases_dispensados: Mapped[int] = mapped_column(default=0)


# Lo que dice la base si alguien se salta el servicio: un disparador y la restricción de las líneas.
restriccion("recetas_emitida_inmutable", RecetaEmitidaInmutable)
restriccion("lineas_receta_envases_ck", EnvasesExcedidos)
