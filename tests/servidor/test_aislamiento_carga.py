"""Dos organizaciones a la vez por las mismas conexiones: ni una fila de la otra (un minuto: ``make bench-aislamiento``)."""

import random
import threading
import time
from collections import Counter

import pytest

from tests.factories import crear_clinica, crear_paciente

HILOS = 8
SEGUNDOS = 15

pytestmark = pytest.mark.lento


class Vigilante:
    """Pide en nombre de las dos, alternando, y apunta lo que no debería haber visto."""

    def __init__(self, servidor, clinicas) -> None:
        self.servidor, self.clinicas = servidor, clinicas
        self.suyos = {
            clinica.codigo: {crear_paciente(clinica, nombre=f"Luna {n}")["id"] for n in range(6)}
            for clinica in clinicas
        }
        self.cuenta: Counter[str] = Counter()
        self.cerrojo = threading.Lock()

    def correr(self) -> None:
        limite = time.monotonic() + SEGUNDOS
        hilos = [threading.Thread(target=self._hilo, args=(n, limite)) for n in range(HILOS)]
        for hilo in hilos:
            hilo.start()
        for hilo in hilos:
            hilo.join(SEGUNDOS + 60)
        assert not any(hilo.is_alive() for hilo in hilos)

    def _hilo(self, numero: int, limite: float) -> None:
        azar, mios = random.Random(numero), Counter[str]()
        with self.servidor.cliente() as http:
            while time.monotonic() < limite:
                clinica, otra = azar.sample(self.clinicas, 2)
                http.headers["Authorization"] = f"Bearer {clinica.tokens['recepcion']}"
                self._leer(http, clinica, azar.choice(sorted(self.suyos[clinica.codigo])), mios)
                ajeno = azar.choice(sorted(self.suyos[otra.codigo]))
                mios["servidas"] += http.get(f"/pacientes/{ajeno}").status_code != 404
                editado = http.patch(f"/pacientes/{ajeno}", json={"capa": "negra"}, headers={"If-Match": "*"})
                mios["editadas"] += editado.status_code != 404
        with self.cerrojo:
            self.cuenta += mios

    def _leer(self, http, clinica, propio: str, mios: Counter[str]) -> None:
        vistos = [http.get(f"/pacientes/{propio}").json()["id"]]
        for ruta in ("/pacientes?nombre=luna", "/pacientes?q=lnua", "/pacientes?limite=3&orden=-creado_en"):
            vistos += [uno["id"] for uno in http.get(ruta).json()["datos"]]
        editado = http.patch(f"/pacientes/{propio}", json={"capa": f"{random.random()}"}, headers={"If-Match": "*"})
        mios["fallos"] += editado.status_code != 200
        mios["leidas"] += len(vistos)
        mios["ajenas"] += len(set(vistos) - self.suyos[clinica.codigo])


def test_bajo_carga_nadie_ve_ni_toca_una_fila_de_otra_organizacion(app, servidor):
    vigilante = Vigilante(servidor, [crear_clinica(app, nombre="Una"), crear_clinica(app, nombre="Otra")])
    vigilante.correr()
    assert vigilante.cuenta["leidas"] > 1000
    assert {que: vigilante.cuenta[que] for que in ("ajenas", "servidas", "editadas", "fallos")} == {
        "ajenas": 0, "servidas": 0, "editadas": 0, "fallos": 0,
    }  # fmt: skip
