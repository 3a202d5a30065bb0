"""Qué pacientes casan con un filtro y cuáles se parecen a lo que alguien ha escrito."""

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    TableValuedAlias,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal_column,
    select,
)

from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.titularidad import Titularidad
from app.api.schemas.paciente_schema import PacienteFiltro
from app.utils import microchip
from app.utils.context import identidad
from app.utils.records import rows

MAXIMO_BUSQUEDA = 200
# Escrito y no como dato: casi todos lo cumplen, y el plan ha de saberlo.
_NO_FUSIONADO = Paciente.estado != literal_column(f"'{EstadoPaciente.FUSIONADO}'")


def condiciones(filtro: PacienteFiltro) -> list[ColumnElement[bool]]:
    """Lo que cumplen los que casan con el filtro; sin pedir estado, todos menos los fusionados."""
    donde = _propias_de_q(filtro) if filtro.q is None else []
    if filtro.microchip:
        donde.append(Paciente.microchip == microchip.normalizar(filtro.microchip))
    if filtro.nombre:
        # Como intervalo y no como LIKE: bajo políticas de fila LIKE no puede usar el índice.
        prefijo = func.servet_normalizar(filtro.nombre)
        donde += [Paciente.nombre_orden >= prefijo, Paciente.nombre_orden < prefijo + "\U0010ffff"]
    if filtro.cliente_id:
        suyos = select(Titularidad.paciente_id).where(
            Titularidad.cliente_id == filtro.cliente_id, Titularidad.hasta.is_(None)
        )
        donde.append(Paciente.id.in_(suyos.correlate(None)))
    return donde


def _propias_de_q(filtro: PacienteFiltro) -> list[ColumnElement[bool]]:
    """Las que la búsqueda aplica por dentro: repetirlas fuera sólo confunde al planificador."""
    donde = [Paciente.estado.in_(filtro.estado) if filtro.estado else _NO_FUSIONADO]
    if filtro.especie:
        donde.append(Paciente.especie.in_(filtro.especie))
    if filtro.raza:
        donde.append(Paciente.raza == filtro.raza)
    if filtro.nacido_desde:
        donde.append(Paciente.fecha_nacimiento >= filtro.nacido_desde)
    if filtro.nacido_hasta:
        donde.append(Paciente.fecha_nacimiento <= filtro.nacido_hasta)
    return donde


def parecidos(filtro: PacienteFiltro) -> TableValuedAlias:
    """Los que mejor casan con ``q`` entre los que cumplen lo demás: ``id`` y ``puntuacion``."""
    entre = None
    if filtro.cliente_id or identidad().es_cliente:
        # Son pocos y hay que buscar sólo entre ellos: los mejores de la clínica podrían ser todos de otros.
        solo_suyos = PacienteFiltro(cliente_id=filtro.cliente_id, estado=filtro.estado)
        entre = [fila.id for fila in rows(select(Paciente.id).where(*condiciones(solo_suyos)))]
    return func.buscar_pacientes(
        filtro.q,
        MAXIMO_BUSQUEDA,
        cast(filtro.especie or None, ARRAY(Text)),
        filtro.raza,
        cast([uno.value for uno in filtro.estado] or None, ARRAY(Text)),
        cast(filtro.nacido_desde, Date),
        cast(filtro.nacido_hasta, Date),
        cast(entre, ARRAY(Uuid)),
    ).table_valued(column("id", Uuid), column("puntuacion", Integer), name="parecidos")
