"""Los instantes, en segundos enteros desde la época (UTC): con miles de ellos, lo caro es ``datetime``.

Sólo se pasa por la hora local donde hace falta: al entrar, una vez por día, y al salir, una vez por instante.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from app.utils.horas import en_zona, fecha_local, limites_del_dia, primer_instante

UN_MINUTO = 60
UN_DIA = 86_400
_EPOCA = datetime(1970, 1, 1, tzinfo=UTC)
_UN_SEGUNDO = timedelta(seconds=1)
_RELOJ = tuple(f"T{minuto // 60:02}:{minuto % 60:02}:00" for minuto in range(24 * 60))


def suelo(instante: datetime) -> int:
    """El último segundo entero que no pasa del instante."""
    return (instante - _EPOCA) // _UN_SEGUNDO


def techo(instante: datetime) -> int:
    """El primer segundo entero que no es anterior al instante."""
    return -((_EPOCA - instante) // _UN_SEGUNDO)


@lru_cache(maxsize=4096)  # se piden por cada franja y cada excepción de ese día
def limites(fecha: date, zona: str) -> tuple[int, int]:
    """[inicio, fin) de un día civil, dure lo que dure. Errores: ``ZonaDesconocida``."""
    inicio, fin = limites_del_dia(fecha, zona)
    return suelo(inicio), suelo(fin)


def de_reloj(fecha: date, hora: time, zona: str) -> int:
    """Cuándo da el reloj esa hora ese día; repetida, la primera vez; inexistente, el primer instante posterior."""
    inicio, fin = limites(fecha, zona)
    if fin - inicio == UN_DIA:
        # Sin cambio de hora, el reloj cuenta el tiempo transcurrido desde la medianoche.
        return inicio + hora.hour * 3600 + hora.minute * 60 + hora.second
    return suelo(primer_instante(datetime.combine(fecha, hora), zona))


def alineados(desde: int, hasta: int, paso: int, zona: str) -> list[int]:
    """Los instantes de [desde, hasta], ambos incluidos, en que el reloj marca un múltiplo de ``paso`` segundos.

    Los múltiplos se cuentan desde la medianoche de reloj de cada día.

    Errores: ``ValueError`` si el paso no son minutos enteros; ``ZonaDesconocida``.
    """
    if paso < UN_MINUTO or paso % UN_MINUTO:
        raise ValueError("El paso ha de ser de minutos enteros")
    salida: list[int] = []
    fecha = fecha_local(_instante(desde), zona)
    while desde <= hasta:
        inicio, fin = limites(fecha, zona)
        if fin - inicio == UN_DIA:
            salida.extend(range(inicio - (inicio - desde) // paso * paso, min(hasta + 1, fin), paso))
        else:
            salida.extend(_por_reloj(desde, min(hasta + 1, fin), paso, zona))
        desde = max(desde, fin)
        fecha += timedelta(days=1)
    return salida


def _por_reloj(desde: int, fin: int, paso: int, zona: str) -> Iterable[int]:
    # El reloj da un salto: se mira minuto a minuto, que sólo cuesta dos días al año.
    for instante in range(-(-desde // UN_MINUTO) * UN_MINUTO, fin, UN_MINUTO):
        reloj = en_zona(_instante(instante), zona)
        if not (reloj.hour * 3600 + reloj.minute * 60) % paso:
            yield instante


def textos(instantes: Iterable[int], zona: str) -> list[str]:
    """Cada instante en la hora de la zona, escrito como en JSON: su fecha son los diez primeros caracteres.

    En orden cuesta menos: la fecha y el desfase se miran una vez por día.
    """
    salida: list[str] = []
    inicio = fin = 0
    fecha = desfase = ""
    for instante in instantes:
        if not inicio <= instante < fin:
            texto = _texto(instante, zona)
            fecha, desfase = texto[:10], texto[19:]
            inicio, fin = limites(date.fromisoformat(fecha), zona)
        minuto, resto = divmod(instante - inicio, UN_MINUTO)
        a_su_hora = fin - inicio == UN_DIA and instante < fin and not resto
        salida.append(fecha + _RELOJ[minuto] + desfase if a_su_hora else _texto(instante, zona))
    return salida


def _texto(instante: int, zona: str) -> str:
    texto = en_zona(_instante(instante), zona).isoformat()
    return texto[:-6] + "Z" if texto.endswith("+00:00") else texto


def _instante(segundos: int) -> datetime:
    return _EPOCA + timedelta(seconds=segundos)
