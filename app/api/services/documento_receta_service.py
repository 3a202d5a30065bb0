"""Todo lo que se imprime de una receta: sale de lo que se firmó, no de lo que digan hoy las fichas."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists

from app.api.models.receta import EstadoReceta, Receta
from app.api.models.titularidad import Titularidad
from app.api.services.acceso_clinico_service import exigir_relacion
from app.api.services.lectura_recetas_service import instante, lectura
from app.utils.context import identidad
from app.utils.errors import TransicionInvalida
from app.utils.records import dato, fetch

AVISO_LEGAL = (
    "Documento generado por la clínica. La receta electrónica legal sólo se emite desde una plataforma homologada."
)


def documento_receta(id: UUID) -> dict[str, Any]:
    """El contenido firmado, con su firma y su estado de hoy; ``qr`` lo pone quien lo dibuje.

    Forma: ``numero``, ``estado``, ``fecha_emision``, ``valida_hasta``, ``tipo_dispensacion``, ``clase``,
    ``tratamiento``, ``indicacion``, ``finalidad_antimicrobiana``, ``advertencias``, ``organizacion``, ``sede``,
    ``veterinario``, ``titular``, ``animal``, ``lineas`` (con ``posologia`` en palabras y ``envases_en_letra``),
    ``firma``, ``huella``, ``anulacion`` y ``aviso_legal``.
    En el portal, los datos del titular son sólo suyos: a los demás que ven el animal, como mucho, su nombre.
    Errores: ``NoEncontrado``, ``MotivoRequerido``, ``TransicionInvalida`` si aún es un borrador.
    """
    fila = fetch(_una, id=id, **instante())
    if fila.paciente_id:
        exigir_relacion(fila.paciente_id, "recetas", id)
    if fila.contenido is None:
        raise TransicionInvalida(estado_actual=EstadoReceta.BORRADOR.value, acciones_permitidas=["emision"])
    anulada = {"en": fila.anulada_en, "motivo": fila.anulacion_motivo} if fila.anulada_en else None
    return {
        **fila.contenido,
        "titular": _titular(fila),
        "id": fila.id,
        "version": fila.version,
        "estado": fila.estado,
        "firma": fila.firma,
        "huella": fila.huella,
        "anulacion": anulada,
        "qr": None,
        "aviso_legal": AVISO_LEGAL,
    }


def _titular(fila: Any) -> dict[str, Any]:
    """Lo que de su titular puede leer quien pide: ni un autorizado ni el titular siguiente leen sus datos."""
    titular: dict[str, Any] = fila.contenido["titular"]
    if not identidad().es_cliente or fila.cliente_id == identidad().cliente_id:
        return titular
    return {**dict.fromkeys(titular), "nombre": titular["nombre"] if fila.sigue_siendo_titular else None}


@cache
def _una() -> Select[Any]:
    # Tabla y no entidad: en el portal nadie lee las titularidades de los demás.
    suyas = Titularidad.__table__
    sigue = exists().where(
        suyas.c.organizacion_id == Receta.organizacion_id,
        suyas.c.paciente_id == Receta.paciente_id,
        suyas.c.cliente_id == Receta.cliente_id,
        suyas.c.hasta.is_(None),
    )
    leida = lectura().add_columns(Receta.contenido, sigue.label("sigue_siendo_titular"))
    return leida.where(Receta.id == dato("id"))
