"""La demostración: completa, repetible y nunca en producción."""

import pytest

from app.api.services import demo_service
from app.config.settings import Modo, get_settings

CONTRASENA = "una contraseña de demostración"
TABLAS = (
    "usuarios", "profesionales", "sedes", "clientes", "pacientes", "pesos", "alergias", "alertas", "titularidades",
    "recursos", "horarios", "tipos_cita", "citas", "ocupaciones", "protocolos_vacunales", "requisitos_territoriales", "productos",
    "vacunaciones", "desparasitaciones",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(app):
    demo_service.preparar(CONTRASENA)
    return app


@pytest.fixture
def entrar(demo):
    from tests.factories import Api

    def entrar(email, contrasena=CONTRASENA):
        respuesta = Api(demo, reloj=None).post("/autenticacion/acceso", {"email": email, "contrasena": contrasena})
        assert respuesta.status_code == 200, respuesta.text
        return Api(demo, respuesta.json["token_acceso"], reloj=None)

    return entrar


def _recuento(propietario):
    consulta = "SELECT count(*), count(DISTINCT id), max(actualizado_en::text) FROM {}"
    sin_fecha = "SELECT count(*), count(DISTINCT id) FROM {}"
    filas = {}
    for tabla in TABLAS:
        con = tabla != "ocupaciones"
        filas[tabla] = propietario.execute(
            (consulta if con else sin_fecha).format(tabla)
            + " WHERE organizacion_id IN (SELECT id FROM organizaciones WHERE codigo IN ('demo', 'vecina'))"
        ).fetchone()
    return filas


def test_prepararla_otra_vez_no_cambia_nada(demo, propietario):
    antes = _recuento(propietario)
    demo_service.preparar(CONTRASENA)
    assert _recuento(propietario) == antes
    assert antes["clientes"][0] == 13
    assert antes["pacientes"][0] == 19


def test_los_ids_son_siempre_los_mismos_y_son_uuid_7(demo, propietario):
    consulta = "SELECT p.id FROM {} p JOIN organizaciones o ON o.id = p.organizacion_id WHERE o.codigo = 'demo'"
    ids = propietario.execute(consulta.format("pacientes")).fetchall()
    assert {id.version for (id,) in ids} == {7}
    madrid = propietario.execute(consulta.format("sedes") + " AND p.codigo = 'MAD'").fetchone()
    assert str(madrid[0]) == "019bc0e2-1280-7b19-81fd-f47fedea9851"


@pytest.mark.parametrize(
    ("email", "rol"),
    [
        ("admin@demo.test", "administrador"), ("veterinaria@demo.test", "veterinario"),
        ("veterinario2@demo.test", "veterinario"), ("auxiliar@demo.test", "auxiliar"),
        ("recepcion@demo.test", "recepcion"), ("cliente@demo.test", "cliente"),
        ("admin@vecina.test", "administrador"), ("recepcion@vecina.test", "recepcion"),
    ],
)  # fmt: skip
def test_cada_usuario_del_contrato_entra_con_su_rol(entrar, email, rol):
    assert entrar(email).get("/yo").json["roles"] == [rol]


def test_la_veterinaria_esta_colegiada(entrar):
    datos = entrar("admin@demo.test").get("/profesionales?categoria=veterinario").json["datos"]
    assert "2801234" in [uno["num_colegiado"] for uno in datos]


def test_las_dos_sedes_tienen_su_zona(entrar):
    sedes = entrar("recepcion@demo.test").get("/sedes").json["datos"]
    zonas = {sede["codigo"]: sede["zona_horaria"] for sede in sedes}
    assert zonas == {"MAD": "Europe/Madrid", "LPA": "Atlantic/Canary"}


def test_la_titular_del_portal_ve_lo_suyo(entrar):
    nombres = {uno["nombre"] for uno in entrar("cliente@demo.test").get("/pacientes").json["datos"]}
    assert nombres == {"Luna", "Kira"}


def test_la_agenda_tiene_citas_en_varios_estados(entrar):
    citas = entrar("recepcion@demo.test").get("/citas?limite=100").json["datos"]
    assert {"confirmada", "finalizada", "no_presentado", "cancelada", "solicitada"} <= {uno["estado"] for uno in citas}


def test_otra_contrasena_sustituye_a_la_anterior(demo, entrar):
    demo_service.preparar("otra contraseña distinta")
    entrar("auxiliar@demo.test", "otra contraseña distinta")
    demo_service.preparar(CONTRASENA)


def test_en_produccion_no_se_carga(demo, propietario, monkeypatch):
    monkeypatch.setattr(get_settings(), "modo", Modo.PRODUCCION)
    with pytest.raises(demo_service.DemostracionEnProduccion):
        demo_service.preparar(CONTRASENA)
