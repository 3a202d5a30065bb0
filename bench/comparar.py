"""La medida lado a lado: arrancar a todos, comprobar que responden lo mismo, medir por turno y hacer la tabla."""

import itertools
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import fichas, memoria, tabla
from bench.ajustes import RAIZ, RESULTADOS, TRABAJADORES, ErrorDeBanco, Rondas, volumen
from bench.base import Base, preparar, retirar_reservas
from bench.medir import instalar_wrk
from bench.muestras import primer_dia_libre
from bench.pares import PARES, POR_NOMBRE, PYTHON, Par
from bench.procesos import Contendiente, en_marcha
from bench.tabla import Medidas
from bench.trabajos import TITULOS, Banco


def elegir(nombres: Sequence[str]) -> list[Par]:
    """Los contendientes pedidos, instalados; sin decir ninguno, todos los que hay.

    Errores: ``ErrorDeBanco``.
    """
    if desconocidos := set(nombres) - set(POR_NOMBRE):
        raise ErrorDeBanco(f"No hay contendiente «{', '.join(desconocidos)}»: {', '.join(POR_NOMBRE)}")
    elegidos = [par for par in PARES if par.nombre in nombres or not nombres]
    presentes = [par for par in elegidos if par.nombre == "servet" or any((RAIZ / par.carpeta).glob("*.*"))]
    for clase in sorted({par.instalar for par in presentes} - {""}):
        _instalar(clase, presentes)
    return presentes


def _instalar(clase: str, pares: list[Par]) -> None:
    if clase == "python":
        requisitos, sello = RAIZ / "bench" / "requirements.txt", RAIZ / ".venv-bench" / ".instalado"
        if not sello.exists() or sello.stat().st_mtime < requisitos.stat().st_mtime:
            print("Instalando los contendientes de Python (sólo la primera vez)…", flush=True)
            if not (RAIZ / PYTHON).exists():
                _ejecutar([sys.executable, "-m", "venv", ".venv-bench"], RAIZ)
            pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
            _ejecutar([*pip, "--require-hashes", "-r", str(requisitos)], RAIZ)
            sello.touch()
    elif clase == "node":
        for par in (par for par in pares if par.instalar == "node"):
            if not (RAIZ / par.carpeta / "node_modules").exists():
                if not shutil.which("npm"):
                    raise ErrorDeBanco("Falta Node.js (con npm): hace falta para medir Fastify")
                _ejecutar(["npm", "ci", "--silent", "--no-audit", "--no-fund"], RAIZ / par.carpeta)


def _ejecutar(orden: list[str], carpeta: Path) -> None:
    if subprocess.run(orden, cwd=carpeta, check=False).returncode:
        raise ErrorDeBanco(f"Ha fallado la instalación: {' '.join(orden)}")


def comparar(
    escala: float, rondas: Rondas, pares: Sequence[str] = (), trabajos: Sequence[str] = (), orden: str = "make bench",
    *, guardar: bool = True, con_suelo: bool = True,
) -> int:  # fmt: skip
    """Mide y escribe la tabla. Devuelve 1 si alguien no responde lo mismo que Servet."""
    from bench.igualdad import comprobar

    instalar_wrk()
    elegidos = elegir(pares)
    base = preparar(volumen(escala))
    retirar_reservas(base, primer_dia_libre(base))
    banco = Banco(base, rondas)
    comienzo = time.monotonic()
    with en_marcha(elegidos, base, fichas.clave_publica(base)) as vivos:
        ocupan = {uno.par.titulo: [memoria.de(uno)] for uno in vivos}
        if not comprobar(banco, vivos):
            return 1
        medidas = medir(banco, vivos, [uno for uno in TITULOS if uno in trabajos or not trabajos])
        for uno in vivos:
            ocupan[uno.par.titulo].append(memoria.de(uno))
    if con_suelo:
        from bench.suelo import suelo

        suelo(banco, medidas)
    ensenar(medidas)
    duro = f"{(time.monotonic() - comienzo) / 60:.1f}"
    if guardar:
        texto = tabla.informe(medidas, f"ESCALA={escala:g} {orden}", _notas(base, rondas, duro), memoria.cuadro(ocupan))
        tabla.guardar(RESULTADOS, "lado a lado", texto)
        print(f"Escrito en {RESULTADOS.relative_to(RAIZ)}; la medida ha llevado {duro} minutos.")
    return 0


def _notas(base: Base, rondas: Rondas, duro: str) -> str:
    de = base.propia.volumen
    return (
        f"- Datos: {de.clientes} clientes, {de.pacientes} pacientes, {de.citas} citas; más la organización vecina\n"
        f"- Rondas: {rondas.veces} de {rondas.segundos:g} s por turno (A B A B…), {rondas.conexiones} conexiones, "
        f"{TRABAJADORES} procesos por contendiente; medianas, y en ± la mitad del recorrido\n- Duró {duro} minutos"
    )


def medir(banco: Banco, vivos: list[Contendiente], trabajos: Sequence[str]) -> Medidas:
    """Todos los trabajos, cada uno por turno entre los contendientes que lo tienen."""
    medidas: Medidas = {}
    barra = Progress(
        TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True)
    )
    parejas = [(trabajo, [uno for uno in vivos if _hace(uno, trabajo)]) for trabajo in trabajos]
    with barra:
        total = barra.add_task("Midiendo", total=sum((banco.rondas.veces + 1) * len(suyos) for _, suyos in parejas))
        for trabajo, suyos in parejas:
            for uno in suyos:
                barra.update(total, description=f"{TITULOS[trabajo]}: calentando")
                banco.ronda(uno, trabajo, banco.rondas.calentar)
                barra.advance(total)
            for _, uno in itertools.product(range(banco.rondas.veces), suyos):
                barra.update(total, description=f"{TITULOS[trabajo]}: {uno.par.nombre}")
                medidas.setdefault(trabajo, {}).setdefault(uno.par.nombre, []).append(banco.ronda(uno, trabajo))
                barra.advance(total)
    return medidas


def _hace(uno: Contendiente, trabajo: str) -> bool:
    return trabajo in uno.par.trabajos if uno.par.trabajos else trabajo != "hola"


def ensenar(medidas: Medidas) -> None:
    """La tabla, por pantalla."""
    consola = Console(width=None if sys.stdout.isatty() else 150)
    for trabajo in medidas:
        dibujo = Table(title=TITULOS.get(trabajo, trabajo), title_justify="left")
        for n, columna in enumerate(tabla.COLUMNAS):
            dibujo.add_column(columna, justify="right" if n else "left")
        for fila in tabla.filas(medidas, trabajo):
            dibujo.add_row(*fila)
        consola.print(dibujo)
