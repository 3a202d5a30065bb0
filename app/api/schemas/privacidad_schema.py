"""El contrato de los derechos de la persona: suprimir sus datos y llevárselos."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.api.models.cita import EstadoCita
from app.api.models.lista_espera import EstadoEspera
from app.api.models.paciente import EstadoPaciente
from app.api.models.titularidad import RolTitular
from app.api.models.usuario import EstadoUsuario
from app.api.schemas.autorizado_schema import AutorizadoLectura, AutorizadoPortal
from app.api.schemas.cliente_schema import ClienteLectura, ClientePortal
from app.api.schemas.consentimiento_datos_schema import ConsentimientoDatosPortal
from app.utils.schemas import Instante, Schema


class Anonimizacion(Schema):
    """Por qué se suprimen los datos; queda en la auditoría: no escriba en él datos de la persona."""

    motivo: str = Field(min_length=3, max_length=200, examples=["Solicitud de supresión del interesado"])


class PacienteExportado(Schema):
    """Un animal y el papel que el cliente tuvo o tiene con él."""

    id: UUID
    codigo: str
    nombre: str
    especie: str
    raza: str | None
    sexo: str
    fecha_nacimiento: date | None
    microchip: str | None
    estado: EstadoPaciente
    rol: RolTitular
    desde: date
    hasta: date | None


class CitaExportada(Schema):
    """Una cita del cliente."""

    id: UUID
    codigo: str
    sede_id: UUID
    paciente_id: UUID
    inicio: Instante
    fin: Instante
    estado: EstadoCita
    motivo: str | None


class EsperaExportada(Schema):
    """Una petición de hueco."""

    id: UUID
    paciente_id: UUID
    estado: EstadoEspera
    ventanas: list[Any]
    creado_en: Instante


class AutorizacionRecibida(Schema):
    """Lo que otro titular le ha concedido, sin decir quién."""

    id: UUID
    nombre: str
    documento: str | None
    telefono: str | None
    desde: date
    hasta: date | None
    activo: bool


class CuentaExportada(Schema):
    """Su cuenta del portal."""

    id: UUID
    email: str
    nombre: str
    estado: EstadoUsuario
    ultimo_acceso_en: Instante | None
    creado_en: Instante


class NotaPorRevisar(Schema):
    """Una nota de la clínica: antes de entregarla hay que ver qué parte es dato personal."""

    de: Literal["cliente", "cita"]
    id: UUID
    texto: str
    revisar: bool


class ExportacionPortal(Schema):
    """Los datos de una persona, tal como ella misma se los lleva."""

    generado_en: Instante
    cliente: ClientePortal
    pacientes: list[PacienteExportado]
    citas: list[CitaExportada]
    lista_espera: list[EsperaExportada]
    consentimientos_datos: list[ConsentimientoDatosPortal]
    autorizados: list[AutorizadoPortal]
    autorizaciones_recibidas: list[AutorizacionRecibida]
    cuentas: list[CuentaExportada]


class Exportacion(ExportacionPortal):
    """Todo lo personal de un cliente, con las notas internas señaladas para revisar."""

    cliente: ClienteLectura
    autorizados: list[AutorizadoLectura]  # type: ignore[assignment]
    notas_internas: list[NotaPorRevisar]
