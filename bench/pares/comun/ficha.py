"""Lo que se deriva de una ficha: edad y avisos. Las mismas reglas que Servet."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from app.utils import microchip
from app.utils.edad import edad, meses_cumplidos

GESTACION = timedelta(days=75)
AVISOS = {
    "MDR1_RAZA_RIESGO": "Raza con posible sensibilidad a lactonas macrocíclicas",
    "PPP_POR_RAZA": "Raza potencialmente peligrosa en España: complete licencia y seguro",
    "SIN_IDENTIFICACION": "En España esta especie debe llevar identificación obligatoria y no consta",
    "GATO_SIN_ESTERILIZAR": "En España los gatos se esterilizan antes de los 6 meses, salvo reproductores registrados",
}


def edad_de(nacimiento: date | None, fallecimiento: date | None, precision: str | None, hoy: date) -> dict | None:
    """La edad hoy o, si murió, la que tenía."""
    if nacimiento is None:
        return None
    return asdict(edad(nacimiento, max(fallecimiento or hoy, nacimiento), precision or "exacta"))


def chip(codigo: str | None) -> tuple[dict | None, list[dict]]:
    """Lo que dice el prefijo del microchip y sus avisos."""
    if not codigo:
        return None, []
    uno = microchip.Microchip(codigo)
    return asdict(microchip.detalle(uno)), [{"codigo": a.codigo, "mensaje": a.mensaje} for a in microchip.avisos(uno)]


def reciente(desde: date | None, hoy: date) -> bool:
    """Si una gestación o lactancia sigue vigente."""
    return desde is not None and hoy - desde <= GESTACION


def avisos(p: Any, identificacion: str | None, raza_mdr1: str | None, raza_ppp: bool | None, pais: str, config: dict,
           hoy: date) -> list[dict]:
    """De qué conviene avisar; ``p`` tiene los campos del paciente."""
    salida = []
    if raza_mdr1 and p.mdr1 == "no_testado":
        salida.append("MDR1_RAZA_RIESGO")
    legales = pais == "ES" and config.get("validaciones_pais", "segun_pais") != "desactivadas"
    if legales and p.estado not in ("fallecido", "fusionado"):
        if raza_ppp and p.ppp is None:
            salida.append("PPP_POR_RAZA")
        anillado = any(uno["tipo"] == "anilla" for uno in p.identificadores)
        if (identificacion == "microchip" and p.microchip is None) or (identificacion == "anilla" and not anillado):
            salida.append("SIN_IDENTIFICACION")
        nacido = p.fecha_nacimiento
        meses = meses_cumplidos(nacido, hoy) if nacido and nacido <= hoy else 0
        if p.especie == "gato" and p.esterilizado != "si" and meses >= 6:
            salida.append("GATO_SIN_ESTERILIZAR")
    return [{"codigo": codigo, "mensaje": AVISOS[codigo]} for codigo in salida]
