"""Los catálogos semilla de las vacunas: antígenos, protocolos y requisitos territoriales. Nada toca la base."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.config.catalogos_csv import entero, filas, si_no


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


@cache
def antigenos() -> tuple[Antigeno, ...]:
    """Antígenos semilla, en el orden del catálogo.

    Fuente: `catalogos/antigenos.csv`.
    """
    return tuple(
        Antigeno(f["codigo"], f["nombre"], f["especies"].split(), f["clase"], f["fuente"], f["estado"])
        for f in filas("antigenos.csv")
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
            periodo_meses=entero(f["periodo_meses"]),
            fuente=f["fuente"],
            estado=f["estado"],
            notas=f["notas"] or None,
        )
        for f in filas("protocolos_vacunales.csv")
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
            obligatoria=si_no(f["obligatoria"]),
            edad_min_dias=entero(f["edad_min_dias"]),
            dosis_iniciales=entero(f["dosis_iniciales"]),
            periodicidad_meses=entero(f["periodicidad_meses"]),
            vigente_desde=date.fromisoformat(f["vigente_desde"]),
            fuente=f["fuente"],
            estado=f["estado"],
            notas=f["notas"] or None,
        )
        for f in filas("requisitos_territoriales.csv")
    )
