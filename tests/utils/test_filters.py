"""Las condiciones que se construyen una vez: la sentencia es la misma y los datos, los de cada petición."""

from datetime import date
from functools import cache
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.api.models.paciente import Paciente
from app.api.models.sede import Sede
from app.config.database import transaction
from app.utils import statements
from app.utils.context import Contexto, iniciar
from app.utils.filters import Condition, between_days, matching
from app.utils.records import dato, rows
from app.utils.schemas import PageQuery
from app.utils.statements import is_fixed


class _Filtro(PageQuery):
    codigo: str | None = None
    nombre: str | None = None


@cache
def _sedes():
    return select(Sede.codigo).order_by(Sede.codigo)


@pytest.fixture
def dentro(clinica):
    """En la organización de una clínica, leyendo."""
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction(reading=True):
        yield clinica
    iniciar(Contexto())


def test_dos_filtros_iguales_con_otro_dato_comparten_sentencia_y_no_respuesta(dentro):
    assert rows(_sedes, *matching(Sede, _Filtro(codigo="MAD"), "codigo", "nombre")).scalars() == ["MAD"]
    cuantas = len(statements._compiladas)
    assert rows(_sedes, *matching(Sede, _Filtro(codigo="LPA"), "codigo", "nombre")).scalars() == ["LPA"]
    assert rows(_sedes, *matching(Sede, _Filtro(codigo="NO"), "codigo", "nombre")).scalars() == []
    assert len(statements._compiladas) == cuantas
    assert rows(_sedes, *matching(Sede, _Filtro(nombre="Madrid"), "codigo", "nombre")).scalars() == ["MAD"]


def test_lo_que_no_se_pide_no_pone_condicion(dentro):
    assert matching(Sede, _Filtro(), "codigo", "nombre") == []
    assert between_days(Sede.creado_en, None, None, "Europe/Madrid") == []
    assert len(rows(_sedes)) == 2


def test_dos_condiciones_no_pueden_dar_el_mismo_dato(dentro):
    una = matching(Sede, _Filtro(codigo="MAD"), "codigo")
    with pytest.raises(RuntimeError, match="eq_codigo"):
        rows(_sedes, *una, *una)


def test_un_dia_entero_en_su_zona(dentro):
    def creadas(desde: date, hasta: date) -> int:
        return len(rows(_sedes, *between_days(Sede.creado_en, desde, hasta, "Europe/Madrid")))

    (creada,) = rows(select(Sede.creado_en).limit(1)).scalars()
    dia = creada.astimezone(tz=None).date()
    assert creadas(date(2000, 1, 1), date(2999, 1, 1)) == 2
    assert creadas(date(2000, 1, 1), date(2000, 1, 2)) == 0
    assert creadas(dia.replace(year=dia.year + 1), date(2999, 1, 1)) == 0


def test_lo_que_no_es_de_una_tabla_se_construye_cada_vez(dentro):
    subconsulta = select(Sede.codigo).subquery("entradas")
    assert not is_fixed(subconsulta.c.codigo)
    assert is_fixed(Sede.codigo)
    assert is_fixed(Paciente.__table__.c.nombre)
    (condicion,) = matching(subconsulta.c, _Filtro(codigo="MAD"), "codigo")
    assert not isinstance(condicion, Condition)
    assert rows(select(subconsulta.c.codigo), condicion).scalars() == ["MAD"]


def test_una_condicion_guardada_con_su_dato(dentro):
    @cache
    def es():
        return Sede.id == dato("cual")

    assert rows(_sedes, Condition(es, {"cual": uuid4()})).scalars() == []
    (id_,) = rows(select(Sede.id).where(Sede.codigo == "MAD")).scalars()
    assert rows(_sedes, Condition(es, {"cual": id_})).scalars() == ["MAD"]
