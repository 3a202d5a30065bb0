"""Aquí se leen los catálogos semilla versionados; nada de lo que hay aquí toca la base de datos."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

VERSION_CATALOGOS = "1.2.0"
CARPETA = Path(__file__).resolve().parent / "catalogos"


@dataclass(frozen=True, slots=True)
class Especie:
    """Especie admitida, con los límites de peso que avisan de un tecleo.

    Unidades: pesos en kg.
    Forma: `produccion` es `si`, `no` o `mixto` (lo decide el animal).
    Fuente: catálogo de especies, dominio §5.1.
    """

    codigo: str
    nombre: str
    nombre_cientifico: str | None
    grupo: str
    produccion: str
    peso_aviso_min_kg: Decimal
    peso_aviso_max_kg: Decimal
    identificacion: str | None
    fuente: str
    estado: str


@dataclass(frozen=True, slots=True)
class Raza:
    """Raza de una especie, con sus marcas de riesgo farmacológico y legal.

    Forma: `talla` en `XS`, `P`, `M`, `G`, `XL`, `var`; `mdr1` en `riesgo`, `citado` o nada.
    Fuente: catálogos de razas, dominio §5.2 y §5.3; nomenclatura de la FCI.
    """

    codigo: str
    especie: str
    nombre: str
    talla: str | None
    mdr1: str | None
    ppp: bool
    numero_fci: int | None
    grupo_fci: str | None
    seccion_fci: str | None
    fuente: str
    estado: str


@dataclass(frozen=True, slots=True)
class TipoCita:
    """Tipo de cita con su duración, sus recursos y su trato en el portal.

    Unidades: duración y márgenes en minutos.
    Fuente: catálogo de tipos de cita, dominio §5.5.
    """

    codigo: str
    nombre: str
    duracion_min: int
    buffer_antes_min: int
    buffer_despues_min: int
    requiere_veterinario: bool
    requiere_auxiliar: bool
    sala_tipo: str | None
    equipo_tipo: str | None
    reservable_portal: bool
    requiere_confirmacion: bool
    permite_solape: bool
    color: str


@dataclass(frozen=True, slots=True)
class RazaEnIngles:
    """Nombre inglés de una raza y el código nuestro que le corresponde."""

    especie: str
    nombre_en: str
    raza: str


@dataclass(frozen=True, slots=True)
class Termino:
    """Motivo o diagnóstico del sistema propio; los motivos no se agrupan.

    Fuente: dominio §5.10, redacción propia.
    """

    codigo: str
    nombre: str
    grupo: str | None


@dataclass(frozen=True, slots=True)
class RangoConstante:
    """Intervalo normal de una constante en una especie, límites incluidos; nada es «sin límite por ese lado».

    Unidades: las de la constante (°C, lpm, rpm, s).
    Fuente: dominio §2.6.
    """

    especie: str
    magnitud: str
    minimo: Decimal | None
    maximo: Decimal | None
    fuente: str
    estado: str


def _filas(fichero: str) -> list[dict[str, str]]:
    with (CARPETA / fichero).open(encoding="utf-8", newline="") as origen:
        return list(csv.DictReader(origen))


def _si_no(valor: str) -> bool:
    # Una errata en la semilla debe romper la carga, no leerse como «no».
    return {"si": True, "no": False, "": False}[valor]


@cache
def especies() -> tuple[Especie, ...]:
    """Especies semilla, en el orden del catálogo.

    Fuente: `catalogos/especies.csv`.
    """
    return tuple(
        Especie(
            codigo=f["codigo"],
            nombre=f["nombre"],
            nombre_cientifico=f["nombre_cientifico"] or None,
            grupo=f["grupo"],
            produccion=f["produccion"],
            peso_aviso_min_kg=Decimal(f["peso_aviso_min_kg"]),
            peso_aviso_max_kg=Decimal(f["peso_aviso_max_kg"]),
            identificacion=f["identificacion"] or None,
            fuente=f["fuente"],
            estado=f["estado"],
        )
        for f in _filas("especies.csv")
    )


@cache
def razas() -> tuple[Raza, ...]:
    """Razas semilla: las propias de perro y gato y, detrás, el resto de la FCI.

    Fuente: `catalogos/razas.csv`.
    """
    return tuple(
        Raza(
            codigo=f["codigo"],
            especie=f["especie"],
            nombre=f["nombre"],
            talla=f["talla"] or None,
            mdr1=f["mdr1"] or None,
            ppp=_si_no(f["ppp"]),
            numero_fci=int(f["numero_fci"]) if f["numero_fci"] else None,
            grupo_fci=f["grupo_fci"] or None,
            seccion_fci=f["seccion_fci"] or None,
            fuente=f["fuente"],
            estado=f["estado"],
        )
        for f in _filas("razas.csv")
    )


@cache
def tipos_cita() -> tuple[TipoCita, ...]:
    """Tipos de cita semilla, en el orden del catálogo.

    Unidades: minutos.
    Fuente: `catalogos/tipos_cita.csv`.
    """
    return tuple(
        TipoCita(
            codigo=f["codigo"],
            nombre=f["nombre"],
            duracion_min=int(f["duracion_min"]),
            buffer_antes_min=int(f["buffer_antes_min"]),
            buffer_despues_min=int(f["buffer_despues_min"]),
            requiere_veterinario=_si_no(f["requiere_veterinario"]),
            requiere_auxiliar=_si_no(f["requiere_auxiliar"]),
            sala_tipo=f["sala_tipo"] or None,
            equipo_tipo=f["equipo_tipo"] or None,
            reservable_portal=_si_no(f["reservable_portal"]),
            requiere_confirmacion=_si_no(f["requiere_confirmacion"]),
            permite_solape=_si_no(f["permite_solape"]),
            color=f["color"],
        )
        for f in _filas("tipos_cita.csv")
    )


@cache
def razas_en() -> tuple[RazaEnIngles, ...]:
    """Equivalencias seguras de razas en inglés; lo dudoso no tiene fila.

    Fuente: `catalogos/razas_en.csv`.
    """
    return tuple(RazaEnIngles(f["especie"], f["nombre_en"], f["raza"]) for f in _filas("razas_en.csv"))


@cache
def motivos_consulta() -> tuple[Termino, ...]:
    """Motivos de consulta del sistema propio.

    Fuente: `catalogos/motivos_consulta.csv`.
    """
    return tuple(Termino(f["codigo"], f["nombre"], None) for f in _filas("motivos_consulta.csv"))


@cache
def diagnosticos() -> tuple[Termino, ...]:
    """Diagnósticos del sistema propio.

    Fuente: `catalogos/diagnosticos.csv`.
    """
    return tuple(Termino(f["codigo"], f["nombre"], f["grupo"]) for f in _filas("diagnosticos.csv"))


@cache
def rangos_constantes() -> tuple[RangoConstante, ...]:
    """Rangos normales de las constantes, por especie.

    Fuente: `catalogos/rangos_constantes.csv`.
    """
    return tuple(
        RangoConstante(
            especie=f["especie"],
            magnitud=f["magnitud"],
            minimo=Decimal(f["minimo"]) if f["minimo"] else None,
            maximo=Decimal(f["maximo"]) if f["maximo"] else None,
            fuente=f["fuente"],
            estado=f["estado"],
        )
        for f in _filas("rangos_constantes.csv")
    )


@dataclass(frozen=True, slots=True)
class Antigeno:
    """Contra qué se vacuna, en qué especies y con qué recomendación.

    Fuente: tipos de vacuna, dominio §5.4.
    """

    codigo: str
    nombre: str
    especies: list[str]
    clase: str
    fuente: str
    estado: str


@dataclass(frozen=True, slots=True)
class ProtocoloVacunal:
    """Calendario de una vacuna; lo que falta son los valores por defecto.

    Fuente: calendarios, dominio §2.7 y §3.6.
    """

    codigo: str
    nombre: str
    especies: list[str]
    clase: str
    tipo: str
    edad_min_semanas: int
    dosis_iniciales: int
    refuerzo_1_meses: int
    periodo_meses: int | None
    fuente: str
    estado: str
    notas: str | None


@dataclass(frozen=True, slots=True)
class RequisitoTerritorial:
    """Lo que un territorio exige de una vacuna.

    Fuente: notas legales de la rabia, dominio §2.7.
    """

    territorio: str
    especie: str
    protocolo: str
    obligatoria: bool
    edad_min_dias: int | None
    dosis_iniciales: int | None
    periodicidad_meses: int | None
    vigente_desde: date
    fuente: str
    estado: str
    notas: str | None


def _entero(valor: str) -> int | None:
    return int(valor) if valor else None


@cache
def antigenos() -> tuple[Antigeno, ...]:
    """Antígenos semilla, en el orden del catálogo.

    Fuente: `catalogos/antigenos.csv`.
    """
    return tuple(
        Antigeno(f["codigo"], f["nombre"], f["especies"].split(), f["clase"], f["fuente"], f["estado"])
        for f in _filas("antigenos.csv")
    )


@cache
def protocolos_vacunales() -> tuple[ProtocoloVacunal, ...]:
    """Protocolos vacunales semilla.

    Fuente: `catalogos/protocolos_vacunales.csv`.
    """
    return tuple(
        ProtocoloVacunal(
            codigo=f["codigo"],
            nombre=f["nombre"],
            especies=f["especies"].split(),
            clase=f["clase"],
            tipo=f["tipo"],
            edad_min_semanas=int(f["edad_min_semanas"]),
            dosis_iniciales=int(f["dosis_iniciales"]),
            refuerzo_1_meses=int(f["refuerzo_1_meses"]),
            periodo_meses=_entero(f["periodo_meses"]),
            fuente=f["fuente"],
            estado=f["estado"],
            notas=f["notas"] or None,
        )
        for f in _filas("protocolos_vacunales.csv")
    )


@cache
def requisitos_territoriales() -> tuple[RequisitoTerritorial, ...]:
    """Requisitos territoriales semilla, todos por revisar.

    Fuente: `catalogos/requisitos_territoriales.csv`.
    """
    return tuple(
        RequisitoTerritorial(
            territorio=f["territorio"],
            especie=f["especie"],
            protocolo=f["protocolo"],
            obligatoria=_si_no(f["obligatoria"]),
            edad_min_dias=_entero(f["edad_min_dias"]),
            dosis_iniciales=_entero(f["dosis_iniciales"]),
            periodicidad_meses=_entero(f["periodicidad_meses"]),
            vigente_desde=date.fromisoformat(f["vigente_desde"]),
            fuente=f["fuente"],
            estado=f["estado"],
            notas=f["notas"] or None,
        )
        for f in _filas("requisitos_territoriales.csv")
    )
