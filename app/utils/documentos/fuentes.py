"""La letra de los documentos: Open Sans, con todas las tildes de Europa, el griego y el cirílico."""

import os
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from app.config.settings import get_settings

FAMILIA = "OpenSans"
_PAQUETE = "fontpkg_open_sans"
_PESOS = {"": 400, "B": 700}
# Latín entero, griego, cirílico, puntuación, superíndices, monedas y los pocos signos que se usan.
_LETRAS = [
    *range(0x20, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000), *range(0x2010, 0x2060), *range(0x2070, 0x2090),
    *range(0x20A0, 0x20C0), 0x2116, 0x2122, 0x2212, 0x2264, 0x2265,
]  # fmt: skip


@cache
def fuentes() -> dict[str, Path]:
    """El fichero de cada estilo: el paquete trae una fuente variable, y el PDF necesita una por peso.

    Se hacen una vez por instalación (medio segundo) y quedan en ``SERVET_DATOS/fuentes``.
    """
    carpeta = get_settings().datos.resolve() / "fuentes" / version("fontpkg-open-sans")
    caminos = {estilo: carpeta / f"{FAMILIA}-{peso}.ttf" for estilo, peso in _PESOS.items()}
    if not all(camino.exists() for camino in caminos.values()):
        carpeta.mkdir(parents=True, exist_ok=True)
        for estilo, camino in caminos.items():
            # Otro proceso puede estar haciendo lo mismo: cada uno escribe el suyo y el último queda, entero.
            temporal = camino.with_name(f"{uuid4().hex}.ttf")
            _una_sola(_PESOS[estilo]).save(temporal)
            os.replace(temporal, camino)
    return caminos


def _una_sola(peso: int) -> TTFont:
    with (files(_PAQUETE) / "files" / "OpenSans[wdth,wght].ttf").open("rb") as fichero:
        # Sin sellos de hora: la misma letra da siempre los mismos bytes.
        letra = TTFont(fichero, recalcTimestamp=False, lazy=False)
    opciones = Options(layout_features=["kern"], notdef_outline=True)
    recorte = Subsetter(opciones)
    recorte.populate(unicodes=_LETRAS)
    recorte.subset(letra)
    return instantiateVariableFont(letra, {"wght": peso, "wdth": 100}, inplace=True)
