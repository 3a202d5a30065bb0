"""Las reglas de alerta de la organización: se ajustan y se añaden, pero un bloqueo nunca se ablanda."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Select, select

from app.api.models.regla_alerta import ReglaAlerta, ReglaDeBloqueo
from app.api.schemas.parametros_regla_schema import parametros_de
from app.api.schemas.regla_alerta_schema import ReglaCrear, ReglaEditar, ReglaFiltro
from app.utils.alertas_medicacion import TipoRegla
from app.utils.errors import BusinessRule, Conflict
from app.utils.filters import matching
from app.utils.medicacion import Gravedad, Regla
from app.utils.pagination import Page, paginate
from app.utils.records import AnyRow, Reread, Rows, add, change, columns, fetch, find, remove, rows

# De un bloqueo de fábrica sólo cambia cómo se dice y cuánto se ha comprobado.
LO_QUE_CAMBIA_EN_UN_BLOQUEO = frozenset({"mensaje", "fuente", "estado_validacion"})


class ReglaDeFabrica(Conflict):
    """Las reglas de fábrica no se borran: se desactivan."""


class ParametrosDeReglaInvalidos(BusinessRule):
    """Los parámetros no son los de ese tipo de regla."""


def listar(filtro: ReglaFiltro) -> Page:
    """Las reglas, por código y variante."""
    consulta = select(*columns(ReglaAlerta)).where(ReglaAlerta.activo)
    if not filtro.incluir_inactivas:
        consulta = consulta.where(ReglaAlerta.activa)
    donde = matching(ReglaAlerta, filtro, "codigo", "tipo", "gravedad")
    ordenes = {"codigo": ReglaAlerta.codigo, "variante": ReglaAlerta.variante, "tipo": ReglaAlerta.tipo}
    return paginate(consulta, filtro, ordenes, "codigo,variante", ReglaAlerta.id, *donde)


def obtener(id: UUID) -> Any:
    """Una regla."""
    return fetch(select(*columns(ReglaAlerta)).where(ReglaAlerta.id == id, ReglaAlerta.activo))


def crear(datos: ReglaCrear) -> Reread:
    """Da de alta una regla propia. Errores: ``ReglaDuplicada``, ``ParametrosDeReglaInvalidos``."""
    campos = datos.model_dump()
    campos["parametros"] = _parametros(datos.tipo, datos.parametros)
    return Reread(obtener, add(ReglaAlerta(**campos)).id)


def editar(id: UUID, cambios: ReglaEditar) -> Reread:
    """Cambia una regla.

    Errores: ``ReglaDeBloqueo``, ``ParametrosDeReglaInvalidos``.
    """
    regla, nuevos = find(ReglaAlerta, id), cambios.cambios()
    _exigir_que_no_ablande(regla, nuevos)
    if "parametros" in nuevos:
        nuevos["parametros"] = _parametros(regla.tipo, nuevos["parametros"])
    change(regla, nuevos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Da de baja una regla propia. Errores: ``ReglaDeFabrica``."""
    regla = find(ReglaAlerta, id)
    if regla.semilla:
        raise ReglaDeFabrica
    remove(regla)


@cache
def _vigentes() -> Select[Any]:
    return (
        select(ReglaAlerta.codigo, ReglaAlerta.tipo, ReglaAlerta.gravedad, ReglaAlerta.mensaje, ReglaAlerta.parametros)
        .where(ReglaAlerta.activo, ReglaAlerta.activa)
        .order_by(ReglaAlerta.codigo, ReglaAlerta.variante)
    )


def leer() -> Rows:
    """Pone en camino la lectura de las reglas que se aplican."""
    return rows(_vigentes)


def vigentes(filas: Iterable[AnyRow]) -> tuple[Regla, ...]:
    """Las reglas de esas filas."""
    return tuple(Regla(*fila) for fila in filas)


def _exigir_que_no_ablande(regla: ReglaAlerta, nuevos: dict[str, Any]) -> None:
    """Un bloqueo no lo justifica nadie: tampoco rebajándolo, apagándolo o dejándolo sin efecto."""
    if regla.gravedad is not Gravedad.BLOQUEO:
        return
    distintos = {campo for campo, valor in nuevos.items() if getattr(regla, campo) != valor}
    prohibidos = distintos - LO_QUE_CAMBIA_EN_UN_BLOQUEO if regla.semilla else distintos & {"gravedad"}
    if prohibidos:
        raise ReglaDeBloqueo(campo=f"/{min(prohibidos)}")


def _parametros(tipo: TipoRegla, parametros: dict[str, Any]) -> dict[str, Any]:
    try:
        return parametros_de(tipo, parametros)
    except ValidationError as error:
        donde = "".join(f"/{parte}" for parte in error.errors()[0]["loc"])
        raise ParametrosDeReglaInvalidos(campo=f"/parametros{donde}") from None
