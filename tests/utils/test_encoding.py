"""De filas a JSON: la lista blanca del esquema y los instantes en la zona de quien pide."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app.utils.encoding import Hechas, codificar, proyector
from app.utils.schemas import Aviso, Instante, Schema, si_se_pide

MADRID = ZoneInfo("Europe/Madrid")
EN = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Pesada(Schema):
    medido_en: Instante
    metodo: str


class Ficha(Schema):
    nombre: str
    alta: Instante
    baja: Instante | None
    nacido: date | None
    peso: Pesada | None
    pesos: list[Pesada]
    avisos: list[Aviso] = []
    extra: Pesada | None = si_se_pide()


def leido(salida):
    """Lo que lee quien recibe la respuesta."""
    return msgspec.json.decode(codificar(salida))


def ficha(**cambios):
    pesada = {"medido_en": EN, "metodo": "bascula", "secreto": "no sale"}
    campos = {"nombre": "Luna", "alta": EN, "baja": EN, "nacido": date(2024, 5, 2), "peso": pesada, "pesos": [pesada]}
    return {**campos, "notas": "no salen", **cambios}


@pytest.mark.parametrize("de", [dict, SimpleNamespace])
def test_salen_los_campos_del_esquema_y_los_instantes_en_su_zona(de):
    salida = proyector(Ficha)(de(**ficha()), MADRID)
    en = "2026-11-23T10:00:00+01:00"
    pesada = {"medido_en": en, "metodo": "bascula"}
    assert leido(salida) == {
        "nombre": "Luna", "alta": en, "baja": en, "nacido": "2024-05-02", "peso": pesada, "pesos": [pesada],
        "avisos": [],
    }  # fmt: skip
    assert [salida.alta.tzinfo, salida.baja.tzinfo, salida.pesos[0].medido_en.tzinfo] == [MADRID] * 3


def test_lo_vacio_sale_vacio_y_lo_que_no_se_pidio_no_sale():
    salida = proyector(Ficha)(ficha(baja=None, peso=None, pesos=[], extra=None), MADRID)
    assert (salida.baja, salida.peso, salida.pesos) == (None, None, [])
    assert "extra" not in leido(salida)
    assert "extra" in leido(proyector(Ficha)(ficha(extra=ficha()["peso"]), MADRID))


def test_si_falta_un_campo_falla():
    incompleta = ficha()
    del incompleta["nacido"]
    with pytest.raises(KeyError):
        proyector(Ficha)(incompleta, MADRID)
    with pytest.raises(AttributeError):
        proyector(Ficha)(SimpleNamespace(**incompleta), MADRID)


def test_una_fila_que_trae_su_zona_la_conserva():
    canaria = EN.astimezone(ZoneInfo("Atlantic/Canary"))
    assert proyector(Pesada)({"medido_en": canaria, "metodo": "bascula"}, MADRID).medido_en.tzinfo is canaria.tzinfo


class Medida(Schema):
    en: Instante
    metodo: str


class Serie(Schema):
    datos: list[Medida]


class Expediente(Schema):
    datos: list[Ficha]


def test_las_filas_ya_hechas_no_se_copian_y_las_que_traen_de_mas_se_recortan():
    hechas = Hechas([{"en": "2026-11-23T10:00:00+01:00", "metodo": "bascula"}] * 2)
    assert proyector(Serie)({"datos": hechas}, MADRID).datos is hechas
    assert leido(proyector(Serie)({"datos": Hechas()}, MADRID)) == {"datos": []}
    for mala in ({**hechas[0], "secreto": "no sale"}, dict(reversed(hechas[0].items()))):
        salida = leido(proyector(Serie)({"datos": Hechas([hechas[0], mala])}, MADRID))["datos"]
        assert salida == list(hechas)
        assert [list(una) for una in salida] == [["en", "metodo"]] * 2
    with pytest.raises(KeyError):
        proyector(Serie)({"datos": Hechas([{"en": "2026-11-23T10:00:00+01:00"}])}, MADRID)


def test_lo_que_lleva_otro_esquema_dentro_se_recorta_siempre():
    completa = {**ficha(), "avisos": [], "extra": None}
    del completa["notas"]
    salida = leido(proyector(Expediente)({"datos": Hechas([completa])}, MADRID))["datos"]
    assert "secreto" not in salida[0]["peso"]
    assert "extra" not in salida[0]
