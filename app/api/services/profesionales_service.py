"""Los profesionales: la ficha de quien atiende, con su colegiación."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, Uuid, func, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.api.models.profesional import Categoria, Profesional
from app.api.models.usuario import EstadoUsuario, Usuario, UsuarioSede
from app.api.schemas.profesional_schema import ProfesionalCrear, ProfesionalEditar, ProfesionalFiltro
from app.api.services import parametros_service
from app.api.services.contacto_cliente_service import IdentificadorFiscalInvalido
from app.api.services.limite_sedes_service import exigir_de_las_suyas
from app.config.permissions import Permiso, Rol
from app.utils import fiscal
from app.utils.cifrado import cifrar, descifrar
from app.utils.context import identidad
from app.utils.errors import BusinessRule, NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, ask_all, change, columns, fetch, find, rows
from app.utils.relations import relacion

# Dos cifras de la provincia del colegio (código INE) y cinco del colegiado.
_COLEGIADO_ES = re.compile(r"(0[1-9]|[1-4]\d|5[0-2])\d{5}", re.ASCII)
_ROLES = {
    Categoria.VETERINARIO: {Rol.VETERINARIO},
    Categoria.AUXILIAR: {Rol.AUXILIAR, Rol.VETERINARIO},
    Categoria.PELUQUERIA: set(Rol) - {Rol.CLIENTE, Rol.INTEGRACION},
}
_A_LA_VISTA = 3


class ColegiadoInvalido(BusinessRule):
    """El número de colegiado no tiene la forma de su país."""


class CategoriaSinRol(BusinessRule):
    """El usuario no tiene el rol que pide esa categoría."""


class UsuarioDeBaja(BusinessRule):
    """Ese usuario está de baja."""


def listar(filtro: ProfesionalFiltro) -> Page:
    """Los profesionales; en el portal, sólo con quien se puede pedir cita."""
    consulta = _lectura()
    if filtro.sede_id:
        de_la_sede = select(UsuarioSede.usuario_id).where(UsuarioSede.sede_id == filtro.sede_id)
        con_sedes = select(UsuarioSede.usuario_id)
        consulta = consulta.where(
            or_(Profesional.usuario_id.in_(de_la_sede), not_(Profesional.usuario_id.in_(con_sedes)))
        )
    if filtro.categoria:
        consulta = consulta.where(Profesional.categoria.in_(filtro.categoria))
    if filtro.agendable is not None:
        consulta = consulta.where(Profesional.agendable == filtro.agendable)
    nombre = func.servet_normalizar(Profesional.nombre, type_=Text())
    ordenes: dict[str, Any] = {"nombre": nombre, "creado_en": Profesional.creado_en}
    pagina = paginate(consulta, filtro, ordenes, "nombre", Profesional.id)
    return pagina.mapear(_presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Un profesional."""
    return _presentar(fetch(_lectura().where(Profesional.id == id)))


@relacion("profesional", Permiso.DISPONIBILIDAD_LEER)
def varios(ids: set[UUID]) -> dict[UUID, Any]:
    """Las fichas de esos ids que quien pide puede ver."""
    return {fila.id: _presentar(fila) for fila in rows(_lectura().where(Profesional.id.in_(ids)))}


def crear(datos: ProfesionalCrear) -> Reread:
    """Da de alta la ficha de un usuario. Errores: ``ProfesionalDuplicado`` y los de cada regla."""
    campos = datos.model_dump()
    rigen = parametros_service.pedir_si_rigen_las_espanolas()
    exigir_de_las_suyas(datos.usuario_id)
    _comprobar(campos, find(Usuario, datos.usuario_id), rigen)
    return Reread(obtener, add(Profesional(**campos)).id)


def editar(id: UUID, cambios: ProfesionalEditar) -> Reread:
    """Cambia los campos que vinieron."""
    leer_profesional, rigen = ask(Profesional, id), parametros_service.pedir_si_rigen_las_espanolas()
    suyo = select(Profesional.usuario_id).where(Profesional.id == id).scalar_subquery()
    leer_usuarios = ask_all(select(Usuario).where(Usuario.id == suyo))
    profesional, usuarios = leer_profesional(), leer_usuarios()
    if not usuarios:
        raise NoEncontrado
    exigir_de_las_suyas(profesional.usuario_id)
    nuevos = cambios.model_dump(include=cambios.model_fields_set)
    _comprobar(nuevos, usuarios[0], rigen)
    change(profesional, nuevos)
    return Reread(obtener, id)


def _lectura() -> Select[Any]:
    sedes = (
        select(UsuarioSede.sede_id)
        .where(
            UsuarioSede.organizacion_id == Profesional.organizacion_id,
            UsuarioSede.usuario_id == Profesional.usuario_id,
        )
        .order_by(UsuarioSede.sede_id)
    )
    consulta = select(*columns(Profesional), func.array(sedes.scalar_subquery(), type_=ARRAY(Uuid())).label("sedes"))
    if identidad().es_cliente:
        return consulta.where(Profesional.activo, Profesional.agendable)
    return consulta


def _presentar(fila: Row[Any]) -> dict[str, Any]:
    cifrado = fila.documento_identidad if Rol.ADMINISTRADOR in identidad().roles else None
    documento = "****" + descifrar(cifrado).decode()[-_A_LA_VISTA:] if cifrado else None
    return {**fila._asdict(), "documento_identidad": documento}


def _comprobar(campos: dict[str, Any], usuario: Usuario, rigen: Callable[[], bool]) -> None:
    """Lo que un campo exige: rol para la categoría, forma del país; y el documento, cifrado."""
    if usuario.estado is EstadoUsuario.BAJA:
        raise UsuarioDeBaja(campo="/usuario_id")
    categoria = campos.get("categoria")
    if categoria is not None and not _ROLES[categoria] & set(usuario.roles):
        raise CategoriaSinRol(campo="/categoria")
    colegiado, documento = campos.get("num_colegiado"), campos.get("documento_identidad")
    if colegiado is None and documento is None:
        return
    espanola = rigen()
    if espanola and colegiado is not None and not _COLEGIADO_ES.fullmatch(colegiado):
        raise ColegiadoInvalido("Son dos cifras de la provincia (01 a 52) y cinco más", campo="/num_colegiado")
    if documento is not None:
        campos["documento_identidad"] = cifrar(_documento(documento, espanola).encode())


def _documento(escrito: str, espanola: bool) -> str:
    if not espanola:
        return escrito
    try:
        return fiscal.validar("ES", None, escrito).valor_normalizado
    except fiscal.IdentificadorFiscalInvalido as error:
        raise IdentificadorFiscalInvalido(error.mensaje, campo="/documento_identidad") from None
