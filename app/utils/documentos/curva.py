"""La curva de peso: dónde cae cada pesada, y su dibujo en SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from xml.sax.saxutils import escape

Pesos = Sequence[tuple[date, Decimal]]
_PASOS = tuple(Decimal(paso) for paso in ("0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50"))
_MARCAS = 5


@dataclass(frozen=True, slots=True)
class Curva:
    """Los puntos y las marcas de los ejes, en tanto por uno desde la esquina inferior izquierda."""

    puntos: tuple[tuple[float, float], ...]
    alturas: tuple[tuple[float, str], ...]
    fechas: tuple[tuple[float, str], ...]


def trazar(pesos: Pesos) -> Curva:
    """La curva de unas pesadas, en cualquier orden; con una sola o ninguna, también. Unidades: kg."""
    orden = sorted(pesos)
    if not orden:
        return Curva((), (), ())
    abajo, arriba, paso = _escala([peso for _, peso in orden])
    primero, ultimo = orden[0][0], orden[-1][0]
    dias = max((ultimo - primero).days, 1)

    def x(dia: date) -> float:
        return (dia - primero).days / dias if primero != ultimo else 0.5

    puntos = tuple((x(dia), float((peso - abajo) / (arriba - abajo))) for dia, peso in orden)
    cuantas = int((arriba - abajo) / paso)
    alturas = tuple((n / cuantas, _kg(abajo + n * paso)) for n in range(cuantas + 1))
    marcas = [primero] if primero == ultimo else [primero + timedelta(n * dias // 4) for n in range(5)]
    return Curva(puntos, alturas, tuple((x(dia), f"{dia:%d/%m/%Y}") for dia in dict.fromkeys(marcas)))


def _escala(pesos: list[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """De dónde a dónde va el eje y cada cuánto lleva una marca, en números redondos."""
    menor, mayor = min(pesos), max(pesos)
    holgura = (mayor - menor) or max(mayor / 5, _PASOS[0])
    paso = next((uno for uno in _PASOS if holgura / uno <= _MARCAS), (holgura / _MARCAS).quantize(Decimal(1)) + 1)
    abajo = max(Decimal(0), (menor / paso).to_integral_value(ROUND_FLOOR) * paso)
    arriba = (mayor / paso).to_integral_value(ROUND_CEILING) * paso
    return abajo, max(arriba, abajo + paso), paso


def _kg(valor: Decimal) -> str:
    entero = valor == valor.to_integral_value()
    return f"{int(valor) if entero else valor.normalize()} kg".replace(".", ",")


ANCHO, ALTO = 720, 320
_IZQUIERDA, _DERECHA, _ARRIBA, _ABAJO = 70, 40, 30, 40
_ESTILO = (
    "text{font:12px sans-serif;fill:#475569}.eje{stroke:#e2e8f0}.linea{fill:none;stroke:#0f766e;stroke-width:2}"
    "circle{fill:#0f766e}.titulo{font-size:14px;fill:#0f172a}"
)


def svg(titulo: str, pesos: Pesos) -> str:
    """La curva como imagen SVG, sin guiones ni nada de fuera."""
    curva = trazar(pesos)
    dentro_x, dentro_y = ANCHO - _IZQUIERDA - _DERECHA, ALTO - _ARRIBA - _ABAJO

    def sitio(x: float, y: float) -> tuple[str, str]:
        return f"{_IZQUIERDA + x * dentro_x:.1f}", f"{_ARRIBA + (1 - y) * dentro_y:.1f}"

    partes = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{ANCHO}" height="{ALTO}" viewBox="0 0 {ANCHO} {ALTO}">',
        f"<title>{escape(titulo)}</title><style>{_ESTILO}</style>",
        f'<text class="titulo" x="{_IZQUIERDA}" y="18">{escape(titulo)}</text>',
    ]
    for altura, texto in curva.alturas:
        _, y = sitio(0, altura)
        partes.append(f'<line class="eje" x1="{_IZQUIERDA}" x2="{ANCHO - _DERECHA}" y1="{y}" y2="{y}"/>')
        partes.append(f'<text x="{_IZQUIERDA - 8}" y="{y}" dy="4" text-anchor="end">{texto}</text>')
    for fecha, texto in curva.fechas:
        x, _ = sitio(fecha, 0)
        partes.append(f'<text x="{x}" y="{ALTO - 14}" text-anchor="middle">{texto}</text>')
    lugares = [sitio(*punto) for punto in curva.puntos]
    if lugares:
        partes.append(f'<polyline class="linea" points="{" ".join(",".join(uno) for uno in lugares)}"/>')
    else:
        partes.append(f'<text x="{ANCHO // 2}" y="{ALTO // 2}" text-anchor="middle">Sin pesadas</text>')
    partes += [f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in lugares]
    return "\n".join([*partes, "</svg>\n"])
