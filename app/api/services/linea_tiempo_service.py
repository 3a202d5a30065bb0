"""La línea de tiempo de un paciente: todo lo que le ha pasado, de lo último a lo primero."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, true, union_all

from app.api.models.paciente import Paciente
from app.api.schemas.linea_tiempo_schema import ClaseEntrada, LineaTiempoFiltro
from app.api.services.acceso_clinico_service import exigir_relacion
from app.api.services.clases_linea_tiempo_service import CLASES, Clase, Vista
from app.api.services.consultas_service import ve_lo_clinico
from app.api.services.pacientes_service import exigir
from app.config.permissions import Alcance
from app.utils.context import identidad
from app.utils.filters import between_days
from app.utils.pagination import Page, paginate

PREFIJO = "/api/v1"


def listar(paciente_id: UUID, filtro: LineaTiempoFiltro) -> Page:
    """Las entradas de un paciente que quien pide puede ver, en dos lecturas haya las que haya."""
    vista = _vista()
    if vista is Vista.CLINICA:
        exigir_relacion(paciente_id)
    else:
        exigir(paciente_id)
    pedidas = filtro.clase or list(ClaseEntrada)
    clases = [CLASES[una] for una in sorted(set(pedidas)) if _la_ve(CLASES[una], vista)]
    if not clases:
        return Page([], None)
    todo = union_all(*(una.leer(paciente_id, vista) for una in clases)).subquery("entradas")
    # Por el paciente, y no sólo la unión: así a cada parte se le aplica lo que quien pide puede ver.
    consulta = select(*todo.c).select_from(Paciente).join(todo, true()).where(Paciente.id == paciente_id)
    donde = between_days(todo.c.fecha, filtro.desde, filtro.hasta)
    # La clase desempata: la muerte y la pérdida de un animal comparten id.
    ordenes = {"fecha": todo.c.fecha, "clase": todo.c.clase}
    pagina = paginate(consulta, filtro, ordenes, "-fecha,-clase", todo.c.id, *donde)
    return pagina.mapear(lambda fila: _presentar(fila, paciente_id))


def _la_ve(clase: Clase, vista: Vista) -> bool:
    return vista in clase.vistas and identidad().alcance(clase.permiso) is not Alcance.NADA


def _vista() -> Vista:
    if identidad().es_cliente:
        return Vista.PORTAL
    return Vista.CLINICA if ve_lo_clinico() else Vista.RECEPCION


def _presentar(fila: Any, paciente_id: UUID) -> dict[str, Any]:
    enlace = CLASES[ClaseEntrada(fila.clase)].enlace.format(id=fila.id, paciente=paciente_id)
    return {**fila._asdict(), "enlace": PREFIJO + enlace}
