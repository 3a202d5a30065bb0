"""Recuperar la cuenta, aceptar invitaciones y cambiar la contraseña."""

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest

from app.utils.logs import ocultar
from tests.factories import CONTRASENA, Api, acceder, leer_buzon, poner_contrasena

pytestmark = pytest.mark.usefixtures("sin_intentos")
NUEVA = "cuatro perros en el jardín"


def recuperar(clinica, email, **datos):
    return clinica.anonimo.post("/autenticacion/recuperacion", {"email": email, **datos})


def restablecer(clinica, token, contrasena=NUEVA):
    return clinica.anonimo.post("/autenticacion/restablecimiento", {"token": token, "contrasena": contrasena})


def enlace(clinica):
    """El secreto del último correo de la clínica."""
    return leer_buzon(clinica)[-1].cuerpo.partition("#")[2].strip()


def test_la_respuesta_no_dice_si_el_correo_existe(clinica):
    email = poner_contrasena(clinica, "recepcion")
    existe, no_existe = recuperar(clinica, email), recuperar(clinica, f"nadie@{clinica.codigo}.test")
    assert (existe.status_code, existe.json) == (no_existe.status_code, no_existe.json) == (200, existe.json)
    assert [uno.destinatario for uno in leer_buzon(clinica)] == [email]


def test_el_tiempo_no_dice_si_el_correo_existe(clinica):
    email = poner_contrasena(clinica, "recepcion")
    tiempos: dict[str, list[float]] = {email: [], f"nadie@{clinica.codigo}.test": []}
    for _ in range(4):
        for correo, suyos in tiempos.items():
            inicio = perf_counter()
            recuperar(clinica, correo)
            suyos.append(perf_counter() - inicio)
    existe, no_existe = (median(uno) for uno in tiempos.values())
    assert 0.5 < existe / no_existe < 2


@pytest.mark.parametrize("existe", [True, False])
def test_pedirla_muchas_veces_se_frena_exista_o_no(clinica, existe):
    email = poner_contrasena(clinica, "recepcion") if existe else f"nadie@{clinica.codigo}.test"
    assert [recuperar(clinica, email).status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize(("estado", "enviados"), [("activo", 1), ("invitado", 1), ("bloqueado", 0), ("baja", 0)])
def test_a_quien_se_escribe(clinica, estado, enviados):
    email = poner_contrasena(clinica, "recepcion", estado=estado)
    assert recuperar(clinica, email).status_code == 200
    assert len(leer_buzon(clinica)) == enviados


def test_un_correo_en_dos_organizaciones_recibe_un_enlace_de_cada_una(clinica, vecina):
    poner_contrasena(clinica, "recepcion", email=f"doble@{clinica.codigo}.test")
    poner_contrasena(vecina, "recepcion", email=f"doble@{clinica.codigo}.test")
    recuperar(clinica, f"doble@{clinica.codigo}.test")
    assert (len(leer_buzon(clinica)), len(leer_buzon(vecina))) == (1, 1)
    recuperar(clinica, f"doble@{clinica.codigo}.test", organizacion=vecina.codigo)
    assert (len(leer_buzon(clinica)), len(leer_buzon(vecina))) == (1, 2)


def test_restablecer_cambia_la_contrasena_y_cierra_todas_las_sesiones(clinica):
    email = poner_contrasena(clinica, "recepcion")
    sesion = acceder(clinica, email).json
    recuperar(clinica, email)
    assert restablecer(clinica, enlace(clinica)).status_code == 200
    assert Api(clinica.flask, sesion["token_acceso"]).get("/yo").status_code == 401
    renovada = clinica.anonimo.post("/autenticacion/renovacion", {"token_renovacion": sesion["token_renovacion"]})
    assert renovada.status_code == 401
    assert acceder(clinica, email).status_code == 401
    assert Api(clinica.flask, acceder(clinica, email, NUEVA).json["token_acceso"]).get("/yo").status_code == 200


def test_el_enlace_vale_una_vez_y_solo_el_ultimo(clinica):
    email = poner_contrasena(clinica, "recepcion")
    recuperar(clinica, email)
    primero = enlace(clinica)
    recuperar(clinica, email)
    segundo = enlace(clinica)
    assert restablecer(clinica, primero).json["codigo"] == "ENLACE_INVALIDO"
    with ThreadPoolExecutor(5) as hilos:
        estados = list(hilos.map(lambda _: restablecer(clinica, segundo).status_code, range(5)))
    assert sorted(estados) == [200] + [422] * 4


def test_un_enlace_caducado_no_vale(clinica, propietario):
    email = poner_contrasena(clinica, "recepcion")
    recuperar(clinica, email)
    plazo = propietario.execute(
        "UPDATE enlaces SET expira_en = now() - interval '1 second' WHERE organizacion_id = %s"
        " RETURNING extract(epoch FROM old.expira_en - now())", [clinica.id],
    ).fetchone()[0]  # fmt: skip
    assert 3500 < plazo <= 3600
    assert restablecer(clinica, enlace(clinica)).status_code == 422


@pytest.mark.parametrize("token", ["x", "a.b", "0" * 32 + ".x", "."])
def test_un_enlace_inventado_no_vale(clinica, token):
    respuesta = restablecer(clinica, token)
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, "/token")


@pytest.mark.parametrize("contrasena", ["corta", "x" * 11, "x" * 129, "CORREO"])
def test_contrasenas_que_no_se_admiten(clinica, contrasena):
    email = poner_contrasena(clinica, "recepcion")
    recuperar(clinica, email)
    contrasena = email.upper() if contrasena == "CORREO" else contrasena
    respuesta = restablecer(clinica, enlace(clinica), contrasena)
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, "/contrasena")
    assert contrasena not in respuesta.text
    assert restablecer(clinica, enlace(clinica)).status_code == 200  # el enlace no se ha gastado


def test_el_enlace_no_se_guarda_ni_se_lee_en_la_base(clinica, propietario):
    email = poner_contrasena(clinica, "recepcion")
    recuperar(clinica, email)
    secreto = enlace(clinica).partition(".")[2].encode()
    for huella, cuerpo in propietario.execute(
        "SELECT e.huella, b.cuerpo_cifrado FROM enlaces e JOIN buzon_salida b USING (organizacion_id)"
        " WHERE organizacion_id = %s", [clinica.id],
    ):  # fmt: skip
        assert secreto not in huella
        assert secreto not in cuerpo


def test_la_demostracion_puede_ensenar_el_enlace_en_sus_registros(clinica):
    recuperar(clinica, poner_contrasena(clinica, "recepcion"))
    cuerpo = leer_buzon(clinica)[0].cuerpo
    assert ocultar(cuerpo) == cuerpo


def test_cambiar_la_contrasena_cierra_las_demas_sesiones(clinica):
    email = poner_contrasena(clinica, "recepcion")
    una, otra = acceder(clinica, email).json, acceder(clinica, email).json
    api = Api(clinica.flask, una["token_acceso"])
    mal = api.post("/yo/contrasena", {"actual": "no es la mía", "nueva": NUEVA})
    assert (mal.status_code, mal.json["codigo"]) == (422, "CONTRASENA_INCORRECTA")
    assert (
        api.post("/yo/contrasena", {"actual": CONTRASENA, "nueva": CONTRASENA}).json["codigo"] == "CONTRASENA_INSEGURA"
    )
    assert api.post("/yo/contrasena", {"actual": CONTRASENA, "nueva": NUEVA}).status_code == 200
    assert api.get("/yo").status_code == 200
    assert Api(clinica.flask, otra["token_acceso"]).get("/yo").status_code == 401
    assert acceder(clinica, email, NUEVA).status_code == 200


def test_probar_la_contrasena_actual_se_frena(clinica):
    poner_contrasena(clinica, "recepcion")
    api = clinica.como("recepcion")
    intentos = [api.post("/yo/contrasena", {"actual": "no es la mía", "nueva": NUEVA}).status_code for _ in range(6)]
    assert intentos == [422] * 5 + [429]


def test_editar_mi_nombre_exige_mi_version(clinica):
    api = clinica.como("recepcion")
    version = api.get("/yo").json["version"]
    assert api.patch("/yo", {"nombre": "Marta"}).status_code == 428
    assert api.patch("/yo", {"nombre": "Marta"}, version=version + 1).status_code == 412
    editada = api.patch("/yo", {"nombre": "Marta"}, version=version)
    assert (editada.status_code, editada.json["nombre"]) == (200, "Marta")
    assert api.patch("/yo", {"roles": ["administrador"]}, version=version + 1).status_code == 422


def test_mis_permisos_son_los_de_mis_roles(clinica):
    mio = clinica.como("recepcion").get("/yo").json
    permisos = {uno["permiso"]: uno["alcance"] for uno in mio["permisos"]}
    assert (permisos["citas:leer"], permisos["cuenta:propia"]) == ("sedes", "todo")
    assert "usuarios:gestionar" not in permisos
    assert set(mio["sedes"]) == {str(clinica.sede_id), str(clinica.sede2_id)}
    del_cliente = clinica.como("cliente").get("/yo").json
    assert del_cliente["cliente_id"] == str(clinica.cliente_id)
    assert {uno["alcance"] for uno in del_cliente["permisos"] if uno["permiso"] == "pacientes:leer"} == {"propio"}
