"""Cuántas sentencias SQL cuesta cada ruta: las mismas con un registro que con muchos."""

import pytest

from tests.factories import (
    crear_cliente,
    crear_clinica,
    crear_paciente,
    datos_cliente,
    datos_paciente,
    preparar_agenda,
)
from tests.recursos import RUTAS, consulta_minima, crear_ejemplares, nombre, permitidos, publica

# Fijar la organización, la lectura y, donde se dice, lo que la acompaña. Quien suba un número, que diga por qué.
MAXIMO_LECTURA = 3
EXCEPCIONES = {
    "GET /disponibilidad": 12,  # tipo, personas, recursos, horarios, excepciones y ocupaciones: fijo con 1 o 20 agendas
    "GET /pacientes/{id}/resumen": 8,  # una lectura por sección de la ficha
    "GET /pacientes/{id}/fusion": 10,  # la vista previa cuenta lo que se movería, tabla a tabla
    "GET /clientes/{id}/fusion": 10,
    "GET /clientes/{id}/consentimientos-datos": 4,
    "GET /citas": 4,
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
    return ejemplares


def contar(ejemplares, ruta, sentencias) -> int:
    api = ejemplares.clinica.como(permitidos(ruta)[0].value)
    consulta = consulta_minima(ruta)
    for campo in consulta:
        recurso = {"sede_id": "sedes", "tipo_cita_id": "tipos-cita"}.get(campo)
        if recurso:
            consulta[campo] = ejemplares.ids[recurso]
    direccion = ejemplares.direccion(ruta)
    api.get(direccion, query_string=consulta)  # la identidad y los catálogos ya están leídos
    sentencias.clear()
    respuesta = api.get(direccion, query_string=consulta)
    assert respuesta.status_code < 500
    return len(sentencias)


@pytest.mark.parametrize("ruta", LECTURAS, ids=nombre)
def test_leer_mas_registros_no_cuesta_mas_sentencias(ejemplares, llena, sentencias, ruta):
    una, muchas = contar(ejemplares, ruta, sentencias), contar(llena, ruta, sentencias)
    assert una == muchas
    assert una <= EXCEPCIONES.get(nombre(ruta), MAXIMO_LECTURA), sentencias


# Con Idempotency-Key son cuatro más: reservarla, el punto de guarda, soltarlo y guardar la respuesta.
MAXIMO_ESCRITURA = {
    "crear cliente": 8,
    "crear paciente": 9,
    "editar paciente": 7,
    "pesar": 9,
    "reservar": 23,
    "reservar con dos recursos": 27,
    "reprogramar": 33,
    "cancelar": 16,
    "llegada": 17,
}


def test_escribir_cuesta_un_numero_fijo_de_sentencias(app, sentencias):
    clinica = crear_clinica(app, nombre="Escrituras")
    agenda = preparar_agenda(clinica)
    recepcion, paciente = clinica.como("recepcion"), agenda.pacientes[0]
    vistas: dict[str, int] = {}

    def contada(nombre_, hacer, estado):
        sentencias.clear()
        respuesta = hacer()
        assert respuesta.status_code == estado, respuesta.text
        vistas[nombre_] = len(sentencias)
        return respuesta.json

    for _ in range(2):  # la segunda vez, sin lecturas de primera vez
        contada("crear cliente", lambda: recepcion.post("/clientes", datos_cliente()), 201)
        contada("crear paciente", lambda: recepcion.post("/pacientes", datos_paciente(clinica)), 201)
    contada("editar paciente", lambda: recepcion.patch(f"/pacientes/{paciente}", {"capa": "negra"}, version="*"), 200)
    pesada = {"peso_kg": "12.500", "metodo": "bascula"}
    contada("pesar", lambda: recepcion.post(f"/pacientes/{paciente}/pesos", pesada), 201)
    cita = contada("reservar", agenda.reservar, 201)["id"]
    otra = {"inicio": "2027-01-15T12:00:00+01:00", "paciente_id": agenda.pacientes[1], "recursos": agenda.salas}
    contada("reservar con dos recursos", lambda: agenda.reservar(**otra), 201)
    nueva = {"inicio": "2027-01-15T16:00:00+01:00"}
    contada("reprogramar", lambda: recepcion.post(f"/citas/{cita}/reprogramacion", nueva), 200)
    contada("llegada", lambda: recepcion.post(f"/citas/{cita}/llegada"), 200)
    contada("cancelar", lambda: recepcion.post(f"/citas/{cita}/cancelacion", {"motivo": "Se marcha"}), 200)
    assert {uno: total for uno, total in vistas.items() if total > MAXIMO_ESCRITURA[uno]} == {}
