"""Una clave, un efecto: la respuesta se guarda, cifrada, en la misma transacción que lo que hizo."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from bench.pares.drf.problemas import Problema, cuerpo

_fernet = Fernet(base64.urlsafe_b64encode(sha256(b"servet-reposo|" + settings.SECRET_KEY.encode()).digest()))
_DONDE = "WHERE organizacion_id = %s AND actor_id = %s AND ruta = %s AND clave = %s"
_PASAJEROS = ("CONFLICTO_CONCURRENTE",)


def una_sola_vez(request: Any, clave: str, hacer: Callable[[], Response]) -> HttpResponse:
    """Ejecuta la petición, o devuelve byte a byte lo que respondió la primera con esta clave."""
    quien = request.user
    de = [quien.organizacion_id, quien.id, f"POST {request.path}", clave]
    huella = sha256(request.META["QUERY_STRING"].encode() + b"\0" + json.dumps(request.data).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO idempotencia (organizacion_id, actor_id, ruta, clave, huella, creado_en)"
            " VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT DO NOTHING",
            [*de, huella],
        )
        if not cursor.rowcount:
            return _repetida(cursor, de, huella)
        estado, contenido, cabeceras = _intentar(request, hacer)
        cursor.execute(
            f"UPDATE idempotencia SET estado = %s, cuerpo = %s, cabeceras = %s {_DONDE}",
            [estado, _fernet.encrypt(contenido), json.dumps(cabeceras), *de],
        )
    return HttpResponse(contenido, status=estado, headers=cabeceras)


def _repetida(cursor: Any, de: list[Any], huella: bytes) -> HttpResponse:
    cursor.execute(f"SELECT huella, estado, cuerpo, cabeceras FROM idempotencia {_DONDE}", de)
    previa, estado, contenido, cabeceras = cursor.fetchone()
    if bytes(previa) != huella:
        titulo = "Esa Idempotency-Key ya se usó con otro contenido"
        raise Problema(422, "CLAVE_IDEMPOTENCIA_REUTILIZADA", titulo)
    cabeceras = {**(json.loads(cabeceras) if isinstance(cabeceras, str) else cabeceras), "Idempotency-Replayed": "true"}
    return HttpResponse(_fernet.decrypt(bytes(contenido)), status=estado, headers=cabeceras)


def _intentar(request: Any, hacer: Callable[[], Response]) -> tuple[int, bytes, dict[str, str]]:
    """La respuesta, también si la clínica dice que no: entonces se deshace el efecto y queda el «no»."""
    try:
        with transaction.atomic():
            hecho = hacer()
    except Problema as problema:
        if problema.codigo in _PASAJEROS:
            raise
        contenido = JSONRenderer().render(cuerpo(request._request, problema))
        return problema.status_code, contenido, {"Content-Type": "application/problem+json"}
    cabeceras = {"Content-Type": "application/json", "ETag": hecho["ETag"], "Location": hecho["Location"]}
    return hecho.status_code, JSONRenderer().render(hecho.data), cabeceras
