"""Emitir una receta, que es firmarla y numerarla, y anularla."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.api.models.receta import EstadoReceta, Receta, Tratamiento
from app.api.services import comunicaciones_antibiotico_service as comunicaciones
from app.api.services.contenido_receta_service import es_de_produccion, pedir_contenido
from app.api.services.fichas_medicamento_service import FichaMedicamento, pedir_fichas
from app.api.services.firmantes_service import pedir_mi_firma
from app.api.services.lineas_receta_service import de_receta, exigir_alertas
from app.api.services.recetas_service import obtener, pedir_consulta, pedir_paciente, tomar
from app.utils import reglas_receta as reglas
from app.utils.audit import ocultando
from app.utils.contadores import codigo
from app.utils.context import ahora, hoy, identidad
from app.utils.edad import sumar_meses
from app.utils.errors import BusinessRule, TransicionInvalida
from app.utils.huellas import huella
from app.utils.records import Reread, change
from app.utils.schemas import Motivo
from app.utils.validez_recetas import Prescripcion, valida_hasta


class RecetaIncompleta(BusinessRule):
    """A la receta le faltan datos para emitirla."""


class PlazoExcedido(BusinessRule):
    """La receta no puede valer más de lo que dice la ley."""


class EstupefacienteMalRecetado(BusinessRule):
    """Un estupefaciente se receta solo, para un animal y por un mes como mucho."""


def emitir(id: UUID) -> Reread:
    """Firma la receta: comprueba que está todo, la numera y la congela.

    Errores: ``TransicionInvalida``, ``FirmanteNoAutorizado``, ``ProfesionalSinColegiacion``, ``RecetaIncompleta``,
    ``EstupefacienteMalRecetado``, ``PlazoExcedido`` y los de las alertas.
    """
    receta, _ = tomar(id)
    receta.exigir_accion("emision")
    leer_firmante = pedir_mi_firma(receta.veterinario_id)
    exigir_paciente = pedir_paciente(receta.paciente_id)
    exigir_consulta = pedir_consulta(receta.consulta_id, receta.paciente_id)
    lineas = de_receta(id)
    firmante = leer_firmante()
    exigir_paciente()
    exigir_consulta()
    leer_fichas = pedir_fichas({una.medicamento_id for una in lineas if una.medicamento_id})
    componer = pedir_contenido(receta)
    hay = leer_fichas()
    contenido = componer(lineas, hay, firmante)
    fecha = hoy(contenido["sede"]["zona_horaria"])
    contenido |= {"fecha_emision": str(fecha), "valida_hasta": None}
    rigen = reglas.vigentes(contenido["organizacion"]["pais"], fecha)
    plazo = _plazo(receta, rigen, fecha, _prescripcion(receta, lineas, hay, contenido))
    contenido["valida_hasta"] = str(plazo) if plazo else None
    _exigir_completa(receta, rigen, contenido, hay)
    _exigir_estupefacientes(receta, rigen, fecha, lineas, hay)
    vistas = exigir_alertas(receta, lineas)
    # El número, lo último: su contador queda bloqueado hasta el final y quien falle antes no lo gasta.
    contenido["numero"] = _numero(contenido)
    receta.pasar_por("emision")
    firma = _firma(firmante)
    with ocultando("contenido"):
        change(
            receta,
            {
                "numero": contenido["numero"], "fecha_emision": fecha, "emitida_en": ahora(), "valida_hasta": plazo,
                "contenido": contenido, "firma": firma, "huella": huella({**contenido, "firma": firma}),
            },
        )  # fmt: skip
    comunicaciones.de_receta(receta, lineas, hay)
    return Reread(obtener, id, vistas)


def anular(id: UUID, datos: Motivo) -> Reread:
    """Deja sin efecto una receta vigente de la que aún no se ha dispensado nada. Errores: ``TransicionInvalida``."""
    receta, sede = tomar(id)
    receta.exigir_accion("anulacion")
    if receta.valida_hasta is not None and receta.valida_hasta < hoy(sede.zona_horaria):
        raise TransicionInvalida(estado_actual=EstadoReceta.CADUCADA.value, acciones_permitidas=[])
    receta.pasar_por("anulacion")
    change(receta, {"anulada_en": ahora(), "anulacion_motivo": datos.motivo})
    comunicaciones.anular_de(id)
    return Reread(obtener, id)


def _numero(contenido: Mapping[str, Any]) -> str:
    """Correlativo y sin huecos por prescriptor y sede: la serie es la sede y su número de colegiado."""
    serie = f"{contenido['sede']['codigo']}-{contenido['veterinario']['num_colegiado']}"
    return codigo(serie, f"receta:{serie}")


def _firma(firmante: Any) -> dict[str, Any]:
    return {
        "usuario_id": str(identidad().id),
        "veterinario_id": str(firmante.id),
        "veterinario": firmante.nombre,
        "num_colegiado": firmante.num_colegiado,
        "firmado_en": ahora().isoformat(),
    }


def _prescripcion(
    receta: Receta, lineas: Sequence[Any], hay: Mapping[UUID, FichaMedicamento], contenido: Mapping[str, Any]
) -> Prescripcion:
    return Prescripcion(
        tratamiento=receta.tratamiento,
        antimicrobiana=any(una.antibiotico for una in hay.values()),
        estupefaciente=any(una.estupefaciente for una in hay.values()),
        controlada=any(una.controlado for una in hay.values()),
        formula_magistral=any(una.formula_magistral for una in lineas),
        produccion=es_de_produccion(contenido),
    )


def _plazo(receta: Receta, rigen: reglas.ReglasReceta, fecha: date, que: Prescripcion) -> date | None:
    legal = valida_hasta(fecha, que) if rigen.plazos else None
    pedido = receta.valida_hasta
    if pedido is not None and (pedido < fecha or (legal is not None and pedido > legal)):
        raise PlazoExcedido(f"El último día posible es {legal}" if legal else "", campo="/valida_hasta")
    return pedido or legal


def _exigir_completa(
    receta: Receta, rigen: reglas.ReglasReceta, contenido: Mapping[str, Any], hay: Mapping[UUID, FichaMedicamento]
) -> None:
    condiciones = set()
    if any(una.antibiotico for una in hay.values()):
        condiciones.add(reglas.ANTIMICROBIANA)
    if es_de_produccion(contenido):
        condiciones.add(reglas.PRODUCCION)
    # El examen previo se perdona en lo crónico, lo preventivo y el seguimiento de un animal que no es de producción.
    if receta.tratamiento is Tratamiento.GENERAL or es_de_produccion(contenido):
        condiciones.add(reglas.SIN_EXAMEN_PREVIO)
    faltan = reglas.que_falta(rigen, contenido, frozenset(condiciones))
    if faltan:
        errores = [{"campo": campo, "codigo": "FALTA", "mensaje": mensaje} for campo, mensaje in faltan]
        raise RecetaIncompleta("Complete lo que falta y vuelva a emitirla", errores=errores)


def _exigir_estupefacientes(
    receta: Receta,
    rigen: reglas.ReglasReceta,
    fecha: date,
    lineas: Sequence[Any],
    hay: Mapping[UUID, FichaMedicamento],
) -> None:
    meses = rigen.estupefacientes_meses
    if meses is None or not any(una.estupefaciente for una in hay.values()):
        return
    if len(lineas) > 1:
        raise EstupefacienteMalRecetado("Recételo aparte de los demás medicamentos", campo="/lineas")
    if receta.paciente_id is None:
        raise EstupefacienteMalRecetado("Sólo se receta para un animal", campo="/grupo")
    dias = (sumar_meses(fecha, meses) - fecha).days
    if lineas[0].duracion_dias > dias:
        raise EstupefacienteMalRecetado(f"Como mucho, {dias} días", campo="/lineas/0/duracion_dias")
