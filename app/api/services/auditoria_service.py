"""Leer la auditoría y comprobar que nadie la ha tocado."""

from typing import Any

from sqlalchemy import and_, func, select

from app.api.models.integracion import Integracion
from app.api.models.usuario import Usuario
from app.api.schemas.auditoria_schema import AuditoriaFiltro
from app.config.permissions import Alcance, Permiso
from app.utils.audit import auditoria, auditoria_cadenas
from app.utils.context import identidad, organizacion_id
from app.utils.filters import between_days, matching
from app.utils.pagination import Page, paginate
from app.utils.records import first

# De estas tablas se ve qué cambió y cuándo, no lo escrito; de las demás, todo.
CLINICOS = frozenset(
    {
        "adjuntos", "administraciones", "consultas", "constantes", "diagnosticos", "enmiendas", "lineas_receta",
        "problemas", "recetas",
    }
)  # fmt: skip
A_LA_VISTA = ("_id", "_en")
TAPADO = "***"
_COLUMNAS = [columna for columna in auditoria.c if columna.key not in ("huella", "huella_anterior")]


def listar(filtro: AuditoriaFiltro) -> Page:
    """Los asientos de la organización, del último al primero."""
    # No es una entidad: el filtro por organización del ORM no la alcanza y se dice aquí.
    consulta = (
        select(*_COLUMNAS, func.coalesce(Usuario.nombre, Integracion.nombre).label("quien_nombre"))
        .where(auditoria.c.organizacion_id == organizacion_id())
        .outerjoin(Usuario, _es(Usuario))
        .outerjoin(Integracion, _es(Integracion))
    )
    donde = matching(auditoria.c, filtro, "recurso", "recurso_id", "quien", "accion")
    donde += between_days(auditoria.c.en, filtro.desde, filtro.hasta)
    pagina = paginate(consulta, filtro, {"numero": auditoria.c.numero}, "-numero", auditoria.c.id, *donde)
    if identidad().alcance(Permiso.CONSULTAS_LEER) is Alcance.NADA:
        return pagina.mapear(_sin_lo_clinico)
    return pagina


def _sin_lo_clinico(fila: Any) -> dict[str, Any]:
    """El asiento sin lo que se escribió en una historia: quien no puede leerla tampoco la lee por aquí."""
    asiento: dict[str, Any] = fila._asdict()
    if asiento["recurso"] in CLINICOS or asiento["accion"] == "justificar_alertas":
        asiento["cambios"] = {
            campo: valores if campo == "estado" or campo.endswith(A_LA_VISTA) else [TAPADO, TAPADO]
            for campo, valores in asiento["cambios"].items()
        }
    return asiento


def verificar() -> dict[str, Any]:
    """Recalcula la cadena entera y dice dónde se rompe, si se rompe."""
    roto = first(select(func.auditoria_primer_eslabon_roto().table_valued("numero", "id").render_derived()))
    cabeza = first(
        select(auditoria_cadenas.c.numero, auditoria_cadenas.c.huella).where(
            auditoria_cadenas.c.organizacion_id == organizacion_id()
        )
    )
    return {
        "integra": roto is None,
        "primer_eslabon_roto": roto.id if roto else None,
        "numero": roto.numero if roto else None,
        "asientos": cabeza.numero if cabeza else 0,
        "huella": cabeza.huella.hex() if cabeza else None,
    }


def _es(modelo: type[Usuario] | type[Integracion]) -> Any:
    return and_(modelo.organizacion_id == auditoria.c.organizacion_id, modelo.id == auditoria.c.quien)
