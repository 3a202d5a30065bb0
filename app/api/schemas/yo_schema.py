"""El contrato de la cuenta propia: quién soy, qué puedo y mi segundo factor."""

from uuid import UUID

from pydantic import Field

from app.api.schemas.autenticacion_schema import Codigo, Contrasena, ContrasenaNueva
from app.utils.schemas import Aviso, Instante, Partial, Schema


class OrganizacionResumen(Schema):
    """La organización del token."""

    id: UUID
    codigo: str
    nombre: str


class PermisoEfectivo(Schema):
    """Un permiso y hasta dónde llega: ``todo``, ``sedes`` o ``propio``."""

    permiso: str = Field(examples=["pacientes:leer"])
    alcance: str = Field(examples=["sedes"])


class YoLectura(Schema):
    """Quién pide y qué puede."""

    id: UUID
    tipo: str = Field(examples=["usuario"])
    nombre: str
    email: str | None
    organizacion: OrganizacionResumen
    roles: list[str]
    sedes: list[UUID]
    cliente_id: UUID | None
    ambitos: list[str]
    permisos: list[PermisoEfectivo]
    acceso_clinico: bool
    doble_factor: bool
    zona_horaria: str
    ultimo_acceso_en: Instante | None
    version: int
    avisos: list[Aviso] = []


class YoCampos(Schema):
    """Lo que cada cual cambia de sí mismo."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Ana Ruiz"])


class YoEditar(Partial, YoCampos):
    """Cambios en la cuenta propia."""


class CambioContrasena(Schema):
    """La contraseña de ahora y la nueva."""

    actual: Contrasena
    nueva: ContrasenaNueva


class AltaDobleFactor(Schema):
    """Lo que se guarda en la aplicación de autenticación; no se vuelve a mostrar."""

    secreto: str
    uri: str
    qr_svg: str
    version: int


class ConfirmacionDobleFactor(Schema):
    """Un código de la aplicación recién configurada."""

    codigo: Codigo


class CodigosRecuperacion(Schema):
    """Códigos de un solo uso para cuando no se tenga la aplicación; no se vuelven a mostrar."""

    codigos_recuperacion: list[str]
    version: int


class RetiradaDobleFactor(Schema):
    """La contraseña, para que un token robado no baste."""

    contrasena: Contrasena
