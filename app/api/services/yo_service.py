"""La cuenta propia: quién soy, qué puedo y cómo me llamo."""

from typing import Any

from sqlalchemy import select

from app.api.models.integracion import Integracion
from app.api.models.organizacion import Organizacion
from app.api.models.usuario import Usuario
from app.api.schemas.yo_schema import YoEditar
from app.config.parametros import valor
from app.utils.context import avisar, contexto, identidad
from app.utils.records import Reread, change, fetch, find, rows


def mi_usuario() -> Usuario:
    """El usuario que pide, bloqueado y comparado con If-Match como el de cualquier ruta."""
    contexto().recurso_id = identidad().id
    return find(Usuario, identidad().id)


def obtener() -> dict[str, Any]:
    """Quién soy y qué puedo."""
    quien = identidad()
    suyas = (Organizacion.id, Organizacion.codigo, Organizacion.nombre, Organizacion.config)
    organizaciones = rows(select(*suyas).where(Organizacion.id == quien.organizacion_id))
    es_persona = quien.tipo != "integracion"
    ficha = _de_usuario() if es_persona else _de_integracion()
    organizacion = organizaciones[0]
    piden_factor = set(valor("exigir_doble_factor_roles", organizacion.config))
    # Es un aviso y no un bloqueo: exigirlo cerraría la puerta a quien tiene que activarlo.
    if es_persona and not ficha["doble_factor"] and quien.roles & piden_factor:
        avisar("DOBLE_FACTOR_PENDIENTE", "Su rol pide segundo factor: actívelo en su cuenta")
    return {
        **ficha,
        "id": quien.id,
        "tipo": quien.tipo,
        "organizacion": organizacion,
        "roles": sorted(quien.roles),
        "sedes": list(quien.sedes),
        "cliente_id": quien.cliente_id,
        "acceso_clinico": quien.acceso_clinico,
        "zona_horaria": quien.zona,
        "permisos": [
            {"permiso": permiso, "alcance": alcance.name.lower()} for permiso, alcance in sorted(quien.permisos.items())
        ],
    }


def editar(cambios: YoEditar) -> Reread:
    """Cambia mis datos."""
    change(mi_usuario(), cambios)
    return Reread(obtener)


def _de_usuario() -> dict[str, Any]:
    campos = (Usuario.nombre, Usuario.email, Usuario.doble_factor, Usuario.ultimo_acceso_en, Usuario.version)
    fila = fetch(select(*campos).where(Usuario.id == identidad().id))
    return {**fila._asdict(), "ambitos": []}


def _de_integracion() -> dict[str, Any]:
    campos = (Integracion.nombre, Integracion.ambitos, Integracion.ultimo_uso_en, Integracion.version)
    fila = fetch(select(*campos).where(Integracion.id == identidad().id))
    return {**fila._asdict(), "email": None, "doble_factor": False, "ultimo_acceso_en": fila.ultimo_uso_en}
