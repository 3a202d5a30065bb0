"""El contrato de las consultas: lo que se escribe y las cuatro formas en que se leen."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.consulta import EstadoConsulta, MetodoFirma, TipoConsulta
from app.api.schemas.constantes_schema import ConstantesLectura, ConstantesPortal
from app.api.schemas.diagnostico_schema import DiagnosticoLectura, DiagnosticoPortal
from app.api.schemas.enmienda_schema import EnmiendaLectura, EnmiendaPortal
from app.api.schemas.exploracion_schema import SistemaExplorado
from app.utils.schemas import Aviso, DecimalLeido, Fecha, Instante, PageQuery, Partial, Schema

Texto = Annotated[str, Field(min_length=1, max_length=20000)]


class ConsultaCampos(Schema):
    """Lo que se escribe mientras está abierta."""

    tipo: TipoConsulta = TipoConsulta.CONSULTA
    motivo: str = Field(min_length=1, max_length=500, examples=["Se rasca las orejas"])
    motivo_codigo: str | None = Field(default=None, max_length=10, examples=["M11"], description="Del catálogo propio")
    subjetivo: Texto | None = Field(default=None, examples=["Desde hace una semana sacude la cabeza."])
    objetivo: Texto | None = None
    valoracion: Texto | None = None
    plan: Texto | None = None
    recomendaciones_cliente: Texto | None = Field(default=None, description="Lo que leerá el titular")
    notas_clinicas_privadas: Texto | None = Field(default=None, description="Nunca llegan al portal")
    proxima_revision: Fecha | None = None


class ConsultaCrear(ConsultaCampos):
    """Abre una consulta; sin ``veterinario_id``, la lleva quien la abre."""

    sede_id: UUID
    veterinario_id: UUID | None = None
    cita_id: UUID | None = None
    inicio: Instante | None = None


class ConsultaEditar(Partial, ConsultaCampos):
    """Cambios mientras está abierta; un auxiliar, sólo ``subjetivo``."""

    veterinario_id: UUID


class Cierre(Schema):
    """Cómo se firma: con la sesión que se abrió con contraseña."""

    metodo_firma: MetodoFirma = Field(default=MetodoFirma.CONTRASENA, examples=["contrasena"])


class Anulacion(Schema):
    """Por qué se anula."""

    motivo: str = Field(min_length=3, max_length=500, examples=["Se abrió a otro paciente por error"])


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
    version: int


class ConsultaFiltro(PageQuery):
    """Filtros de las consultas de un paciente."""

    estado: list[EstadoConsulta] = Field(default=[], max_length=3)
    desde: Fecha | None = None
    hasta: Fecha | None = None


class TrabajoFiltro(ConsultaFiltro):
    """Filtros de la lista de trabajo; sin ``sede_id``, las sedes de quien pide."""

    sede_id: UUID | None = None
    veterinario_id: UUID | None = None
