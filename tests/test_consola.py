"""La consola: qué hace cada orden, con qué código sale y qué dice cuando falla."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from app.consola import create_app, servet

RAIZ = Path(__file__).resolve().parents[1]
CONTRASENA = "una contraseña bien larga"


@pytest.fixture
def orden(app):
    """``orden("usuario", "crear", …)``: la ejecuta y devuelve salida, error y código."""
    ejecutor = create_app().test_cli_runner()
    return lambda *partes, entrada=None: ejecutor.invoke(servet, list(partes), input=entrada, prog_name="servet")


def _alta(organizacion, **cambios):
    opciones = {
        "codigo": organizacion, "nombre": "Clínica Ñandú", "pais": "ES", "identificador-fiscal": "B12345674",
        "zona-horaria": "Europe/Madrid", "territorio-fiscal": "ES-IVA", "admin-email": f"jefa@{organizacion}.test",
        "admin-nombre": "Ana Jefa", **cambios,
    }  # fmt: skip
    return ["organizacion", "crear", "--contrasena-stdin", *(f"--{clave}={valor}" for clave, valor in opciones.items())]


@pytest.fixture
def codigo():
    return f"org-{uuid4().hex[:8]}"


def _entra(app, email, contrasena=CONTRASENA):
    from tests.factories import Api

    acceso = Api(app, reloj=None).post("/autenticacion/acceso", {"email": email, "contrasena": contrasena})
    return acceso.status_code, acceso.json


def test_una_organizacion_nace_con_sede_administradora_y_tipos_de_cita(app, orden, codigo):
    salida = orden(*_alta(codigo), entrada=f"{CONTRASENA}\n")
    assert salida.exit_code == 0, salida.output
    estado, tokens = _entra(app, f"jefa@{codigo}.test")
    assert estado == 200
    from tests.factories import Api

    jefa = Api(app, tokens["token_acceso"])
    assert [sede["codigo"] for sede in jefa.get("/sedes").json["datos"]] == ["PRI"]
    assert len(jefa.get("/tipos-cita?limite=100").json["datos"]) == 19


@pytest.mark.parametrize(
    ("cambios", "contrasena", "dice"),
    [
        ({"pais": "FR"}, CONTRASENA, "País no admitido"),
        ({"zona-horaria": "Europa/Madrid"}, CONTRASENA, "Zona horaria desconocida"),
        ({"territorio-fiscal": "ES"}, CONTRASENA, "Territorio fiscal desconocido"),
        ({"identificador-fiscal": "B12345675"}, CONTRASENA, "identificador fiscal"),
        ({"admin-email": "jefa"}, CONTRASENA, "correo no es válido"),
        ({"codigo": "Con Espacios"}, CONTRASENA, "código"),
        ({"sede": "demasiado-larga"}, CONTRASENA, "código de sede"),
        ({}, "corta", "contraseña debe tener"),
    ],
)
def test_un_alta_imposible_se_explica_y_no_deja_nada(orden, propietario, codigo, cambios, contrasena, dice):
    salida = orden(*_alta(codigo, **cambios), entrada=f"{contrasena}\n")
    assert salida.exit_code == 1
    assert dice in salida.stderr
    assert "Traceback" not in salida.output
    assert contrasena not in salida.output
    assert propietario.execute("SELECT 1 FROM organizaciones WHERE codigo = %s", [codigo]).fetchone() is None


def test_una_organizacion_repetida_no_toca_la_que_hay(orden, codigo):
    orden(*_alta(codigo), entrada=f"{CONTRASENA}\n")
    repetida = orden(*_alta(codigo), entrada=f"{CONTRASENA}\n")
    assert (repetida.exit_code, repetida.stderr) == (1, "Error: Ya hay una organización con ese código\n")


def test_si_el_alta_falla_a_medias_se_retira_la_organizacion(app, propietario, codigo, monkeypatch):
    from app.api.services import altas_service

    def falla(*_: object) -> None:
        raise RuntimeError("se fue la luz")

    monkeypatch.setattr(altas_service, "_dar_de_alta", falla)
    sede = altas_service.PrimeraSede("PRI", "Principal", "Europe/Madrid", "ES-IVA")
    admin = altas_service.Persona(f"jefa@{codigo}.test", "Ana", CONTRASENA)
    with pytest.raises(RuntimeError):
        altas_service.crear_organizacion_entera(codigo, "Ñandú", "ES", "EUR", "B12345674", sede, admin)
    assert propietario.execute("SELECT 1 FROM organizaciones WHERE codigo = %s", [codigo]).fetchone() is None
    for tabla in ("protocolos_vacunales", "requisitos_territoriales", "reglas_alerta", "sedes"):
        sueltas = f"SELECT count(*) FROM {tabla} WHERE organizacion_id NOT IN (SELECT id FROM organizaciones)"
        assert propietario.execute(sueltas).fetchone() == (0,), tabla


def test_un_usuario_creado_entra_con_la_contrasena_preguntada_dos_veces(app, orden, clinica):
    email = f"nueva@{clinica.codigo}.test"
    salida = orden(
        "usuario", "crear", "--organizacion", clinica.codigo, "--email", email.upper(), "--nombre", "Nueva",
        "--rol", "veterinario", "--rol", "administrador", "--sede", "MAD", entrada=f"{CONTRASENA}\n{CONTRASENA}\n",
    )  # fmt: skip
    assert salida.exit_code == 0, salida.output
    assert CONTRASENA not in salida.output
    assert _entra(app, email)[0] == 200


@pytest.mark.parametrize(
    ("opciones", "codigo_salida", "dice"),
    [
        (["--organizacion", "no-existe", "--rol", "recepcion"], 1, "No hay ninguna organización"),
        (["--rol", "recepcion", "--sede", "NOPE"], 1, "NOPE"),
        (["--rol", "cliente"], 2, "cliente"),
        ([], 2, "--rol"),
    ],
)
def test_un_usuario_imposible_se_explica(orden, clinica, opciones, codigo_salida, dice):
    base = ["usuario", "crear", "--email", "x@x.test", "--nombre", "X", "--contrasena-stdin"]
    if "--organizacion" not in opciones:
        base += ["--organizacion", clinica.codigo]
    salida = orden(*base, *opciones, entrada=f"{CONTRASENA}\n")
    assert salida.exit_code == codigo_salida
    assert dice in salida.stderr


def test_un_correo_repetido_se_dice_sin_traza(orden, clinica):
    salida = orden(
        "usuario", "crear", "--organizacion", clinica.codigo, "--email", f"recepcion@{clinica.codigo}.test",
        "--nombre", "X", "--rol", "recepcion", "--contrasena-stdin", entrada=f"{CONTRASENA}\n",
    )  # fmt: skip
    assert (salida.exit_code, salida.stderr) == (1, "Error: Ya hay un usuario con ese correo\n")


def test_la_contrasena_nunca_es_un_argumento(orden):
    ayuda = orden("usuario", "crear", "--help").output
    assert "--contrasena-stdin" in ayuda
    assert not re.search(r"--contrasena(?!-stdin)", ayuda)


@pytest.mark.parametrize(
    "partes",
    [
        ["migrar"], ["demo"], ["usuario"], ["usuario", "crear"], ["organizacion"], ["organizacion", "crear"],
        ["claves"], ["claves", "rotar"], ["verificar-auditoria"], ["rutas"], ["tareas"],
    ],
)  # fmt: skip
def test_cada_orden_se_explica(orden, partes):
    salida = orden(*partes, "--help")
    assert salida.exit_code == 0
    assert len(salida.output.splitlines()) > 4


def test_rotar_la_clave_no_cierra_las_sesiones(orden, clinica):
    antes = clinica.como("recepcion").get("/yo").status_code
    salida = orden("claves", "rotar")
    assert re.fullmatch(r"Clave nueva: [0-9a-f]{16}\n", salida.stdout)
    assert (antes, clinica.como("recepcion").get("/yo").status_code) == (200, 200)


def test_las_rutas_dicen_su_permiso_y_quien_lo_tiene(orden):
    lineas = orden("rutas").stdout.splitlines()
    assert "GET\t/api/v1/auditoria\tauditoria:leer\tadministrador" in lineas
    assert any(linea.startswith("POST\t/api/v1/autenticacion/acceso\t") and "público" in linea for linea in lineas)
    assert all(linea.count("\t") == 3 for linea in lineas)


def test_una_auditoria_integra_sale_con_cero(orden, clinica):
    salida = orden("verificar-auditoria", "--organizacion", clinica.codigo)
    assert salida.exit_code == 0
    assert salida.stdout.startswith(f"{clinica.codigo}: íntegra, ")


def test_una_auditoria_rota_sale_con_uno_y_nombra_el_eslabon(orden, clinica, propietario):
    id = propietario.execute(
        "SELECT id FROM auditoria WHERE organizacion_id = %s AND numero = 3", [clinica.id]
    ).fetchone()[0]
    propietario.execute("ALTER TABLE auditoria DISABLE TRIGGER ALL")
    propietario.execute("UPDATE auditoria SET accion = 'otra' WHERE organizacion_id = %s AND numero = 3", [clinica.id])
    propietario.execute("ALTER TABLE auditoria ENABLE TRIGGER ALL")
    salida = orden("verificar-auditoria")
    assert salida.exit_code == 1
    assert f"{clinica.codigo}: ROTA en el asiento 3 ({id})" in salida.stderr
    assert orden("verificar-auditoria", "--organizacion", "no-existe").exit_code == 1


def test_sin_base_se_dice_en_una_linea(tmp_path):
    entorno = {**os.environ, "DATABASE_URL": "postgresql://nadie@127.0.0.1:1/nada",
               "SERVET_DATABASE_URL_PROPIETARIO": "postgresql://nadie@127.0.0.1:1/nada"}  # fmt: skip
    salida = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app.consola", "servet", "verificar-auditoria"],
        cwd=RAIZ, env=entorno, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert salida.returncode == 1
    assert salida.stderr.startswith("Error: No se puede hablar con la base de datos")
    assert "Traceback" not in salida.stderr


@pytest.mark.lento
def test_las_tareas_paran_con_orden_y_sin_esperar_a_la_vuelta_siguiente(app):
    proceso = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app.consola", "servet", "tareas"],
        cwd=RAIZ, env=dict(os.environ), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while "tareas_en_marcha" not in proceso.stderr.readline():
            assert proceso.poll() is None
        time.sleep(0.3)
        inicio = time.monotonic()
        proceso.send_signal(signal.SIGTERM)
        assert proceso.wait(timeout=15) == 0
        assert time.monotonic() - inicio < 10
    finally:
        proceso.kill()
        proceso.stderr.close()
