"""El contrato de los catálogos y de lo que la API dice de sí misma."""

from pydantic import Field

from app.utils.schemas import DecimalLeido, PageQuery, Schema


class Limites(Schema):
    """Hasta dónde llega una petición."""

    cuerpo_bytes: int
    pagina_maxima: int
    pagina_por_defecto: int
    clave_idempotencia_caracteres: int
    token_acceso_segundos: int
    contrasena_minima: int


class MetaLectura(Schema):
    """Qué Servet responde aquí, y con qué aviso."""

    aviso_clinico: str
    version: str
    version_catalogos: str
    modo: str
    reloj_ajustable: bool
    limites: Limites


class EspecieLectura(Schema):
    """Una especie; los pesos son límites para avisar de un error de tecleo, en kg."""

    codigo: str
    nombre: str
    nombre_cientifico: str | None
    grupo: str
    produccion: str
    peso_aviso_min_kg: DecimalLeido
    peso_aviso_max_kg: DecimalLeido
    identificacion: str | None
    fuente: str
    estado: str


class RazaLectura(Schema):
    """Una raza, con los riesgos documentados de la raza."""

    especie: str
    codigo: str
    nombre: str
    talla: str | None
    mdr1: str | None
    ppp: bool
    numero_fci: int | None
    grupo_fci: str | None
    seccion_fci: str | None
    fuente: str
    estado: str


class EspecieFiltro(PageQuery):
    """Filtros de la lista de especies."""

    limite: int = Field(default=100, ge=1, le=100, description="Cuántas por página")


class RazaFiltro(PageQuery):
    """Filtros de la lista de razas."""

    especie: str | None = Field(default=None, max_length=40, examples=["perro"])
    q: str | None = Field(default=None, min_length=1, max_length=60, examples=["pastor aleman"])


class TerritorioLectura(Schema):
    """Un territorio fiscal."""

    codigo: str
    pais: str
    nombre: str


class AntigenoLectura(Schema):
    """Contra qué se vacuna, en qué especies y con qué recomendación."""

    codigo: str
    nombre: str
    especies: list[str]
    clase: str
    fuente: str
    estado: str


class AntigenosLectura(Schema):
    """Los antígenos."""

    datos: list[AntigenoLectura]


class PaisLectura(Schema):
    """Un país admitido y su moneda."""

    codigo: str
    nombre: str
    moneda: str


class Lista(Schema):
    """Una lista corta, entera."""

    datos: list[str]


class TerritoriosLectura(Schema):
    """Los territorios fiscales."""

    datos: list[TerritorioLectura]


class TerminoLectura(Schema):
    """Un motivo o un diagnóstico del sistema propio; los motivos no llevan grupo."""

    codigo: str
    nombre: str
    grupo: str | None


class TerminosLectura(Schema):
    """Los términos del sistema propio, con la versión que se guarda al codificar con ellos."""

    sistema: str
    version_sistema: str
    datos: list[TerminoLectura]


class PaisesLectura(Schema):
    """Los países admitidos."""

    datos: list[PaisLectura]


class EnumeracionesLectura(Schema):
    """Los valores que admite cada campo cerrado."""

    datos: dict[str, list[str]]
