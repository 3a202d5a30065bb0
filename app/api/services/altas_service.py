"""Altas desde la consola: la primera organización y su gente, cuando aún no hay quien las pida por la API."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from app.api.models.organizacion import Organizacion
from app.api.models.sede import Sede
from app.api.models.usuario import EstadoUsuario, Usuario, UsuarioSede
from app.api.services.instalacion_service import como_propietario, crear_organizacion, organizacion_por_codigo
from app.api.services.organizacion_service import identificador_fiscal
from app.api.services.siembra_service import sembrar_medicacion, sembrar_vacunas
from app.api.services.tipos_cita_service import sembrar_tipos_cita
from app.api.services.usuarios_service import RolesIncompatibles
from app.config.database import transaction
from app.config.permissions import Rol
from app.config.territorios import CODIGOS_TERRITORIO, PAISES
from app.utils import correos
from app.utils.audit import anotar
from app.utils.context import Contexto, iniciar
from app.utils.credenciales import reloj_real
from app.utils.errors import BusinessRule, NotFound
from app.utils.horas import zona_valida
from app.utils.passwords import LONGITUD_MAXIMA, LONGITUD_MINIMA, hash_password
from app.utils.records import add, rows

_CODIGO = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_SEDE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,9}", re.ASCII)
_MONEDA = re.compile(r"[A-Z]{3}", re.ASCII)


class OrganizacionDesconocida(NotFound):
    """No hay ninguna organización con ese código."""


class SedeDesconocida(NotFound):
    """No hay ninguna sede activa con ese código."""


class DatoDeAltaInvalido(BusinessRule):
    """Un dato del alta no es válido."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Quien va a entrar: su correo, su nombre y su contraseña."""

    email: str
    nombre: str
    contrasena: str


@dataclass(frozen=True, slots=True)
class PrimeraSede:
    """La sede con la que nace una organización."""

    codigo: str
    nombre: str
    zona_horaria: str
    territorio_fiscal: str


def crear_usuario(organizacion: str, persona: Persona, roles: list[str], sedes: list[str]) -> UUID:
    """Da de alta un usuario ya activo.

    Errores: ``OrganizacionDesconocida``, ``SedeDesconocida``, ``EmailDuplicado``, ``DatoDeAltaInvalido``.
    """
    organizacion_id = organizacion_por_codigo(organizacion)
    if organizacion_id is None:
        raise OrganizacionDesconocida
    _comprobar(persona, roles)
    with en_organizacion(organizacion_id), transaction():
        encontradas = rows(select(Sede.id, Sede.codigo).where(Sede.codigo.in_(sedes), Sede.activo))
        if faltan := set(sedes) - {fila.codigo for fila in encontradas}:
            raise SedeDesconocida(f"No hay ninguna sede activa con el código {', '.join(sorted(faltan))}")
        return _dar_de_alta(persona, roles, [fila.id for fila in encontradas])


def crear_organizacion_entera(
    codigo: str, nombre: str, pais: str, moneda: str, fiscal: str, sede: PrimeraSede, admin: Persona
) -> UUID:
    """Da de alta una organización con su primera sede, su administrador y los tipos de cita de partida.

    Errores: ``OrganizacionDuplicada`` y ``DatoDeAltaInvalido``; si algo falla no queda nada a medias.
    """
    if not _CODIGO.fullmatch(codigo):
        raise DatoDeAltaInvalido("El código lleva minúsculas, cifras y guiones, hasta 40")
    if pais not in PAISES:
        raise DatoDeAltaInvalido(f"País no admitido: {pais}. Se admiten {', '.join(PAISES)}")
    if not _MONEDA.fullmatch(moneda):
        raise DatoDeAltaInvalido("La moneda son tres letras")
    if not _SEDE.fullmatch(sede.codigo):
        raise DatoDeAltaInvalido("El código de sede lleva mayúsculas, cifras y guiones, hasta 10")
    if not zona_valida(sede.zona_horaria):
        raise DatoDeAltaInvalido(f"Zona horaria desconocida: {sede.zona_horaria}")
    if sede.territorio_fiscal not in CODIGOS_TERRITORIO:
        admitidos = ", ".join(sorted(CODIGOS_TERRITORIO))
        raise DatoDeAltaInvalido(f"Territorio fiscal desconocido: {sede.territorio_fiscal}. Se admiten {admitidos}")
    _comprobar(admin, [Rol.ADMINISTRADOR])
    organizacion_id = crear_organizacion(codigo, nombre, pais, moneda, identificador_fiscal(pais, fiscal))
    try:
        with en_organizacion(organizacion_id), transaction():
            add(
                Sede(
                    codigo=sede.codigo, nombre=sede.nombre, zona_horaria=sede.zona_horaria,
                    territorio_fiscal=sede.territorio_fiscal,
                )
            )  # fmt: skip
            sembrar_tipos_cita()
            sembrar_medicacion()
            sembrar_vacunas(pais)
            anotar("crear", "organizaciones", organizacion_id, {"codigo": (None, codigo), "nombre": (None, nombre)})
            _dar_de_alta(admin, [Rol.ADMINISTRADOR], [])
    except BaseException:
        # La organización la crea el dueño del esquema, en otra transacción: se retira si lo demás no llegó.
        with como_propietario() as conexion:
            conexion.execute(delete(Organizacion).where(Organizacion.id == organizacion_id))
        raise
    return organizacion_id


def _comprobar(persona: Persona, roles: list[str]) -> None:
    try:
        correos.normalizar(persona.email)
    except ValueError:
        raise DatoDeAltaInvalido(f"El correo no es válido: {persona.email}") from None
    if not LONGITUD_MINIMA <= len(persona.contrasena) <= LONGITUD_MAXIMA:
        raise DatoDeAltaInvalido(f"La contraseña debe tener entre {LONGITUD_MINIMA} y {LONGITUD_MAXIMA} caracteres")
    if Rol.CLIENTE in roles:
        raise RolesIncompatibles("El acceso al portal se da desde la ficha del cliente")


def _dar_de_alta(persona: Persona, roles: list[str], sedes: list[UUID]) -> UUID:
    usuario = add(
        Usuario(
            email=correos.normalizar(persona.email), nombre=persona.nombre, roles=sorted({str(rol) for rol in roles}),
            estado=EstadoUsuario.ACTIVO, contrasena_huella=hash_password(persona.contrasena), valida_desde=reloj_real(),
        )
    )  # fmt: skip
    for sede_id in sedes:
        add(UsuarioSede(usuario_id=usuario.id, sede_id=sede_id))
    return usuario.id


@contextmanager
def en_organizacion(organizacion_id: UUID) -> Iterator[None]:
    """Dentro, la organización en curso es esa y quien actúa es el propio sistema."""
    iniciar(Contexto(organizacion_id=organizacion_id))
    try:
        yield
    finally:
        iniciar(Contexto())
