"""Los parámetros que cada organización o sede puede cambiar, con su valor por defecto."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Ambito(StrEnum):
    """Hasta dónde se puede afinar un parámetro."""

    ORGANIZACION = "organizacion"
    SEDE = "sede"


@dataclass(frozen=True, slots=True)
class Parametro:
    """Un parámetro: valor por defecto, límites y ámbito más fino en que se puede fijar."""

    defecto: Any
    ambito: Ambito = Ambito.ORGANIZACION
    minimo: int | None = None
    maximo: int | None = None
    opciones: tuple[str, ...] = ()


S = Ambito.SEDE
# fmt: off
PARAMETROS: dict[str, Parametro] = {
    "granularidad_agenda_min":          Parametro(5, S, 1, 60),
    "tolerancia_no_presentado_min":     Parametro(15, S, 0, 240),
    "caducidad_solicitud_h":            Parametro(24, S, 1, 720),
    "caducidad_oferta_espera_h":        Parametro(2, S, 1, 168),
    "antelacion_min_cancelacion_h":     Parametro(24, S, 0, 720),
    "buffers_compartidos":              Parametro(False, S),
    "peso_caduca_dias_cachorro":        Parametro(7, minimo=1, maximo=365),
    "peso_caduca_dias_adulto":          Parametro(30, minimo=1, maximo=365),
    "variacion_peso_aviso_pct":         Parametro(10, minimo=1, maximo=100),
    "lavado_aine_corticoide_dias":      Parametro(7, minimo=0, maximo=60),
    "ivermectina_preventiva_max_ug_kg": Parametro(12, minimo=1, maximo=100),
    "lepto_caducidad_meses":            Parametro(18, minimo=1, maximo=60),
    "refuerzo_adulto_meses":            Parametro(12, minimo=1, maximo=60),
    "clientes_compartidos_entre_sedes": Parametro(True),
    "limite_rectificacion_recepcion":   Parametro(Decimal("300.00")),
    "metodo_impuesto":                  Parametro(
        "segun_territorio", S, opciones=("segun_territorio", "por_grupo", "por_linea")
    ),
    "plazo_pago_dias":                  Parametro(0, minimo=0, maximo=365),
    "redondeo_efectivo":                Parametro(0, S, 0, 1000),
    "permitir_stock_negativo":          Parametro(False, S),
    "aviso_caducidad_dias":             Parametro(60, S, 0, 365),
    "ventana_kardex_min":               Parametro(30, S, 1, 240),
    "franja_envios":                    Parametro("09:00-21:00", S),
    "consentimiento_caduca_dias":       Parametro(30, minimo=1, maximo=365),
    "conservacion_clinica_anios":       Parametro(5, minimo=1, maximo=30),
    "conservacion_facturas_anios":      Parametro(6, minimo=1, maximo=30),
    "conservacion_auditoria_anios":     Parametro(5, minimo=1, maximo=30),
    "validaciones_pais":                Parametro("segun_pais", opciones=("segun_pais", "activas", "desactivadas")),
    "acceso_excepcional_dias":          Parametro(90, minimo=1, maximo=365),
    "exigir_doble_factor_roles":        Parametro(("administrador",)),
    "rangos_constantes":                Parametro({}),
    "edicion_horario_propio":           Parametro(True, S),
}
# fmt: on


def valor(nombre: str, config_organizacion: dict[str, Any], config_sede: dict[str, Any] | None = None) -> Any:
    """El valor vigente: el de la sede, si se fijó; si no, el de la organización; si no, el de fábrica."""
    parametro = PARAMETROS[nombre]
    if parametro.ambito is S and config_sede and nombre in config_sede:
        return config_sede[nombre]
    return config_organizacion.get(nombre, parametro.defecto)
