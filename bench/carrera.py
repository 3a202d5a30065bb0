"""La carrera: ocho clientes a la vez por los mismos sesenta huecos. Sesenta reservas, ni una más, y sin interbloqueos."""

import json
import threading
import time
from collections import Counter
from statistics import quantiles
from uuid import uuid4

import httpx
import psycopg

from bench import fichas, muestras, tabla
from bench.ajustes import RESULTADOS, escala_pedida, volumen
from bench.base import Base, preparar, retirar_reservas
from bench.pares import SERVET
from bench.procesos import Contendiente, en_marcha

CLIENTES, HUECOS, CARRERAS = 8, 60, 5


def medir_carrera() -> int:
    """Cinco carreras. Devuelve 1 si en alguna no hay exactamente una reserva por hueco."""
    base = preparar(volumen(escala_pedida(0.05)))
    retirar_reservas(base, muestras.primer_dia_libre(base))
    reservas = muestras.Reservas(base, base.propia)
    antes = _interbloqueos(base)
    estados: Counter[int] = Counter()
    tiempos: list[float] = []
    with en_marcha([SERVET], base, fichas.clave_publica(base)) as (servet,):
        _correr(base, servet, reservas.tomar(CLIENTES), Counter(), [])
        for _ in range(CARRERAS):
            _correr(base, servet, reservas.tomar(HUECOS), estados, tiempos)
    bloqueos = _interbloqueos(base) - antes
    cortes = quantiles(tiempos, n=100)
    bien = estados[201] == HUECOS * CARRERAS and not bloqueos and set(estados) <= {201, 409}
    texto = (
        f"## Carrera por los mismos huecos\n\n{tabla.maquina()}\n- Orden: `make bench-carrera`; {CARRERAS} carreras de {CLIENTES} "
        f"clientes por {HUECOS} huecos\n\n| Reservas (se esperan {HUECOS * CARRERAS}) | 409 | Otras | Interbloqueos | p50 ms | "
        f"p99 ms | p99 ÷ p50 |\n|--:|--:|--:|--:|--:|--:|--:|\n| {estados[201]} | {estados[409]} | "
        f"{sum(estados.values()) - estados[201] - estados[409]} | {bloqueos} | {cortes[49]:.1f} | {cortes[98]:.1f} | "
        f"{cortes[98] / cortes[49]:.1f} |"
    )
    tabla.guardar(RESULTADOS, "carrera", texto)
    print(texto)
    return 0 if bien else 1


def _correr(base: Base, servet: Contendiente, cuerpos: list[str], estados: Counter[int], tiempos: list[float]) -> None:
    """Todos los clientes piden todos los huecos, a la vez y en el mismo orden; cada uno para un animal distinto."""
    animales = muestras.animales(base, base.propia, 2 * CLIENTES * len(cuerpos), saltar=3000)
    salida = threading.Barrier(CLIENTES)
    ficha = fichas.emitir(base)

    def cliente(n: int) -> None:
        cabeceras = {"Authorization": f"Bearer {ficha}", "Content-Type": "application/json"}
        with httpx.Client(base_url=servet.url, headers=cabeceras, timeout=30) as http:
            http.get(f"{muestras.API}/yo")
            for k, cuerpo in enumerate(cuerpos):
                suyo = animales[k * CLIENTES + n]
                animal = {"paciente_id": str(suyo[0]), "cliente_id": str(suyo[3])}
                salida.wait(60)
                comienzo = time.perf_counter()
                respuesta = http.post(
                    f"{muestras.API}/citas", content=json.dumps(json.loads(cuerpo) | animal),
                    headers={"Idempotency-Key": uuid4().hex},
                )  # fmt: skip
                tiempos.append((time.perf_counter() - comienzo) * 1000)
                estados[respuesta.status_code] += 1

    hilos = [threading.Thread(target=cliente, args=(n,)) for n in range(CLIENTES)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()


def _interbloqueos(base: Base) -> int:
    with psycopg.connect(base.url_propietario) as conexion:
        fila = conexion.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
        assert fila is not None
        return int(fila[0])
