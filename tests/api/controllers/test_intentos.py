"""El freno a los intentos: cinco fallos y quince minutos, exista o no la cuenta."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.utils import intentos
from tests.factories import acceder, poner_contrasena

MALA = "no es la contraseña"


pytestmark = pytest.mark.usefixtures("sin_intentos")


@pytest.mark.parametrize("existe", [True, False])
def test_al_sexto_intento_429_exista_o_no_la_cuenta(clinica, existe):
    email = poner_contrasena(clinica, "recepcion") if existe else f"nadie@{clinica.codigo}.test"
    assert [acceder(clinica, email, MALA).status_code for _ in range(5)] == [401] * 5
    frenado = acceder(clinica, email)  # tampoco con la buena
    assert (frenado.status_code, frenado.json["codigo"]) == (429, "DEMASIADAS_PETICIONES")
    assert 890 <= int(frenado.headers["Retry-After"]) <= 901


def test_de_veinte_a_la_vez_se_verifican_cinco(clinica):
    email = poner_contrasena(clinica, "recepcion")
    with ThreadPoolExecutor(8) as hilos:
        estados = list(hilos.map(lambda _: acceder(clinica, email, MALA).status_code, range(20)))
    assert sorted(estados) == [401] * 5 + [429] * 15


def test_un_acierto_pone_la_cuenta_a_cero(clinica):
    email = poner_contrasena(clinica, "recepcion")
    for _ in range(2):
        assert [acceder(clinica, email, MALA).status_code for _ in range(4)] == [401] * 4
        assert acceder(clinica, email).status_code == 200


def test_pasados_quince_minutos_se_puede_volver(clinica, propietario):
    email = poner_contrasena(clinica, "recepcion")
    for _ in range(6):
        acceder(clinica, email, MALA)
    propietario.execute("UPDATE intentos_acceso SET desde = now() - interval '14 minutes'")
    assert acceder(clinica, email).status_code == 429
    propietario.execute("UPDATE intentos_acceso SET desde = now() - interval '15 minutes 1 second'")
    assert acceder(clinica, email).status_code == 200


def test_el_plazo_cuenta_desde_el_fallo_que_agota_la_cuenta(clinica, propietario):
    email = poner_contrasena(clinica, "recepcion")
    for _ in range(4):
        acceder(clinica, email, MALA)
    propietario.execute("UPDATE intentos_acceso SET desde = now() - interval '14 minutes'")
    assert acceder(clinica, email, MALA).status_code == 401
    assert int(acceder(clinica, email, MALA).headers["Retry-After"]) > 890


def test_variar_mayusculas_u_organizacion_no_da_mas_intentos(clinica):
    email = poner_contrasena(clinica, "recepcion")
    variantes = [email, email.upper(), f" {email}", email, email]
    for n, variante in enumerate(variantes):
        assert acceder(clinica, variante, MALA, organizacion=f"org-{n}").status_code == 401
    assert acceder(clinica, email).status_code == 429


def test_una_direccion_que_prueba_muchas_cuentas_se_frena(clinica):
    limite = intentos.MAXIMO_POR_DIRECCION
    claves = [intentos.contar("acceso", f"cuenta{n}", "203.0.113.7") for n in range(limite)]
    with pytest.raises(intentos.DemasiadasPeticiones):
        intentos.contar("acceso", "otra", "203.0.113.7")
    intentos.contar("acceso", "otra más", "203.0.113.8")
    intentos.olvidar(claves[0])


def test_agotar_una_cuenta_no_deja_fuera_a_toda_la_clinica(clinica):
    for _ in range(intentos.MAXIMO_POR_DIRECCION + 10):
        try:
            intentos.contar("acceso", "programa mal configurado", "203.0.113.9")
        except intentos.DemasiadasPeticiones:
            continue
    assert intentos.contar("acceso", "otra persona", "203.0.113.9")


def test_el_bloqueo_queda_auditado(clinica, propietario):
    email = poner_contrasena(clinica, "recepcion")
    for _ in range(7):
        acceder(clinica, email, MALA)
    filas = propietario.execute(
        "SELECT recurso_id, ip FROM auditoria WHERE organizacion_id = %s AND accion = 'acceso_bloqueado'", [clinica.id]
    ).fetchall()
    assert filas == [(clinica.usuarios["recepcion"], "127.0.0.1")]


@pytest.mark.parametrize(
    ("una", "otra", "misma"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_en_ipv6_se_cuenta_la_red(una, otra, misma):
    assert (intentos._red(una) == intentos._red(otra)) is misma


def test_lo_caducado_se_limpia(clinica, propietario):
    intentos.contar("acceso", "de hace tiempo", "203.0.113.7")
    propietario.execute("UPDATE intentos_acceso SET desde = now() - interval '1 hour'")
    acceder(clinica, poner_contrasena(clinica, "recepcion"))
    assert propietario.execute(
        "SELECT count(*) FROM intentos_acceso WHERE desde < now() - interval '15 minutes'"
    ).fetchone() == (0,)
