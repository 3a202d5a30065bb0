"""Los registros: una línea JSON por hecho en la salida de errores, con quién y qué petición, y sin secretos."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from app.config.settings import Modo
from app.utils.context import Contexto, contexto

OCULTO = "[oculto]"
_CALLADAS = ("/salud/", "/metrics", "/documentacion/estatico/", "/favicon.ico")
_CLAVE_SECRETA = re.compile(
    r"contrase[nñ]a|passw(or)?d|token|secreto?|authorization|codigo_totp|codigos_recuperacion|cookie|clave_privada",
    re.IGNORECASE,
)
# Lo que delata un secreto dentro de un texto cualquiera, también en el de una excepción.
_TEXTO_SECRETO = re.compile(
    r"(?P<bearer>\b(?:Bearer|Basic)\s+)[^\s\"',;]+"
    r"|eyJ[\w-]{5,}(?:\.[\w-]*){1,4}"
    r"|(?P<url>\b\w{1,20}://[^\s:/@]*:)[^\s/@]+(?=@)"
    r"|(?P<campo>\b\w{0,40}(?:contrase[nñ]a|passw(?:or)?d|token|secreto?|codigo_totp|cookie)\w{0,40}[\"']?\s{0,3}[:=]\s{0,3}[\"']?)"
    r"(?!(?:Bearer|Basic)\s)[^\s\"'&,;})]+"
    r"|(?P<entrada>\binput_value=).*?(?=, input_type=|\]|$)"
    r"|(?P<parametros>\[parameters: ).*?(?=\]\s|\]$|$)"
    r"|(?P<detalle>\b(?:DETAIL|CONTEXT):\s+)[^\n]+",
    re.IGNORECASE | re.MULTILINE,
)
_GRUPOS = ("bearer", "url", "campo", "entrada", "parametros", "detalle")


class _Salida(logging.Handler):
    """La salida de errores; si una línea no se puede escribir, no enseña su contenido."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            linea = self.format(record)
        except Exception:
            linea = '{"nivel": "error", "evento": "registro_ilegible"}'
        _escribir(linea)


def _escribir(linea: str) -> None:
    try:
        sys.stderr.write(linea + "\n")  # la salida de errores no espera: sale con cada línea
    except (OSError, ValueError):  # la salida está cerrada: no hay dónde decirlo
        return


def _tapar(hallado: re.Match[str]) -> str:
    conservado = next((hallado[grupo] for grupo in _GRUPOS if hallado[grupo]), "")
    return f"{conservado}{OCULTO}"


def ocultar(valor: Any) -> Any:
    """El mismo valor, sin contraseñas, tokens ni datos que un error haya copiado en su texto."""
    if isinstance(valor, str):
        return _TEXTO_SECRETO.sub(_tapar, valor)
    if isinstance(valor, dict):
        return {clave: OCULTO if _CLAVE_SECRETA.search(str(clave)) else ocultar(uno) for clave, uno in valor.items()}
    if isinstance(valor, list | tuple | set | frozenset):
        return [ocultar(uno) for uno in valor]
    if valor is None or isinstance(valor, bool | int | float):
        return valor
    return ocultar(str(valor))


def _en_peticion(_registro: WrappedLogger, _metodo: str, evento: EventDict) -> EventDict:
    """Añade quién y en qué petición, también a lo que registran las bibliotecas."""
    actual = contexto()
    if actual.id_peticion:
        evento.setdefault("id_peticion", actual.id_peticion)
        evento.setdefault("usuario", actual.identidad and actual.identidad.id)
        evento.setdefault("organizacion", actual.organizacion_id)
    return evento


def _ordenar(_registro: WrappedLogger, _metodo: str, evento: EventDict) -> EventDict:
    cabecera = {clave: evento.pop(origen, None) for clave, origen in (("en", "timestamp"), ("nivel", "level"))}
    cabecera["evento"] = evento.pop("event", "")
    if "exception" in evento:
        evento["traza"] = evento.pop("exception")
    return {**cabecera, **evento}


def _redactar(_registro: WrappedLogger, _metodo: str, evento: EventDict) -> EventDict:
    limpio: EventDict = ocultar(evento)
    return limpio


def configure_logs(modo: Modo) -> None:
    """Hace que todo registro, propio o de una biblioteca, salga en JSON y ya redactado."""
    salida = _Salida()
    salida.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _en_peticion,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,  # traza sin variables locales
                _ordenar,
                _redactar,
                # ASCII: ni saltos de línea, ni secuencias de terminal, ni sustitutos sueltos llegan a la salida.
                structlog.processors.JSONRenderer(serializer=json.dumps, ensure_ascii=True),
            ],
        )
    )
    raiz = logging.getLogger()
    # En las pruebas se respetan los capturadores de pytest; fuera, nadie más escribe.
    ajenos = [uno for uno in raiz.handlers if modo is Modo.PRUEBAS and not isinstance(uno, _Salida)]
    raiz.handlers = [*ajenos, salida]
    raiz.setLevel(logging.INFO)
    for ruidoso in ("werkzeug", "fontTools", "asyncio", "alembic"):
        logging.getLogger(ruidoso).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def log_request(actual: Contexto, estado: int, segundos: float) -> None:
    """Registra una petición atendida, en una línea."""
    # Las comprobaciones del orquestador sólo interesan cuando fallan.
    if estado < 400 and actual.ruta.startswith(_CALLADAS):
        return
    identidad = actual.identidad
    # Sin pasar por logging: aquí no hay nada que redactar y cuesta seis veces menos.
    _escribir(
        msgspec.json.encode(
            {
                "en": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "nivel": "info" if estado < 500 else "error",
                "evento": "peticion",
                "id_peticion": actual.id_peticion,
                "metodo": actual.metodo,
                # La plantilla, no la dirección: sin identificadores ni lo que viaje en la consulta.
                "ruta": actual.regla,
                "estado": estado,
                "ms": round(segundos * 1000, 1),
                "usuario": identidad.id if identidad else None,
                "organizacion": actual.organizacion_id,
                "ip": actual.ip,
            }
        ).decode()
    )
