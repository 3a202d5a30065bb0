"""Los usuarios de la organización: invitarlos, editarlos y retirarles el acceso."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, delete, func, insert, select

from app.api.models.cliente import Cliente, EstadoCliente
from app.api.models.sede import Sede
from app.api.models.usuario import EstadoUsuario, Proposito, Usuario, UsuarioSede
from app.api.schemas.usuario_schema import UsuarioCrear, UsuarioEditar, UsuarioFiltro
from app.api.services import enlaces_service, sesiones_service
from app.api.services.limite_sedes_service import exigir_de_las_suyas, exigir_propias
from app.api.services.pacientes_service import ClienteNoActivo
from app.config.permissions import Permiso, Rol
from app.utils.audit import anotar
from app.utils.authentication import forget_identities
from app.utils.context import identidad, organizacion_id
from app.utils.entities import nuevo_id
from app.utils.errors import BusinessRule, Conflict, NoEncontrado, TransicionInvalida
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, ask_all, change, execute, fetch, find, rows, touch

_CLIENTE = Rol.CLIENTE.value


class RolesIncompatibles(BusinessRule):
    """El rol cliente va solo y con su titular; los demás, sin titular."""


class NoSobreUnoMismo(Conflict):
    """Nadie se quita a sí mismo la administración ni el acceso."""


class UltimoAdministrador(Conflict):
    """La organización no puede quedarse sin administrador."""


_DE_TODOS: list[Any] = [Usuario.id, Usuario.nombre, Usuario.roles, Usuario.estado, Usuario.version]
_DE_GESTION: list[Any] = [
    Usuario.email,
    Usuario.cliente_id,
    Usuario.acceso_clinico,
    Usuario.doble_factor,
    Usuario.ultimo_acceso_en,
    Usuario.creado_en,
    Usuario.actualizado_en,
]
_NOMBRE = func.servet_normalizar(Usuario.nombre, type_=Text())


def lectura() -> Select[Any]:
    """Los usuarios: con todo para quien los gestiona; para los demás, quién es quién en la clínica."""
    if identidad().alcance(Permiso.USUARIOS_GESTIONAR):
        return select(*_DE_TODOS, *_DE_GESTION, sesiones_service.sedes_de_usuario())
    return select(*_DE_TODOS).where(~Usuario.roles.contains([_CLIENTE]))


def listar(filtro: UsuarioFiltro) -> Page:
    """Los usuarios, por nombre."""
    consulta = lectura()
    if filtro.q:
        consulta = consulta.where(func.strpos(_NOMBRE, func.servet_normalizar(filtro.q)) > 0)
    if filtro.rol:
        consulta = consulta.where(Usuario.roles.overlap(filtro.rol))
    if filtro.estado:
        consulta = consulta.where(Usuario.estado.in_(filtro.estado))
    else:
        consulta = consulta.where(Usuario.estado != EstadoUsuario.BAJA)
    if filtro.sede_id:
        de_la_sede = select(UsuarioSede.usuario_id).where(UsuarioSede.sede_id == filtro.sede_id)
        consulta = consulta.where(Usuario.id.in_(de_la_sede))
    if filtro.cliente_id:
        consulta = consulta.where(Usuario.cliente_id == filtro.cliente_id)
    return paginate(consulta, filtro, {"nombre": _NOMBRE, "creado_en": Usuario.creado_en}, "nombre", Usuario.id)


def obtener(id: UUID) -> Any:
    """Un usuario."""
    return fetch(lectura().where(Usuario.id == id))


def crear(datos: UsuarioCrear) -> Reread:
    """Da de alta un usuario, invitado por correo a elegir su contraseña.

    Errores: ``EmailDuplicado``, ``PortalYaActivo``, ``ClienteNoActivo``, ``RolesIncompatibles``, ``FueraDeSusSedes``.
    """
    if datos.cliente_id is not None:
        cliente = find(Cliente, datos.cliente_id, compartida=True)
        if cliente.estado is not EstadoCliente.ACTIVO:
            raise ClienteNoActivo(campo="/cliente_id")
    roles = _roles(list(datos.roles), datos.cliente_id)
    sedes = _sedes(datos.sedes, roles)
    usuario = add(Usuario(roles=roles, **datos.model_dump(exclude={"roles", "sedes"})))
    _escribir_sedes(usuario.id, sedes)
    if sedes:
        anotar("editar", "usuarios", usuario.id, {"sedes": (None, sedes)})
    enlaces_service.enviar(usuario.id, usuario.email, usuario.nombre, Proposito.INVITACION)
    return Reread(obtener, usuario.id)


def editar(id: UUID, cambios: UsuarioEditar) -> Reread:
    """Cambia nombre, roles, sedes o acceso clínico; se nota en menos de un minuto, sin cerrar sesiones.

    Errores: ``NoSobreUnoMismo``, ``UltimoAdministrador``, ``RolesIncompatibles``, ``FueraDeSusSedes``.
    """
    leer_administradores, leer_usuario = _pedir_administradores(), ask(Usuario, id)
    administradores, usuario = leer_administradores(), _gestionable(leer_usuario())
    nuevos = cambios.cambios()
    roles = _roles(list(nuevos.pop("roles", usuario.roles)), usuario.cliente_id)
    if Rol.ADMINISTRADOR not in roles:
        _puede_perder_administracion(usuario, administradores)
    antes = fetch(select(sesiones_service.sedes_de_usuario()).where(Usuario.id == id)).sedes
    sedes = _sedes(nuevos.pop("sedes", antes), roles, ya_tenia=antes)
    change(usuario, {**nuevos, "roles": roles})
    if set(sedes) != set(antes):
        execute(delete(UsuarioSede).where(UsuarioSede.usuario_id == id))
        _escribir_sedes(id, sedes)
        anotar("editar", "usuarios", id, {"sedes": (antes, sedes)})
        touch(usuario)
    forget_identities(id)
    return Reread(obtener, id)


def activar(id: UUID) -> Reread:
    """Deja entrar a un invitado o a un bloqueado. Errores: ``TransicionInvalida``."""
    usuario = _gestionable(find(Usuario, id))
    _pasar(usuario, {EstadoUsuario.INVITADO, EstadoUsuario.BLOQUEADO}, EstadoUsuario.ACTIVO)
    return Reread(obtener, id)


def bloquear(id: UUID) -> Reread:
    """Cierra el paso a un usuario y revoca sus sesiones.

    Errores: ``NoSobreUnoMismo``, ``TransicionInvalida``, ``UltimoAdministrador``.
    """
    _retirar(id, {EstadoUsuario.ACTIVO}, EstadoUsuario.BLOQUEADO)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Da de baja a un usuario: su rastro queda y su correo se libera.

    Errores: ``NoSobreUnoMismo``, ``TransicionInvalida``, ``UltimoAdministrador``.
    """
    _retirar(id, set(EstadoUsuario) - {EstadoUsuario.BAJA}, EstadoUsuario.BAJA)


def restablecer(id: UUID) -> Reread:
    """Envía un enlace para elegir contraseña; a un invitado, su invitación otra vez.

    Errores: ``FueraDeSusSedes``, ``TransicionInvalida``.
    """
    usuario = _gestionable(find(Usuario, id))
    if usuario.estado not in (EstadoUsuario.ACTIVO, EstadoUsuario.INVITADO):
        raise TransicionInvalida(estado_actual=usuario.estado.value, acciones_permitidas=["activacion"])
    invitado = usuario.estado is EstadoUsuario.INVITADO
    proposito = Proposito.INVITACION if invitado else Proposito.RESTABLECIMIENTO
    enlaces_service.enviar(usuario.id, usuario.email, usuario.nombre, proposito)
    anotar("recuperacion", "usuarios", usuario.id)
    return Reread(obtener, id)


def _retirar(id: UUID, desde: set[EstadoUsuario], hasta: EstadoUsuario) -> None:
    leer_administradores, leer_usuario = _pedir_administradores(), ask(Usuario, id)
    administradores, usuario = leer_administradores(), _gestionable(leer_usuario())
    _puede_perder_administracion(usuario, administradores)
    if usuario.id == identidad().id:
        raise NoSobreUnoMismo
    _pasar(usuario, desde, hasta)
    sesiones_service.revocar_todas(id)
    enlaces_service.anular(id)


def _pasar(usuario: Usuario, desde: set[EstadoUsuario], hasta: EstadoUsuario) -> None:
    if usuario.estado not in desde:
        raise TransicionInvalida(estado_actual=usuario.estado.value)
    change(usuario, {"estado": hasta})


def _pedir_administradores() -> Callable[[], set[UUID]]:
    """Pide los administradores activos, siempre bloqueados en el mismo orden: dos no se degradan a la vez."""
    consulta = select(Usuario).where(
        Usuario.roles.contains([Rol.ADMINISTRADOR.value]), Usuario.estado == EstadoUsuario.ACTIVO
    )
    leer = ask_all(consulta.order_by(Usuario.id).with_for_update())
    return lambda: {uno.id for uno in leer()}


def _puede_perder_administracion(usuario: Usuario, administradores: set[UUID]) -> None:
    if usuario.id not in administradores:
        return
    if usuario.id == identidad().id:
        raise NoSobreUnoMismo
    if administradores == {usuario.id}:
        raise UltimoAdministrador


def _gestionable(usuario: Usuario) -> Usuario:
    """El usuario, si quien pide puede gestionarlo. Errores: ``FueraDeSusSedes``."""
    if usuario.cliente_id is None:
        exigir_de_las_suyas(usuario.id)
    return usuario


def _roles(roles: list[str], cliente_id: UUID | None) -> list[str]:
    unicos = sorted(set(roles))
    if (_CLIENTE in unicos) != (cliente_id is not None) or (_CLIENTE in unicos and len(unicos) > 1):
        raise RolesIncompatibles(campo="/roles")
    return unicos


def _sedes(sedes: list[UUID], roles: list[str], ya_tenia: list[UUID] | None = None) -> list[UUID]:
    """Las sedes pedidas, si existen y quien pide puede concederlas. Errores: ``FueraDeSusSedes``, ``NoEncontrado``."""
    unicas = list(dict.fromkeys(sedes))
    if _CLIENTE not in roles:
        exigir_propias(unicas, "/sedes")
    nuevas = set(unicas) - set(ya_tenia or [])
    if nuevas and len(rows(select(Sede.id).where(Sede.id.in_(nuevas), Sede.activo))) != len(nuevas):
        raise NoEncontrado("Alguna de las sedes no existe", campo="/sedes")
    return unicas


def _escribir_sedes(usuario_id: UUID, sedes: list[UUID]) -> None:
    if sedes:
        comunes = {"organizacion_id": organizacion_id(), "usuario_id": usuario_id}
        execute(insert(UsuarioSede).values([{**comunes, "id": nuevo_id(), "sede_id": sede} for sede in sedes]))
