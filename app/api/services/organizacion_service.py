"""La organización de quien pide: leerla, cambiarla y saber qué parámetros rigen."""

from typing import Any

from sqlalchemy import select

from app.api.models.organizacion import Organizacion
from app.api.schemas.organizacion_schema import OrganizacionEditar
from app.api.services.contacto_cliente_service import IdentificadorFiscalInvalido
from app.api.services.limite_sedes_service import exigir_sin_limite
from app.api.services.recalculo_vacunal_service import rehacer_todos
from app.config.parametros import PARAMETROS, Ambito, valor
from app.utils import fiscal
from app.utils.audit import anotar
from app.utils.context import avisar, organizacion_id
from app.utils.records import Reread, change, check_version, columns, entities, fetch

# Los que mueven la fecha de las vacunas ya puestas.
DEL_CALENDARIO = ("refuerzo_adulto_meses", "lepto_caducidad_meses")


def obtener() -> dict[str, Any]:
    """La organización y sus parámetros vigentes."""
    fila = fetch(select(*columns(Organizacion)).where(Organizacion.id == organizacion_id()))
    return {**fila._asdict(), "parametros": vigentes(fila.config)}


def editar(cambios: OrganizacionEditar) -> Reread:
    """Cambia los campos que vinieron; ``config`` se combina con lo ya fijado. Errores: ``SinPermiso``."""
    exigir_sin_limite()
    # Es la única de su clase: su versión se comprueba aquí y no al buscarla por el id de la ruta.
    organizacion = entities(select(Organizacion).where(Organizacion.id == organizacion_id()).with_for_update())[0]
    check_version(organizacion.version)
    nuevos = cambios.cambios()
    if "identificador_fiscal" in nuevos:
        nuevos["identificador_fiscal"] = identificador_fiscal(organizacion.pais, nuevos["identificador_fiscal"])
    if "config" in nuevos:
        nuevos["config"] = combinar(organizacion.config, nuevos["config"])
    diferencias = {
        campo: (getattr(organizacion, campo), nuevo)
        for campo, nuevo in nuevos.items()
        if getattr(organizacion, campo) != nuevo
    }
    change(organizacion, nuevos)
    if diferencias:
        anotar("editar", "organizaciones", organizacion.id, diferencias)
    antes, despues = diferencias.get("config", ({}, {}))
    if any(valor(nombre, antes) != valor(nombre, despues) for nombre in DEL_CALENDARIO):
        rehacer_todos()
    return Reread(obtener)


def identificador_fiscal(pais: str, escrito: str) -> str:
    """El identificador, normalizado. Errores: ``IdentificadorFiscalInvalido``."""
    try:
        hallado = fiscal.validar(pais, None, escrito)
    except fiscal.IdentificadorFiscalInvalido as error:
        raise IdentificadorFiscalInvalido(error.mensaje, campo="/identificador_fiscal") from None
    for uno in hallado.avisos:
        avisar(uno.codigo, uno.mensaje)
    return hallado.valor_normalizado


def combinar(actual: dict[str, Any], cambios: dict[str, Any]) -> dict[str, Any]:
    """Los parámetros fijados tras un cambio; null quita el ajuste y deja que rija el de arriba."""
    return {nombre: uno for nombre, uno in {**actual, **cambios}.items() if uno is not None}


def vigentes(organizacion: dict[str, Any], sede: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """Cada parámetro con lo que vale, lo que valdría de fábrica y quién lo ha fijado; de una sede, sólo los suyos."""
    salida = {}
    for nombre, parametro in PARAMETROS.items():
        if sede is not None and parametro.ambito is not Ambito.SEDE:
            continue
        origen = "sede" if sede and nombre in sede else "organizacion" if nombre in organizacion else "fabrica"
        salida[nombre] = {
            "valor": valor(nombre, organizacion, sede),
            "defecto": parametro.defecto,
            "ambito": parametro.ambito.value,
            "origen": origen,
        }
    return salida
