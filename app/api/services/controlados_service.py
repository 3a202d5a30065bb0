"""El libro de controlados: cada unidad que entra o sale, con el saldo que deja."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from app.api.models import alcance  # noqa: F401 - declara qué asientos ve cada cual
from app.api.models.controlado import (
    AsientoControlado,
    ObservacionesRequeridas,
    SaldoControladoNegativo,
    TestigoRequerido,
    TipoControlado,
)
from app.api.models.medicamento import Control, Medicamento
from app.api.models.paciente import Paciente
from app.api.models.usuario import EstadoUsuario, Usuario
from app.api.schemas.controlado_schema import AsientoCrear, AsientoFiltro, RecuentoCrear, RecuentoFiltro
from app.api.services.fichas_medicamento_service import FichaMedicamento, pedir_fichas
from app.api.services.pacientes_service import FechaFutura
from app.api.services.sedes_service import pedir_sede_o_principal
from app.config.permissions import Rol
from app.utils.contadores import pedir
from app.utils.context import hoy, quien
from app.utils.errors import BusinessRule
from app.utils.filters import between_dates, matching
from app.utils.pagination import Page, paginate
from app.utils.posologia import numero
from app.utils.records import Reread, add, columns, dato, fetch, find, one_of, rows

CERO = Decimal(0)
CON_TESTIGO = frozenset({TipoControlado.MERMA, TipoControlado.RECUENTO})
TESTIGOS = frozenset({Rol.VETERINARIO, Rol.AUXILIAR})  # recepción ni siquiera lee el libro
_ORDENES: dict[str, Any] = {"en": AsientoControlado.en, "asiento": AsientoControlado.asiento}


class MedicamentoNoControlado(BusinessRule):
    """Ese medicamento no está sometido a control especial."""


class CorreccionDistinta(BusinessRule):
    """Un contraasiento repite el medicamento, la sede, el tipo y la cantidad del que deshace."""


def listar(filtro: AsientoFiltro) -> Page:
    """Los asientos que quien pide puede ver, del último al primero."""
    fila = AsientoControlado
    donde = matching(fila, filtro, "sede_id", "medicamento_id", "paciente_id", "lote", "tipo")
    donde += between_dates(fila.fecha, filtro)
    return paginate(_lectura, filtro, _ORDENES, "-en", fila.id, *donde)


def listar_recuentos(filtro: RecuentoFiltro) -> Page:
    """Los recuentos, del último al primero."""
    return listar(AsientoFiltro(**filtro.model_dump(), tipo=[TipoControlado.RECUENTO]))


def obtener(id: UUID) -> Any:
    """Un asiento."""
    return fetch(_lectura, AsientoControlado.id == id)


def crear(datos: AsientoCrear) -> Reread:
    """Apunta una entrada o una salida, o deshace un asiento con su contrario.

    Errores: ``SaldoControladoNegativo``, ``TestigoRequerido``, ``MedicamentoNoControlado``, ``CorreccionDistinta``.
    """
    leer_sede, leer_ficha = pedir_sede_o_principal(datos.sede_id), _pedir_controlada(datos.medicamento_id)
    sede, suya = leer_sede(), leer_ficha()
    dia = datos.fecha or hoy(sede.zona_horaria)
    if dia > hoy(sede.zona_horaria):
        raise FechaFutura(campo="/fecha")
    if datos.paciente_id:
        find(Paciente, datos.paciente_id)
    _exigir_testigo(TipoControlado(datos.tipo), datos.testigo_id)
    if datos.corrige_id:
        _exigir_igual(datos, sede.id)
    campos = datos.model_dump(exclude={"sede_id", "medicamento_id", "tipo", "cantidad", "fecha"})
    hecho = apuntar(sede, suya.id, TipoControlado(datos.tipo), datos.cantidad, fecha=dia, **campos)
    return Reread(obtener, hecho.id)


def contar(datos: RecuentoCrear) -> dict[str, Any]:
    """Apunta un recuento y, si no coincide, el ajuste que deja el saldo en lo contado.

    Errores: ``TestigoRequerido``, ``ObservacionesRequeridas``, ``MedicamentoNoControlado``.
    """
    leer_sede, leer_ficha = pedir_sede_o_principal(datos.sede_id), _pedir_controlada(datos.medicamento_id)
    sede, suya = leer_sede(), leer_ficha()
    _exigir_testigo(TipoControlado.RECUENTO, datos.testigo_id)
    comunes = {"testigo_id": datos.testigo_id, "observaciones": datos.observaciones}
    recuento = apuntar(sede, suya.id, TipoControlado.RECUENTO, CERO, contado=datos.contado, **comunes)
    diferencia = recuento.diferencia or CERO
    hechos = [recuento.id]
    if diferencia:
        tipo = TipoControlado.ENTRADA if diferencia > 0 else TipoControlado.MERMA
        hechos.append(apuntar(sede, suya.id, tipo, abs(diferencia), recuento_id=recuento.id, **comunes).id)
    leidos = {fila.id: fila for fila in rows(_lectura, one_of(AsientoControlado.id, hechos))}
    return {"recuento": leidos[recuento.id], "ajuste": leidos[hechos[1]] if diferencia else None}


def apuntar(
    sede: Any, medicamento_id: UUID, tipo: TipoControlado, cantidad: Decimal, **campos: Any
) -> AsientoControlado:
    """Añade un asiento a la cadena de esa sede y ese medicamento, en la transacción en curso.

    El contador pone en fila a los que llegan a la vez: cada uno lee el saldo que dejó el anterior. Quien quiera
    apuntar varios en una transacción, por orden de medicamento. Errores: ``SaldoControladoNegativo``.
    """
    turno = pedir(f"controlados:{sede.id}:{medicamento_id}")
    anteriores = rows(_ultimo, alcance=False, sede_id=sede.id, medicamento_id=medicamento_id)
    asiento, anterior = turno(), anteriores.first()
    saldo_anterior = anterior.saldo if anterior else CERO
    entra = (tipo is TipoControlado.ENTRADA) == (campos.get("corrige_id") is None)
    variacion = cantidad if entra else -cantidad
    if saldo_anterior + variacion < 0:
        raise SaldoControladoNegativo(f"Quedan {numero(saldo_anterior)}", campo="/cantidad")
    if tipo is TipoControlado.RECUENTO:
        campos["diferencia"] = campos["contado"] - saldo_anterior
        if campos["diferencia"] and not campos["observaciones"]:
            raise ObservacionesRequeridas(campo="/observaciones")
    campos.setdefault("fecha", hoy(sede.zona_horaria))
    return add(
        AsientoControlado(
            sede_id=sede.id, medicamento_id=medicamento_id, tipo=tipo, cantidad=cantidad, variacion=variacion,
            asiento=asiento, asiento_anterior=asiento - 1 or None, saldo_anterior=saldo_anterior,
            saldo=saldo_anterior + variacion, **campos,
        )
    )  # fmt: skip


def _pedir_controlada(medicamento_id: UUID) -> Callable[[], FichaMedicamento]:
    """Pone en camino la ficha; que se lleve en el libro se exige al llamarlo. Errores: ``MedicamentoNoControlado``."""
    leer_fichas = pedir_fichas([medicamento_id])

    def exigir() -> FichaMedicamento:
        suya = leer_fichas()[medicamento_id]
        # Lo que está por revisar también se puede llevar en el libro: más vale apuntarlo.
        if not any(uno.control is not Control.NINGUNO for uno in suya.principios):
            raise MedicamentoNoControlado(campo="/medicamento_id")
        return suya

    return exigir


def _exigir_testigo(tipo: TipoControlado, testigo_id: UUID | None) -> None:
    if testigo_id is None:
        if tipo in CON_TESTIGO:
            raise TestigoRequerido(campo="/testigo_id")
        return
    testigo = find(Usuario, testigo_id)
    puede = testigo.estado is EstadoUsuario.ACTIVO and not TESTIGOS.isdisjoint(testigo.roles)
    if testigo_id == quien() or not puede:
        raise TestigoRequerido(campo="/testigo_id")


def _exigir_igual(datos: AsientoCrear, sede_id: UUID) -> None:
    """Que el contraasiento lo sea de ese asiento: los demás datos se escriben para que se vea qué se deshace."""
    otro = find(AsientoControlado, datos.corrige_id)  # type: ignore[arg-type]
    mismo = (otro.sede_id, otro.medicamento_id, otro.tipo.value, otro.cantidad)
    corregible = otro.corrige_id is None and otro.recuento_id is None
    if not corregible or mismo != (sede_id, datos.medicamento_id, datos.tipo, datos.cantidad):
        raise CorreccionDistinta(campo="/corrige_id")


@cache
def _ultimo() -> Any:
    fila = AsientoControlado
    consulta = select(fila.asiento, fila.saldo).where(
        fila.sede_id == dato("sede_id"), fila.medicamento_id == dato("medicamento_id")
    )
    return consulta.order_by(fila.asiento.desc()).limit(1)


@cache
def _lectura() -> Select[Any]:
    fila, ajuste = AsientoControlado, AsientoControlado.__table__.alias("ajuste")
    org = fila.organizacion_id
    return (
        select(
            *columns(fila), Medicamento.nombre.label("medicamento"), Medicamento.unidad_base.label("unidad"),
            ajuste.c.id.label("ajuste_id"),
        )
        .join(Medicamento, and_(Medicamento.organizacion_id == org, Medicamento.id == fila.medicamento_id))
        .outerjoin(ajuste, and_(ajuste.c.organizacion_id == org, ajuste.c.recuento_id == fila.id))
    )  # fmt: skip
