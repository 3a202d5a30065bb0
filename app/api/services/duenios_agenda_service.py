"""De quién es un horario o una excepción, y quién puede cambiarlos."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.api.models.agenda import ExcepcionHorario, Horario, Recurso
from app.api.models.profesional import Profesional
from app.api.models.sede import Sede
from app.api.services import sedes_service
from app.api.services.limite_sedes_service import exigir_de_las_suyas
from app.api.services.parametros_service import parametro
from app.config.permissions import Alcance, Permiso
from app.utils.context import identidad
from app.utils.errors import SinPermiso
from app.utils.records import fetch

Duenio = type[Sede] | type[Profesional] | type[Recurso]
Fila = Horario | ExcepcionHorario


def exigir_duenio(duenio: Duenio, id: UUID) -> None:
    """Comprueba que existe. Errores: ``NoEncontrado``."""
    fetch(select(duenio.id).where(duenio.id == id))


def de_quien(tabla: type[Horario] | type[ExcepcionHorario], duenio: Duenio, id: UUID) -> list[ColumnElement[bool]]:
    """La condición que cumplen las filas de ese dueño."""
    if duenio is Profesional:
        return [tabla.profesional_id == id]
    if duenio is Recurso:
        return [tabla.recurso_id == id]
    return [tabla.sede_id == id, tabla.profesional_id.is_(None), tabla.recurso_id.is_(None)]


def duenio_de(fila: Fila) -> tuple[Duenio, UUID]:
    """El dueño de una fila ya leída."""
    if fila.profesional_id:
        return Profesional, fila.profesional_id
    if fila.recurso_id:
        return Recurso, fila.recurso_id
    return Sede, fila.sede_id  # type: ignore[return-value]


def columnas(duenio: Sede | Profesional | Recurso, sede_id: UUID | None) -> dict[str, Any]:
    """Las referencias con las que nace una fila de ese dueño; ``sede_id`` sólo cuenta en un profesional."""
    if isinstance(duenio, Profesional):
        return {"sede_id": sede_id, "profesional_id": duenio.id, "recurso_id": None}
    if isinstance(duenio, Recurso):
        return {"sede_id": duenio.sede_id, "profesional_id": None, "recurso_id": duenio.id}
    return {"sede_id": duenio.id, "profesional_id": None, "recurso_id": None}


def exigir_edicion(profesional_id: UUID | None, sede_id: UUID | None) -> None:
    """Quien sólo puede cambiar su agenda cambia la suya, y si la sede lo permite.

    Errores: ``SinPermiso``, ``FueraDeSusSedes``; ``NoEncontrado`` si la sede no es de las suyas.
    """
    if sede_id:
        sedes_service.exigir_sede(sede_id)
    quien = identidad()
    if quien.alcance(Permiso.AGENDA_EDITAR) > Alcance.PROPIO:
        if sede_id is None and profesional_id is not None:
            # Vale en todas las sedes del profesional: tienen que ser de quien la pone.
            exigir_de_las_suyas(_usuario_de(profesional_id))
        return
    if profesional_id is None:
        raise SinPermiso
    if _usuario_de(profesional_id) != quien.id or not parametro("edicion_horario_propio", sede_id):
        raise SinPermiso


def _usuario_de(profesional_id: UUID) -> UUID:
    usuario_id: UUID = fetch(select(Profesional.usuario_id).where(Profesional.id == profesional_id)).usuario_id
    return usuario_id
