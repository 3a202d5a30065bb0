"""De quién es un horario o una excepción, y quién puede cambiarlos."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.api.models.agenda import ExcepcionHorario, Horario, Recurso
from app.api.models.profesional import Profesional
from app.api.models.sede import Sede
from app.api.services import parametros_service
from app.api.services.limite_sedes_service import exigir_de_las_suyas
from app.api.services.sedes_service import pedir_sede
from app.config.permissions import Alcance, Permiso
from app.utils.context import identidad
from app.utils.errors import SinPermiso
from app.utils.records import ask, fetch, rows

Duenio = type[Sede] | type[Profesional] | type[Recurso]
Fila = Horario | ExcepcionHorario
F = TypeVar("F", Horario, ExcepcionHorario)


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


def referencias(duenio: Duenio, id: UUID, sede_id: UUID | None) -> dict[str, Any]:
    """Las columnas que dicen de quién es una fila nueva de ese dueño, que quien pide puede cambiar.

    ``sede_id`` sólo cuenta en un profesional. Errores: ``NoEncontrado``, ``SinPermiso``, ``FueraDeSusSedes``.
    """
    del_recurso = select(Recurso.sede_id).where(Recurso.id == id).scalar_subquery()
    sede = {Sede: id, Profesional: sede_id, Recurso: del_recurso}[duenio]
    leer_duenio = ask(duenio, id)
    exigir_edicion = _pedir_edicion(id if duenio is Profesional else None, sede)
    suyas = _columnas(leer_duenio(), sede_id)
    exigir_edicion(suyas["profesional_id"], suyas["sede_id"])
    return suyas


def editable(tabla: type[F], id: UUID) -> F:
    """La fila de la ruta, que quien pide puede cambiar.

    Errores: ``NoEncontrado``, ``SinPermiso``, ``FueraDeSusSedes``.
    """
    suyo = select(tabla.profesional_id).where(tabla.id == id).scalar_subquery()
    su_sede = select(tabla.sede_id).where(tabla.id == id).scalar_subquery()
    leer_fila, exigir_edicion = ask(tabla, id), _pedir_edicion(suyo, su_sede)
    fila = leer_fila()
    exigir_edicion(fila.profesional_id, fila.sede_id)
    return fila


def _columnas(duenio: Sede | Profesional | Recurso, sede_id: UUID | None) -> dict[str, Any]:
    if isinstance(duenio, Profesional):
        return {"sede_id": sede_id, "profesional_id": duenio.id, "recurso_id": None}
    if isinstance(duenio, Recurso):
        return {"sede_id": duenio.sede_id, "profesional_id": None, "recurso_id": duenio.id}
    return {"sede_id": duenio.id, "profesional_id": None, "recurso_id": None}


def _pedir_edicion(profesional_id: Any, sede_id: Any) -> Callable[[UUID | None, UUID | None], None]:
    """Pone en camino si quien pide puede cambiar esa agenda, dicha por ids o por subconsultas; se exige con los ids.

    Quien sólo puede cambiar su agenda cambia la suya, y si la sede lo permite.
    Errores: ``SinPermiso``, ``FueraDeSusSedes``; ``NoEncontrado`` si la sede no es de las suyas.
    """
    quien = identidad()
    solo_la_suya = quien.alcance(Permiso.AGENDA_EDITAR) <= Alcance.PROPIO
    exigir_su_sede = pedir_sede(sede_id)
    es_mia = select(Profesional.id).where(Profesional.id == profesional_id, Profesional.usuario_id == quien.id)
    mias = rows(es_mia) if solo_la_suya else ()
    permitido = parametros_service.pedir("edicion_horario_propio", sede_id) if solo_la_suya else None

    def exigir(profesional: UUID | None, sede: UUID | None) -> None:
        if sede:
            exigir_su_sede()
        if permitido is not None:  # sólo puede cambiar la suya
            if not mias or not permitido():
                raise SinPermiso
        elif sede is None and profesional is not None and quien.sedes:
            # Vale en todas las sedes del profesional: tienen que ser de quien la pone.
            exigir_de_las_suyas(fetch(select(Profesional.usuario_id).where(Profesional.id == profesional)).usuario_id)

    return exigir
