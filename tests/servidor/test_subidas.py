"""Subidas al servidor de verdad: lo grande cabe, lo demasiado grande y las bombas se rechazan, y la memoria aguanta."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.factories import crear_clinica, crear_paciente
from tests.muestras import PDF, bomba_zip, oficina, png_de

pytestmark = pytest.mark.timeout(240)
MEGA = 1024 * 1024


def memoria(pid: int) -> int:
    """Lo más que ha llegado a ocupar cada trabajador, sumado. Unidades: MB."""
    hijos = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lineas = [uno for hijo in hijos for uno in Path(f"/proc/{hijo}/status").read_text().splitlines()]
    return sum(int(uno.split()[1]) for uno in lineas if uno.startswith("VmHWM")) // 1024


@pytest.mark.lento
def test_las_bombas_se_rechazan_sin_que_crezca_la_memoria(app, servidor):
    clinica = crear_clinica(app, nombre="Bombas")
    paciente = crear_paciente(clinica)["id"]
    malos = {
        "bomba.docx": bomba_zip(), "enorme.png": png_de(50_000, 50_000), "poliglota.pdf": PDF + oficina(),
        "../../x.html": b"<html><script>1</script>", "nul\0.txt": b"a\0b",
    }  # fmt: skip
    with servidor.cliente(clinica.tokens["veterinario"]) as cliente, ThreadPoolExecutor(8) as hilos:

        def subir(nombre: str, contenido: bytes) -> int:
            ficheros = {"fichero": (nombre, contenido)}
            return cliente.post("/adjuntos", data={"paciente_id": paciente}, files=ficheros).status_code

        subir("nota.txt", b"hola")
        antes = memoria(servidor.proceso.pid)
        vueltas = [(nombre, contenido) for nombre, contenido in malos.items() for _ in range(4)]
        estados = set(hilos.map(lambda uno: subir(*uno), vueltas))
        despues = memoria(servidor.proceso.pid)
        assert estados <= {400, 422}, estados
        assert despues - antes < 200, (antes, despues)
        assert subir("grande.txt", b"a" * (25 * MEGA)) == 201
        assert subir("mayor.txt", b"a" * (27 * MEGA)) == 413
