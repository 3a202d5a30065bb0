"""La disponibilidad más pesada que se admite: 31 días de 20 profesionales con la agenda llena."""

from datetime import date, timedelta
from uuid import uuid5

from bench import fichas, muestras, tabla
from bench.ajustes import COMPLETAS, RESULTADOS, escala_pedida, volumen
from bench.base import preparar
from bench.carga import TIPO
from bench.comparar import elegir
from bench.medir import Ronda, instalar_wrk, ronda
from bench.procesos import en_marcha

CONEXIONES = 2  # una por proceso: se mide lo que tarda, no lo que espera en la cola
SEGUNDOS = 15


def medir_agenda() -> int:
    """Servet y FastAPI, por turno, sobre la sede de 20 profesionales."""
    instalar_wrk()
    escala = escala_pedida(1)
    base = preparar(volumen(escala))
    sede = muestras.sede_de(base, base.propia, "S002")
    hoy = date.today()
    rutas = [
        f"{muestras.API}/disponibilidad?tipo_cita_id={uuid5(base.propia.id, TIPO)}&sede_id={sede}"
        f"&desde={hoy + timedelta(days=n)}&hasta={hoy + timedelta(days=n + 30)}"
        for n in range(1, 15)
    ]
    fichero = base.carpeta / "agenda"
    fichero.write_text("\n".join(rutas) + "\n")
    medidas: dict[str, list[Ronda]] = {}
    with en_marcha(elegir(["servet", "fastapi"]), base, fichas.clave_publica(base)) as vivos:
        for n in range(COMPLETAS.veces + 1):
            for uno in vivos:
                una = ronda(uno, base.servidor.pid, "lectura", fichero, fichas.emitir(base), segundos=SEGUNDOS if n else 3,
                            conexiones=CONEXIONES)  # fmt: skip
                if n:
                    medidas.setdefault(uno.par.nombre, []).append(una)
    texto = (
        f"## Disponibilidad de 31 días × 20 profesionales\n\n{tabla.maquina()}\n- Orden: `ESCALA={escala:g} make bench-agenda`; "
        f"{CONEXIONES} conexiones\n\n{tabla.markdown(tabla.COLUMNAS, tabla.filas({'disponibilidad': medidas}, 'disponibilidad'))}"
    )
    tabla.guardar(RESULTADOS, "agenda", texto)
    print(texto)
    return 0
