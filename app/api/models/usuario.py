"""Quien entra en el sistema: usuarios, sus sedes, sus sesiones y los enlaces de un solo uso."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.credenciales import reloj_real
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class EstadoUsuario(StrEnum):
    """Vida de una cuenta."""

    INVITADO = "invitado"
    ACTIVO = "activo"
    BLOQUEADO = "bloqueado"
    BAJA = "baja"


class Proposito(StrEnum):
    """Para qué sirve un enlace de un solo uso."""

    RESTABLECIMIENTO = "restablecimiento"
    INVITACION = "invitacion"
    DOBLE_FACTOR = "doble_factor"


class EmailDuplicado(Conflict):
    """Ya hay un usuario con ese correo."""


class PortalYaActivo(Conflict):
    """El cliente ya tiene cuenta en el portal."""


class Usuario(DeOrganizacion, Entity, Base):
    """Persona con cuenta; un titular del portal lleva ``cliente_id`` y sólo el rol cliente."""

    __tablename__ = "usuarios"
    __table_args__ = (
        # Quien se dio de baja no ocupa su correo: puede volver con una cuenta nueva.
        Index(
            restriccion("usuarios_email_uq", EmailDuplicado),
            "organizacion_id",
            "email",
            unique=True,
            postgresql_where="estado <> 'baja'",
        ),
        Index(
            restriccion("usuarios_portal_uq", PortalYaActivo),
            "organizacion_id",
            "cliente_id",
            unique=True,
            postgresql_where="estado <> 'baja'",
        ),
        CheckConstraint("(cliente_id IS NOT NULL) = ('cliente' = ANY(roles))", name="portal"),
        CheckConstraint("NOT 'cliente' = ANY(roles) OR cardinality(roles) = 1", name="rol_cliente_solo"),
        CheckConstraint(
            "roles <@ ARRAY['administrador','veterinario','auxiliar','recepcion','cliente']", name="roles_conocidos"
        ),
        referencia("cliente_id", "clientes"),
        Index("usuarios_por_email_ix", "email"),
    )

    email: Mapped[str] = mapped_column(texto(254))
    nombre: Mapped[str] = mapped_column(texto(120))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    estado: Mapped[EstadoUsuario] = mapped_column(opcion(EstadoUsuario, "estado"), default=EstadoUsuario.INVITADO)
    cliente_id: Mapped[UUID | None]
    acceso_clinico: Mapped[bool] = mapped_column(default=False)
    contrasena_huella: Mapped[str | None]
    # El secreto se guarda ya al empezar el alta; sólo cuenta desde que se confirma.
    doble_factor: Mapped[bool] = mapped_column(default=False)
    secreto_totp: Mapped[bytes | None] = mapped_column(LargeBinary())
    ultimo_paso_totp: Mapped[int | None]
    codigos_recuperacion: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    ultimo_acceso_en: Mapped[datetime | None]
    valida_desde: Mapped[datetime] = mapped_column(default=reloj_real)


class UsuarioSede(DeOrganizacion, Base):
    """Sede en la que trabaja un usuario."""

    __tablename__ = "usuarios_sedes"
    __table_args__ = (
        referencia("usuario_id", "usuarios"),
        referencia("sede_id", "sedes"),
        UniqueConstraint("organizacion_id", "usuario_id", "sede_id"),
    )
    sin_auditoria = True  # el cambio de sedes se anota entero en el usuario

    usuario_id: Mapped[UUID]
    sede_id: Mapped[UUID]


class Sesion(DeOrganizacion, Base):
    """Familia de renovaciones: todo lo que nace de un mismo acceso."""

    __tablename__ = "sesiones"
    __table_args__ = (referencia("usuario_id", "usuarios"), Index(None, "organizacion_id", "usuario_id"))
    sin_auditoria = True

    usuario_id: Mapped[UUID]
    creada_en: Mapped[datetime]
    expira_en: Mapped[datetime]
    revocada_en: Mapped[datetime | None]
    ip: Mapped[str | None]


class Renovacion(DeOrganizacion, Base):
    """Token de renovación de un solo uso, guardado como huella."""

    __tablename__ = "renovaciones"
    __table_args__ = (referencia("sesion_id", "sesiones"), UniqueConstraint("organizacion_id", "huella"))
    sin_auditoria = True

    sesion_id: Mapped[UUID]
    huella: Mapped[bytes] = mapped_column(LargeBinary())
    expira_en: Mapped[datetime]
    usada_en: Mapped[datetime | None]


class Enlace(DeOrganizacion, Base):
    """Secreto de un solo uso: restablecer la contraseña, aceptar una invitación o el segundo factor en curso."""

    __tablename__ = "enlaces"
    __table_args__ = (referencia("usuario_id", "usuarios"), UniqueConstraint("organizacion_id", "huella"))
    sin_auditoria = True

    usuario_id: Mapped[UUID]
    proposito: Mapped[Proposito] = mapped_column(opcion(Proposito, "proposito"))
    huella: Mapped[bytes] = mapped_column(LargeBinary())
    expira_en: Mapped[datetime]
    usado_en: Mapped[datetime | None]
