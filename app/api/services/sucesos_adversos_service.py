"""Los sucesos adversos: apuntarlos y saber cuándo vence su notificación."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models import alcance  # noqa: F401 - declara qué sucesos ve cada cual
from app.api.models.medicamento import Medicamento
from app.api.models.paciente import Paciente
from app.api.models.producto import Producto
from app.api.models.suceso_adverso import SucesoAdverso, TipoSuceso
from app.api.models.vacunacion import Vacunacion
from app.api.schemas.suceso_adverso_schema import SucesoCrear, SucesoEditar, SucesoFiltro
from app.api.services.firmantes_service import pedir_firmante
from app.api.services.pacientes_service import FechasIncoherentes, exigir_fecha
from app.api.services.sedes_service import pedir_sede_o_principal
from app.utils.errors import BusinessRule, NoEncontrado
from app.utils.filters import between_dates, matching
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, find, remove

PLAZO_FALTA_DE_EFICACIA = timedelta(days=15)  # F1 32.7
_ORDENES: dict[str, Any] = {"fecha": SucesoAdverso.fecha, "creado_en": SucesoAdverso.creado_en}


class SucesoSinProducto(BusinessRule):
    """Falta decir con qué producto fue."""


def listar(filtro: SucesoFiltro) -> Page:
    """Los sucesos que quien pide puede ver, del último al primero."""
    fila = SucesoAdverso
    donde = matching(fila, filtro, "paciente_id", "medicamento_id", "sede_id", "tipo")
    donde += between_dates(fila.fecha, filtro)
    if filtro.sin_notificar:
        donde.append(fila.fecha_notificacion.is_(None))
    return paginate(select(*columns(fila)).where(fila.activo), filtro, _ORDENES, "-fecha", fila.id, *donde)


def obtener(id: UUID) -> Any:
    """Un suceso."""
    return fetch(select(*columns(SucesoAdverso)).where(SucesoAdverso.id == id))


def crear(datos: SucesoCrear) -> Reread:
    """Apunta un suceso. Errores: ``ProfesionalSinColegiacion``, ``FechaFutura``, ``FechasIncoherentes``."""
    leer_firmante = pedir_firmante(datos.veterinario_id)
    leer_sede = pedir_sede_o_principal(datos.sede_id)
    suyos = ((Paciente, datos.paciente_id), (Medicamento, datos.medicamento_id), (Producto, datos.producto_id))
    pedidos = [ask(modelo, id) for modelo, id in suyos if id is not None]
    responsable, sede = leer_firmante(), leer_sede()
    for leer in pedidos:
        leer()
    campos = datos.model_dump() | {"sede_id": sede.id, "veterinario_id": responsable.id}
    if datos.vacunacion_id is not None:
        campos |= _de_la_dosis(find(Vacunacion, datos.vacunacion_id), datos)
    _comprobar(campos)
    return Reread(obtener, add(SucesoAdverso(**campos, fecha_limite=_limite(datos.tipo, datos.fecha))).id)


def editar(id: UUID, cambios: SucesoEditar) -> Reread:
    """Cambia los campos que vinieron; el plazo se vuelve a contar."""
    suceso = find(SucesoAdverso, id)
    nuevos = cambios.cambios()
    fin = {campo: nuevos.get(campo, getattr(suceso, campo)) for campo in (*_COHERENTES, "tipo")}
    _comprobar(fin)
    if fin["producto_texto"] is None and suceso.medicamento_id is None and suceso.producto_id is None:
        raise SucesoSinProducto(campo="/producto_texto")
    change(suceso, {**nuevos, "fecha_limite": _limite(fin["tipo"], fin["fecha"])})
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica de un suceso apuntado por error."""
    remove(find(SucesoAdverso, id))


def _de_la_dosis(dosis: Vacunacion, datos: SucesoCrear) -> dict[str, Any]:
    """De quién es, con qué y de qué lote, según la vacuna que lo causó. Errores: ``NoEncontrado`` si es de otro."""
    suyo = {"paciente_id": dosis.paciente_id, "producto_id": dosis.producto_id}
    if any(getattr(datos, campo) not in (None, valor) for campo, valor in suyo.items()):
        raise NoEncontrado(campo="/vacunacion_id")
    return {**suyo, "lote": datos.lote or dosis.lote}


_COHERENTES = ("fecha", "fecha_notificacion", "producto_texto")


def _comprobar(campos: dict[str, Any]) -> None:
    exigir_fecha("fecha", campos["fecha"])
    notificado = campos["fecha_notificacion"]
    if notificado is not None:
        exigir_fecha("fecha_notificacion", notificado)
        if notificado < campos["fecha"]:
            raise FechasIncoherentes("No puede ser anterior al suceso", campo="/fecha_notificacion")


def _limite(tipo: TipoSuceso, fecha: date) -> date | None:
    return fecha + PLAZO_FALTA_DE_EFICACIA if tipo is TipoSuceso.FALTA_EFICACIA else None
