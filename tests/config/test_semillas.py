"""Pruebas de los catálogos semilla y de su mapa para el registro de licencias."""

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from app.config import semillas
from app.config.catalogos_csv import CARPETA

DATOS = Path(__file__).resolve().parents[2].parent / "shared" / "datos"
con_datos = pytest.mark.skipif(not DATOS.is_dir(), reason="los datos reales de prueba no están en esta máquina")
MAPA = CARPETA.parent / "importaciones" / "licencias_mascotas.toml"


def _palabras(texto: str) -> list[str]:
    return texto.split()


PESOS = {
    "perro": "0.1 110", "gato": "0.05 15", "huron": "0.005 3", "conejo": "0.03 10", "cobaya": "0.05 2",
    "hamster": "0.002 0.3", "chinchilla": "0.03 1.2", "rata_raton": "0.002 1", "ave_psitacida": "0.01 2",
    "ave_paseriforme": "0.005 0.3", "gallina": "0.03 7", "quelonio": "0.005 100", "saurio": "0.002 20",
    "serpiente": "0.005 100", "pez_ornamental": "0.0005 30", "caballo": "15 1200", "bovino": "15 1500",
    "ovino": "1 200", "caprino": "0.5 150", "porcino": "0.5 400",
}  # fmt: skip
PERROS = _palabras(
    """mestizo labrador_retriever golden_retriever pastor_aleman pastor_belga_malinois pastor_blanco_suizo
border_collie collie pastor_australiano pastor_shetland bobtail whippet pastor_catalan perro_agua_espanol
mastin_espanol galgo_espanol podenco_ibicenco podenco_andaluz bodeguero_andaluz alano_espanol presa_canario
yorkshire_terrier chihuahua pomerania bichon_maltes bichon_frise shih_tzu lhasa_apso pequines carlino bulldog_frances
bulldog_ingles boston_terrier caniche schnauzer_miniatura teckel jack_russell west_highland pinscher_miniatura beagle
basset_hound cocker_ingles cocker_americano springer_ingles epagneul_breton setter_ingles pointer braco_aleman
weimaraner dalmata boxer doberman rottweiler pit_bull_terrier american_staffordshire staffordshire_bull_terrier
dogo_argentino fila_brasileiro tosa_inu akita_inu bull_terrier cane_corso gran_danes san_bernardo boyero_berna
husky_siberiano alaskan_malamute shar_pei chow_chow xoloitzcuintle perro_sin_pelo_peru"""
)
GATOS = _palabras(
    """comun_europeo domestico_pelo_corto domestico_pelo_largo siames persa exotico_pelo_corto maine_coon ragdoll
british_shorthair british_longhair bengali sphynx bosque_noruega azul_ruso abisinio somali burmes sagrado_birmania
angora_turco van_turco scottish_fold devon_rex cornish_rex oriental balines himalayo siberiano manx
americano_pelo_corto tonkines chartreux mau_egipcio savannah munchkin"""
)
PPP = _palabras(
    """rottweiler pit_bull_terrier american_staffordshire staffordshire_bull_terrier dogo_argentino fila_brasileiro
tosa_inu akita_inu"""
)
MDR1_CITADO = _palabras(
    """pastor_aleman pastor_blanco_suizo border_collie pastor_australiano pastor_shetland bobtail
whippet"""
)

# código: duración, antes, después, (V)eterinario (A)uxiliar (P)ortal (C)onfirmación (S)olape, sala, equipo
TIPOS_CITA = {
    "consulta_general": (20, 0, 5, "VP", "sala_consulta", None),
    "primera_visita": (30, 0, 5, "VP", "sala_consulta", None),
    "revision": (15, 0, 5, "VP", "sala_consulta", None),
    "vacunacion": (15, 0, 5, "VP", "sala_consulta", None),
    "desparasitacion_peso": (10, 0, 5, "AP", "sala_consulta", None),
    "urgencia": (30, 0, 0, "VS", None, None),
    "exoticos": (30, 0, 5, "VP", "sala_consulta", None),
    "especialidad": (45, 0, 5, "VPC", "sala_consulta", None),
    "cirugia_menor": (60, 10, 20, "VA", "quirofano", None),
    "cirugia_mayor": (120, 10, 20, "VA", "quirofano", None),
    "odontologia": (60, 10, 15, "VA", "quirofano", None),
    "ecografia": (30, 0, 5, "V", None, "ecografo"),
    "radiografia": (20, 0, 5, "A", None, "radiologia"),
    "extraccion_muestras": (10, 0, 5, "AP", None, None),
    "identificacion_pasaporte": (15, 0, 5, "VP", "sala_consulta", None),
    "peluqueria": (60, 0, 10, "P", "peluqueria", None),
    "domicilio": (45, 30, 30, "VPC", None, "domicilio_vehiculo"),
    "telefonica": (15, 0, 0, "VPS", None, None),
    "eutanasia": (45, 0, 30, "V", "sala_consulta", None),
}


def _codigo_de(nombre: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", nombre).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", ascii_).strip("_")


def _contraste_con_blanco(color: str) -> float:
    canales = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canales)
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)


def _leer_datos(fichero: str) -> list[dict[str, str]]:
    with (DATOS / fichero).open(encoding="utf-8", newline="") as origen:
        return list(csv.DictReader(origen))


@pytest.mark.parametrize("catalogo", ["especies", "razas", "tipos_cita"])
def test_los_codigos_son_unicos_ascii_y_cortos(catalogo: str) -> None:
    codigos = [fila.codigo for fila in getattr(semillas, catalogo)()]
    assert len(codigos) == len(set(codigos))
    assert [c for c in codigos if len(c) > 40 or not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", c)] == []


@pytest.mark.parametrize("fichero", ["especies.csv", "razas.csv", "tipos_cita.csv", "razas_en.csv"])
def test_los_ficheros_no_llevan_espacios_sobrantes_ni_columnas_de_mas(fichero: str) -> None:
    with (CARPETA / fichero).open(encoding="utf-8", newline="") as origen:
        filas = list(csv.reader(origen))
    assert {len(fila) for fila in filas} == {len(filas[0])}
    assert [celda for fila in filas for celda in fila if celda != " ".join(celda.split())] == []


def test_los_nombres_empiezan_en_mayuscula_y_no_gritan() -> None:
    nombres = [e.nombre for e in semillas.especies()] + [r.nombre for r in semillas.razas()]
    nombres += [t.nombre for t in semillas.tipos_cita()]
    assert [n for n in nombres if not n[0].isupper() or n.isupper()] == []


def test_fuente_y_estado_son_de_los_previstos() -> None:
    marcas = {(e.fuente, e.estado) for e in semillas.especies()} | {(r.fuente, r.estado) for r in semillas.razas()}
    assert marcas == {
        ("F4", "verificado"), ("F5", "verificado"), ("F33", "verificado"),
        ("NV", "por_revisar"), ("D", "orientativo"), ("FCI", "orientativo"),
    }  # fmt: skip


def test_las_especies_son_las_veinte_con_su_peso_de_aviso() -> None:
    esperado = {c: tuple(map(Decimal, p.split())) for c, p in PESOS.items()}
    assert {e.codigo: (e.peso_aviso_min_kg, e.peso_aviso_max_kg) for e in semillas.especies()} == esperado


def test_la_identificacion_obligatoria_es_microchip_o_anilla() -> None:
    obligatoria = {e.codigo: e.identificacion for e in semillas.especies() if e.fuente == "F4"}
    assert obligatoria == {
        "perro": "microchip", "gato": "microchip", "huron": "microchip",
        "ave_psitacida": "anilla", "ave_paseriforme": "anilla",
    }  # fmt: skip


def test_las_especies_de_produccion() -> None:
    por_valor = {v: {e.codigo for e in semillas.especies() if e.produccion == v} for v in ("si", "mixto", "no")}
    assert por_valor["si"] == {"gallina", "bovino", "ovino", "caprino"}
    assert por_valor["mixto"] == {"conejo", "caballo", "porcino"}
    assert len(por_valor["no"]) == 13


def test_las_razas_propias_son_71_de_perro_y_34_de_gato() -> None:
    propias = [(r.especie, r.codigo) for r in semillas.razas() if r.fuente != "FCI"]
    assert (len(PERROS), len(GATOS)) == (71, 34)
    assert sorted(propias) == sorted([("perro", c) for c in PERROS] + [("gato", c) for c in GATOS])


def test_las_razas_ppp_son_las_ocho_del_anexo() -> None:
    assert {r.codigo: r.fuente for r in semillas.razas() if r.ppp} == dict.fromkeys(PPP, "F5")


def test_las_razas_mdr1_distinguen_lo_documentado_de_lo_citado() -> None:
    esperado = {"collie": ("riesgo", "F33", "verificado")}
    esperado |= dict.fromkeys(MDR1_CITADO, ("citado", "NV", "por_revisar"))
    assert {r.codigo: (r.mdr1, r.fuente, r.estado) for r in semillas.razas() if r.mdr1} == esperado


def test_toda_raza_es_de_una_especie_y_solo_las_de_perro_tienen_talla() -> None:
    assert {r.especie for r in semillas.razas()} == {"perro", "gato"}
    con_talla = {r.codigo: r.talla for r in semillas.razas() if r.talla}
    assert set(con_talla) == set(PERROS)
    assert set(con_talla.values()) == {"XS", "P", "M", "G", "XL", "var"}


def test_el_codigo_de_las_razas_fci_sale_de_su_nombre() -> None:
    anadidas = [r for r in semillas.razas() if r.fuente == "FCI"]
    assert len(anadidas) == 293
    # La «å» se descompone sola; ninguna otra letra especial se pierde al pasar a ASCII.
    assert {r.codigo: _codigo_de(r.nombre) for r in anadidas} == {r.codigo: r.codigo for r in anadidas}


def test_un_numero_fci_solo_se_repite_entre_una_raza_y_su_variedad() -> None:
    codigos: dict[int, set[str]] = {}
    for raza in semillas.razas():
        if raza.numero_fci:
            codigos.setdefault(raza.numero_fci, set()).add(raza.codigo)
    assert {n: c for n, c in codigos.items() if len(c) > 1} == {
        15: {"pastor_belga", "pastor_belga_malinois"},
        97: {"spitz_aleman", "pomerania"},
    }
    assert {c for c in PERROS if c not in set().union(*codigos.values())} == {
        "mestizo", "podenco_andaluz", "alano_espanol", "pit_bull_terrier",
    }  # fmt: skip


@con_datos
def test_no_falta_ninguna_raza_fci_y_la_296_va_dentro_de_collie() -> None:
    oficiales = {int(f["numero_fci"]) for f in _leer_datos("razas_fci.csv")}
    assert len(oficiales) == 359
    assert oficiales - {r.numero_fci for r in semillas.razas()} == {296}


def test_los_tipos_de_cita_son_los_del_catalogo() -> None:
    leido = {}
    for t in semillas.tipos_cita():
        marcas = [t.requiere_veterinario, t.requiere_auxiliar, t.reservable_portal]
        marcas += [t.requiere_confirmacion, t.permite_solape]
        letras = "".join(letra for letra, puesta in zip("VAPCS", marcas, strict=True) if puesta)
        leido[t.codigo] = (
            t.duracion_min, t.buffer_antes_min, t.buffer_despues_min, letras, t.sala_tipo, t.equipo_tipo,
        )  # fmt: skip
    assert leido == TIPOS_CITA


def test_los_colores_son_distintos_y_legibles_con_texto_blanco() -> None:
    colores = [t.color for t in semillas.tipos_cita()]
    assert len(set(colores)) == 19
    assert [c for c in colores if not re.fullmatch(r"#[0-9A-F]{6}", c) or _contraste_con_blanco(c) < 4.5] == []


def test_cada_raza_inglesa_lleva_a_una_raza_de_su_especie() -> None:
    nuestras = {(r.especie, r.codigo) for r in semillas.razas()}
    equivalencias = semillas.razas_en()
    assert [e for e in equivalencias if (e.especie, e.raza) not in nuestras] == []
    assert len(equivalencias) == len({(e.especie, e.nombre_en) for e in equivalencias}) == 196


@pytest.mark.parametrize("dudosa", ["Akita", "Bulldog", "Terrier", "Retriever", "Domestic Medium Hair", "Miniature"])
def test_una_raza_inglesa_dudosa_no_tiene_equivalencia(dudosa: str) -> None:
    assert dudosa not in {e.nombre_en for e in semillas.razas_en()}


@con_datos
@pytest.mark.parametrize(
    ("columna", "cubiertas", "informadas"),
    [("Primary Breed", {"perro": 3074, "gato": 1235}, 5000), ("Secondary Breed", {"perro": 2064, "gato": 87}, 3221)],
)
def test_cobertura_del_registro_real_de_licencias(columna: str, cubiertas: dict[str, int], informadas: int) -> None:
    especie_de = tomllib.loads(MAPA.read_text(encoding="utf-8"))["valores"]["especie"]
    filas = [(especie_de[f["Species"]], f[columna]) for f in _leer_datos("licencias_mascotas.csv") if f[columna]]
    conocidas = {(e.especie, e.nombre_en) for e in semillas.razas_en()}
    assert Counter(especie for especie, raza in filas if (especie, raza) in conocidas) == cubiertas
    assert len(filas) == informadas


@con_datos
def test_el_mapa_de_licencias_nombra_columnas_que_existen_y_especies_nuestras() -> None:
    mapa = tomllib.loads(MAPA.read_text(encoding="utf-8"))
    filas = _leer_datos("licencias_mascotas.csv")
    assert set(mapa["columnas"].values()) <= set(filas[0])
    assert set(mapa["valores"]["especie"]) == {f["Species"] for f in filas}
    assert set(mapa["valores"]["especie"].values()) <= {e.codigo for e in semillas.especies()}
    assert (CARPETA / mapa["equivalencias"]["raza"]).is_file()
