"""A qué hora es la cita: de un instante o de una hora de pared, a un intervalo sin ambigüedad."""

from datetime import date, datetime, timedelta

from app.api.schemas.cita_schema import MAXIMO_MINUTOS, Intervalo
from app.utils import horas
from app.utils.errors import BusinessRule
from app.utils.records import AnyRow

UN_DIA = timedelta(days=1)


class HoraInexistente(BusinessRule):
    """Esa hora no existe ese día: el reloj se adelanta."""


class HoraAmbigua(BusinessRule):
    """Esa hora ocurre dos veces ese día: indique el desfase."""


class DesfaseInvalido(BusinessRule):
    """Ese desfase no corresponde a esa hora en esa zona."""


class ZonaHorariaDesconocida(BusinessRule):
    """Esa zona horaria no existe."""


class IntervaloInvalido(BusinessRule):
    """El final debe ser posterior al inicio y en las 24 horas siguientes."""


def dias_posibles(datos: Intervalo) -> tuple[date, date]:
    """Entre qué fechas civiles cae sin saber aún en qué zona ni cuánto dura: de sobra, lo que puede durar y más."""
    pedido = datos.inicio or datos.hora_local
    if pedido is None:
        raise IntervaloInvalido(campo="/inicio")
    return dias_alrededor(pedido)


def dias_alrededor(pedido: datetime) -> tuple[date, date]:
    """Las fechas civiles, de sobra, de algo que empieza en ese momento, en cualquier zona."""
    return pedido.date() - 2 * UN_DIA, pedido.date() + timedelta(minutes=MAXIMO_MINUTOS) + 2 * UN_DIA


def intervalo(datos: Intervalo, reglas: AnyRow, duracion: timedelta | None = None) -> tuple[datetime, datetime]:
    """Inicio y fin en instantes, desde un instante o desde una hora de pared; sin fin, lo que dure (o duraba)."""
    inicio = datos.inicio
    if datos.hora_local is not None:
        zona = datos.zona_horaria or reglas.zona_horaria
        try:
            inicio = horas.resolver_hora_local(datos.hora_local, zona, datos.desfase)
        except horas.HoraInexistente:
            raise HoraInexistente(campo="/hora_local") from None
        except horas.HoraAmbigua as error:
            opciones = [{"desfase": uno.desfase, "inicio": uno.inicio.isoformat()} for uno in error.opciones]
            raise HoraAmbigua(campo="/desfase", opciones=opciones) from None
        except horas.DesfaseInvalido:
            raise DesfaseInvalido(campo="/desfase") from None
        except horas.ZonaDesconocida:
            raise ZonaHorariaDesconocida(campo="/zona_horaria") from None
    if inicio is None:
        raise IntervaloInvalido(campo="/inicio")
    fin = datos.fin or inicio + (duracion or timedelta(minutes=reglas.duracion_min))
    if not timedelta(0) < fin - inicio <= timedelta(minutes=MAXIMO_MINUTOS):
        raise IntervaloInvalido(campo="/fin")
    return inicio, fin
