"""Al empezar una cita se abre la consulta de cada animal que viene."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from app.api.models.agenda import TipoCita
from app.api.models.cita import Cita, Prioridad
from app.api.models.consulta import Consulta, EstadoConsulta, TipoConsulta
from app.api.models.profesional import Categoria, Profesional
from app.utils.context import ahora, avisar, identidad
from app.utils.records import add_all, rows

# Tipo de cita semilla -> tipo de consulta. Los que la clínica añada abren una consulta corriente.
TIPOS = {
    "urgencia": TipoConsulta.URGENCIA, "telefonica": TipoConsulta.TELEFONICA, "domicilio": TipoConsulta.DOMICILIO,
    "vacunacion": TipoConsulta.PREVENTIVA, "revision": TipoConsulta.REVISION,
}  # fmt: skip


def abrir_de_cita(cita: Cita, pacientes: Sequence[UUID]) -> None:
    """Abre la consulta que le falte a cada uno. Una cita sin veterinario, como la de peluquería, no abre ninguna."""
    ya = select(Consulta.paciente_id).where(Consulta.cita_id == cita.id, Consulta.estado != EstadoConsulta.ANULADA)
    abiertas, filas = rows(ya, alcance=False), rows(_tipo_y_veterinarios(cita))
    tipo = filas[0]
    veterinario = next((fila.id for fila in filas if fila.id == cita.profesional_id), None)
    if veterinario is None and tipo.requiere_veterinario:
        # Nadie la tenía asignada, o no es veterinario: la lleva quien la empieza, si lo es.
        veterinario = tipo.id
        if veterinario is None:
            avisar("SIN_CONSULTA", "No se ha abierto la consulta: falta el veterinario que la lleva")
    if veterinario is None:
        return
    faltan = set(pacientes) - {fila.paciente_id for fila in abiertas}
    urgente = cita.prioridad is Prioridad.URGENTE
    comunes: dict[str, Any] = {
        "sede_id": cita.sede_id,
        "veterinario_id": veterinario,
        "cita_id": cita.id,
        "tipo": TipoConsulta.URGENCIA if urgente else TIPOS.get(tipo.codigo, TipoConsulta.CONSULTA),
        "motivo": cita.motivo or tipo.nombre,
        "inicio": ahora(),
    }
    add_all(Consulta(paciente_id=uno, **comunes) for uno in sorted(faltan))


def _tipo_y_veterinarios(cita: Cita) -> Select[*tuple[Any, ...]]:
    """El tipo de la cita, con el veterinario que la lleva y el que la empieza; si no hay ninguno, el tipo solo."""
    suyos = and_(
        Profesional.organizacion_id == TipoCita.organizacion_id,
        Profesional.categoria == Categoria.VETERINARIO,
        or_(Profesional.id == cita.profesional_id, Profesional.usuario_id == identidad().id),
    )
    columnas = (Profesional.id, TipoCita.codigo, TipoCita.nombre, TipoCita.requiere_veterinario)
    return (
        select(*columnas).outerjoin(Profesional, suyos).where(TipoCita.id == cita.tipo_cita_id).order_by(Profesional.id)
    )
