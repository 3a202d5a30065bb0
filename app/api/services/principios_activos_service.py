"""Los principios activos de la organización: los de partida y los que añade."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, func, select

from app.api.models.medicamento import PrincipioActivo
from app.api.schemas.principio_activo_schema import PautaCampos, PrincipioCrear, PrincipioEditar, PrincipioFiltro
from app.api.services.especies_service import exigir_especies
from app.utils.filters import matching
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, fetch, find, remove

_NOMBRE = func.servet_normalizar(PrincipioActivo.nombre_dci, type_=Text())


def listar(filtro: PrincipioFiltro) -> Page:
    """Los principios activos, por nombre."""
    consulta = select(*columns(PrincipioActivo))
    if not filtro.incluir_inactivos:
        consulta = consulta.where(PrincipioActivo.activo)
    if filtro.q:
        consulta = consulta.where(func.strpos(_NOMBRE, func.servet_normalizar(filtro.q)) > 0)
    donde = matching(PrincipioActivo, filtro, "grupo", "categoria_ema", "control")
    ordenes = {"nombre_dci": PrincipioActivo.nombre_dci, "codigo": PrincipioActivo.codigo}
    return paginate(consulta, filtro, ordenes, "nombre_dci", PrincipioActivo.id, *donde)


def obtener(id: UUID) -> Any:
    """Un principio activo."""
    return fetch(select(*columns(PrincipioActivo)).where(PrincipioActivo.id == id))


def crear(datos: PrincipioCrear) -> Reread:
    """Da de alta un principio activo. Errores: ``PrincipioDuplicado``, ``EspecieDesconocida``."""
    campos = datos.model_dump(exclude={"pautas"})
    return Reread(obtener, add(PrincipioActivo(**campos, pautas=_guardables(datos.pautas))).id)


def editar(id: UUID, cambios: PrincipioEditar) -> Reread:
    """Cambia un principio activo; lo ya recetado no cambia. Errores: ``EspecieDesconocida``."""
    principio, nuevos = find(PrincipioActivo, id), cambios.cambios()
    if "pautas" in nuevos:
        nuevos["pautas"] = _guardables(nuevos["pautas"])
    change(principio, nuevos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica: deja de ofrecerse; los medicamentos que lo llevan siguen."""
    remove(find(PrincipioActivo, id))


def _guardables(pautas: list[PautaCampos]) -> list[dict[str, Any]]:
    exigir_especies((una.especie for una in pautas), "/pautas")
    return [una.model_dump(mode="json") for una in pautas]
