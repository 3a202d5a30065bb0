"""Las tablas que usa, como modelos del ORM."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, SmallInteger, String, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7


class Base(DeclarativeBase):
    type_annotation_map = {
        datetime: DateTime(timezone=True), dict[str, Any]: JSONB(none_as_null=True), list[Any]: JSONB(none_as_null=True),
        list[str]: ARRAY(Text),
    }


class DeOrganizacion:
    organizacion_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class Registro(DeOrganizacion):
    version: Mapped[int] = mapped_column(default=1)
    creado_en: Mapped[datetime] = mapped_column(server_default=func.now())
    creado_por: Mapped[UUID | None]
    actualizado_en: Mapped[datetime]
    actualizado_por: Mapped[UUID | None]


class Organizacion(Base):
    __tablename__ = "organizaciones"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    pais: Mapped[str]
    config: Mapped[dict[str, Any]]


class Especie(Base):
    __tablename__ = "especies"
    codigo: Mapped[str] = mapped_column(primary_key=True)
    identificacion: Mapped[str | None]


class Raza(Base):
    __tablename__ = "razas"
    especie: Mapped[str] = mapped_column(primary_key=True)
    codigo: Mapped[str] = mapped_column(primary_key=True)
    mdr1: Mapped[str | None]
    ppp: Mapped[bool]


class Sede(DeOrganizacion, Base):
    __tablename__ = "sedes"
    nombre: Mapped[str]
    zona_horaria: Mapped[str]
    territorio_sanitario: Mapped[str | None]
    config: Mapped[dict[str, Any]]
    activo: Mapped[bool]
    creado_en: Mapped[datetime]


class Cliente(DeOrganizacion, Base):
    __tablename__ = "clientes"
    nombre: Mapped[str | None]
    apellidos: Mapped[str | None]
    razon_social: Mapped[str | None]
    sede_habitual_id: Mapped[UUID | None]
    estado: Mapped[str]

    @property
    def nombre_completo(self) -> str:
        return self.razon_social or " ".join(uno for uno in (self.nombre, self.apellidos) if uno is not None)


class Paciente(Registro, Base):
    __tablename__ = "pacientes"
    codigo: Mapped[str]
    nombre: Mapped[str]
    nombre_orden: Mapped[str] = mapped_column(String(collation="C"), deferred=True)
    especie: Mapped[str]
    raza: Mapped[str | None]
    raza_texto: Mapped[str | None]
    sexo: Mapped[str]
    esterilizado: Mapped[str]
    fecha_esterilizacion: Mapped[date | None]
    fecha_nacimiento: Mapped[date | None]
    precision_nacimiento: Mapped[str | None]
    capa: Mapped[str | None]
    tamanio: Mapped[str | None]
    senias: Mapped[str | None]
    microchip: Mapped[str | None]
    fecha_microchip: Mapped[date | None]
    microchip_lugar: Mapped[str | None]
    verificado_lector: Mapped[bool]
    identificadores: Mapped[list[Any]]
    pasaporte_ue: Mapped[str | None]
    motivo_sin_identificacion: Mapped[str | None]
    destino: Mapped[str]
    apto_consumo: Mapped[bool | None]
    gestante_desde: Mapped[date | None]
    lactante_desde: Mapped[date | None]
    mdr1: Mapped[str]
    grupo_sanguineo: Mapped[str | None]
    temperamento: Mapped[str | None]
    ppp: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    seguro: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    estado: Mapped[str]
    perdido_desde: Mapped[date | None]
    fecha_fallecimiento: Mapped[date | None]
    causa_fallecimiento: Mapped[str | None]
    eutanasia: Mapped[bool | None]
    destino_restos: Mapped[str | None]
    fusionado_en_id: Mapped[UUID | None]
    id_externo: Mapped[str | None]
    sede_alta_id: Mapped[UUID | None]


class Titularidad(DeOrganizacion, Base):
    __tablename__ = "titularidades"
    paciente_id: Mapped[UUID]
    cliente_id: Mapped[UUID]
    rol: Mapped[str]
    hasta: Mapped[date | None]


class Peso(DeOrganizacion, Base):
    __tablename__ = "pesos"
    paciente_id: Mapped[UUID]
    peso_kg: Mapped[Decimal]
    medido_en: Mapped[datetime]
    metodo: Mapped[str]
    anulado_en: Mapped[datetime | None]


class Profesional(DeOrganizacion, Base):
    __tablename__ = "profesionales"
    nombre: Mapped[str]
    categoria: Mapped[str]
    agendable: Mapped[bool]
    activo: Mapped[bool]


class TipoCita(DeOrganizacion, Base):
    __tablename__ = "tipos_cita"
    nombre: Mapped[str]
    duracion_min: Mapped[int]
    buffer_antes_min: Mapped[int]
    buffer_despues_min: Mapped[int]
    requiere_veterinario: Mapped[bool]
    requiere_auxiliar: Mapped[bool]
    sala_tipo: Mapped[str | None]
    equipo_tipo: Mapped[str | None]
    especies: Mapped[list[str]]
    antelacion_min_h: Mapped[int]
    antelacion_max_dias: Mapped[int]
    instrucciones: Mapped[str | None]
    color: Mapped[str | None]
    activo: Mapped[bool]


class Recurso(DeOrganizacion, Base):
    __tablename__ = "recursos"
    sede_id: Mapped[UUID]
    nombre: Mapped[str]
    tipo: Mapped[str]
    capacidad: Mapped[int]
    activo: Mapped[bool]


class Horario(DeOrganizacion, Base):
    __tablename__ = "horarios"
    sede_id: Mapped[UUID]
    profesional_id: Mapped[UUID | None]
    recurso_id: Mapped[UUID | None]
    dia_semana: Mapped[int] = mapped_column(SmallInteger)
    hora_inicio: Mapped[time]
    hora_fin: Mapped[time]
    desde: Mapped[date]
    hasta: Mapped[date | None]


class Excepcion(DeOrganizacion, Base):
    __tablename__ = "excepciones_horario"
    sede_id: Mapped[UUID | None]
    profesional_id: Mapped[UUID | None]
    recurso_id: Mapped[UUID | None]
    tipo: Mapped[str]
    desde: Mapped[date]
    hasta: Mapped[date]
    hora_inicio: Mapped[time | None]
    hora_fin: Mapped[time | None]


class Cita(Registro, Base):
    __tablename__ = "citas"
    codigo: Mapped[str]
    sede_id: Mapped[UUID]
    tipo_cita_id: Mapped[UUID]
    cliente_id: Mapped[UUID]
    paciente_id: Mapped[UUID]
    profesional_id: Mapped[UUID | None]
    auxiliar_id: Mapped[UUID | None]
    inicio: Mapped[datetime]
    fin: Mapped[datetime]
    estado: Mapped[str]
    origen: Mapped[str]
    prioridad: Mapped[str] = mapped_column(default="normal")
    motivo: Mapped[str | None]
    notas_internas: Mapped[str | None]
    forzada: Mapped[bool] = mapped_column(default=False)
    motivo_forzado: Mapped[str | None]
    caduca_en: Mapped[datetime | None]
    llegada_en: Mapped[datetime | None]
    inicio_real: Mapped[datetime | None]
    fin_real: Mapped[datetime | None]
    cancelada_en: Mapped[datetime | None]
    cancelada_por: Mapped[UUID | None]
    cancelacion_motivo: Mapped[str | None]


class CitaRecurso(DeOrganizacion, Base):
    __tablename__ = "citas_recursos"
    cita_id: Mapped[UUID]
    recurso_id: Mapped[UUID]


class CitaPaciente(DeOrganizacion, Base):
    __tablename__ = "citas_pacientes"
    cita_id: Mapped[UUID]
    paciente_id: Mapped[UUID]


class CitaCambio(DeOrganizacion, Base):
    __tablename__ = "citas_cambios"
    cita_id: Mapped[UUID]
    en: Mapped[datetime]
    por: Mapped[UUID | None]
    accion: Mapped[str]
    estado: Mapped[str]
    detalle: Mapped[dict[str, Any]]


class Ocupacion(DeOrganizacion, Base):
    __tablename__ = "ocupaciones"
    cita_id: Mapped[UUID]
    tipo: Mapped[str]
    ocupante_id: Mapped[UUID]
    plaza: Mapped[int] = mapped_column(SmallInteger)
    desde: Mapped[datetime]
    hasta: Mapped[datetime]


class Contador(Base):
    __tablename__ = "contadores"
    organizacion_id: Mapped[UUID] = mapped_column(primary_key=True)
    nombre: Mapped[str] = mapped_column(primary_key=True)
    valor: Mapped[int] = mapped_column(BigInteger)


class Idempotencia(Base):
    __tablename__ = "idempotencia"
    organizacion_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    ruta: Mapped[str] = mapped_column(primary_key=True)
    clave: Mapped[str] = mapped_column(primary_key=True)
    huella: Mapped[bytes] = mapped_column(LargeBinary)
    estado: Mapped[int | None]
    cuerpo: Mapped[bytes | None] = mapped_column(LargeBinary)
    cabeceras: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    creado_en: Mapped[datetime]
