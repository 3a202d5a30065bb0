"""El paciente: el animal, su estado vital y las transiciones que admite."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.cliente import IdExternoDuplicado
from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion
from app.utils.transiciones import siguiente


class Sexo(StrEnum):
    """Sexo del animal."""

    MACHO = "macho"
    HEMBRA = "hembra"
    DESCONOCIDO = "desconocido"
    HERMAFRODITA = "hermafrodita"


class Esterilizado(StrEnum):
    """Si está esterilizado."""

    SI = "si"
    NO = "no"
    DESCONOCIDO = "desconocido"


class Precision(StrEnum):
    """Con qué certeza se conoce la fecha de nacimiento."""

    EXACTA = "exacta"
    MES = "mes"
    ANIO = "anio"
    ESTIMADA = "estimada"


class Destino(StrEnum):
    """Para qué se tiene el animal; «produccion» obliga a tiempos de espera."""

    COMPANIA = "compania"
    PRODUCCION = "produccion"
    TRABAJO = "trabajo"
    ZOOLOGICO = "zoologico"


class SinIdentificacion(StrEnum):
    """Por qué no lleva identificación."""

    RECIEN_NACIDO = "recien_nacido"
    COMUNITARIO = "comunitario"
    ABANDONADO = "abandonado"
    EXOTICO_SIN_OBLIGACION = "exotico_sin_obligacion"
    PENDIENTE = "pendiente"


class Mdr1(StrEnum):
    """Resultado de la prueba genética MDR1."""

    NO_TESTADO = "no_testado"
    NORMAL = "normal"
    PORTADOR = "portador"
    AFECTADO = "afectado"


class EstadoPaciente(StrEnum):
    """Vida del paciente en la clínica."""

    PENDIENTE_VALIDACION = "pendiente_validacion"
    ACTIVO = "activo"
    INACTIVO = "inactivo"
    PERDIDO = "perdido"
    FALLECIDO = "fallecido"
    FUSIONADO = "fusionado"


# Estado -> acción (el nombre de su ruta) -> estado al que lleva.
TRANSICIONES: dict[EstadoPaciente, dict[str, EstadoPaciente]] = {
    EstadoPaciente.PENDIENTE_VALIDACION: {
        "validacion": EstadoPaciente.ACTIVO,
        "baja": EstadoPaciente.INACTIVO,
        "fusion": EstadoPaciente.FUSIONADO,
    },
    EstadoPaciente.ACTIVO: {
        "perdida": EstadoPaciente.PERDIDO,
        "fallecimiento": EstadoPaciente.FALLECIDO,
        "baja": EstadoPaciente.INACTIVO,
        "fusion": EstadoPaciente.FUSIONADO,
    },
    EstadoPaciente.PERDIDO: {
        "hallazgo": EstadoPaciente.ACTIVO,
        "fallecimiento": EstadoPaciente.FALLECIDO,
        "fusion": EstadoPaciente.FUSIONADO,
    },
    EstadoPaciente.FALLECIDO: {
        "reversion-fallecimiento": EstadoPaciente.ACTIVO,
        "fusion": EstadoPaciente.FUSIONADO,
    },
    EstadoPaciente.INACTIVO: {"reactivacion": EstadoPaciente.ACTIVO, "fusion": EstadoPaciente.FUSIONADO},
    EstadoPaciente.FUSIONADO: {},
}


class MicrochipDuplicado(Conflict):
    """Ese microchip consta en otro paciente."""


class Paciente(DeOrganizacion, Archivable, Entity, Base):
    """Animal atendido; sus titulares, con fechas, están en ``titularidades``."""

    __tablename__ = "pacientes"
    __table_args__ = (
        UniqueConstraint("organizacion_id", "codigo"),
        UniqueConstraint(
            "organizacion_id", "id_externo", name=restriccion("pacientes_id_externo_uq", IdExternoDuplicado)
        ),
        Index(
            restriccion("pacientes_microchip_uq", MicrochipDuplicado),
            "organizacion_id",
            "microchip",
            unique=True,
            postgresql_where="estado <> 'fusionado'",
        ),
        ForeignKeyConstraint(["especie", "raza"], ["razas.especie", "razas.codigo"]),
        CheckConstraint("fecha_esterilizacion >= fecha_nacimiento", name="esterilizacion"),
        CheckConstraint("(estado = 'fallecido') = (fecha_fallecimiento IS NOT NULL)", name="fallecimiento"),
        CheckConstraint("fecha_fallecimiento >= fecha_nacimiento", name="fallecido_tras_nacer"),
        CheckConstraint("(estado = 'fusionado') = (fusionado_en_id IS NOT NULL)", name="fusion"),
        referencia("fusionado_en_id", "pacientes"),
        referencia("sede_alta_id", "sedes"),
        Index(None, "organizacion_id", "nombre_orden", "id"),
        Index(None, "organizacion_id", "especie", "nombre_orden", "id"),
        Index(None, "organizacion_id", "estado", "nombre_orden", "id"),
        Index(None, "organizacion_id", "creado_en", "id"),
    )

    codigo: Mapped[str] = mapped_column(texto(20))
    nombre: Mapped[str] = mapped_column(texto(60))
    # Collate "C": el prefijo se busca como intervalo, y así vale en cualquier base.
    nombre_orden: Mapped[str] = mapped_column(
        String(120, collation="C"), Computed("servet_normalizar(nombre)", persisted=True)
    )
    especie: Mapped[str] = mapped_column(ForeignKey("especies.codigo"))
    raza: Mapped[str | None] = mapped_column(texto(60))
    raza_texto: Mapped[str | None] = mapped_column(texto(120))
    sexo: Mapped[Sexo] = mapped_column(opcion(Sexo, "sexo"))
    esterilizado: Mapped[Esterilizado] = mapped_column(opcion(Esterilizado, "esterilizado"))
    fecha_esterilizacion: Mapped[date | None]
    fecha_nacimiento: Mapped[date | None]
    precision_nacimiento: Mapped[Precision | None] = mapped_column(opcion(Precision, "precision_nacimiento"))
    capa: Mapped[str | None] = mapped_column(texto(80))
    tamanio: Mapped[str | None] = mapped_column(texto(20))
    senias: Mapped[str | None] = mapped_column(texto(500))
    microchip: Mapped[str | None] = mapped_column(texto(15))
    fecha_microchip: Mapped[date | None]
    microchip_lugar: Mapped[str | None] = mapped_column(texto(60))
    verificado_lector: Mapped[bool] = mapped_column(default=False)
    identificadores: Mapped[list[Any]] = mapped_column(default=list)
    pasaporte_ue: Mapped[str | None] = mapped_column(texto(15))
    motivo_sin_identificacion: Mapped[SinIdentificacion | None] = mapped_column(
        opcion(SinIdentificacion, "motivo_sin_identificacion")
    )
    destino: Mapped[Destino] = mapped_column(opcion(Destino, "destino"), default=Destino.COMPANIA)
    apto_consumo: Mapped[bool | None]
    gestante_desde: Mapped[date | None]
    lactante_desde: Mapped[date | None]
    mdr1: Mapped[Mdr1] = mapped_column(opcion(Mdr1, "mdr1"), default=Mdr1.NO_TESTADO)
    grupo_sanguineo: Mapped[str | None] = mapped_column(texto(20))
    temperamento: Mapped[str | None] = mapped_column(texto(120))
    ppp: Mapped[dict[str, Any] | None]
    seguro: Mapped[dict[str, Any] | None]
    estado: Mapped[EstadoPaciente] = mapped_column(opcion(EstadoPaciente, "estado"), default=EstadoPaciente.ACTIVO)
    perdido_desde: Mapped[date | None]
    fecha_fallecimiento: Mapped[date | None]
    causa_fallecimiento: Mapped[str | None] = mapped_column(texto(200))
    eutanasia: Mapped[bool | None]
    destino_restos: Mapped[str | None] = mapped_column(texto(80))
    fusionado_en_id: Mapped[UUID | None]
    sede_alta_id: Mapped[UUID | None]
    id_externo: Mapped[str | None] = mapped_column(texto(80))

    def pasar_por(self, accion: str) -> None:
        """Aplica una acción, o dice cuáles caben. Errores: ``TransicionInvalida``."""
        self.estado = siguiente(TRANSICIONES, self.estado, accion)
