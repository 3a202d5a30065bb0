"""El sello de los documentos impresos: lo que firma su código QR y qué se responde a quien lo escanea."""

import base64
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.api.models.organizacion import Organizacion
from app.api.models.receta import EstadoReceta, Receta
from app.api.models.sede import Sede
from app.api.services.lectura_recetas_service import estado_de_hoy
from app.config.settings import get_settings
from app.utils.context import ahora, contexto
from app.utils.firmas import sign, verify_signed
from app.utils.records import first
from app.utils.tokens import TokenInvalido

RECETA, CARTILLA = "receta", "cartilla"
VIGENTES = (EstadoReceta.EMITIDA, EstadoReceta.DISPENSADA_PARCIAL)
_TIPO = "documento+jwt"
_RUTA = "/api/v1/documentos/verificacion?d="


def sellar(tipo: str, organizacion: UUID, id: UUID, numero: str, fecha: date, huella: str) -> str:
    """La dirección que verifica un documento: lleva firmado lo esencial y ningún dato de nadie.

    ``huella``: el SHA-256 en hexadecimal de lo que el documento dice; en el código va su primera mitad.
    """
    carga = {
        "t": tipo,
        "n": numero,
        "f": str(fecha),
        "h": _corto(bytes.fromhex(huella)[:16]),
        "o": _corto(organizacion.bytes),
        "i": _corto(id.bytes),
    }
    return f"{get_settings().url_publica.rstrip('/')}{_RUTA}{sign(carga, _TIPO)}"


def verificar(d: str) -> dict[str, Any]:
    """Si un documento lo emitió esta instalación, y si sigue valiendo. Lo que no se puede asegurar es nulo."""
    try:
        carga = verify_signed(d, _TIPO, retiradas=True)
    except TokenInvalido:
        return {**dict.fromkeys(("tipo", "numero", "fecha", "emisor", "vigente")), "autentico": False}
    contexto().organizacion_id = UUID(bytes=_largo(carga["o"]))
    emisor = first(select(Organizacion.nombre).where(Organizacion.id == contexto().organizacion_id))
    return {
        "autentico": True,
        "tipo": carga["t"],
        "numero": carga["n"],
        "fecha": date.fromisoformat(carga["f"]),
        "emisor": emisor.nombre if emisor else None,
        "vigente": _VIGENCIA[carga["t"]](UUID(bytes=_largo(carga["i"])), carga["h"]),
    }


def _receta_vigente(id: UUID, huella: str) -> bool:
    """La misma que se firmó, emitida, sin anular, con envases por dispensar y dentro de plazo."""
    fila = first(
        select(Receta.huella, estado_de_hoy().label("estado"))
        .join(Sede, and_(Sede.organizacion_id == Receta.organizacion_id, Sede.id == Receta.sede_id))
        .where(Receta.id == id),
        ahora=ahora(),
    )
    return fila is not None and _corto(bytes.fromhex(fila.huella)[:16]) == huella and fila.estado in VIGENTES


# Una cartilla no caduca: dice lo que había el día de su fecha, y eso lo asegura la firma.
_VIGENCIA: dict[str, Callable[[UUID, str], bool | None]] = {RECETA: _receta_vigente, CARTILLA: lambda *_: None}


def _corto(crudo: bytes) -> str:
    return base64.urlsafe_b64encode(crudo).rstrip(b"=").decode()


def _largo(texto: str) -> bytes:
    return base64.urlsafe_b64decode(texto + "=" * (-len(texto) % 4))
