"""El contrato de los usuarios que gestiona el administrador."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.models.usuario import EstadoUsuario
from app.utils.correos import Correo
from app.utils.schemas import Instante, PageQuery, Partial, Schema

RolUsuario = Literal["administrador", "veterinario", "auxiliar", "recepcion", "cliente"]
# El token las lleva todas: más no cabrían en una cabecera.
Sedes = Annotated[list[UUID], Field(max_length=50)]


class UsuarioCampos(Schema):
    """Lo que se puede escribir de un usuario."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Ana Ruiz"])
    roles: list[RolUsuario] = Field(min_length=1, max_length=5, examples=[["veterinario"]])
    sedes: Sedes = Field(default=[], description="Vacía en un administrador: toda la organización")
    acceso_clinico: bool = Field(default=False, description="Si un administrador puede leer contenido clínico")


class UsuarioCrear(UsuarioCampos):
    """Alta: se le invita por correo a elegir su contraseña."""

    email: Correo = Field(examples=["ana@example.com"])
    cliente_id: UUID | None = Field(default=None, description="Sólo con el rol cliente: el titular que es")


class UsuarioEditar(Partial, UsuarioCampos):
    """Cambios en un usuario; su estado cambia con las acciones."""


class UsuarioLectura(Schema):
    """Un usuario. Lo que sólo interesa a quien los gestiona llega vacío a los demás."""

    id: UUID
    nombre: str
    roles: list[str]
    estado: EstadoUsuario
    version: int
    email: str | None = None
    sedes: list[UUID] | None = None
    cliente_id: UUID | None = None
    acceso_clinico: bool | None = None
    doble_factor: bool | None = None
    ultimo_acceso_en: Instante | None = None
    creado_en: Instante | None = None
    actualizado_en: Instante | None = None


class UsuarioFiltro(PageQuery):
    """Filtros de la lista de usuarios; sin ``estado``, todos menos los de baja."""

    q: str | None = Field(default=None, min_length=2, max_length=60, description="Parte del nombre", examples=["ana"])
    rol: list[RolUsuario] = Field(default=[], max_length=5)
    estado: list[EstadoUsuario] = Field(default=[], max_length=4)
    sede_id: UUID | None = None
    cliente_id: UUID | None = None
