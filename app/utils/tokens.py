"""Tokens de acceso: JWT EdDSA con rotación de claves, y secretos opacos guardados como huella."""

import re
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import inf
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.algorithms import OKPAlgorithm
from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, select

from app.config.connections import get_engine
from app.utils.cifrado import cifrar, descifrar
from app.utils.entities import Base

EMISOR, AUDIENCIA, TIPO = "servet", "servet-api", "at+jwt"
ACCESO_S = 900
RENOVACION = timedelta(days=30)
LONGITUD_MAXIMA = 4096
_RECARGA_S = 30
_RELECTURA_MINIMA_S = 1  # un token con un «kid» inventado no puede hacer leer la base en cada petición

claves_firma = Table(
    "claves_firma",
    Base.metadata,
    Column("kid", Text(), primary_key=True),
    Column("publica", LargeBinary(), nullable=False),
    Column("privada_cifrada", LargeBinary(), nullable=False),
    Column("creada_en", DateTime(timezone=True), nullable=False),
    Column("retirada_en", DateTime(timezone=True)),
)


class TokenInvalido(Exception):
    """El token no vale, por lo que sea: quien lo trae no aprende por qué."""


@dataclass(frozen=True, slots=True)
class _Clave:
    kid: str
    publica: Ed25519PublicKey
    privada: bytes
    retirada_en: datetime | None

    def vigente(self) -> bool:
        return self.retirada_en is None or self.retirada_en > datetime.now(UTC)


class _Llavero:
    """Las claves de firma de este proceso, releídas de la base cada poco."""

    def __init__(self) -> None:
        self._claves: dict[str, _Clave] = {}
        self._leidas = -inf
        self._cerrojo = threading.Lock()

    def todas(self) -> dict[str, _Clave]:
        if time.monotonic() - self._leidas > _RECARGA_S:
            with self._cerrojo:
                if time.monotonic() - self._leidas > _RECARGA_S:
                    self._leer()
        return {kid: clave for kid, clave in self._claves.items() if clave.vigente()}

    def buscar(self, kid: str) -> _Clave | None:
        """La clave con ese nombre; si no se conoce puede ser recién rotada por otro proceso, y se relee."""
        if kid not in self._claves and time.monotonic() - self._leidas > _RELECTURA_MINIMA_S:
            with self._cerrojo:
                if kid not in self._claves and time.monotonic() - self._leidas > _RELECTURA_MINIMA_S:
                    self._leer()
        return self.todas().get(kid)

    def _leer(self) -> None:
        with get_engine().connect() as conexion:
            filas = conexion.execute(select(claves_firma).order_by(claves_firma.c.creada_en.desc())).all()
        self._claves = {
            fila.kid: _Clave(
                fila.kid, Ed25519PublicKey.from_public_bytes(fila.publica), fila.privada_cifrada, fila.retirada_en
            )
            for fila in filas
        }
        self._leidas = time.monotonic()

    def olvidar(self) -> None:
        self._leidas = -inf
        _verificados.clear()

    def historica(self, kid: str) -> Ed25519PublicKey | None:
        if kid not in self._claves:
            self.buscar(kid)
        clave = self._claves.get(kid)
        return clave.publica if clave else None

    def historicas(self) -> dict[str, Ed25519PublicKey]:
        """También las retiradas: lo impreso vive más que ellas."""
        self.todas()
        return {kid: clave.publica for kid, clave in self._claves.items()}

    def para_firmar(self) -> tuple[str, Ed25519PrivateKey]:
        activa = next((clave for clave in self.todas().values() if clave.retirada_en is None), None)
        if activa is None:
            raise RuntimeError("No hay clave de firma: ejecute «servet migrar»")
        return activa.kid, Ed25519PrivateKey.from_private_bytes(descifrar(activa.privada))


_llavero = _Llavero()
_verificados: dict[bytes, dict[str, Any]] = {}


def forget_keys() -> None:
    """Olvida las claves leídas: tras rotarlas, o entre pruebas."""
    _llavero.olvidar()


def new_key_row() -> dict[str, Any]:
    """Una clave nueva, lista para insertar en ``claves_firma``."""
    privada = Ed25519PrivateKey.generate()
    publica = privada.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "kid": sha256(publica).hexdigest()[:16],
        "publica": publica,
        "privada_cifrada": cifrar(privada.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())),
        "creada_en": datetime.now(UTC),
        "retirada_en": None,
    }


def jwks(*, retiradas: bool = False) -> dict[str, Any]:
    """Las claves públicas vigentes, para quien quiera verificar por su cuenta.

    ``retiradas``: todas las que ha habido. Sirven para documentos impresos; nunca para tokens de acceso.
    """
    claves = _llavero.historicas() if retiradas else {kid: clave.publica for kid, clave in _llavero.todas().items()}
    return {
        "keys": [
            {**OKPAlgorithm.to_jwk(publica, as_dict=True), "kid": kid, "use": "sig", "alg": "EdDSA"}
            for kid, publica in claves.items()
        ]
    }


def signing_key() -> tuple[str, Ed25519PrivateKey]:
    """La clave con la que se firma ahora, y su nombre."""
    return _llavero.para_firmar()


def public_key(kid: str, *, retiradas: bool = False) -> Ed25519PublicKey | None:
    """La clave pública con ese nombre, si está vigente; con ``retiradas``, aunque ya no lo esté."""
    if retiradas:
        return _llavero.historica(kid)
    clave = _llavero.buscar(kid)
    return clave.publica if clave else None


def issue_access(sujeto: UUID, datos: dict[str, Any]) -> str:
    """Token de acceso de 15 minutos. Usa la hora real, nunca el reloj ajustable."""
    kid, privada = _llavero.para_firmar()
    ahora = int(time.time())
    carga = {
        **datos,
        "iss": EMISOR,
        "aud": AUDIENCIA,
        "sub": str(sujeto),
        "iat": ahora,
        "nbf": ahora,
        "exp": ahora + ACCESO_S,
        "jti": uuid4().hex,
    }
    return jwt.encode(carga, privada, algorithm="EdDSA", headers={"kid": kid, "typ": TIPO})


def verify_access(token: str) -> dict[str, Any]:
    """Los datos de un token de acceso válido. Errores: ``TokenInvalido``.

    La firma de cada token se verifica una vez por proceso; caducidad y clave retirada, siempre.
    """
    if len(token) > LONGITUD_MAXIMA:
        raise TokenInvalido
    huella = sha256(token.encode("utf-8", "surrogatepass")).digest()
    carga = _verificados.get(huella) or _verificar(token, huella)
    if carga["exp"] <= time.time() or carga["kid"] not in _llavero.todas():
        _verificados.pop(huella, None)
        raise TokenInvalido
    return carga


def _verificar(token: str, huella: bytes) -> dict[str, Any]:
    try:
        cabecera = jwt.get_unverified_header(token)
        if cabecera.get("typ") != TIPO or cabecera.get("alg") != "EdDSA" or "crit" in cabecera:
            raise TokenInvalido
        clave = _llavero.buscar(str(cabecera.get("kid")))
        if clave is None:
            raise TokenInvalido
        carga: dict[str, Any] = jwt.decode(
            token,
            clave.publica,
            algorithms=["EdDSA"],
            audience=AUDIENCIA,
            issuer=EMISOR,
            options={"require": ["exp", "iat", "nbf", "iss", "aud", "sub"], "strict_aud": True},
        )
        _comprobar_forma(carga)
    except (jwt.PyJWTError, ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise TokenInvalido from None
    carga["kid"] = clave.kid
    carga.pop("clave", None)  # ahí recuerda la puerta de quién es, y no lo dice el token
    if len(_verificados) >= 10_000:
        _verificados.clear()
    _verificados[huella] = carga
    return carga


def _comprobar_forma(carga: dict[str, Any]) -> None:
    """Los tipos con los que se opera después. Errores: ``ValueError``, ``TypeError``."""
    if not all(type(carga[campo]) is int for campo in ("exp", "iat", "nbf")):
        raise TypeError
    if not all(isinstance(carga.get(campo), str) for campo in ("sub", "org", "tipo")):
        raise TypeError
    for campo in ("sub", "org", "sid"):
        if campo in carga:
            UUID(carga[campo])


def new_secret() -> tuple[str, bytes]:
    """Un secreto opaco y la huella con la que se guarda."""
    secreto = secrets.token_urlsafe(32)
    return secreto, hash_secret(secreto)


def split_secret(texto: str) -> tuple[UUID, str] | None:
    """La organización y el secreto de un ``<organización>.<secreto>``; nada si no tiene esa forma."""
    organizacion, _, secreto = texto.partition(".")
    if not re.fullmatch(r"[0-9a-f]{32}", organizacion) or not secreto:
        return None
    return UUID(organizacion), secreto


def join_secret(organizacion: UUID, secreto: str) -> str:
    """El secreto, precedido de la organización en la que hay que buscarlo."""
    return f"{organizacion.hex}.{secreto}"


def hash_secret(secreto: str) -> bytes:
    """Huella de un secreto opaco; al tener 256 bits de azar no necesita sal ni lentitud."""
    return sha256(secreto.encode("utf-8", "surrogatepass")).digest()
