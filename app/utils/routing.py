"""Declarar una ruta: permiso obligatorio, transacción, ETag, Idempotency-Key y documentación en un solo sitio."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Flask, Response, request
from pydantic import BaseModel

from app.config.database import transaction
from app.config.permissions import Acceso, Alcance, Permiso
from app.config.settings import get_settings
from app.utils.bodies import lists, read_body, read_form, read_query, refuse_body
from app.utils.context import contexto
from app.utils.descargas import descargar
from app.utils.encoding import codificar, presentar
from app.utils.enlaces_firmados import ENLACE
from app.utils.errors import DomainError, FaltaIfMatch
from app.utils.ficheros import Descarga
from app.utils.idempotency import FaltaIdempotencyKey, una_sola_vez
from app.utils.records import Reread
from app.utils.representation import PARAMETROS, Vista, apply_view, read_view, relaciones
from app.utils.schemas import Form

PREFIJO = "/api/v1"
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Route:
    """Una fila de la tabla de la API; la leen la puerta de entrada, la documentación y las pruebas."""

    method: str
    rule: str
    permission: Permiso | Acceso
    output: type[BaseModel] | None
    portal: type[BaseModel] | None
    brief: tuple[Permiso, type[BaseModel]] | None
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    lists: frozenset[str]
    path_args: tuple[str, ...]
    requires_key: bool
    tag: str
    name: str
    summary: str
    description: str
    errors: tuple[type[DomainError], ...]
    # Los tipos de contenido de lo que se descarga, si no es (o no es sólo) JSON.
    produces: tuple[str, ...] = ()
    # Si también vale un enlace firmado, sin token.
    signed: bool = False

    @property
    def is_write(self) -> bool:
        """Si cambia un registro ya leído, y por tanto exige If-Match."""
        return self.method in ("PATCH", "PUT", "DELETE")

    @property
    def is_form(self) -> bool:
        """Si el cuerpo es ``multipart/form-data``, y no JSON."""
        return self.body is not None and issubclass(self.body, Form)

    @property
    def outputs(self) -> tuple[type[BaseModel], ...]:
        """Todas las formas en que puede responder, la entera delante."""
        return tuple(filter(None, (self.output, self.portal, self.brief and self.brief[1])))


ROUTES: list[Route] = []


class Resource:
    """Las rutas de un recurso. No se puede declarar una sin decir quién puede usarla."""

    def __init__(self, name: str, *, tag: str, path: str | None = None) -> None:
        raiz = name if path is None else path
        self.blueprint = Blueprint(name.replace("-", "_"), __name__, url_prefix=f"{PREFIJO}/{raiz}".rstrip("/"))
        self.tag = tag

    def get(self, rule: str, **opciones: Any) -> Callable[[V], V]:
        """Ruta de lectura."""
        return self._route("GET", rule, **opciones)

    def post(self, rule: str, **opciones: Any) -> Callable[[V], V]:
        """Alta o acción."""
        return self._route("POST", rule, **opciones)

    def patch(self, rule: str, **opciones: Any) -> Callable[[V], V]:
        """Edición parcial."""
        return self._route("PATCH", rule, **opciones)

    def put(self, rule: str, **opciones: Any) -> Callable[[V], V]:
        """Sustitución completa."""
        return self._route("PUT", rule, **opciones)

    def delete(self, rule: str, **opciones: Any) -> Callable[[V], V]:
        """Baja lógica; responde 204."""
        return self._route("DELETE", rule, **{"status": 204, **opciones})

    def _route(
        self,
        method: str,
        rule: str,
        *,
        permission: Permiso | Acceso,
        output: type[BaseModel] | None = None,
        portal: type[BaseModel] | None = None,
        brief: tuple[Permiso, type[BaseModel]] | None = None,
        status: int = 200,
        requires_key: bool = False,
        errors: tuple[type[DomainError], ...] = (),
        produces: tuple[str, ...] = (),
        signed: bool = False,
    ) -> Callable[[V], V]:
        def declare(view: V) -> V:
            tipos = get_type_hints(view)
            resumen, _, descripcion = inspect.cleandoc(view.__doc__ or "").partition("\n")
            if not resumen:
                raise RuntimeError(f"{method} {rule}: falta la frase que dice qué hace")
            query = tipos.get("query")
            ruta = Route(
                method=method,
                rule=f"{self.blueprint.url_prefix}{rule}",
                permission=permission,
                output=output,
                portal=portal,
                brief=brief,
                status=status,
                body=tipos.get("body"),
                query=query,
                lists=lists(query),
                path_args=tuple(n for n in inspect.signature(view).parameters if n not in ("body", "query")),
                requires_key=requires_key,
                tag=self.tag,
                name=view.__name__,
                summary=resumen,
                description=descripcion.strip(),
                errors=errors,
                produces=produces,
                signed=signed,
            )
            ROUTES.append(ruta)
            handler = _handler(view, ruta)
            handler.route = ruta  # type: ignore[attr-defined]
            endpoint = f"{method.lower()}_{view.__name__}_{len(ROUTES)}"
            self.blueprint.add_url_rule(rule, endpoint, handler, methods=[method], provide_automatic_options=False)
            return view

        return declare


def _handler(view: Callable[..., Any], ruta: Route) -> Callable[..., Response]:
    lee = ruta.method == "GET"
    recortable = lee and ruta.output is not None
    ajenos = (PARAMETROS if recortable else frozenset()) | ({ENLACE} if ruta.signed else frozenset())

    def handler(**path: Any) -> Response:
        peticion = request._get_current_object()  # type: ignore[attr-defined]
        actual = contexto()
        if ruta.is_write and actual.if_match is None:
            raise FaltaIfMatch
        con_clave = (
            ruta.method == "POST" and actual.identidad is not None and "HTTP_IDEMPOTENCY_KEY" in peticion.environ
        )
        if ruta.requires_key and not con_clave:
            raise FaltaIdempotencyKey
        argumentos: dict[str, Any] = dict(path)
        consulta = read_query(ruta.query, ruta.lists, ajenos)
        vista = read_view(_esquema(ruta)) if recortable and not PARAMETROS.isdisjoint(peticion.args) else None
        if ruta.query is not None:
            argumentos["query"] = consulta
        if not lee:
            _leer_cuerpo(ruta, argumentos)
        actual.recurso_id = path.get("id") if isinstance(path.get("id"), UUID) else None
        with transaction(reading=lee):
            if con_clave:  # detrás se guarda la respuesta
                return una_sola_vez(lambda: respond(_leido(view(**argumentos)), ruta))
            return respond(_leido(view(**argumentos), ultimo=True), ruta, vista)

    return handler


def _leido(resultado: Any, *, ultimo: bool = False) -> Any:
    """Lo que devolvió el servicio y, si dejó algo por leer, leído: con COMMIT detrás, si ya no queda nada que hacer."""
    if not isinstance(resultado, Reread):
        return resultado
    return resultado.last() if ultimo else resultado.now()


def _leer_cuerpo(ruta: Route, argumentos: dict[str, Any]) -> None:
    ajustes = get_settings()
    limite = ajustes.limite_cuerpo
    if ruta.body is None:
        refuse_body(limite)
    elif ruta.is_form:
        argumentos["body"] = read_form(ruta.body, ajustes.limite_adjunto + limite)
    else:
        argumentos["body"] = read_body(ruta.body, limite)


def _esquema(ruta: Route) -> type[BaseModel]:
    """Cómo lee esta respuesta quien pide: en el portal, su lista blanca; sin el permiso que dice ``brief``, la suya."""
    quien = contexto().identidad
    elegido = ruta.portal if ruta.portal is not None and (quien is None or quien.es_cliente) else ruta.output
    if ruta.brief is not None and elegido is ruta.output:
        entera, resumen = ruta.brief
        elegido = elegido if quien is not None and quien.alcance(entera) is not Alcance.NADA else resumen
    if elegido is None:
        raise RuntimeError(f"{ruta.method} {ruta.rule} no devuelve nada que leer")
    return elegido


def respond(resultado: Any, ruta: Route, vista: Vista | None = None) -> Response:
    """La respuesta HTTP de lo que devolvió el servicio: se serializa antes de confirmar, salvo lo releído (0023)."""
    if isinstance(resultado, Response):
        return resultado
    if isinstance(resultado, Descarga):
        return descargar(resultado)
    if ruta.output is None or resultado is None:
        return Response(status=204)
    esquema, avisos = _esquema(ruta), contexto().avisos
    cuerpo = presentar(resultado, esquema)
    if avisos and "avisos" in esquema.model_fields:
        cuerpo.avisos = [*(cuerpo.avisos or []), *avisos]
    cabeceras: dict[str, str] = {}
    version = getattr(cuerpo, "version", None)
    if version is not None:
        cabeceras["ETag"] = f'"{version}"'
        # Con algo incluido la versión no basta: lo de al lado puede haber cambiado.
        intacta = ruta.method == "GET" and (vista is None or not vista.incluir)
        if intacta and "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(str(version)):
            return Response(status=304, headers=cabeceras)
    if (siguiente := getattr(cuerpo, "siguiente", None)) and hasattr(cuerpo, "datos"):
        cabeceras["Link"] = f'<{_con_cursor(siguiente)}>; rel="next"'
    if ruta.status == 201 and (nuevo := getattr(cuerpo, "id", None)):
        elemento = ruta.rule.rstrip("/").rsplit("/", 1)[-1]
        cabeceras["Location"] = f"{PREFIJO}/{elemento}/{nuevo}"
    if vista is not None:
        apply_view(cuerpo, esquema, vista)
    return Response(codificar(cuerpo), ruta.status, cabeceras, content_type="application/json")


def _con_cursor(cursor: str) -> str:
    pares = [(clave, valor) for clave, valor in request.args.items(multi=True) if clave != "cursor"]
    return f"{request.path}?{urlencode([*pares, ('cursor', cursor)])}"


def register_resources(app: Flask, recursos: list[Resource]) -> None:
    """Registra los recursos y comprueba que alguien lea lo que dicen que se puede incluir."""
    for recurso in recursos:
        app.register_blueprint(recurso.blueprint)
    for ruta in ROUTES:
        for esquema in ruta.outputs:
            relaciones(esquema)


def require_permissions(app: Flask) -> None:
    """Falla al arrancar si alguna ruta no declara su permiso."""
    for regla in app.url_map.iter_rules():
        vista = app.view_functions[regla.endpoint]
        if getattr(vista, "route", None) is None and not isinstance(
            getattr(vista, "permission", None), Acceso | Permiso
        ):
            raise RuntimeError(f"La ruta {regla.rule} no declara permiso")
