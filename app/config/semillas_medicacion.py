"""Los catálogos semilla de medicación: principios activos con sus pautas y reglas de alerta. Nada toca la base."""

import json
from collections import defaultdict
from functools import cache
from typing import Any

from app.config.catalogos_csv import CARPETA, filas

_ENTEROS = ("intervalo_h", "duracion_max_dias", "edad_min_dias")


def _pauta(fila: dict[str, str]) -> dict[str, Any]:
    """Una pauta como se guarda: las dosis, como texto decimal."""
    salida: dict[str, Any] = {campo: valor or None for campo, valor in fila.items() if campo != "principio"}
    for campo in _ENTEROS:
        salida[campo] = int(fila[campo]) if fila[campo] else None
    salida["por_banda"] = {"si": True, "no": False}[fila["por_banda"]]
    salida["estado_validacion"] = salida.pop("estado")
    return salida


@cache
def principios_activos() -> tuple[dict[str, Any], ...]:
    """Principios activos semilla con sus pautas, en el orden del catálogo.

    Forma: los que no tienen dato verificado van sin pautas.
    Fuente: `catalogos/principios_activos.csv` y `catalogos/pautas.csv`, dominio §5.7.
    """
    pautas = defaultdict(list)
    for fila in filas("pautas.csv"):
        pautas[fila["principio"]].append(_pauta(fila))
    return tuple(
        {
            "codigo": f["codigo"],
            "nombre_dci": f["nombre_dci"],
            "grupo": f["grupo"] or None,
            "familia": f["familia"] or None,
            "componentes": f["componentes"].split(),
            "expresion": f["expresion"] or None,
            "categoria_ema": f["categoria_ema"] or None,
            "control": f["control"],
            "pautas": pautas.get(f["codigo"], []),
            "fuente": f["fuente"],
            "estado_validacion": f["estado"],
        }
        for f in filas("principios_activos.csv")
    )


@cache
def reglas_alerta() -> tuple[dict[str, Any], ...]:
    """Reglas de alerta semilla.

    Fuente: `catalogos/reglas_alerta.json`, dominio §3.4.
    """
    reglas = json.loads((CARPETA / "reglas_alerta.json").read_text("utf-8"))
    return tuple(
        {**{campo: valor for campo, valor in regla.items() if campo != "estado"}, "estado_validacion": regla["estado"]}
        for regla in reglas
    )
