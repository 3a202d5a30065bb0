"""Lo que se recetó y se puso a Luna en las visitas de la demostración: sólo tablas, con los campos de la API."""

from typing import Any

_OCLACITINIB = {"medicamento": "oclacitinib_16", "dosis": "0.44", "unidad_dosis": "mg_kg", "cantidad_por_toma": "0.5",
                "via": "oral"}  # fmt: skip
_MANTENIMIENTO = {**_OCLACITINIB, "intervalo_h": 24, "duracion_dias": 90}

# Día de la visita -> la receta que salió de ella.
RECETAS: dict[str, dict[str, Any]] = {
    "2023-09-21": {
        "indicacion": "Otitis externa por levaduras",
        "lineas": [
            {
                "formula_magistral": "Gotas óticas de miconazol al 2 %", "unidad": "gota", "cantidad_por_toma": "5",
                "via": "otica", "intervalo_h": 12, "duracion_dias": 14, "cantidad_total": "140", "envases": 1,
                "porcentaje_envase": "35",
            }
        ],
    },
    "2024-06-12": {
        "indicacion": "Prurito por dermatitis atópica",
        "advertencias": "Dar siempre a la misma hora. Si vomita, avise.",
        "lineas": [{**_OCLACITINIB, "intervalo_h": 12, "duracion_dias": 14}],
    },
    "2024-09-18": {
        "tratamiento": "cronico", "indicacion": "Dermatitis atópica, mantenimiento", "lineas": [_MANTENIMIENTO],
    },
    "2025-03-20": {
        "indicacion": "Herida por mordedura",
        "finalidad_antimicrobiana": "terapeutica",
        "justificacion_categoria": {
            "motivo": "Alérgica a penicilinas", "sin_prueba_motivo": "Herida reciente, aún sin secreción que cultivar",
        },
        "advertencias": "Dar con comida. Si le salen ronchas, deje de darlo y llámenos.",
        "lineas": [
            {
                "medicamento": "cefalexina_200", "dosis": "22", "unidad_dosis": "mg_kg", "cantidad_por_toma": "2",
                "via": "oral", "intervalo_h": 12, "duracion_dias": 7,
            }
        ],
    },
    "2025-11-04": {
        "tratamiento": "cronico", "indicacion": "Dermatitis atópica, mantenimiento", "lineas": [_MANTENIMIENTO],
    },
    "2026-04-14": {
        "tratamiento": "cronico", "indicacion": "Dermatitis atópica, mantenimiento", "lineas": [_MANTENIMIENTO],
    },
    "2026-11-10": {
        "tratamiento": "cronico",
        "indicacion": "Dermatitis atópica, mantenimiento; esguince leve de carpo",
        "advertencias": "Dé el antiinflamatorio siempre con comida.",
        "lineas": [
            _MANTENIMIENTO,
            {
                "medicamento": "meloxicam_1_5", "dosis": "0.1", "unidad_dosis": "mg_kg", "cantidad_por_toma": "1.2",
                "via": "oral", "intervalo_h": 24, "duracion_dias": 5,
            },
        ],
    },
}  # fmt: skip

# Día de la visita -> lo que se puso en ella.
ADMINISTRACIONES: dict[str, dict[str, Any]] = {
    "2023-06-02": {
        "medicamento": "maropitant_10", "cantidad": "1.6", "dosis": "1", "unidad_dosis": "mg_kg", "via": "subcutanea",
        "lote": "M-4412", "caducidad_lote": "2025-09-30", "indicacion": "Vómitos agudos",
    },
}  # fmt: skip
