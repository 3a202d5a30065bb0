"""Los contenidos de los adjuntos en el almacén: guardarlos, leerlos y limpiar los que no son de nadie."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.api.models.adjunto import SUPRIMIDO, Adjunto, clave_de, clave_de_miniatura
from app.config import almacen
from app.config.almacen import AlmacenCaido, SinContenido
from app.utils.context import ahora, organizacion_id
from app.utils.credenciales import reloj_real
from app.utils.errors import NoDisponible
from app.utils.records import change_all, entities, rows

# Lo que puede tardar una subida en acabar, y de sobra: antes, un contenido sin fila puede estar a punto de tenerla.
MARGEN_HUERFANO = timedelta(hours=24)
_limpiadas: dict[UUID | None, datetime] = {}


def guardar(organizacion: UUID, sha256: str, contenido: bytes, miniatura: bytes | None) -> None:
    """Guarda un contenido y su miniatura; otra vez si ya estaban, que así vuelven a ser recientes."""
    try:
        if miniatura is not None:
            almacen.put(clave_de_miniatura(organizacion, sha256), miniatura)
        almacen.put(clave_de(organizacion, sha256), contenido)
    except AlmacenCaido as error:
        raise NoDisponible("El almacén de ficheros no responde") from error


def leer(organizacion: UUID, sha256: str, *, miniatura: bool = False) -> bytes:
    """Un contenido, o su miniatura. Errores: ``NoDisponible``."""
    clave = clave_de_miniatura(organizacion, sha256) if miniatura else clave_de(organizacion, sha256)
    try:
        return almacen.get(clave)
    except (AlmacenCaido, SinContenido) as error:
        raise NoDisponible("El almacén de ficheros no responde") from error


def sobrantes() -> list[str]:
    """Las claves de la organización en curso que llevan un día sin ser de ningún adjunto."""
    antes = reloj_real() - MARGEN_HUERFANO
    organizacion = organizacion_id()
    usados = {fila.sha256 for fila in rows(select(Adjunto.sha256).distinct(), alcance=False)}
    return [
        clave
        for clave, escrita in almacen.listing(f"{organizacion}/")
        if escrita < antes and clave.rsplit("/", 1)[-1].removesuffix(".mini") not in usados
    ]


def faltantes() -> list[UUID]:
    """Los adjuntos de la organización en curso cuyo contenido no está: no debería haber ninguno."""
    hay = {clave for clave, _ in almacen.listing(f"{organizacion_id()}/")}
    consulta = select(Adjunto.id, Adjunto.organizacion_id, Adjunto.sha256).where(Adjunto.sha256 != SUPRIMIDO)
    filas = rows(consulta.order_by(Adjunto.id), alcance=False)
    return [fila.id for fila in filas if clave_de(fila.organizacion_id, fila.sha256) not in hay]


def suprimir_de(clientes: list[UUID]) -> None:
    """Suprime los ficheros de unos clientes: la fila queda, sin nombre, y su contenido deja de ser de nadie."""
    suyos = select(Adjunto).where(Adjunto.cliente_id.in_(clientes)).order_by(Adjunto.id).with_for_update()
    vacio = {
        "nombre": "suprimido",
        "etiquetas": [],
        "sha256": SUPRIMIDO,
        "activo": False,
        "baja_motivo": "anonimizacion",
    }
    change_all(entities(suyos, alcance=False), lambda uno: {**vacio, "baja_en": uno.baja_en or ahora()})


def limpiar_cada_dia() -> None:
    """Lo mismo que ``limpiar``, una vez al día por organización: recorrer el almacén no es barato."""
    organizacion, momento = organizacion_id(), reloj_real()
    if momento - _limpiadas.get(organizacion, momento - MARGEN_HUERFANO) >= MARGEN_HUERFANO:
        _limpiadas[organizacion] = momento
        limpiar()


def limpiar() -> int:
    """Borra los contenidos que sobran en la organización en curso; devuelve cuántos."""
    claves = sobrantes()
    for clave in claves:
        almacen.delete(clave)
    return len(claves)
