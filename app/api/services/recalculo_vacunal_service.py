"""Rehacer lo que cada dosis supone en sus protocolos cuando cambia algo de lo que depende."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, delete, literal, select

from app.api.models.paciente import Paciente
from app.api.models.producto import ProductoVacuna
from app.api.models.vacunacion import Vacunacion, VacunacionProtocolo
from app.api.services.calendario_service import RABIA, SIN_CALENDARIO, Calendario, dosis_de, protocolo_de, requisito_de
from app.utils.calendario_vacunal import proxima, validez_ue
from app.utils.records import AnyRow, dato, execute, insert_if_free, rows

DE_UNA_VEZ = 500
UNICA = "vacunaciones_protocolos_dosis_uq"


def rehacer(pacientes: Sequence[UUID], protocolo: str | None = None) -> None:
    """Vuelve a calcular las dosis de unos pacientes, ya bloqueados: se escriben todas de nuevo, o las del protocolo."""
    calendario = Calendario(pacientes, alcance=False, protocolo=protocolo)
    filas = [fila for suyo in calendario.protocolos for fila in _filas(suyo, calendario.puestas(suyo))]
    borrar = delete(VacunacionProtocolo).where(VacunacionProtocolo.paciente_id == any_(dato("ids", ARRAY(Uuid()))))
    if protocolo:
        borrar = borrar.where(VacunacionProtocolo.protocolo == protocolo)
    execute(borrar, ids=list(pacientes))
    insert_if_free(VacunacionProtocolo, filas, UNICA, VacunacionProtocolo.id)


def rehacer_los_de(protocolo: str) -> None:
    """Los pacientes con alguna dosis de ese protocolo, y sólo en él: los demás no dependen de lo suyo."""
    _todos(_con_vacuna().where(literal(protocolo) == any_(ProductoVacuna.protocolos)), protocolo)


def rehacer_los_del_producto(producto_id: UUID) -> None:
    """Los pacientes a los que se puso ese producto."""
    _todos(_con_vacuna().where(Vacunacion.producto_id == producto_id))


def rehacer_todos() -> None:
    """Los pacientes con alguna vacuna."""
    _todos(_con_vacuna())


def _con_vacuna() -> Select[Any]:
    return select(Vacunacion.paciente_id).join(ProductoVacuna, ProductoVacuna.producto_id == Vacunacion.producto_id)


def _todos(con_vacuna: Select[Any], protocolo: str | None = None) -> None:
    # Por orden de id, como quien bloquea varios: un alta que estuviera a medias se espera, y luego se ve.
    suyos = select(Paciente.id).where(Paciente.id.in_(con_vacuna)).order_by(Paciente.id).with_for_update()
    ids = [fila.id for fila in rows(suyos, alcance=False)]
    for desde in range(0, len(ids), DE_UNA_VEZ):
        rehacer(ids[desde : desde + DE_UNA_VEZ], protocolo)


def _filas(protocolo: AnyRow, puestas: list[AnyRow]) -> list[dict[str, Any]]:
    """Lo que supone cada dosis no anulada vista el día en que se puso; rige la última que cuenta."""
    datos = protocolo_de(protocolo), protocolo.fecha_nacimiento, requisito_de(protocolo)
    vivas = [una for una in puestas if una.anulado_en is None]
    filas = [_fila(protocolo, vivas[: n + 1], datos) for n in range(len(vivas))]
    que_cuentan = [fila for fila in filas if fila["numero_en_serie"]]
    if que_cuentan and protocolo.estado not in SIN_CALENDARIO:
        que_cuentan[-1]["rige"] = True
    if protocolo.codigo == RABIA:
        chip = protocolo.fecha_microchip if protocolo.microchip else None
        validez = validez_ue(datos[0], map(dosis_de, vivas), datos[1], chip, datos[2])
        for fila in filas:
            if suya := validez.get(fila["vacunacion_id"]):
                fila |= {"valida_ue_desde": suya.desde, "valida_ue_hasta": suya.hasta}
    return filas


def _fila(protocolo: AnyRow, hasta_ella: list[AnyRow], datos: Any) -> dict[str, Any]:
    una = hasta_ella[-1]
    calendario, nacimiento, requisito = datos
    toca = proxima(calendario, map(dosis_de, hasta_ella), nacimiento, una.fecha, requisito)
    valorada = toca.dosis[-1]
    cuenta = valorada.descarte is None
    return {
        "paciente_id": una.paciente_id,
        "vacunacion_id": una.id,
        "protocolo": protocolo.codigo,
        "numero_en_serie": valorada.numero,
        "descarte": valorada.descarte and valorada.descarte.codigo,
        "descarte_mensaje": valorada.descarte and valorada.descarte.mensaje,
        "fase_siguiente": toca.fase if cuenta else None,
        "fecha_proxima": toca.fecha if cuenta else None,
        "valida_ue_desde": None,
        "valida_ue_hasta": None,
        "rige": False,
    }
