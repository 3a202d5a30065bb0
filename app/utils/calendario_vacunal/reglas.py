"""Cuándo toca la siguiente según lo que ya hay puesto: reglas 3 a 6 del calendario."""

from datetime import date, timedelta
from typing import Any

from app.utils.calendario_vacunal.textos import QUIEN_LO_DICE, REGLAS
from app.utils.calendario_vacunal.tipos import Dosis, Motivo, Paso, Periodo, Protocolo, Requisito
from app.utils.edad import sumar_meses

PRIMOVACUNACION, REFUERZO_1, REFUERZO = "primovacunacion", "refuerzo_1", "refuerzo"
# Lo que separa el primer refuerzo de la última dosis de la serie, aunque ya tenga la edad (regla 4).
SEPARACION_DIAS = 28


def sin_dosis(protocolo: Protocolo, nacimiento: date | None, hoy: date) -> Paso:
    """Regla 3: la primera, en cuanto tenga la edad."""
    if nacimiento is None:
        return _paso(hoy, PRIMOVACUNACION, "3.sin_nacimiento")
    cumple = nacimiento + timedelta(weeks=protocolo.edad_min_semanas)
    if cumple > hoy:
        return _paso(cumple, PRIMOVACUNACION, "3.espera_edad", edad_min=protocolo.edad_min_semanas)
    return _paso(hoy, PRIMOVACUNACION, "3.ya")


def siguiente(protocolo: Protocolo, validas: list[Dosis], nacimiento: date | None, requisito: Requisito | None) -> Paso:
    """La que sigue a las que cuentan (al menos una), según de qué clase sea el protocolo."""
    periodo = periodo_de(protocolo, validas[-1], requisito)
    if protocolo.tipo == "dosis":
        return _por_dosis(protocolo, validas, requisito, periodo)
    # Sin fecha de nacimiento se trata como adulto: cualquier dosis lo es.
    if nacimiento is None or validas[0].fecha >= _semanas(nacimiento, protocolo.fin_serie_semanas):
        return _desde_adulto(protocolo, validas, nacimiento, periodo)
    return _desde_cachorro(protocolo, validas[-1].fecha, nacimiento, periodo)


def periodo_de(protocolo: Protocolo, ultima: Dosis, requisito: Requisito | None) -> Periodo:
    """Regla 6: el menor entre lo que dice el protocolo (o, si calla, la ficha técnica) y lo que exige el territorio."""
    posibles = []
    if protocolo.periodo_meses is not None:
        posibles.append(Periodo(protocolo.periodo_meses, "protocolo"))
    elif ultima.validez_meses is not None:
        posibles.append(Periodo(ultima.validez_meses, "ficha_tecnica"))
    if requisito and requisito.periodicidad_meses is not None:
        posibles.append(Periodo(requisito.periodicidad_meses, "territorio"))
    # Sin nadie que lo diga, lo prudente es no alargarlo.
    return min(posibles, key=lambda uno: uno.meses, default=Periodo(protocolo.refuerzo_1_meses, "refuerzo_1"))


def _desde_cachorro(protocolo: Protocolo, ultima: date, nacimiento: date, periodo: Periodo) -> Paso:
    """Regla 4a: empezó antes del fin de la serie."""
    # Las válidas van en orden: si la última no llega a una edad, ninguna llega.
    if ultima < _semanas(nacimiento, protocolo.fin_serie_semanas):
        return _otra_de_la_serie(protocolo, ultima, "4a.serie", fin_serie=protocolo.fin_serie_semanas)
    if ultima < _semanas(nacimiento, protocolo.refuerzo_1_semanas):
        return _refuerzo_joven(protocolo, ultima, nacimiento, "4a.refuerzo_1")
    return _refuerzo(ultima, "4a.refuerzo", periodo)


def _desde_adulto(protocolo: Protocolo, validas: list[Dosis], nacimiento: date | None, periodo: Periodo) -> Paso:
    """Regla 4b: empezó al fin de la serie o después."""
    ultima, puestas, dosis = validas[-1].fecha, len(validas), protocolo.dosis_adulto
    datos = {"fin_serie": protocolo.fin_serie_semanas, "dosis": dosis, "puestas": puestas}
    if puestas < dosis:
        return _otra_de_la_serie(protocolo, ultima, "4b.serie", **datos)
    if puestas > dosis:
        return _refuerzo(ultima, "4b.refuerzo", periodo, **datos)
    if nacimiento and ultima < _semanas(nacimiento, protocolo.refuerzo_1_semanas):
        return _refuerzo_joven(protocolo, ultima, nacimiento, "4b.refuerzo_1_joven")
    return _primer_refuerzo(ultima, protocolo.refuerzo_adulto_meses, "4b.refuerzo_1", **datos)


def _por_dosis(protocolo: Protocolo, validas: list[Dosis], requisito: Requisito | None, periodo: Periodo) -> Paso:
    """Regla 5: tantas dosis iniciales y luego refuerzos."""
    exigidas = requisito.dosis_iniciales if requisito else None
    dosis = max(protocolo.dosis_iniciales, exigidas or 1)
    ultima, puestas = validas[-1].fecha, len(validas)
    if puestas < dosis:
        return _otra_de_la_serie(protocolo, ultima, "5.serie", dosis=dosis, puestas=puestas)
    if puestas == dosis:
        return _primer_refuerzo(ultima, protocolo.refuerzo_1_meses, "5.refuerzo_1")
    return _refuerzo(ultima, "5.refuerzo", periodo)


def _otra_de_la_serie(protocolo: Protocolo, ultima: date, codigo: str, **datos: Any) -> Paso:
    dias = protocolo.intervalo_objetivo_dias
    return _paso(ultima + timedelta(days=dias), PRIMOVACUNACION, codigo, intervalo=dias, **datos)


def _refuerzo_joven(protocolo: Protocolo, ultima: date, nacimiento: date, codigo: str) -> Paso:
    fecha = max(_semanas(nacimiento, protocolo.refuerzo_1_semanas), ultima + timedelta(days=SEPARACION_DIAS))
    datos = {"refuerzo_1": protocolo.refuerzo_1_semanas, "fin_serie": protocolo.fin_serie_semanas}
    return _paso(fecha, REFUERZO_1, codigo, separacion=SEPARACION_DIAS, **datos)


def _primer_refuerzo(ultima: date, meses: int, codigo: str, **datos: Any) -> Paso:
    return _paso(sumar_meses(ultima, meses), REFUERZO_1, codigo, meses=meses, **datos)


def _refuerzo(ultima: date, codigo: str, periodo: Periodo, **datos: Any) -> Paso:
    fecha = sumar_meses(ultima, periodo.meses)
    return _paso(fecha, REFUERZO, codigo, meses=periodo.meses, segun=QUIEN_LO_DICE[periodo.segun], **datos)


def _semanas(nacimiento: date, semanas: int) -> date:
    return nacimiento + timedelta(weeks=semanas)


def _paso(fecha: date, fase: str, codigo: str, **datos: Any) -> Paso:
    return Paso(fecha, fase, Motivo(codigo, REGLAS[codigo], datos))
