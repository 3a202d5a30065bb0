"""Los ejemplos de la documentación se ejecutan tal cual sobre la clínica de demostración."""

import os
import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from app.config.permissions import Rol
from tests.factories import Api
from tests.recursos import RUTAS, consulta_minima, cuerpo_de_ejemplo, nombre, operacion, permitidos, publica

CONTRASENA = "la demostración de las pruebas"


def ejemplo_de_ruta(ruta) -> str | None:
    """La dirección con el ejemplo documentado de cada parámetro; nada si alguno no lo tiene."""
    direccion = ruta.rule
    for parametro in operacion(ruta).get("parameters", []):
        if parametro.get("in") == "path":
            if "example" not in parametro:
                return None
            direccion = re.sub(rf"<(?:\w+:)?{parametro['name']}>", parametro["example"], direccion)
    return direccion


LECTURAS = [ruta for ruta in RUTAS if ruta.method == "GET" and ejemplo_de_ruta(ruta) and "fusion" not in ruta.rule]


@pytest.fixture(scope="module")
def admin(app):
    """La administración de la demostración recién cargada, con una sesión de verdad."""
    from app.api.services import demo_service

    demo_service.preparar(CONTRASENA)
    acceso = Api(app).post("/autenticacion/acceso", {"email": "admin@demo.test", "contrasena": CONTRASENA})
    assert acceso.status_code == 200, acceso.text
    yield Api(
        app, acceso.json["token_acceso"], datetime.now(UTC).isoformat(), {"X-Motivo-Acceso": "Probar%20los%20ejemplos"}
    )
    # Se ha escrito en ella: quien venga después prepara la suya.
    with psycopg.connect(os.environ["SERVET_DATABASE_URL_PROPIETARIO"], autocommit=True) as conexion:
        conexion.execute(
            "UPDATE organizaciones SET codigo = codigo || left(id::text, 13) WHERE codigo IN ('demo', 'vecina')"
        )


@pytest.fixture(scope="module")
def veterinaria(admin):
    """Quien lee lo clínico, que la administración no lee sin más; como no ha atendido a nadie, dice por qué."""
    acceso = Api(admin.flask).post(
        "/autenticacion/acceso", {"email": "veterinaria@demo.test", "contrasena": CONTRASENA}
    )
    return Api(admin.flask, acceso.json["token_acceso"], admin.reloj, {"X-Motivo-Acceso": "Probar%20los%20ejemplos"})


@pytest.mark.parametrize("ruta", LECTURAS, ids=nombre)
def test_lo_que_se_lee_de_ejemplo_existe_en_la_demostracion(admin, veterinaria, ruta):
    api = admin if publica(ruta) or Rol.ADMINISTRADOR in permitidos(ruta) else veterinaria
    respuesta = api.get(ejemplo_de_ruta(ruta), query_string=consulta_minima(ruta))
    assert respuesta.status_code == 200, respuesta.text


@pytest.mark.parametrize(
    "recurso",
    [
        "clientes",
        "pacientes",
        "citas",
        "recursos",
        "tipos-cita",
        "sedes",
        "lista-espera",
        "productos",
        "protocolos-vacunales",
        "requisitos-territoriales",
    ],
)
def test_lo_que_se_crea_de_ejemplo_se_crea(admin, recurso):
    ruta = next(r for r in RUTAS if r.rule == f"/api/v1/{recurso}" and r.method == "POST")
    cuerpo = cuerpo_de_ejemplo(ruta)
    if recurso == "citas":  # el ejemplo lleva una fecha fija: si ya pasó, la misma hora dentro de un mes
        inicio = datetime.fromisoformat(cuerpo["inicio"])
        while inicio < datetime.now(UTC) + timedelta(days=1):
            inicio += timedelta(days=28)
        cuerpo["inicio"] = inicio.isoformat()
    respuesta = admin.post(f"/{recurso}", cuerpo, clave=True)
    assert respuesta.status_code == 201, respuesta.text
