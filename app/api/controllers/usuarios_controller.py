"""Usuarios: quien tiene cuenta en la organización."""

from typing import Any
from uuid import UUID

from app.api.models.usuario import EmailDuplicado, PortalYaActivo
from app.api.schemas.usuario_schema import UsuarioCrear, UsuarioEditar, UsuarioFiltro, UsuarioLectura
from app.api.services import usuarios_service as usuarios
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.api.services.pacientes_service import ClienteNoActivo
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("usuarios", tag="Usuarios")
PROTEGIDA = (usuarios.NoSobreUnoMismo, usuarios.UltimoAdministrador, FueraDeSusSedes)


@api.get("", permission=Permiso.USUARIOS_LEER, output=Pagina[UsuarioLectura])
def listar(query: UsuarioFiltro) -> Any:
    """Lista los usuarios

    Quien no los gestiona ve sólo nombre, roles y estado del personal.
    """
    return usuarios.listar(query)


@api.post(
    "",
    permission=Permiso.USUARIOS_GESTIONAR,
    output=UsuarioLectura,
    status=201,
    errors=(EmailDuplicado, PortalYaActivo, ClienteNoActivo, usuarios.RolesIncompatibles, FueraDeSusSedes),
)
def crear(body: UsuarioCrear) -> Any:
    """Da de alta un usuario y le invita por correo"""
    return usuarios.crear(body)


@api.get("/<uuid:id>", permission=Permiso.USUARIOS_LEER, output=UsuarioLectura)
def obtener(id: UUID) -> Any:
    """Lee un usuario"""
    return usuarios.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.USUARIOS_GESTIONAR,
    output=UsuarioLectura,
    errors=(*PROTEGIDA, usuarios.RolesIncompatibles),
)
def editar(id: UUID, body: UsuarioEditar) -> Any:
    """Edita un usuario; los cambios de permisos se notan en menos de un minuto"""
    return usuarios.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.USUARIOS_GESTIONAR, errors=(*PROTEGIDA, TransicionInvalida))
def eliminar(id: UUID) -> None:
    """Da de baja a un usuario y revoca sus sesiones"""
    usuarios.eliminar(id)


@api.post(
    "/<uuid:id>/activacion",
    permission=Permiso.USUARIOS_GESTIONAR,
    output=UsuarioLectura,
    errors=(TransicionInvalida, FueraDeSusSedes),
)
def activar(id: UUID) -> Any:
    """Activa a un usuario invitado o bloqueado"""
    return usuarios.activar(id)


@api.post(
    "/<uuid:id>/bloqueo",
    permission=Permiso.USUARIOS_GESTIONAR,
    output=UsuarioLectura,
    errors=(*PROTEGIDA, TransicionInvalida),
)
def bloquear(id: UUID) -> Any:
    """Bloquea a un usuario y revoca sus sesiones"""
    return usuarios.bloquear(id)


@api.post(
    "/<uuid:id>/restablecimiento",
    permission=Permiso.USUARIOS_GESTIONAR,
    output=UsuarioLectura,
    errors=(TransicionInvalida, FueraDeSusSedes),
)
def restablecer(id: UUID) -> Any:
    """Envía a un usuario el enlace para elegir contraseña"""
    return usuarios.restablecer(id)
