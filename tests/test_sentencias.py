"""Cuántas sentencias SQL, y en cuántos viajes, cuesta cada ruta: las mismas con un registro que con muchos."""

from typing import NamedTuple

import pytest

from app.utils.authentication import forget_identities
from app.utils.tokens import forget_keys
from tests.escrituras import Taller
from tests.factories import (
    crear_cliente,
    crear_clinica,
    crear_paciente,
)
from tests.recetas import POR_CADA, RECETAS
from tests.recursos import (
    RUTAS,
    Ejemplares,
    consulta_minima,
    crear_ejemplares,
    cuerpo_de_ejemplo,
    nombre,
    pedir,
    permitidos,
    publica,
)
from tests.viajes import MAXIMO, VIAJES

# Fijar la organización, la lectura y, donde se dice, lo que la acompaña. Quien suba un número, que diga por qué.
MAXIMO_LECTURA = 3
EXCEPCIONES = {
    "GET /disponibilidad": 12,  # tipo, personas, recursos, horarios, excepciones y ocupaciones: fijo con 1 o 20 agendas
    "GET /pacientes/{id}/resumen": 10,  # una lectura por sección de la ficha, y las dos del calendario vacunal
    "GET /pacientes/{id}/fusion": 10,  # la vista previa cuenta lo que se movería, tabla a tabla
    "GET /clientes/{id}/fusion": 10,
    "GET /portal/pacientes/{id}/cartilla": 7,  # una por sección de la cartilla; viajan juntas
    "GET /pacientes/{id}/cartilla": 8,  # lo mismo y el membrete
    "GET /clientes/{id}/consentimientos-datos": 4,
    "GET /citas": 4,
    # La receta, sus líneas, si quien lee lo atiende, y apuntar que se ha leído.
    "GET /recetas/{id}": 5,
    "GET /recetas/{id}/dispensaciones": 5,
    "GET /dispensaciones/{id}": 5,
    "GET /pacientes/{id}/recetas": 4,
    "GET /yo": 5,
}
LECTURAS = [ruta for ruta in RUTAS if ruta.method == "GET" and not publica(ruta)]


@pytest.fixture(scope="module")
def ejemplares(app):
    return crear_ejemplares(crear_clinica(app, nombre="Sentencias"))


@pytest.fixture(scope="module")
def llena(app):
    """Lo mismo, con muchos registros más de lo que se lista."""
    clinica = crear_clinica(app, nombre="Llena")
    ejemplares = crear_ejemplares(clinica)
    paciente = ejemplares.ids["pacientes"]
    for n in range(12):
        crear_cliente(clinica, nombre=f"Titular {n}", telefonos=[{"numero": f"+3460000{n:04d}"}])
        crear_paciente(clinica, nombre=f"Paciente {n}")
        veterinario = clinica.como("veterinario")
        veterinario.post(f"/pacientes/{paciente}/pesos", {"peso_kg": f"12.{n:03d}", "metodo": "bascula"})
        alergia = {"agente_tipo": "alimento", "agente_ref": f"pollo {n}", "gravedad": "leve"}
        veterinario.post(f"/pacientes/{paciente}/alergias", alergia)
        dosis = {"producto_id": ejemplares.ids["productos"], "fecha": f"2025-{n + 1:02d}-01", "externa": True}
        assert veterinario.post(f"/pacientes/{paciente}/vacunaciones", dosis).status_code == 201
        toma = {"tipo": "interna", "fecha": f"2025-{n + 1:02d}-01", "principios": ["praziquantel"]}
        assert veterinario.post(f"/pacientes/{paciente}/desparasitaciones", toma).status_code == 201
    return ejemplares


def contar(ejemplares, ruta, sentencias) -> int:
    api = ejemplares.clinica.como(permitidos(ruta)[0].value)
    api.cabeceras["X-Motivo-Acceso"] = "Prueba"
    consulta = consulta_minima(ruta)
    for campo in consulta:
        recurso = {"sede_id": "sedes", "tipo_cita_id": "tipos-cita"}.get(campo)
        if recurso:
            consulta[campo] = ejemplares.ids[recurso]
    direccion = ejemplares.direccion(ruta)
    # Quién pide y con qué se firma se leen de nuevo antes, que no caduquen a media cuenta.
    forget_identities()
    forget_keys()
    api.get(direccion, query_string=consulta)
    sentencias.clear()
    respuesta = api.get(direccion, query_string=consulta)
    assert respuesta.status_code < 500
    return len(sentencias)


@pytest.mark.parametrize("ruta", LECTURAS, ids=nombre)
def test_leer_mas_registros_no_cuesta_mas_sentencias(ejemplares, llena, sentencias, ruta):
    una, muchas = contar(ejemplares, ruta, sentencias), contar(llena, ruta, sentencias)
    assert una == muchas
    assert una <= EXCEPCIONES.get(nombre(ruta), MAXIMO_LECTURA), sentencias


ESCRITURAS = [ruta for ruta in RUTAS if ruta.method != "GET"]
MUCHOS = 12


@pytest.fixture(scope="module")
def talleres(app):
    """Dos clínicas en las que preparar: una con uno de cada y otra con muchos."""
    return [Taller(crear_clinica(app, nombre=f"Con {cuantos}"), cuantos) for cuantos in (1, MUCHOS)]


class Visto(NamedTuple):
    """Lo que costó una petición: sus sentencias, en cuántos viajes, las filas que tocaron y a cuántos alcanzaba."""

    sentencias: list[str]
    viajes: int
    filas: int
    alcanza: int


def escribir(taller, ruta, sentencias) -> Visto:
    """Prepara la petición, la hace y mira lo que costó."""
    _, receta = RECETAS[nombre(ruta)]
    escritura = receta(taller)
    cuerpo = {**cuerpo_de_ejemplo(ruta), **escritura.cambios} if ruta.body is not None else {}
    cuerpo = {campo: valor for campo, valor in cuerpo.items() if valor is not ...}
    opciones = {"version": "*"} if ruta.is_write else {}
    clinica, quien = taller.clinica, escritura.como or permitidos(ruta)[0].value
    # Quién pide y con qué se firma se leen de nuevo antes, que no caduquen a media cuenta.
    forget_identities()
    forget_keys()
    assert clinica.como(quien).get("/yo").status_code == 200
    api = clinica.anonimo if publica(ruta) else clinica.como(quien)
    api.cabeceras["X-Motivo-Acceso"] = "Prueba"
    direccion = Ejemplares(clinica, {}).direccion(ruta, escritura.id)
    sentencias.clear()
    respuesta = pedir(api, ruta, direccion, cuerpo, reloj=escritura.reloj, **opciones)
    assert respuesta.status_code < 300, respuesta.text
    return Visto(list(sentencias), sentencias.viajes, sentencias.filas, escritura.alcanza)


def test_toda_ruta_que_escribe_tiene_su_receta():
    assert sorted(RECETAS) == sorted(nombre(ruta) for ruta in ESCRITURAS)
    assert set(POR_CADA) < set(RECETAS)
    assert set(VIAJES) < set(RECETAS)


@pytest.mark.parametrize("ruta", ESCRITURAS, ids=nombre)
def test_escribir_con_mas_alrededor_no_cuesta_mas_sentencias(talleres, sentencias, ruta):
    una, muchas = (escribir(taller, ruta, sentencias) for taller in talleres)
    de_mas = muchas.alcanza - una.alcanza
    # La prueba lo es de algo: la de muchos lee o escribe al menos una fila más por cada uno de más.
    if de_mas:
        assert muchas.filas - una.filas >= de_mas
    else:
        assert muchas.filas == una.filas
    assert len(una.sentencias) <= RECETAS[nombre(ruta)][0], una.sentencias
    if nombre(ruta) in VIAJES:
        assert una.viajes == VIAJES[nombre(ruta)] > MAXIMO
    else:
        assert una.viajes <= MAXIMO, una.sentencias
    crece = len(muchas.sentencias) - len(una.sentencias)
    if nombre(ruta) in POR_CADA:
        assert 0 < crece <= POR_CADA[nombre(ruta)] * de_mas
    else:
        assert crece == 0, set(muchas.sentencias) - set(una.sentencias)
        assert muchas.viajes == una.viajes
