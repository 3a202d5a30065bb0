"""La respuesta HTTP de lo que se entrega para guardar: con qué cabeceras sale."""

from io import BytesIO

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from app.utils.ficheros import Descarga

# Todo se guarda, nada se abre: aunque el navegador insista, sin guiones, sin formularios y en un origen de nadie.
CSP_DESCARGA = "default-src 'none'; sandbox; frame-ancestors 'none'"


def descargar(descarga: Descarga) -> Response:
    """La respuesta que lo entrega: siempre como fichero adjunto, con su ETag y por trozos si se piden."""

    def enviar(por_trozos: bool) -> Response:
        return send_file(
            BytesIO(descarga.contenido),
            mimetype=descarga.tipo,
            as_attachment=True,
            download_name=descarga.nombre,
            etag=descarga.huella,
            conditional=por_trozos,
        )

    try:
        respuesta = enviar(True)
    except RequestedRangeNotSatisfiable:
        respuesta = enviar(False)  # un trozo que no existe: va entero, como permite RFC 9110
    respuesta.headers["Content-Security-Policy"] = CSP_DESCARGA
    respuesta.headers["Cache-Control"] = "no-store"
    return respuesta


def admite(tipo: str, otro: str) -> bool:
    """Si quien pide prefiere ``tipo`` a ``otro``, según su cabecera Accept; si le da igual, sí."""
    return request.accept_mimetypes.best_match([tipo, otro], tipo) == tipo
