"""Comprobaciones de un fármaco frente a cómo es el animal: especie, edad, peso, genética, estado y alergias."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.utils.decimales import entre, redondear
from app.utils.edad import meses_cumplidos
from app.utils.medicacion import AlergiaConocida, Animal, Hallazgo, Linea, Principio, Situacion
from app.utils.pautas import en_escala

Parametros = Mapping[str, Any]
MESES_CACHORRO = 6
CENTESIMA = Decimal("0.01")
MICROGRAMOS = Decimal(1000)
CON_MUTACION = frozenset({"portador", "afectado"})


def es_de(principio: Principio, p: Parametros) -> bool:
    """Si el principio es uno de los nombrados, o de uno de los grupos nombrados."""
    return bool(principio.codigos & set(p.get("principios", ())) or principio.grupos & set(p.get("grupos", ())))


def afectado(linea: Linea, p: Parametros) -> Principio | None:
    """El primer principio de la línea del que habla la regla, si la da por una de sus vías."""
    if p.get("vias") and linea.via not in p["vias"]:
        return None
    return next((uno for uno in linea.principios if es_de(uno, p)), None)


def contraindicacion(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Ese fármaco en esa especie, a cualquier dosis."""
    principio = afectado(linea, p)
    return Hallazgo(principio.codigo) if principio and _es_especie(situacion.animal, p) else None


def convivencia(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Ese fármaco, si en casa hay otra especie a la que daña."""
    hallazgo = contraindicacion(situacion, linea, p)
    return hallazgo if hallazgo and situacion.animal.convivientes & set(p["convive_con"]) else None


def edad_peso(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Ese fármaco en un animal demasiado joven o demasiado pequeño; lo que no consta no hace saltar la regla."""
    animal, hallazgo = situacion.animal, contraindicacion(situacion, linea, p)
    if hallazgo is None:
        return None
    if animal.peso and "peso_min_kg" in p and animal.peso.peso_kg < Decimal(p["peso_min_kg"]):
        return hallazgo
    return hallazgo if _es_joven(situacion, p) else None


def mdr1(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Una lactona macrocíclica por encima de la dosis preventiva en un animal que puede no tolerarla.

    Sin dosis, o si no es por kg, no se puede descartar: salta.
    """
    animal, principio = situacion.animal, afectado(linea, p)
    sensible = animal.mdr1 in CON_MUTACION or (animal.raza_mdr1 and animal.mdr1 == "no_testado")
    if principio is None or not sensible:
        return None
    limite = Decimal(situacion.parametros["ivermectina_preventiva_max_ug_kg"])
    if linea.dosis is None or not linea.unidad_dosis.endswith("g_kg"):
        return Hallazgo(principio.codigo, limite=limite, unidad="ug_kg")
    dosis = en_escala(linea.dosis, linea.unidad_dosis) * MICROGRAMOS
    if dosis <= limite:
        return None
    return Hallazgo(principio.codigo, razon=redondear(entre(dosis, limite), CENTESIMA), limite=limite, unidad="ug_kg")


def estado(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Ese fármaco en un animal gestante, lactante, deshidratado o con la creatinina alta, según diga la regla."""
    animal, principio = situacion.animal, afectado(linea, p)
    deshidratacion = animal.deshidratacion_pct
    presentes = {
        "gestante": animal.gestante,
        "lactante": animal.lactante,
        "deshidratado": deshidratacion is not None and deshidratacion >= Decimal(p["deshidratacion_min_pct"]),
        "creatinina_alta": animal.creatinina_alta,
    }
    return Hallazgo(principio.codigo) if principio and any(presentes[una] for una in p["condiciones"]) else None


def alergia(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Una alergia de esa gravedad al principio, a uno de sus componentes o a su grupo."""
    for principio in linea.principios:
        nombres = {normalizar(uno) for uno in (*principio.codigos, *principio.grupos, principio.nombre)}
        if any(_es_a(una, nombres) and una.gravedad in p["gravedades"] for una in situacion.animal.alergias):
            return Hallazgo(principio.codigo)
    return None


def peso(situacion: Situacion, p: Parametros) -> Hallazgo | None:
    """El peso falta, ya es viejo para la edad que tiene o no es de báscula."""
    vigente = situacion.animal.peso
    if vigente is None:
        return Hallazgo() if p["caso"] == "ausente" else None
    if p["caso"] == "no_bascula":
        return Hallazgo() if vigente.metodo != "bascula" else None
    if p["caso"] == "ausente":
        return None
    cachorro = _es_joven(situacion, {"edad_min_meses": MESES_CACHORRO})
    dias = situacion.parametros["peso_caduca_dias_cachorro" if cachorro else "peso_caduca_dias_adulto"]
    viejo = situacion.ahora - vigente.medido_en > timedelta(days=dias)
    return Hallazgo(limite=Decimal(dias), unidad="dias") if viejo else None


def normalizar(texto: str) -> str:
    """Sin tildes, en minúsculas y con guiones bajos: como se escriben los códigos."""
    sin_tildes = unicodedata.normalize("NFKD", texto).encode("ascii", "ignore").decode()
    return "_".join(sin_tildes.lower().replace("-", " ").split())


def _es_a(una: AlergiaConocida, nombres: set[str]) -> bool:
    return una.agente_tipo in ("principio_activo", "grupo") and normalizar(una.agente_ref) in nombres


def _es_especie(animal: Animal, p: Parametros) -> bool:
    return not p.get("especies") or animal.especie in p["especies"]


def _es_joven(situacion: Situacion, p: Parametros) -> bool:
    nacimiento = situacion.animal.nacimiento
    if nacimiento is None:
        return False
    # Quien pide puede estar en una zona donde aún es la víspera del nacimiento.
    hoy = max(nacimiento, situacion.hoy)
    if "edad_min_meses" in p:
        return meses_cumplidos(nacimiento, hoy) < int(p["edad_min_meses"])
    return "edad_min_semanas" in p and (hoy - nacimiento).days < 7 * int(p["edad_min_semanas"])
