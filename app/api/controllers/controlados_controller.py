"""El libro de controlados: sólo se añade, y el saldo nunca baja de cero."""

from typing import Any
from uuid import UUID

from app.api.models.controlado import (
    AsientoYaCorregido,
    ObservacionesRequeridas,
    SaldoControladoNegativo,
    TestigoRequerido,
)
from app.api.schemas.controlado_schema import (
    AsientoCrear,
    AsientoFiltro,
    AsientoLectura,
    RecuentoCrear,
    RecuentoFiltro,
    RecuentoHecho,
)
from app.api.services import controlados_service as controlados
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("registro-controlados", tag="Controlados")


@api.get("", permission=Permiso.CONTROLADOS_LEER, output=Pagina[AsientoLectura])
def listar(query: AsientoFiltro) -> Any:
    """Lista los asientos del libro de controlados"""
    return controlados.listar(query)


@api.post("", permission=Permiso.CONTROLADOS_CREAR, output=AsientoLectura, status=201,
          errors=(SaldoControladoNegativo, TestigoRequerido, controlados.MedicamentoNoControlado,
                  controlados.CorreccionDistinta, AsientoYaCorregido))  # fmt: skip
def crear(body: AsientoCrear) -> Any:
    """Apunta una entrada o una salida de un medicamento controlado"""
    return controlados.crear(body)


@api.get("/recuentos", permission=Permiso.CONTROLADOS_LEER, output=Pagina[AsientoLectura])
def listar_recuentos(query: RecuentoFiltro) -> Any:
    """Lista los recuentos de medicamentos controlados"""
    return controlados.listar_recuentos(query)


@api.post("/recuentos", permission=Permiso.CONTROLADOS_CREAR, output=RecuentoHecho, status=201,
          errors=(TestigoRequerido, ObservacionesRequeridas, controlados.MedicamentoNoControlado))  # fmt: skip
def contar(body: RecuentoCrear) -> Any:
    """Apunta un recuento y, si no coincide, su ajuste"""
    return controlados.contar(body)


@api.get("/<uuid:id>", permission=Permiso.CONTROLADOS_LEER, output=AsientoLectura)
def obtener(id: UUID) -> Any:
    """Lee un asiento del libro de controlados"""
    return controlados.obtener(id)
