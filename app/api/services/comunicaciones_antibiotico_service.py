"""Comunicar los antibióticos: una línea por cada uno que se receta o se aplica, hasta que la autoridad acusa recibo."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.administracion import Administracion
from app.api.models.comunicacion_antibiotico import ComunicacionAntibiotico, EstadoComunicacion
from app.api.models.receta import LineaReceta, Receta, TipoDispensacion
from app.api.services.fichas_medicamento_service import FichaMedicamento
from app.utils.records import add, add_all, change_all, entities


def de_receta(receta: Receta, lineas: Sequence[Any], hay: Mapping[UUID, FichaMedicamento]) -> None:
    """Apunta lo que hay que comunicar de una receta que se acaba de emitir: una por antibiótico."""
    contenido = receta.contenido or {}
    suyas = [una for una in lineas if una.medicamento_id and hay[una.medicamento_id].antibiotico]
    comunes = {
        "sede_id": receta.sede_id,
        "veterinario_id": receta.veterinario_id,
        "fecha": receta.fecha_emision,
        "num_receta": receta.numero,
        "tipo_dispensacion": receta.tipo_dispensacion,
        "clase": receta.clase,
        "finalidad_antimicrobiana": receta.finalidad_antimicrobiana,
        "especie": contenido["animal"]["especie"],
        **_prescriptor(contenido["veterinario"]),
    }
    if suyas:
        add_all(
            ComunicacionAntibiotico(
                linea_receta_id=una.id, envases=una.envases, porcentaje_envase=una.porcentaje_envase, **comunes,
                **_medicamento(hay[una.medicamento_id]),
            )
            for una in suyas
        )  # fmt: skip


def de_administracion(hecha: Administracion, ficha: FichaMedicamento, firmante: Any, especie: str) -> None:
    """Apunta lo que hay que comunicar de un antibiótico puesto del botiquín, que no lleva número de receta."""
    iguales = (
        "sede_id", "veterinario_id", "fecha", "clase", "finalidad_antimicrobiana", "envases", "porcentaje_envase",
    )  # fmt: skip
    add(
        ComunicacionAntibiotico(
            administracion_id=hecha.id,
            tipo_dispensacion=TipoDispensacion.BOTIQUIN,
            especie=especie,
            prescriptor=firmante.nombre,
            num_colegiado=firmante.num_colegiado,
            **{campo: getattr(hecha, campo) for campo in iguales},
            **_medicamento(ficha),
        )
    )


def anular_de(receta_id: UUID) -> None:
    """Lo que aún no ha salido de una receta anulada ya no se comunica."""
    suyas = select(LineaReceta.id).where(LineaReceta.receta_id == receta_id)
    pendientes = select(ComunicacionAntibiotico).where(
        ComunicacionAntibiotico.linea_receta_id.in_(suyas),
        ComunicacionAntibiotico.estado == EstadoComunicacion.PENDIENTE,
    )
    filas = entities(pendientes.order_by(ComunicacionAntibiotico.id).with_for_update(), alcance=False)
    change_all(filas, lambda _: {"estado": EstadoComunicacion.ANULADA})


def _prescriptor(veterinario: Mapping[str, Any]) -> dict[str, Any]:
    return {"prescriptor": veterinario["nombre"], "num_colegiado": veterinario["num_colegiado"]}


def _medicamento(ficha: FichaMedicamento) -> dict[str, Any]:
    return {
        "medicamento": ficha.nombre,
        "num_registro": ficha.num_registro,
        "principios": [uno.nombre for uno in ficha.principios],
        "forma": ficha.forma,
        "formato": ficha.formato,
    }
