"""Los catálogos semilla comunes: especies, razas y tipos de cita. Nada de lo que hay aquí toca la base de datos."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from app.config.catalogos_csv import filas, si_no


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
        for f in filas("especies.csv")
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
            ppp=si_no(f["ppp"]),
            numero_fci=int(f["numero_fci"]) if f["numero_fci"] else None,
            grupo_fci=f["grupo_fci"] or None,
            seccion_fci=f["seccion_fci"] or None,
            fuente=f["fuente"],
            estado=f["estado"],
        )
        for f in filas("razas.csv")
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
            requiere_veterinario=si_no(f["requiere_veterinario"]),
            requiere_auxiliar=si_no(f["requiere_auxiliar"]),
            sala_tipo=f["sala_tipo"] or None,
            equipo_tipo=f["equipo_tipo"] or None,
            reservable_portal=si_no(f["reservable_portal"]),
            requiere_confirmacion=si_no(f["requiere_confirmacion"]),
            permite_solape=si_no(f["permite_solape"]),
            color=f["color"],
        )
        for f in filas("tipos_cita.csv")
    )


@cache
def razas_en() -> tuple[RazaEnIngles, ...]:
    """Equivalencias seguras de razas en inglés; lo dudoso no tiene fila.

    Fuente: `catalogos/razas_en.csv`.
    """
    return tuple(RazaEnIngles(f["especie"], f["nombre_en"], f["raza"]) for f in filas("razas_en.csv"))
