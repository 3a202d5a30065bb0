"""Poner a punto una instalación: esquema, catálogos compartidos, clave de firma y organizaciones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insertar

from app.api.models.catalogo import Especie, Raza
from app.api.models.organizacion import Organizacion
from app.api.services.siembra_service import sembrar_donde_falte
from app.config import semillas
from app.config.connections import crear_motor
from app.config.migraciones import migrar
from app.config.settings import get_settings
from app.utils.entities import nuevo_id
from app.utils.errors import Conflict
from app.utils.tokens import ACCESO_S, claves_firma, forget_keys, new_key_row

MARGEN_RELECTURA = timedelta(minutes=1)


class OrganizacionDuplicada(Conflict):
    """Ya hay una organización con ese código."""


@contextmanager
def como_propietario() -> Iterator[Connection]:
    """Conexión del dueño del esquema, sólo para órdenes de consola."""
    motor = crear_motor(get_settings().url_migraciones)
    try:
        with motor.begin() as conexion:
            yield conexion
    finally:
        motor.dispose()


def instalar() -> None:
    """Migra el esquema y asegura catálogos y clave de firma; repetirla no cambia nada."""
    migrar()
    with como_propietario() as conexion:
        _cargar_catalogos(conexion)
        sembrar_donde_falte(conexion)
        if conexion.execute(select(claves_firma.c.kid).where(claves_firma.c.retirada_en.is_(None))).first() is None:
            conexion.execute(insert(claves_firma), new_key_row())
    forget_keys()


def _cargar_catalogos(conexion: Connection) -> None:
    for modelo, filas, clave in (
        (Especie, semillas.especies(), ["codigo"]),
        (Raza, semillas.razas(), ["especie", "codigo"]),
    ):
        columnas = {columna.key for columna in modelo.__table__.columns}
        datos = [{campo: valor for campo, valor in asdict(fila).items() if campo in columnas} for fila in filas]
        sentencia = insertar(modelo)
        cambios = {columna: getattr(sentencia.excluded, columna) for columna in datos[0] if columna not in clave}
        conexion.execute(sentencia.on_conflict_do_update(index_elements=clave, set_=cambios), datos)


def rotar_clave() -> str:
    """Clave de firma nueva; la anterior sigue valiendo para verificar lo que duran sus tokens."""
    with como_propietario() as conexion:
        # Otro proceso puede firmar con ella hasta que relea las claves: el margen cubre también esos tokens.
        retirada = datetime.now(UTC) + timedelta(seconds=ACCESO_S) + MARGEN_RELECTURA
        conexion.execute(update(claves_firma).where(claves_firma.c.retirada_en.is_(None)).values(retirada_en=retirada))
        fila = new_key_row()
        conexion.execute(insert(claves_firma), fila)
    forget_keys()
    return str(fila["kid"])


def crear_organizacion(codigo: str, nombre: str, pais: str, moneda: str, identificador_fiscal: str) -> UUID:
    """Da de alta una organización. Errores: ``OrganizacionDuplicada``."""
    with como_propietario() as conexion:
        ahora = datetime.now(UTC)
        fila = conexion.execute(
            insertar(Organizacion)
            .values(
                id=nuevo_id(),
                codigo=codigo,
                nombre=nombre,
                razon_social=nombre,
                pais=pais,
                moneda=moneda,
                identificador_fiscal=identificador_fiscal,
                idioma=f"es-{pais}",
                config={},
                version=1,
                creado_en=ahora,
                actualizado_en=ahora,
            )
            .on_conflict_do_nothing(index_elements=["codigo"])
            .returning(Organizacion.id)
        ).scalar_one_or_none()
        if fila is None:
            raise OrganizacionDuplicada
    return fila


def organizacion_por_codigo(codigo: str) -> UUID | None:
    """El id de una organización por su código, para órdenes de consola."""
    with como_propietario() as conexion:
        return conexion.execute(text("SELECT id FROM organizaciones WHERE codigo = :c"), {"c": codigo}).scalar()
