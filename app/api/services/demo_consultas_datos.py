"""Más de tres años de la historia de Luna, inventados: sólo tablas."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visita:
    """Una consulta de la demostración. ``terminos``: código del catálogo propio, certeza y si se publica."""

    dia: str
    tipo: str
    codigo: str
    motivo: str
    subjetivo: str
    objetivo: str
    plan: str
    recomendaciones: str
    peso: str
    temperatura: str
    frecuencia: int
    terminos: tuple[tuple[str, str, bool], ...] = ()
    valoracion: str | None = None
    hallazgo: tuple[str, str] | None = None


VISITAS = (
    Visita("2023-02-14", "preventiva", "M01", "Revisión anual", "Come y juega bien.", "Exploración sin hallazgos.",
           "Revisión en un año.", "Todo en orden. Vuelva en un año o antes si nota algo.", "16.800", "38.6", 92,
           (("D59", "definitivo", True),)),
    Visita("2023-06-02", "consulta", "M03", "Vómitos y diarrea desde ayer",
           "Dos vómitos y tres deposiciones blandas; comió de la basura.",
           "Abdomen blando, sin dolor. Hidratación normal.", "Antiemético inyectable y dieta blanda 72 horas.",
           "Pollo y arroz en cuatro tomas pequeñas durante tres días.", "16.700", "38.9", 104,
           (("D01", "presuntivo", True),)),
    Visita("2023-09-21", "consulta", "M11", "Sacude la cabeza", "Una semana sacudiendo la oreja derecha.",
           "Conducto derecho eritematoso con cerumen oscuro. Citología: levaduras.", "Limpieza y gotas dos semanas.",
           "Limpie el oído antes de las gotas, cada doce horas.", "17.000", "38.7", 96,
           (("D08", "definitivo", True),), hallazgo=("oidos", "Cerumen oscuro y eritema en el derecho")),
    Visita("2023-10-06", "revision", "M11", "Revisión del oído", "Ya no se rasca.", "Conducto limpio; citología bien.",
           "Alta.", "Puede dejar las gotas. Seque bien las orejas tras el baño.", "17.100", "38.5", 90,
           valoracion="Otitis resuelta."),
    Visita("2024-05-10", "consulta", "M10", "Se rasca mucho", "Picor en axilas y patas, peor desde abril.",
           "Eritema interdigital y axilar. Raspado negativo.", "Descartar pulgas y alimento; control al mes.",
           "Antiparasitario todos los meses y dieta de prueba ocho semanas.", "17.400", "38.6", 100,
           (("D09", "presuntivo", True), ("D10", "descartado", False)),
           hallazgo=("piel_pelo", "Eritema interdigital y axilar")),
    Visita("2024-06-12", "revision", "M10", "Revisión de la piel", "Mejora algo con la dieta; aún se lame las patas.",
           "Menos eritema. Prurito 5 sobre 10.", "Se instaura tratamiento crónico del picor.",
           "Dé el tratamiento a la misma hora. Avise si vomita.", "17.600", "38.5", 94,
           (("D09", "definitivo", True),), hallazgo=("piel_pelo", "Liquenificación leve en axilas")),
    Visita("2024-09-18", "revision", "M10", "Control del tratamiento crónico", "Sin prurito.", "Piel sin lesiones.",
           "Misma dosis; analítica en la próxima.", "Siga igual. La próxima visita, en ayunas.", "17.900", "38.6", 92,
           valoracion="Dermatitis atópica bien controlada."),
    Visita("2024-11-05", "preventiva", "M02", "Vacunación anual", "Sin novedades.", "Apta para vacunar.",
           "Trivalente y leptospira.", "Reposo hoy; puede estar algo decaída.", "18.000", "38.4", 88,
           valoracion="Sana; apta para vacunar."),
    Visita("2025-03-20", "urgencia", "M14", "Mordedura en el parque", "Otro perro la mordió hace una hora.",
           "Dos punciones de 1 cm en el muslo izquierdo, sin cuerpo extraño.", "Lavado, drenaje abierto y antibiótico.",
           "Collar isabelino diez días. Lave la herida dos veces al día.", "18.300", "39.5", 132,
           valoracion="Herida por mordedura, sin afectación profunda.",
           hallazgo=("musculoesqueletico", "Punciones en el muslo izquierdo")),
    Visita("2025-03-27", "revision", "M14", "Revisión de la herida", "Apetito normal.", "Cierra bien, sin secreción.",
           "Terminar el antibiótico.", "Puede quitar el collar en tres días.", "18.200", "38.6", 96,
           valoracion="Buena evolución."),
    Visita("2025-08-18", "preventiva", "M02", "Vacuna de la rabia", "Sin novedades.", "Exploración normal.",
           "Rabia.", "Reposo hoy.", "18.050", "38.5", 90, valoracion="Sana; apta para vacunar."),
    Visita("2025-11-04", "revision", "M10", "Control anual de la piel y vacunación", "Algún brote en otoño.",
           "Eritema leve interdigital.", "Mantener el tratamiento y leptospira.",
           "Dos semanas de champú calmante. Siga con el tratamiento diario.", "18.050", "38.6", 94,
           (("D09", "definitivo", True),), hallazgo=("piel_pelo", "Eritema leve interdigital")),
    Visita("2026-04-14", "revision", "M10", "Revisión de la piel", "Prurito 2 sobre 10 con medio comprimido al día.",
           "Piel sin lesiones. Ganglios normales.", "Seguir igual; analítica en otoño.",
           "Va muy bien. Siga igual y vuelva en otoño, en ayunas, para la analítica.", "18.300", "38.5", 90,
           (("D09", "definitivo", True),), valoracion="Dermatitis atópica controlada."),
    Visita("2026-11-10", "consulta", "M12", "Cojea de la mano derecha; vacuna y receta",
           "Cojea desde el domingo, después de correr por el monte. Prurito 2 sobre 10.",
           "Dolor leve a la extensión del carpo derecho, sin inestabilidad ni derrame. Piel sin lesiones.",
           "Antiinflamatorio cinco días y reposo; renovar el tratamiento de la piel; leptospira.",
           "Paseos cortos y con correa dos semanas. Si el viernes sigue cojeando, tráigala.", "18.400", "38.6", 92,
           (("D09", "definitivo", True),), valoracion="Esguince leve de carpo. Dermatitis atópica controlada.",
           hallazgo=("musculoesqueletico", "Dolor leve en el carpo derecho")),
)  # fmt: skip
# La consulta que lleva una enmienda, y cuál.
ENMIENDA = ("2025-08-18", "plan", "La vacuna se puso en el hombro derecho, no en el izquierdo.", "Error al transcribir")
PROBLEMA = ("2024-06-12", "D09", "Tratamiento diario; control cada seis meses")
# Paciente -> valoración y plan de la consulta que abrió su cita de la semana pasada.
DE_LA_SEMANA = {
    "luna": ("Contusión leve de la mano derecha.", "Reposo y revisión en diez días."),
    "thor": ("Sano; apto para vacunar.", "Rabia."),
    "kira": ("Enfermedad renal crónica, estable.", "Dieta renal y control en un mes."),
    "trasto": ("Sano.", "Desparasitar y empezar la vacunación."),
}
