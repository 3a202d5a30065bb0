"""La puerta: quién es y si puede, antes de mirar nada más de la petición."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from flask import Flask, Request, current_app, request
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row, text

from app.config.connections import get_engine
from app.config.permissions import Acceso, Alcance, Permiso, Rol, permisos_de_ambitos, permisos_de_roles
from app.config.settings import get_settings
from app.utils.context import Contexto, Identidad, contexto
from app.utils.enlaces_firmados import ENLACE, read_link
from app.utils.errors import NoAutenticado, PeticionMalFormada, SinPermiso
from app.utils.schemas import Instante
from app.utils.tokens import TokenInvalido, verify_access

# Un cambio de contraseña, rol o estado se nota como mucho en este tiempo (el contrato pide 60 s).
VIGENCIA_IDENTIDAD_S = 20
_BUSCAR = text("SELECT * FROM identidad_vigente(:organizacion, :sujeto, :familia, :tipo)")
_CREDENCIALES = text("SELECT * FROM credenciales_por_email(:email, :organizacion)")
# (organización, sujeto, familia, tipo, generación): todo lo que el token dice de quién es.
Clave = tuple[UUID, UUID, UUID | None, str, int | None]
_INSTANTE: TypeAdapter[datetime] = TypeAdapter(Instante)
_identidades: dict[Clave, tuple[float, Identidad]] = {}
_cerrojo = threading.Lock()


def forget_identities(sujeto: UUID | None = None) -> None:
    """Olvida las identidades leídas en este proceso, o las de un sujeto: se nota antes de que caduquen."""
    with _cerrojo:
        for clave in [clave for clave in _identidades if sujeto in (None, clave[1])]:
            del _identidades[clave]


def generation(valida_desde: float) -> int:
    """El número que distingue las credenciales de una integración antes y después de rotarlas."""
    return round(valida_desde * 1_000_000)


def find_credentials(email: str, organizacion: str | None) -> Sequence[Row[Any]]:
    """Las cuentas con ese correo en cualquier organización (cinco como mucho), aún sin saber de quién es."""
    with get_engine().connect() as conexion:
        return conexion.execute(_CREDENCIALES, {"email": email, "organizacion": organizacion}).all()


def register_gate(app: Flask) -> None:
    """Pone la puerta delante de todas las rutas."""
    app.before_request(authorize_request)


def authorize_request() -> None:
    """401 sin credencial válida, 403 sin permiso; sólo después se mira el resto. 400 si una cabecera no vale."""
    peticion = request._get_current_object()  # type: ignore[attr-defined]  # a través de «request», cada dato cuesta el doble
    actual = contexto()
    _leer_cabeceras(peticion, actual)
    vista = request_view(peticion)
    ruta = getattr(vista, "route", None)
    permiso = getattr(ruta if ruta is not None else vista, "permission", None)
    if vista is not None and permiso is None:
        raise SinPermiso  # una ruta sin permiso declarado no llega a arrancar; por si acaso, cerrada
    if vista is not None and permiso is not Acceso.PUBLICO:
        if ruta is not None and ruta.signed and ENLACE in peticion.args:
            actual.identidad = _identidad_del_enlace()
        else:
            actual.identidad = authenticate(peticion.environ.get("HTTP_AUTHORIZATION", ""))
        actual.organizacion_id = actual.identidad.organizacion_id
        if not isinstance(permiso, Permiso) or actual.identidad.alcance(permiso) is Alcance.NADA:
            raise SinPermiso
    _ajustar_reloj(peticion, actual)


def _leer_cabeceras(peticion: Request, actual: Contexto) -> None:
    """Lo que las cabeceras dicen de la petición, en su contexto."""
    cabeceras = peticion.environ
    actual.ruta = peticion.path
    actual.regla = peticion.url_rule.rule if peticion.url_rule else None
    if "HTTP_ACCEPT_LANGUAGE" in cabeceras:
        actual.idioma = "en" if peticion.accept_languages.best_match(["es", "en"], "es") == "en" else "es"
    if "HTTP_IF_MATCH" in cabeceras:
        etags = peticion.if_match
        actual.if_match = frozenset({"*"}) if etags.star_tag else frozenset(etags.as_set())
    if "HTTP_X_MOTIVO_ACCESO" in cabeceras:
        motivo = unquote(peticion.headers["X-Motivo-Acceso"]).strip()
        if not motivo.isprintable() or "\ufffd" in motivo or len(motivo) > 500:
            raise PeticionMalFormada("X-Motivo-Acceso debe ser texto codificado por porcentaje (hasta 500)")
        actual.motivo_acceso = motivo


def authenticate(cabecera: str) -> Identidad:
    """La identidad del portador. Errores: ``NoAutenticado``."""
    esquema, _, token = cabecera.partition(" ")
    if esquema.lower() != "bearer" or not token:
        raise NoAutenticado
    try:
        carga = verify_access(token.strip())
    except TokenInvalido:
        raise NoAutenticado from None
    return _identidad(carga)


def _identidad_del_enlace() -> Identidad:
    """Quien firmó el enlace, como es ahora: si ya no puede entrar, su enlace tampoco. Errores: ``NoAutenticado``."""
    firmas = request.args.getlist(ENLACE)
    try:
        carga = read_link(firmas[0], request.path) if len(firmas) == 1 else None
    except TokenInvalido:
        carga = None
    if carga is None:
        raise NoAutenticado
    if carga.get("motivado"):
        contexto().motivo_acceso = "Enlace firmado"
    return _identidad(carga)


def request_view(peticion: Request) -> Any:
    """La función que atenderá esta petición; ninguna, si la dirección no existe."""
    return None if peticion.url_rule is None else current_app.view_functions[peticion.url_rule.endpoint]


def _identidad(carga: dict[str, Any]) -> Identidad:
    clave: Clave | None = carga.get("clave")
    if clave is None:
        # La carga de un token ya verificado se conserva: esto se hace una vez.
        clave = carga["clave"] = (
            UUID(carga["org"]),
            UUID(carga["sub"]),
            UUID(carga["sid"]) if "sid" in carga else None,
            carga["tipo"],
            carga.get("gen"),
        )
    guardada = _identidades.get(clave)
    if guardada and time.monotonic() - guardada[0] < VIGENCIA_IDENTIDAD_S and carga["iat"] >= guardada[1].valida_desde:
        return guardada[1]
    identidad = _leer_identidad(clave, carga["iat"])
    with _cerrojo:
        if len(_identidades) >= 20_000:
            _identidades.clear()
        _identidades[clave] = (time.monotonic(), identidad)
    return identidad


def _leer_identidad(clave: Clave, emitido: int) -> Identidad:
    organizacion, sujeto, familia, tipo, generacion = clave
    parametros = {"organizacion": organizacion, "sujeto": sujeto, "familia": familia, "tipo": tipo}
    with get_engine().connect() as conexion:
        fila = conexion.execute(_BUSCAR, parametros).one_or_none()
    if fila is None or emitido < int(fila.valida_desde):
        raise NoAutenticado
    if generacion is not None and generacion != generation(fila.valida_desde):
        raise NoAutenticado
    roles = frozenset(Rol(rol) for rol in fila.roles or ())
    sedes = tuple(UUID(str(sede)) for sede in fila.sedes or ())
    permisos = (
        permisos_de_ambitos(frozenset(fila.ambitos or ()), bool(sedes))
        if tipo == "integracion"
        else permisos_de_roles(roles, fila.acceso_clinico)
    )
    return Identidad(
        id=fila.id,
        organizacion_id=fila.organizacion_id,
        tipo=tipo,
        nombre=fila.nombre,
        roles=roles,
        permisos=permisos,
        sedes=sedes,
        cliente_id=fila.cliente_id,
        familia_id=familia,
        acceso_clinico=fila.acceso_clinico,
        clientes_compartidos=fila.clientes_compartidos,
        zona=fila.zona or "UTC",
        valida_desde=int(fila.valida_desde),
    )


def _ajustar_reloj(peticion: Request, actual: Contexto) -> None:
    texto = peticion.environ.get("HTTP_X_SERVET_RELOJ")
    if texto is None:
        return
    if not get_settings().reloj_ajustable:
        raise PeticionMalFormada("X-Servet-Reloj no se admite en producción")
    try:
        actual.reloj = _INSTANTE.validate_python(texto).astimezone(UTC)
    except ValidationError:
        raise PeticionMalFormada("X-Servet-Reloj debe ser un instante con desfase") from None
