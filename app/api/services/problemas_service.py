"""Los problemas de un paciente: lo que arrastra de una consulta a otra."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models import alcance_consultas  # noqa: F401 - declara qué problemas ve cada cual
from app.api.models.diagnostico import Problema
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.schemas.diagnostico_schema import ProblemaCrear, ProblemaEditar, ProblemaFiltro
from app.api.services.acceso_clinico_service import exigir_relacion, pedir_relacion
from app.api.services.diagnosticos_service import recodificado
from app.api.services.pacientes_service import FechasIncoherentes, PacienteNoActivo, exigir_fecha
from app.api.services.sistemas_codificacion_service import codificar
from app.utils.errors import NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, find, remove


def listar(paciente_id: UUID, filtro: ProblemaFiltro) -> Page:
    """Los problemas de un paciente, el último que empezó delante."""
    exigir_relacion(paciente_id)
    consulta = select(*columns(Problema)).where(Problema.paciente_id == paciente_id)
    if not filtro.incluir_bajas:
        consulta = consulta.where(Problema.activo)
    if filtro.solo_abiertos:
        consulta = consulta.where(Problema.fecha_fin.is_(None))
    ordenes = {"fecha_inicio": Problema.fecha_inicio, "creado_en": Problema.creado_en}
    return paginate(consulta, filtro, ordenes, "-fecha_inicio", Problema.id).mapear(_presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Un problema, si quien pide atiende al paciente o dice por qué lo lee."""
    leido = _leer(id)
    exigir_relacion(leido["paciente_id"], "problemas", id)
    return leido


def crear(paciente_id: UUID, datos: ProblemaCrear) -> Reread:
    """Apunta un problema. Errores: ``FechaFutura``, ``FechasIncoherentes`` y los de la codificación."""
    if find(Paciente, paciente_id).estado is EstadoPaciente.FUSIONADO:
        raise PacienteNoActivo
    campos = codificar(datos.model_dump())
    _comprobar(datos.fecha_inicio, datos.fecha_fin)
    return Reread(_leer, add(Problema(paciente_id=paciente_id, **campos)).id)


def editar(id: UUID, cambios: ProblemaEditar) -> Reread:
    """Corrige un problema, o lo da por resuelto con su fecha de fin."""
    leer_problema = ask(Problema, id)
    suyo = select(Problema.paciente_id).where(Problema.id == id).scalar_subquery()
    exigir_que_atienda = pedir_relacion(suyo, "problemas", id)
    problema = _activo(leer_problema())
    exigir_que_atienda()
    nuevos = recodificado(problema, cambios.cambios())
    _comprobar(
        nuevos.get("fecha_inicio", problema.fecha_inicio),
        nuevos.get("fecha_fin", problema.fecha_fin),
    )
    change(problema, nuevos)
    return Reread(_leer, id)


def eliminar(id: UUID) -> None:
    """Retira un problema apuntado por error; queda en la historia."""
    remove(_activo(find(Problema, id)))


def _comprobar(inicio: Any, fin: Any) -> None:
    exigir_fecha("fecha_inicio", inicio)
    if fin is not None:
        exigir_fecha("fecha_fin", fin)
        if fin < inicio:
            raise FechasIncoherentes(campo="/fecha_fin")


def _leer(id: UUID) -> dict[str, Any]:
    return _presentar(fetch(select(*columns(Problema)).where(Problema.id == id, Problema.activo)))


def _presentar(fila: Any) -> dict[str, Any]:
    return {**fila._asdict(), "estado": "activo" if fila.fecha_fin is None else "resuelto"}


def _activo(problema: Problema) -> Problema:
    if not problema.activo:
        raise NoEncontrado
    return problema
