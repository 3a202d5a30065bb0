"""Lo que el documento OpenAPI dice una sola vez: presentación, cabeceras comunes, secciones y permisos."""

from typing import Any

from app import __version__
from app.config.permissions import CON_ACCESO_CLINICO, POLITICA, Acceso, Alcance, Permiso, Rol, alcance_de
from app.utils.enlaces_firmados import ENLACE

DESCRIPCION = """\
API REST para gestionar una clínica veterinaria: clientes, pacientes, agenda y citas.

**Identificarse.** `POST /api/v1/autenticacion/acceso` devuelve un `token_acceso` (15 minutos) y un `token_renovacion`;
el primero viaja en `Authorization: Bearer …`. `GET /api/v1/yo` dice qué permisos tiene quien pide.

**Datos.** JSON en UTF-8. Los instantes llevan desfase (`2026-12-01T09:00:00+01:00`), las fechas son `AAAA-MM-DD`
y el dinero, los pesos y las cantidades son cadenas decimales (`"12.400"`).
Una clave desconocida, en el cuerpo o en la consulta, es un 422.

**Listas.** `limite` (1–100), `cursor` y `orden`; la respuesta trae `datos` y `siguiente`,
y la cabecera `Link`, la página siguiente. `total=true` añade cuántos son, hasta 10.000.

**Recortar y ampliar.** Toda lectura admite `campos=id,nombre` para traer sólo eso, y algunas `incluir=cliente` para
traer de una vez las fichas relacionadas, en `incluido`.

**Concurrencia.** Lo que se puede cambiar trae `ETag` y `version`. `PATCH`, `PUT` y `DELETE` exigen `If-Match`:
si falta, 428; si es vieja, 412.

**Idempotencia.** Todo `POST` con credencial admite `Idempotency-Key`: repetir la misma petición devuelve la misma
respuesta, y nada ocurre dos veces.

**Ficheros.** Se suben con `multipart/form-data` (hasta 25 MB) y se descargan siempre como adjunto, nunca en línea.

**Errores.** `application/problem+json` (RFC 9457); `codigo` es estable y `type` lleva a su explicación en `/errores`.
Los textos son españoles, o ingleses con `Accept-Language: en`.
Lo que es de otra organización responde 404, como lo que no existe.
"""
INFO = {
    "title": "Servet",
    "version": __version__,
    "summary": "Gestión de clínicas veterinarias",
    "description": DESCRIPCION,
    "license": {"name": "MIT", "identifier": "MIT"},
}
SEGURIDAD = {
    "bearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "El `token_acceso` de `/api/v1/autenticacion/acceso`; sus claves, en `/.well-known/jwks.json`.",
    },
    "enlaceFirmado": {
        "type": "apiKey",
        "in": "query",
        "name": ENLACE,
        "description": "La firma de un enlace: dura cinco minutos y, al usarla, se vuelve a mirar el permiso.",
    },
}
EXITO = {
    200: "Hecho",
    201: "Creado",
    202: "Aceptado; se hará enseguida",
    204: "Hecho; no hay nada que devolver",
    206: "Sólo el trozo pedido con `Range`",
    304: "No ha cambiado desde la versión indicada",
}


def _cabecera(nombre: str, descripcion: str, *, ejemplo: str = "", **esquema: Any) -> dict[str, Any]:
    """Una cabecera; sólo la obligatoria lleva ejemplo, porque la página de pruebas lo enviaría."""
    cabecera = {"name": nombre, "in": "header", "required": bool(ejemplo), "description": descripcion}
    return {**cabecera, "schema": {"type": "string", **esquema}, **({"example": ejemplo} if ejemplo else {})}


_CLAVE = "Clave elegida por quien pide: repetirla con el mismo cuerpo devuelve la primera respuesta, y con otro, 422"
_LIMITES: dict[str, Any] = {"minLength": 1, "maxLength": 255}
PARAMETROS: dict[str, Any] = {
    "ClaveIdempotencia": _cabecera("Idempotency-Key", _CLAVE, **_LIMITES),
    "ClaveIdempotenciaObligatoria": _cabecera(
        "Idempotency-Key", _CLAVE, ejemplo="019a9f3e-7c41-7b52-9d1a-3f5c8e2b6a10", **_LIMITES
    ),
    "IdPeticion": _cabecera("X-Request-Id", "Identificador de la petición; si falta, se genera"),
    "Idioma": _cabecera("Accept-Language", "Idioma de los mensajes: `es` (el habitual) o `en`"),
    "IfMatch": _cabecera("If-Match", "El `ETag` de la versión leída; si ya no es la actual, 412", ejemplo='"1"'),
    "IfMatchOpcional": _cabecera("If-Match", "El `ETag` de la versión leída; si viene, se comprueba"),
    "IfNoneMatch": _cabecera("If-None-Match", "El `ETag` que ya se tiene; si no ha cambiado, 304"),
    "Reloj": _cabecera(
        "X-Servet-Reloj",
        "Fija «ahora» para esta petición, p. ej. `2026-12-01T09:00:00+01:00`; sólo en demostración y en pruebas",
        format="date-time",
    ),
}


def _salida(descripcion: str, tipo: str = "string") -> dict[str, Any]:
    return {"description": descripcion, "schema": {"type": tipo}}


DE_VISTA = {
    "campos": "Sólo estos campos de cada elemento, separados por comas",
    "incluir": "Fichas relacionadas que se quieren en `incluido`, separadas por comas",
}
CABECERAS: dict[str, Any] = {
    "Content-Disposition": _salida("Siempre `attachment`, con el nombre del fichero"),
    "ETag": _salida("La versión del recurso, para `If-Match`"),
    "Idempotency-Replayed": _salida("`true` si es la respuesta ya dada a esa `Idempotency-Key`"),
    "Link": _salida('La página siguiente, con `rel="next"`; falta en la última'),
    "Location": _salida("La dirección de lo creado"),
    "Retry-After": _salida("Segundos que conviene esperar", "integer"),
    "WWW-Authenticate": _salida("Cómo identificarse"),
    "X-Request-Id": _salida("Identificador de la petición, el mismo que en los registros"),
}
_ALCANCES = {Alcance.PROPIO: "lo propio", Alcance.SEDES: "sus sedes", Alcance.TODO: "toda la organización"}
_TAGS = {
    "Adjuntos": "Fotos, informes y vídeos de un paciente, de una consulta o de un cliente.",
    "Agenda": "Horarios, turnos, ausencias, bloqueos y festivos: cuándo se puede atender.",
    "Autenticación": "Entrar, renovar, salir, recuperar la contraseña y el segundo factor.",
    "Citas": "La agenda de pacientes: pedir, confirmar, reprogramar, cancelar y atender.",
    "Clientes": "Los titulares y su contacto, su consentimiento y su acceso al portal.",
    "Consultas": "La historia clínica: lo que se escribe, se mide y se diagnostica; cerrada, se firma y no se toca.",
    "Pacientes": "Los animales: su ficha, sus pesos, sus alertas y quién responde de ellos.",
    "Productos": "Lo que la clínica usa, pone o vende, y la ficha técnica de sus vacunas.",
    "Tareas": "Lo que queda por hacer fuera del sistema: comunicar una pérdida, una muerte o un cambio de titular.",
    "Vacunas": "Vacunas y desparasitaciones, el plan que las explica, la cartilla y los calendarios de los que sale.",
}


def de_tag(tag: str) -> str:
    """Qué hay en una sección de la API."""
    return _TAGS.get(tag, f"Operaciones de {tag[:1].lower()}{tag[1:]}.")


def de_permiso(permiso: Permiso | Acceso) -> str:
    """La línea que dice quién puede usar una ruta, leída de la política de acceso."""
    if not isinstance(permiso, Permiso):
        return "No necesita credencial."
    roles = [rol for rol in Rol if rol is not Rol.INTEGRACION and alcance_de(rol, permiso) is not Alcance.NADA]
    quienes = ", ".join(f"{rol.value} ({_ALCANCES[alcance_de(rol, permiso)]})" for rol in roles) or "nadie"
    if permiso in CON_ACCESO_CLINICO:
        quienes += "; el administrador, con acceso clínico"
    ambito = POLITICA[permiso][5]
    integraciones = f" Integraciones: ámbito `{ambito}`." if ambito else ""
    return f"Permiso `{permiso.value}`: {quienes}.{integraciones}"
