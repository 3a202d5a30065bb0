"""Las frases del calendario: qué regla decidió la fecha y por qué una dosis no cuenta."""

# Código (regla y, tras el punto, en qué punto de ella) -> frase.
REGLAS = {
    "3.espera_edad": "Aún no hay ninguna dosis que cuente: la primera se pone al cumplir {edad_min} semanas",
    "3.ya": "No hay ninguna dosis que cuente y ya tiene la edad: la primera se puede poner hoy",
    "3.sin_nacimiento": "No hay ninguna dosis que cuente y no consta cuándo nació: se trata como adulto y la primera se"
    " puede poner hoy",
    "4a.serie": "La serie de cachorro sigue abierta: falta una dosis a las {fin_serie} semanas o más; la siguiente,"
    " {intervalo} días después de la última",
    "4a.refuerzo_1": "La serie de cachorro está completa: el primer refuerzo se pone a las {refuerzo_1} semanas, y al"
    " menos {separacion} días después de la última",
    "4a.refuerzo": "Ya tiene la serie y el primer refuerzo: la siguiente, {meses} meses después de la última, según"
    " {segun}",
    "4b.serie": "Empezó con {fin_serie} semanas o más: hacen falta {dosis} dosis y lleva {puestas}; la siguiente,"
    " {intervalo} días después de la última",
    "4b.refuerzo_1_joven": "Empezó con {fin_serie} semanas o más y acabó antes de las {refuerzo_1}: el primer refuerzo"
    " se pone a esa edad, y al menos {separacion} días después de la última",
    "4b.refuerzo_1": "Empezó con {fin_serie} semanas o más y tiene sus {dosis} dosis: el primer refuerzo, {meses} meses"
    " después de la última",
    "4b.refuerzo": "Empezó con {fin_serie} semanas o más y ya tiene refuerzo: la siguiente, {meses} meses después de la"
    " última, según {segun}",
    "5.serie": "Hacen falta {dosis} dosis iniciales y lleva {puestas}: la siguiente, {intervalo} días después de la"
    " última",
    "5.refuerzo_1": "Tiene todas sus dosis iniciales: el primer refuerzo, {meses} meses después de la última",
    "5.refuerzo": "Ya tiene refuerzos: la siguiente, {meses} meses después de la última, según {segun}",
    "manual.fijada": "La fecha la fijó a mano el veterinario al registrar o revisar la última dosis",
}
DESCARTES = {
    "anulada": "No cuenta: está anulada",
    "edad_insuficiente": "No cuenta: se puso con {semanas} semanas y el protocolo pide {edad_min}",
    "intervalo_corto": "No cuenta: se puso {dias} días después de la anterior válida y hacen falta {intervalo_min}",
    "serie_caducada": "No cuenta: después pasaron más de {meses} meses sin otra dosis y la serie empieza de nuevo",
}
QUIEN_LO_DICE = {
    "protocolo": "el protocolo",
    "ficha_tecnica": "la ficha técnica de la vacuna",
    "territorio": "lo que exige el territorio",
    "refuerzo_1": "el plazo del primer refuerzo, porque ni la ficha técnica ni el territorio dicen otro",
}
