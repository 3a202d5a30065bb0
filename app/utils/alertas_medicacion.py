"""El motor de alertas: pasa las reglas de la organización, que son datos, por lo que se quiere dar."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.utils import reglas_linea, reglas_paciente, reglas_tratamiento
from app.utils.medicacion import Alerta, Gravedad, Hallazgo, Linea, Regla, Situacion


class TipoRegla(StrEnum):
    """Qué comprueba una regla; de él dependen sus parámetros."""

    CONTRAINDICACION = "contraindicacion"
    CONVIVENCIA = "convivencia"
    MDR1 = "mdr1"
    INTERACCION = "interaccion"
    REPETICION = "repeticion"
    ESTADO = "estado"
    EDAD_PESO = "edad_peso"
    ALERGIA = "alergia"
    PAUTA = "pauta"
    DUPLICIDAD = "duplicidad"
    PESO = "peso"
    FUERA_DE_FICHA = "fuera_de_ficha"
    ANTIBIOTICO = "antibiotico"
    SIN_ESPERA = "sin_espera"
    LOTE_CADUCADO = "lote_caducado"


DeLinea = Callable[[Situacion, Linea, Mapping[str, Any]], Hallazgo | None]
DE_LINEA: dict[str, DeLinea] = {
    TipoRegla.CONTRAINDICACION: reglas_paciente.contraindicacion,
    TipoRegla.CONVIVENCIA: reglas_paciente.convivencia,
    TipoRegla.MDR1: reglas_paciente.mdr1,
    TipoRegla.INTERACCION: reglas_tratamiento.interaccion,
    TipoRegla.REPETICION: reglas_tratamiento.repeticion,
    TipoRegla.ESTADO: reglas_paciente.estado,
    TipoRegla.EDAD_PESO: reglas_paciente.edad_peso,
    TipoRegla.ALERGIA: reglas_paciente.alergia,
    TipoRegla.PAUTA: reglas_linea.pauta,
    TipoRegla.DUPLICIDAD: reglas_tratamiento.duplicidad,
    TipoRegla.FUERA_DE_FICHA: reglas_linea.fuera_de_ficha,
    TipoRegla.ANTIBIOTICO: reglas_linea.antibiotico,
    TipoRegla.SIN_ESPERA: reglas_linea.sin_espera,
    TipoRegla.LOTE_CADUCADO: reglas_linea.lote_caducado,
}
_ORDEN = {Gravedad.BLOQUEO: 0, Gravedad.GRAVE: 1, Gravedad.AVISO: 2}


def evaluar(situacion: Situacion, reglas: Iterable[Regla]) -> list[Alerta]:
    """Todo lo que las reglas dicen, de más a menos grave; lo del peso, una vez y no por línea."""
    alertas = {alerta: None for regla in reglas for alerta in _aplicar(situacion, regla)}
    return sorted(alertas, key=lambda una: (_ORDEN[Gravedad(una.gravedad)], una.codigo, una.linea or 0))


def _aplicar(situacion: Situacion, regla: Regla) -> Iterator[Alerta]:
    if regla.tipo == TipoRegla.PESO:
        if situacion.lineas and (hallazgo := reglas_paciente.peso(situacion, regla.parametros)):
            yield _alerta(regla, hallazgo, None)
        return
    for linea in situacion.lineas:
        if hallazgo := DE_LINEA[regla.tipo](situacion, linea, regla.parametros):
            yield _alerta(regla, hallazgo, linea.posicion)


def _alerta(regla: Regla, hallazgo: Hallazgo, linea: int | None) -> Alerta:
    return Alerta(
        codigo=regla.codigo,
        gravedad=regla.gravedad,
        mensaje=regla.mensaje,
        linea=linea,
        principio=hallazgo.principio,
        categoria_ema=hallazgo.categoria_ema,
        razon=hallazgo.razon,
        limite=hallazgo.limite,
        unidad=hallazgo.unidad,
    )
