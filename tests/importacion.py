"""Importar como lo hace quien lleva la consola: ensayar, leer la huella y aplicar."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from tests.factories import Clinica

MAPAS = Path(__file__).resolve().parents[1] / "app" / "config" / "importaciones"
MAPA = """
entidad = "pacientes"
titular_unico = { id_externo = "casa", tipo = "protectora", razon_social = "La casa", email = "casa@prueba.test" }
[columnas]
id_externo = "Ficha"
nombre = "Nombre"
especie = "Especie"
raza = "Raza"
microchip = "Chip"
fecha_nacimiento = "Nacido"
[formatos]
fecha_nacimiento = "%d/%m/%Y"
[fijos]
sexo = "desconocido"
esterilizado = "desconocido"
"""


@dataclass
class Salida:
    """Lo que dejó la orden: código de salida, textos e informe."""

    codigo: int
    texto: str
    errores: str
    informe: list[dict[str, str]]

    @property
    def huella(self) -> str:
        dicha = re.search(r"--aplicar ([0-9a-f]{16})", self.texto)
        assert dicha, (self.codigo, self.texto, self.errores)
        return dicha[1]

    def de(self, resultado: str) -> list[dict[str, str]]:
        return [linea for linea in self.informe if linea["resultado"] == resultado]


@dataclass
class Consola:
    """La orden ``servet importar`` sobre una clínica de prueba."""

    clinica: Clinica
    carpeta: Path

    def fichero(self, texto: str, nombre: str = "animales.csv", codificacion: str = "utf-8") -> Path:
        ruta = self.carpeta / nombre
        ruta.write_bytes(texto.encode(codificacion))
        return ruta

    def mapa(self, texto: str = MAPA) -> Path:
        return self.fichero(texto, "mapa.toml")

    def orden(self, fichero: Path, mapa: Path | None = None, *opciones: str) -> list[str]:
        informe = str(self.carpeta / "informe.csv")
        return ["importar", str(fichero), "--mapa", str(mapa or self.mapa()), "--organizacion", self.clinica.codigo,
                "--informe", informe, *opciones]  # fmt: skip

    def importar(self, fichero: Path, mapa: Path | None = None, *opciones: str) -> Salida:
        """Una ejecución, con estas opciones."""
        informe = self.carpeta / "informe.csv"
        informe.unlink(missing_ok=True)
        leido = self.clinica.flask.test_cli_runner().invoke(args=["servet", *self.orden(fichero, mapa, *opciones)])
        if leido.exception and not isinstance(leido.exception, SystemExit):
            raise leido.exception  # un fallo de la orden, y no una salida prevista: que se vea cuál
        escrito = informe.read_text(encoding="utf-8") if informe.exists() else ""
        filas = list(csv.DictReader(io.StringIO(escrito, newline="")))
        return Salida(leido.exit_code, leido.stdout, leido.stderr, filas)

    def ensayar_y_aplicar(self, fichero: Path, mapa: Path | None = None, *opciones: str) -> Salida:
        """Las dos ejecuciones; devuelve la segunda."""
        ensayo = self.importar(fichero, mapa, *opciones)
        return self.importar(fichero, mapa, "--aplicar", ensayo.huella, *opciones)
