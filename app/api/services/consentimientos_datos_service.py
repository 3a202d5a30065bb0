"""Los consentimientos de datos: se añaden y nunca se cambian; vale el último de cada finalidad."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.api.models.cliente import BaseLegal, Canal, CanalConsentimiento, Cliente, ConsentimientoDatos, Finalidad
from app.api.schemas.consentimiento_datos_schema import ConsentimientoDatosCrear, ConsentimientoDatosFiltro
from app.api.services.clientes_service import exigir_abierto
from app.utils.context import identidad
from app.utils.pagination import paginate
from app.utils.records import Reread, add, columns, fetch, find, rows

# Por dónde se puede enviar algo: «ninguno» es una preferencia, no un canal.
CANALES = tuple(canal for canal in Canal if canal is not Canal.NINGUNO)


def listar(cliente_id: UUID, filtro: ConsentimientoDatosFiltro) -> dict[str, Any]:
    """La historia de un cliente, de lo último a lo primero, y lo que vale hoy."""
    cliente = fetch(select(Cliente.preferencias).where(Cliente.id == cliente_id))
    consulta = select(*columns(ConsentimientoDatos)).where(ConsentimientoDatos.cliente_id == cliente_id)
    if filtro.finalidad:
        consulta = consulta.where(ConsentimientoDatos.finalidad == filtro.finalidad)
    pagina = paginate(consulta, filtro, {"en": ConsentimientoDatos.en}, "-en", ConsentimientoDatos.id)
    ultimos = _ultimos(cliente_id)
    return {
        "datos": pagina.datos,
        "siguiente": pagina.siguiente,
        "vigentes": [
            {"finalidad": cual, "otorgado": ultimos[cual].otorgado, "en": ultimos[cual].en}
            if cual in ultimos
            else {"finalidad": cual, "otorgado": False, "en": None}
            for cual in Finalidad
        ],
        "canales_marketing": _canales(ultimos, cliente.preferencias),
    }


def obtener(id: UUID) -> Any:
    """Una manifestación del cliente."""
    return fetch(select(*columns(ConsentimientoDatos)).where(ConsentimientoDatos.id == id))


def crear(cliente_id: UUID, datos: ConsentimientoDatosCrear) -> Reread:
    """Anota que el cliente consintió o retiró; en el portal, él mismo."""
    cliente = exigir_abierto(find(Cliente, cliente_id))
    campos = datos.model_dump()
    if campos["base_legal"] is None:
        asistencia = datos.finalidad is Finalidad.ASISTENCIA
        campos["base_legal"] = BaseLegal.CONTRATO if asistencia else BaseLegal.CONSENTIMIENTO
    quien = identidad()
    if quien.es_cliente:
        campos["canal"] = CanalConsentimiento.PORTAL
    nuevo = add(ConsentimientoDatos(cliente_id=cliente.id, registrado_por=quien.id, **campos))
    return Reread(obtener, nuevo.id)


def vigente(cliente_id: UUID, finalidad: Finalidad) -> bool:
    """Si hoy consiente esa finalidad; quien no se ha pronunciado, no consiente."""
    ultimo = _ultimos(cliente_id).get(finalidad)
    return ultimo is not None and ultimo.otorgado


def canales_marketing(cliente_id: UUID) -> list[Canal]:
    """Por dónde se le puede enviar publicidad: con consentimiento vigente y sin oposición por ese canal."""
    cliente = fetch(select(Cliente.preferencias).where(Cliente.id == cliente_id))
    return _canales(_ultimos(cliente_id), cliente.preferencias)


def _ultimos(cliente_id: UUID) -> dict[Finalidad, Row[Any]]:
    consulta = (
        select(ConsentimientoDatos.finalidad, ConsentimientoDatos.otorgado, ConsentimientoDatos.en)
        .ext(distinct_on(ConsentimientoDatos.finalidad))
        .where(ConsentimientoDatos.cliente_id == cliente_id)
        .order_by(ConsentimientoDatos.finalidad, ConsentimientoDatos.en.desc(), ConsentimientoDatos.id.desc())
    )
    return {fila.finalidad: fila for fila in rows(consulta)}


def _canales(ultimos: dict[Finalidad, Row[Any]], preferencias: dict[str, Any]) -> list[Canal]:
    ultimo = ultimos.get(Finalidad.COMUNICACIONES_COMERCIALES)
    if ultimo is None or not ultimo.otorgado:
        return []
    dichas = preferencias.get("marketing", {})
    return [canal for canal in CANALES if dichas.get(canal.value) is not False]
