"""La auditoría: se lee, no se toca y, si alguien la toca por debajo, se sabe dónde."""

import json
import os
from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from app.utils.passwords import hash_password
from tests.factories import crear_paciente


@pytest.fixture
def admin(como):
    return como("administrador")


def _verificar(admin):
    respuesta = admin.get("/auditoria/verificacion-cadena")
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def test_un_cambio_deja_quien_que_y_los_valores_de_antes_y_despues(admin, clinica):
    paciente = crear_paciente(clinica)
    recepcion = clinica.como("recepcion")
    recepcion.patch(f"/pacientes/{paciente['id']}", {"capa": "negra"}, version=paciente["version"],
                    headers={"X-Request-Id": "peticion-7"})  # fmt: skip
    asiento = admin.get(f"/auditoria?recurso=pacientes&recurso_id={paciente['id']}&accion=editar").json["datos"][0]
    assert asiento["cambios"] == {"capa": [None, "negra"]}
    assert asiento["quien"] == str(clinica.usuarios["recepcion"])
    assert asiento["quien_nombre"] == "Persona recepcion"
    assert (asiento["rol"], asiento["id_peticion"]) == ("recepcion", "peticion-7")


def test_lo_ultimo_va_primero_y_las_paginas_no_se_solapan(admin, clinica):
    crear_paciente(clinica)
    numeros, ruta = [], "/auditoria?limite=5"
    while ruta:
        pagina = admin.get(ruta).json
        numeros += [asiento["numero"] for asiento in pagina["datos"]]
        ruta = pagina["siguiente"] and f"/auditoria?limite=5&cursor={pagina['siguiente']}"
    assert numeros == list(range(numeros[0], 0, -1))


@pytest.mark.parametrize(
    ("desde", "hasta", "sale"),
    [
        ("2026-12-01", "2026-12-01", True), ("2026-12-01", None, True), (None, "2026-12-01", True),
        ("2026-12-02", None, False), (None, "2026-11-30", False),
    ],
)  # fmt: skip
def test_desde_y_hasta_son_fechas_civiles_de_la_sede(admin, clinica, desde, hasta, sale):
    # 00:30 del día 1 en Madrid todavía es día 30 en UTC.
    tarde = "2026-12-01T00:30:00+01:00"
    nuevo = clinica.como("recepcion").post("/clientes", {"tipo": "persona", "nombre": "Ana", "apellidos": "Sanz",
                                           "telefonos": [{"numero": "+34612345678"}]}, reloj=tarde).json  # fmt: skip
    filtros = "&".join(f"{nombre}={valor}" for nombre, valor in (("desde", desde), ("hasta", hasta)) if valor)
    datos = admin.get(f"/auditoria?recurso=clientes&recurso_id={nuevo['id']}&{filtros}").json["datos"]
    assert bool(datos) is sale


def test_solo_se_ve_la_auditoria_de_la_propia_organizacion(admin, clinica, vecina):
    paciente = crear_paciente(vecina)
    assert admin.get(f"/auditoria?recurso_id={paciente['id']}").json["datos"] == []
    assert clinica.como("veterinario").get("/auditoria").status_code == 403


def test_ningun_secreto_llega_a_los_cambios(clinica, propietario):
    from app.api.models.usuario import Usuario
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import change, find

    huella = hash_password("una contraseña larga")
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        usuario = find(Usuario, clinica.usuarios["recepcion"])
        change(usuario, {"contrasena_huella": huella, "secreto_totp": b"JBSWY3DP", "codigos_recuperacion": ["abc-123"]})
    iniciar(Contexto())
    asientos = propietario.execute(
        "SELECT cambios::text FROM auditoria WHERE organizacion_id = %s AND recurso_id = %s"
        " ORDER BY numero DESC LIMIT 1",
        [clinica.id, clinica.usuarios["recepcion"]],
    ).fetchall()
    assert asientos == [
        ('{"secreto_totp": [null, "***"], "contrasena_huella": [null, "***"], "codigos_recuperacion": [null, "***"]}',)
    ]


def test_la_cadena_recien_escrita_esta_entera(admin, clinica):
    crear_paciente(clinica)
    hallado = _verificar(admin)
    assert (hallado["integra"], hallado["primer_eslabon_roto"], hallado["numero"]) == (True, None, None)
    assert hallado["asientos"] == admin.get("/auditoria?limite=1").json["datos"][0]["numero"]


def test_una_organizacion_no_delata_la_rotura_de_otra(admin, vecina, propietario):
    with _sin_disparadores(propietario):
        propietario.execute("UPDATE auditoria SET motivo = 'x' WHERE organizacion_id = %s AND numero = 1", [vecina.id])
    assert _verificar(admin)["integra"] is True
    assert _verificar(vecina.como("administrador"))["integra"] is False


# Cada sabotaje recibe (conexión, organización) y toca por debajo; el segundo valor, dónde debe verse.
# «AQUÍ» es la cadena de la organización.
SABOTAJES: dict[str, tuple[str, int, bool]] = {
    "cambiar lo hecho": ("UPDATE auditoria SET accion = 'otra' WHERE AQUÍ AND numero = 4", 4, True),
    "cambiar cuándo": ("UPDATE auditoria SET en = en + interval '1 microsecond' WHERE AQUÍ AND numero = 4", 4, True),
    "cambiar lo hecho y rehacer su huella": (
        "UPDATE auditoria SET accion = 'otra' WHERE AQUÍ AND numero = 4;"
        "UPDATE auditoria a SET huella = auditoria_huella(a) WHERE AQUÍ AND numero = 4", 5, True),
    "borrar el primero": ("DELETE FROM auditoria WHERE AQUÍ AND numero = 1", 2, True),
    "borrar uno de en medio": ("DELETE FROM auditoria WHERE AQUÍ AND numero = 4", 5, True),
    "borrar el último": ("DELETE FROM auditoria WHERE AQUÍ AND numero = %(n)s", 0, False),
    "borrar los dos últimos": ("DELETE FROM auditoria WHERE AQUÍ AND numero >= %(n)s - 1", -1, False),
    "borrarlos todos": ("DELETE FROM auditoria WHERE AQUÍ", 1, False),
    "cambiar dos de sitio": (
        "UPDATE auditoria SET numero = numero - 9 WHERE AQUÍ AND numero IN (4, 5);"
        "UPDATE auditoria SET numero = -numero WHERE AQUÍ AND numero < 0", 4, True),
    "borrar la cabeza": ("DELETE FROM auditoria_cadenas WHERE AQUÍ", 0, True),
    "retrasar la cabeza": (
        "UPDATE auditoria_cadenas SET numero = 4, huella ="
        " (SELECT huella FROM auditoria WHERE AQUÍ AND numero = 4) WHERE AQUÍ", 0, True),
}  # fmt: skip


@pytest.mark.parametrize("sabotaje", SABOTAJES)
def test_quien_toca_la_base_por_debajo_se_delata(admin, clinica, propietario, sabotaje):
    orden, donde, con_id = SABOTAJES[sabotaje]
    crear_paciente(clinica)
    ultimo = _verificar(admin)["asientos"]
    esperado = donde if donde > 0 else ultimo + donde
    afectado = propietario.execute(
        "SELECT id FROM auditoria WHERE organizacion_id = %s AND numero = %s", [clinica.id, esperado]
    ).fetchone()
    with _sin_disparadores(propietario):
        for una in orden.split(";"):
            propietario.execute(una.replace("AQUÍ", "organizacion_id = %(o)s"), {"o": clinica.id, "n": ultimo})
    hallado = _verificar(admin)
    assert hallado["integra"] is False
    assert hallado["numero"] == esperado
    if sabotaje == "cambiar dos de sitio":
        assert hallado["primer_eslabon_roto"] is not None
    else:
        assert hallado["primer_eslabon_roto"] == (str(afectado[0]) if con_id else None)


def test_seguir_escribiendo_no_tapa_lo_borrado(admin, clinica, propietario):
    ultimo = _verificar(admin)["asientos"]
    with _sin_disparadores(propietario):
        propietario.execute("DELETE FROM auditoria WHERE organizacion_id = %s AND numero = %s", [clinica.id, ultimo])
    crear_paciente(clinica)
    assert _verificar(admin)["numero"] == ultimo + 1


@pytest.fixture
def como_aplicacion(clinica):
    """Conexión del rol de la aplicación, con la organización fijada."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as conexion:
        conexion.execute("SELECT set_config('app.organizacion_id', %s, false)", [str(clinica.id)])
        yield conexion


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE auditoria SET motivo = 'x'",
        "DELETE FROM auditoria",
        "TRUNCATE auditoria",
        "INSERT INTO auditoria SELECT * FROM auditoria LIMIT 1",
        "UPDATE auditoria_cadenas SET numero = 1",
        "DELETE FROM auditoria_cadenas",
        "TRUNCATE auditoria_cadenas",
        "INSERT INTO auditoria_cadenas SELECT * FROM auditoria_cadenas",
        "ALTER TABLE auditoria DISABLE TRIGGER ALL",
        "ALTER TABLE auditoria DISABLE ROW LEVEL SECURITY",
        "DROP TABLE auditoria",
        "SET session_replication_role = replica",
        "SET ROLE servet_propietario",
        "ALTER ROLE servet_app BYPASSRLS",
        "CREATE OR REPLACE FUNCTION auditoria_huella(a auditoria) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
    ],
)
def test_el_rol_de_la_aplicacion_no_puede_tocar_la_auditoria(como_aplicacion, orden):
    with pytest.raises(errors.InsufficientPrivilege):
        como_aplicacion.execute(orden)


def test_el_rol_de_la_aplicacion_solo_ve_su_organizacion(como_aplicacion, clinica, vecina):
    assert como_aplicacion.execute("SELECT DISTINCT organizacion_id FROM auditoria").fetchall() == [(clinica.id,)]
    como_aplicacion.execute("SELECT set_config('app.organizacion_id', '', false)")
    assert como_aplicacion.execute("SELECT count(*) FROM auditoria").fetchone() == (0,)


def test_el_rol_de_la_aplicacion_no_apunta_en_otra_organizacion(como_aplicacion, vecina):
    asiento = f'[{{"organizacion_id": "{vecina.id}", "accion": "crear", "recurso": "x", "cambios": {{}}}}]'
    with pytest.raises(errors.RaiseException):
        como_aplicacion.execute("SELECT auditoria_anotar(%s::jsonb)", [asiento])


def test_una_tabla_temporal_con_su_nombre_no_desvia_la_auditoria(como_aplicacion, clinica):
    antes = como_aplicacion.execute("SELECT count(*) FROM public.auditoria").fetchone()[0]
    for tabla in ("auditoria", "auditoria_cadenas"):
        como_aplicacion.execute(f"CREATE TEMP TABLE {tabla} AS SELECT * FROM public.{tabla} WITH NO DATA")
    asiento = {"organizacion_id": str(clinica.id), "id": str(clinica.id), "en": "2026-11-23T09:00:00Z",
               "accion": "crear", "recurso": "x", "cambios": {}}  # fmt: skip
    como_aplicacion.execute("SELECT auditoria_anotar(%s::jsonb)", [json.dumps([asiento])])
    assert como_aplicacion.execute("SELECT count(*) FROM public.auditoria").fetchone() == (antes + 1,)


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE auditoria SET motivo = 'x' WHERE false",
        "DELETE FROM auditoria WHERE false",
        "TRUNCATE auditoria",
        "DELETE FROM auditoria_cadenas WHERE false",
        "TRUNCATE auditoria_cadenas",
    ],
)
def test_ni_el_propietario_la_cambia_sin_quitar_antes_los_disparadores(propietario, app, orden):
    with pytest.raises(errors.RaiseException, match="no se modifica"):
        propietario.execute(orden)


class _sin_disparadores:  # noqa: N801 - se lee como una frase en las pruebas
    """Lo que haría quien manda en la base y quiere borrar un rastro."""

    def __init__(self, conexion: psycopg.Connection) -> None:
        self.orden: Callable[[str], object] = conexion.execute

    def __enter__(self) -> None:
        for tabla in ("auditoria", "auditoria_cadenas"):
            self.orden(f"ALTER TABLE {tabla} DISABLE TRIGGER ALL")

    def __exit__(self, *_: object) -> None:
        for tabla in ("auditoria", "auditoria_cadenas"):
            self.orden(f"ALTER TABLE {tabla} ENABLE TRIGGER ALL")
