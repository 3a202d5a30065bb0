"""Las formas en que se lee una consulta: entera, en resumen y en el portal."""

from datetime import date
from uuid import UUID

from app.api.models.consulta import EstadoConsulta
from app.api.schemas.constantes_schema import ConstantesLectura, ConstantesPortal
from app.api.schemas.diagnostico_schema import DiagnosticoLectura, DiagnosticoPortal
from app.api.schemas.enmienda_schema import EnmiendaLectura, EnmiendaPortal
from app.api.schemas.exploracion_schema import SistemaExplorado
from app.utils.schemas import Aviso, DecimalLeido, Instante, Schema


class Firma(Schema):
    """Quién firmó, cuándo y a qué paciente."""

    usuario_id: UUID
    veterinario: str
    num_colegiado: str
    firmado_en: str
    metodo_firma: str
    paciente_id: UUID


class PesoDeConsulta(Schema):
    """Un peso tomado en la consulta."""

    id: UUID
    peso_kg: DecimalLeido
    medido_en: Instante
    metodo: str
    bcs: int | None
    mcs: str | None


class RecetaDeConsulta(Schema):
    """Una receta hecha desde la consulta; en el portal, sólo si está emitida."""

    id: UUID
    numero: str | None
    fecha_emision: date | None


class AdjuntoDeConsulta(Schema):
    """Un fichero de la consulta; en el portal, sólo si está publicado."""

    id: UUID
    nombre: str
    tipo_mime: str


class VacunaDeConsulta(Schema):
    """Una vacuna puesta al paciente el día de la consulta."""

    id: UUID
    nombre: str
    fecha: date


class ConsultaResumen(Schema):
    """Lo que se ve sin acceso clínico, y en la lista de trabajo: nada de lo que se escribió dentro."""

    id: UUID
    paciente_id: UUID
    paciente: str
    sede_id: UUID
    sede: str
    veterinario_id: UUID
    veterinario: str
    cita_id: UUID | None
    tipo: str
    motivo: str
    inicio: Instante
    estado: EstadoConsulta
    proxima_revision: date | None
    cerrada_en: Instante | None
    publicada_en: Instante | None
    version: int
    avisos: list[Aviso] = []


class ConsultaLectura(ConsultaResumen):
    """La consulta entera: el original y, detrás, sus enmiendas."""

    motivo_codigo: str | None
    subjetivo: str | None
    objetivo: str | None
    valoracion: str | None
    plan: str | None
    recomendaciones_cliente: str | None
    notas_clinicas_privadas: str | None
    anulacion_motivo: str | None
    pesos: list[PesoDeConsulta]
    constantes: list[ConstantesLectura]
    exploracion: list[SistemaExplorado]
    diagnosticos: list[DiagnosticoLectura]
    enmiendas: list[EnmiendaLectura]
    vacunas: list[VacunaDeConsulta]
    recetas: list[RecetaDeConsulta]
    adjuntos: list[AdjuntoDeConsulta]
    firma: Firma | None
    huella: str | None
    creado_en: Instante
    creado_por: UUID | None


class PesoPublicado(Schema):
    """Lo que el titular ve de un peso tomado en la consulta."""

    peso_kg: DecimalLeido
    medido_en: Instante


class ConsultaPortal(Schema):
    """Lo que el titular ve de una consulta cerrada y publicada: lista blanca, sin una línea de lo escrito dentro."""

    id: UUID
    paciente_id: UUID
    paciente: str
    sede_id: UUID
    sede: str
    veterinario: str
    motivo: str
    inicio: Instante
    recomendaciones_cliente: str | None
    proxima_revision: date | None
    publicada_en: Instante
    pesos: list[PesoPublicado]
    constantes: list[ConstantesPortal]
    diagnosticos: list[DiagnosticoPortal]
    enmiendas: list[EnmiendaPortal]
    vacunas: list[VacunaDeConsulta]
    recetas: list[RecetaDeConsulta]
    adjuntos: list[AdjuntoDeConsulta]
    version: int
