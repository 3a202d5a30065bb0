"""Las piezas del banco que no necesitan medir nada."""

import random
from datetime import date
from pathlib import Path

from bench.ajustes import Organizacion, volumen
from bench.carga import laborables
from bench.medir import Ronda
from bench.muestras import errata
from bench.tabla import filas, guardar


def _ronda(por_segundo: float, cpu: float) -> Ronda:
    return Ronda(por_segundo, 1, 2, 3, 4, cpu, 0.5, 100, 0)


def test_una_errata_deja_la_palabra_casi_igual() -> None:
    azar = random.Random(1)
    for palabra in ("Luna", "Canela", "Estrella"):
        assert 0 <= len(palabra) - len(errata(palabra, azar)) <= 1


def test_los_laborables_saltan_los_domingos() -> None:
    assert laborables(date(2026, 11, 28), 2) == [date(2026, 11, 28), date(2026, 11, 30)]
    assert laborables(date(2026, 11, 30), 2, hacia=-1) == [date(2026, 11, 30), date(2026, 11, 28)]


def test_la_organizacion_es_siempre_la_misma() -> None:
    assert Organizacion("banco", volumen(1)).id == Organizacion("banco", volumen(0.05)).id
    assert Organizacion("banco", volumen(1)).sedes == 27


def test_las_razones_dicen_quien_gana() -> None:
    medidas = {
        "hola": {"hola": [_ronda(1000, 0.1)]},
        "detalle": {"servet": [_ronda(600, 1.0)] * 3, "fastapi": [_ronda(300, 2.0)] * 3},
    }
    servet, otro = filas(medidas, "detalle")
    assert servet[-3:] == ["", "", "10.00"]
    assert otro[-3:] == ["2.00", "0.50", "20.00"]


def test_cada_apartado_de_los_resultados_se_sustituye_solo(tmp_path: Path) -> None:
    ruta = tmp_path / "RESULTADOS.md"
    guardar(ruta, "uno", "## Uno\n\nviejo")
    guardar(ruta, "dos", "## Dos")
    guardar(ruta, "uno", "## Uno\n\nnuevo")
    texto = ruta.read_text("utf-8")
    assert "viejo" not in texto
    assert texto.index("nuevo") < texto.index("## Dos")
