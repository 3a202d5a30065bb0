"""Una clave, un efecto: la respuesta se guarda en la misma transacción que lo que hizo."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

from flask import Response, request
from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.utils.cifrado import cifrar, descifrar
from app.utils.context import ahora, contexto, identidad
from app.utils.db_errors import ERRORES_DE_BASE, de_base_de_datos
from app.utils.entities import Base
from app.utils.errors import (
    BusinessRule,
    ConflictoConcurrente,
    DomainError,
    PeticionMalFormada,
    TooManyRequests,
    VersionObsoleta,
)
from app.utils.problems import problema
from app.utils.records import attempt, dato, execute, fetch
from app.utils.statements import Rows

idempotencia = Table(
    "idempotencia",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("actor_id", Uuid(), nullable=False),
    Column("ruta", Text(), nullable=False),
    Column("clave", Text(), nullable=False),
    Column("huella", LargeBinary(), nullable=False),
    Column("estado", Integer()),
    Column("cuerpo", LargeBinary()),
    Column("cabeceras", JSONB()),
    Column("creado_en", DateTime(timezone=True), nullable=False, index=True),
    PrimaryKeyConstraint("organizacion_id", "actor_id", "ruta", "clave"),
)
# Lo que se arregla repitiendo la petición, o leyendo de nuevo, no se guarda: la clave seguiría diciendo que no.
_PASAJEROS = (ConflictoConcurrente, VersionObsoleta, TooManyRequests)
_CABECERAS = ("Content-Type", "ETag", "Location", "Link")


class ClaveIdempotenciaReutilizada(BusinessRule):
    """Esa Idempotency-Key ya se usó con otro contenido."""


class _Repetida(Exception):
    """La clave ya se usó: lo que se estuviera haciendo no se hace."""


class FaltaIdempotencyKey(PeticionMalFormada):
    """Falta la cabecera Idempotency-Key."""


def _clave() -> dict[str, Any]:
    clave = request.headers["Idempotency-Key"]
    if not clave or len(clave) > 255 or not clave.isprintable():
        raise PeticionMalFormada("Idempotency-Key debe tener entre 1 y 255 caracteres visibles")
    return {
        "su_organizacion_id": contexto().organizacion_id,
        "su_actor_id": identidad().id,
        "su_ruta": f"{request.method} {request.path}",
        "su_clave": clave,
    }


@cache
def _reservar() -> Any:
    nueva = {columna.key: dato(f"su_{columna.key}") for columna in idempotencia.primary_key}
    sentencia = insert(idempotencia).values({**nueva, "huella": dato("su_huella"), "creado_en": dato("desde")})
    return sentencia.on_conflict_do_nothing().returning(idempotencia.c.clave)


@cache
def _leer() -> Select[Any]:
    return select(idempotencia).where(*_es_la_suya())


@cache
def _guardar() -> Update:
    respuesta = {campo: dato(f"nuevo_{campo}") for campo in ("estado", "cuerpo", "cabeceras")}
    return update(idempotencia).where(*_es_la_suya()).values(respuesta)


def _es_la_suya() -> list[ColumnElement[bool]]:
    return [columna == dato(f"su_{columna.key}") for columna in idempotencia.primary_key]


def una_sola_vez(ejecutar: Callable[[], Response]) -> Response:
    """Ejecuta la petición, o devuelve byte a byte lo que respondió la primera con esta clave.

    Si otra con la misma clave está en curso, espera a que confirme (como mucho el ``lock_timeout``; después, 409).
    Los 4xx de la clínica también se guardan; los 5xx y los pasajeros, no.
    Errores: ``ClaveIdempotenciaReutilizada``.
    """
    clave = _clave()
    huella = sha256(request.query_string + b"\0" + _cuerpo()).digest()
    # Viaja con lo primero que lea la petición: si la clave ya estaba, ahí se sabe y de ahí no se pasa.
    reservada = execute(_reservar, **clave, su_huella=huella, desde=ahora()).then(_exigir_nueva)
    try:
        respuesta = _intentar(ejecutar)
        _exigir_nueva(reservada)
    except _Repetida:
        return _la_de_entonces(clave, huella)
    execute(
        _guardar,
        **clave,
        nuevo_estado=respuesta.status_code,
        nuevo_cuerpo=cifrar(respuesta.get_data()),
        nuevo_cabeceras={nombre: respuesta.headers[nombre] for nombre in _CABECERAS if nombre in respuesta.headers},
    )
    return respuesta


def _cuerpo() -> bytes:
    """Lo que se envió, sin la frontera entre partes: quien repite un formulario la inventa de nuevo."""
    frontera = request.mimetype_params.get("boundary", "").encode("ascii", "ignore")
    return request.get_data().replace(frontera, b"") if frontera else request.get_data()


def _exigir_nueva(reservada: Rows) -> None:
    if reservada.first() is None:
        raise _Repetida


def _la_de_entonces(clave: dict[str, Any], huella: bytes) -> Response:
    previa = fetch(_leer, **clave)
    if previa.huella != huella:
        raise ClaveIdempotenciaReutilizada
    respuesta = Response(descifrar(previa.cuerpo), previa.estado, headers=previa.cabeceras)
    respuesta.headers["Idempotency-Replayed"] = "true"
    return respuesta


def _intentar(ejecutar: Callable[[], Response]) -> Response:
    """La respuesta, también si la clínica dice que no: entonces se deshace el efecto y queda el «no»."""
    try:
        with attempt():
            return ejecutar()
    except ERRORES_DE_BASE as error:
        traducido = de_base_de_datos(error)
        if traducido.status >= 500 or isinstance(traducido, _PASAJEROS):
            raise
        return problema(traducido)
    except DomainError as error:
        if error.status >= 500 or isinstance(error, _PASAJEROS):
            raise
        return problema(error)
