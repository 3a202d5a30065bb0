"""Las tablas de lo clínico que usa: consultas y vacunas."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from bench.pares.fastapi.modelos import Base, DeOrganizacion


class Consulta(DeOrganizacion, Base):
    __tablename__ = "consultas"
    paciente_id: Mapped[UUID]
    cita_id: Mapped[UUID | None]
    estado: Mapped[str]


class ProtocoloVacunal(DeOrganizacion, Base):
    __tablename__ = "protocolos_vacunales"
    codigo: Mapped[str]
    nombre: Mapped[str]
    especies: Mapped[list[str]]
    tipo: Mapped[str]
    edad_min_semanas: Mapped[int]
    intervalo_min_dias: Mapped[int]
    intervalo_objetivo_dias: Mapped[int]
    fin_serie_semanas: Mapped[int]
    refuerzo_1_semanas: Mapped[int]
    dosis_adulto: Mapped[int]
    refuerzo_adulto_meses: Mapped[int | None]
    dosis_iniciales: Mapped[int]
    refuerzo_1_meses: Mapped[int]
    periodo_meses: Mapped[int | None]
    caducidad_meses: Mapped[int | None]
    activo: Mapped[bool]


class RequisitoTerritorial(DeOrganizacion, Base):
    __tablename__ = "requisitos_territoriales"
    territorio: Mapped[str]
    especie: Mapped[str]
    protocolo: Mapped[str]
    obligatoria: Mapped[bool]
    dosis_iniciales: Mapped[int | None]
    periodicidad_meses: Mapped[int | None]
    vigente_desde: Mapped[date]
    vigente_hasta: Mapped[date | None]
    activo: Mapped[bool]


class ProductoVacuna(DeOrganizacion, Base):
    __tablename__ = "productos_vacuna"
    producto_id: Mapped[UUID]
    protocolos: Mapped[list[str]]
    validez_meses: Mapped[int | None]


class Vacunacion(DeOrganizacion, Base):
    __tablename__ = "vacunaciones"
    paciente_id: Mapped[UUID]
    producto_id: Mapped[UUID]
    sede_id: Mapped[UUID | None]
    fecha: Mapped[date]
    proxima_manual: Mapped[date | None]
    anulado_en: Mapped[datetime | None]
