"""Las constantes vitales de una consulta: se toman y se corrigen mientras está abierta."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.constantes import Constantes
from app.api.models.consulta import Consulta
from app.api.models.paciente import Paciente
from app.api.schemas.constantes_schema import ConstantesCrear, ConstantesEditar
from app.api.services import parametros_service
from app.api.services.acceso_clinico_service import de_consulta, exigir_relacion, pedir_relacion
from app.api.services.consultas_service import pedir_la_de
from app.api.services.limite_sedes_service import exigir_propias
from app.api.services.pacientes_service import FechaFutura
from app.config import semillas_consultas
from app.utils.constantes import interpretar, rangos_de
from app.utils.context import ahora
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, rows
from app.utils.schemas import PageQuery


def listar(consulta_id: UUID, filtro: PageQuery) -> Page:
    """Las tomas de una consulta, en el orden en que se hicieron."""
    exigir_relacion(de_consulta(consulta_id), "consultas", consulta_id)
    consulta = select(*columns(Constantes)).where(Constantes.consulta_id == consulta_id)
    return paginate(consulta, filtro, {"tomadas_en": Constantes.tomadas_en}, "tomadas_en", Constantes.id)


def obtener(id: UUID) -> Any:
    """Una toma, si quien pide atiende al paciente o dice por qué la lee."""
    fila = _leer(id)
    exigir_relacion(de_consulta(fila.consulta_id), "constantes", id)
    return fila


def crear(consulta_id: UUID, datos: ConstantesCrear) -> Reread:
    """Anota una toma, con el rango usado y la marca de cada valor. Errores: ``ConsultaCerrada``."""
    leer_consulta, referencias = ask(Consulta, consulta_id), _pedir_referencias(consulta_id)
    consulta = leer_consulta()
    _exigir_editable(consulta)
    campos = datos.model_dump()
    campos["tomadas_en"] = _cuando(campos["tomadas_en"])
    toma = Constantes(consulta_id=consulta_id, **campos, referencias=referencias(campos))
    return Reread(_leer, add(toma).id)


def editar(id: UUID, cambios: ConstantesEditar) -> Reread:
    """Corrige una toma y vuelve a compararla. Errores: ``ConsultaCerrada``."""
    leer_toma, leer_consulta = ask(Constantes, id), pedir_la_de(Constantes, id)
    suya = select(Constantes.consulta_id).where(Constantes.id == id).scalar_subquery()
    exigir_que_atienda, referencias = pedir_relacion(de_consulta(suya), "constantes", id), _pedir_referencias(suya)
    toma, consulta = leer_toma(), leer_consulta()
    exigir_que_atienda()
    _exigir_editable(consulta)
    nuevos = cambios.model_dump(include=cambios.model_fields_set)
    if "tomadas_en" in nuevos:
        nuevos["tomadas_en"] = _cuando(nuevos["tomadas_en"])
    quedan = {campo: nuevos.get(campo, getattr(toma, campo)) for campo in ConstantesEditar.model_fields}
    change(toma, {**nuevos, "referencias": referencias(quedan)})
    return Reread(_leer, id)


def _leer(id: UUID) -> Any:
    return fetch(select(*columns(Constantes)).where(Constantes.id == id))


def _exigir_editable(consulta: Consulta) -> None:
    exigir_propias([consulta.sede_id])
    consulta.exigir_abierta()


def _cuando(pedido: Any) -> Any:
    """Cuándo se tomaron; sin decirlo, ahora. Errores: ``FechaFutura``."""
    if pedido is None:
        return ahora()
    if pedido > ahora():
        raise FechaFutura(campo="/tomadas_en")
    return pedido


def _pedir_referencias(consulta_id: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Pide con qué comparar las tomas de una consulta; al llamarlo con sus valores, los compara."""
    pacientes = rows(select(Paciente.especie).where(Paciente.id == de_consulta(consulta_id)), alcance=False)
    propios = parametros_service.pedir("rangos_constantes")

    def comparar(valores: dict[str, Any]) -> dict[str, Any]:
        rangos = rangos_de(pacientes[0].especie, semillas_consultas.rangos_constantes(), propios())
        return interpretar(valores, rangos)

    return comparar
