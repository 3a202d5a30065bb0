"""Los diagnósticos de una consulta, mientras está abierta."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.consulta import Consulta
from app.api.models.diagnostico import Diagnostico
from app.api.schemas.diagnostico_schema import DiagnosticoCrear, DiagnosticoEditar
from app.api.services.acceso_clinico_service import de_consulta, exigir_relacion, pedir_relacion
from app.api.services.consultas_service import pedir_la_de
from app.api.services.limite_sedes_service import exigir_propias
from app.api.services.sistemas_codificacion_service import codificar
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, find
from app.utils.schemas import PageQuery

CODIFICACION = ("sistema_codigo", "codigo")


def listar(consulta_id: UUID, filtro: PageQuery) -> Page:
    """Los diagnósticos de una consulta, por orden de alta; en el portal, los publicados."""
    exigir_relacion(de_consulta(consulta_id), "consultas", consulta_id)
    consulta = select(*columns(Diagnostico)).where(Diagnostico.consulta_id == consulta_id)
    return paginate(consulta, filtro, {"creado_en": Diagnostico.creado_en}, "creado_en", Diagnostico.id)


def obtener(id: UUID) -> Any:
    """Un diagnóstico, si quien pide atiende al paciente o dice por qué lo lee."""
    fila = _leer(id)
    exigir_relacion(de_consulta(fila.consulta_id), "diagnosticos", id)
    return fila


def crear(consulta_id: UUID, datos: DiagnosticoCrear) -> Reread:
    """Añade un diagnóstico. Errores: ``ConsultaCerrada`` y los de la codificación."""
    consulta = find(Consulta, consulta_id)
    _exigir_editable(consulta)
    campos = codificar(datos.model_dump())
    if datos.sustituye_a_id:
        otro = (Diagnostico.id == datos.sustituye_a_id, Diagnostico.consulta_id == consulta_id)
        fetch(select(Diagnostico.id).where(*otro))
    return Reread(_leer, add(Diagnostico(consulta_id=consulta_id, **campos)).id)


def editar(id: UUID, cambios: DiagnosticoEditar) -> Reread:
    """Corrige un diagnóstico. Errores: ``ConsultaCerrada`` y los de la codificación."""
    leer_diagnostico, leer_consulta = ask(Diagnostico, id), pedir_la_de(Diagnostico, id)
    suya = select(Diagnostico.consulta_id).where(Diagnostico.id == id).scalar_subquery()
    exigir_que_atienda = pedir_relacion(de_consulta(suya), "diagnosticos", id)
    diagnostico, consulta = leer_diagnostico(), leer_consulta()
    exigir_que_atienda()
    _exigir_editable(consulta)
    change(diagnostico, recodificado(diagnostico, cambios.cambios()))
    return Reread(_leer, id)


def recodificado(entidad: Any, nuevos: dict[str, Any]) -> dict[str, Any]:
    """Los cambios, con la versión del sistema si se toca la codificación."""
    if nuevos.keys().isdisjoint((*CODIFICACION, "version_sistema")):
        return nuevos
    queda = {campo: nuevos.get(campo, getattr(entidad, campo)) for campo in CODIFICACION}
    return {**nuevos, **codificar({**queda, "version_sistema": nuevos.get("version_sistema")})}


def _leer(id: UUID) -> Any:
    return fetch(select(*columns(Diagnostico)).where(Diagnostico.id == id))


def _exigir_editable(consulta: Consulta) -> None:
    exigir_propias([consulta.sede_id])
    consulta.exigir_abierta()
