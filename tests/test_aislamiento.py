"""Una organización no ve ni toca lo de otra: por la API, con el filtro del ORM apagado y por debajo, en la base."""

import os
from typing import get_args
from uuid import UUID, uuid4

import psycopg
import pytest

from app.api.models.esquema import metadata
from app.config.seguridad_filas import TABLAS
from app.utils.tenancy import desactivar_filtro_orm
from tests.factories import crear_clinica
from tests.recursos import (
    RUTAS,
    Ejemplares,
    crear_ejemplares,
    cuerpo_de_ejemplo,
    nombre,
    pedir,
    permitidos,
    publica,
)

COMPARTIDAS = {tabla for tabla, (_, columna) in TABLAS.items() if columna is None}
DE_ORGANIZACION = sorted(set(TABLAS) - COMPARTIDAS)
# Campo que refiere a otro registro -> el recurso del que es.
REFERENCIAS = {
    "cliente_id": "clientes", "paciente_id": "pacientes", "sede_id": "sedes", "profesional_id": "profesionales",
    "auxiliar_id": "profesionales", "tipo_cita_id": "tipos-cita", "sede_habitual_id": "sedes", "usuario_id": "usuarios",
    "cliente_autorizado_id": "clientes", "veterinario_id": "profesionales", "cita_id": "citas",
    "consulta_id": "consultas", "sustituye_a_id": "diagnosticos", "recursos": "recursos", "sedes": "sedes",
    "producto_id": "productos", "orden_veterinario_id": "profesionales",
}  # fmt: skip


def _es_id(campo) -> bool:
    return UUID in {campo.annotation, *get_args(campo.annotation)} or campo.annotation == list[UUID]


CON_ID = [ruta for ruta in RUTAS if "id" in ruta.path_args]
CUERPOS = [
    (ruta, campo)
    for ruta in RUTAS
    if ruta.body and not publica(ruta)
    for campo, definicion in ruta.body.model_fields.items()
    if _es_id(definicion)
]
CONSULTAS = [
    (ruta, campo)
    for ruta in RUTAS
    if ruta.query
    for campo, definicion in ruta.query.model_fields.items()
    if _es_id(definicion)
]


@pytest.fixture(scope="module")
def ejemplares(app) -> Ejemplares:
    return crear_ejemplares(crear_clinica(app, nombre="Propia"))


@pytest.fixture(scope="module")
def ajenos(app) -> Ejemplares:
    return crear_ejemplares(crear_clinica(app, nombre="Ajena"))


@pytest.fixture
def sin_filtro_orm():
    desactivar_filtro_orm(True)
    yield
    desactivar_filtro_orm(False)


def _api(ejemplares, ruta):
    return ejemplares.clinica.como(permitidos(ruta)[0].value)


def _ajeno(campo, ruta, ajenos):
    recurso = REFERENCIAS.get(campo) or ruta.rule.removeprefix("/api/v1/").split("/")[0]
    return ajenos.ids.get(recurso, str(uuid4()))


@pytest.mark.parametrize("ruta", CON_ID, ids=nombre)
def test_sin_el_filtro_del_orm_las_politicas_de_fila_bastan(ejemplares, ajenos, sin_filtro_orm, ruta):
    respuesta = pedir(_api(ejemplares, ruta), ruta, ajenos.direccion(ruta))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (404, "NO_ENCONTRADO"), respuesta.text


@pytest.mark.parametrize(("ruta", "campo"), CUERPOS, ids=lambda uno: uno if isinstance(uno, str) else nombre(uno))
@pytest.mark.parametrize("filtro", ["con_filtro", "sin_filtro"])
def test_un_id_ajeno_en_el_cuerpo_no_entra(ejemplares, ajenos, ruta, campo, filtro, request):
    if filtro == "sin_filtro":
        request.getfixturevalue("sin_filtro_orm")
    cuerpo = dict(cuerpo_de_ejemplo(ruta))
    for otro, recurso in REFERENCIAS.items():
        if otro in ruta.body.model_fields and isinstance(cuerpo.get(otro), str):
            cuerpo[otro] = ejemplares.ids[recurso]
    cuerpo.pop("auxiliar_id", None)
    ajeno = _ajeno(campo, ruta, ajenos)
    if ruta.is_form:
        cuerpo = {}
    cuerpo[campo] = [ajeno] if isinstance(cuerpo.get(campo), list) or campo in ("recursos", "sedes") else ajeno
    version = {"version": "*"} if ruta.is_write else {}
    respuesta = pedir(_api(ejemplares, ruta), ruta, ejemplares.direccion(ruta), cuerpo, **version)
    assert respuesta.status_code in (403, 404, 409, 422), respuesta.text


@pytest.mark.parametrize(("ruta", "campo"), CONSULTAS, ids=lambda uno: uno if isinstance(uno, str) else nombre(uno))
def test_un_id_ajeno_en_la_consulta_no_trae_nada(ejemplares, ajenos, ruta, campo):
    direccion = ejemplares.direccion(ruta)
    extra = {
        otro: definicion and (ejemplares.ids.get(REFERENCIAS.get(otro, "")) or "2026-12-01")
        for otro, definicion in ruta.query.model_fields.items()
        if definicion.is_required() and otro != campo
    }
    consulta = "&".join(f"{clave}={valor}" for clave, valor in {**extra, campo: _ajeno(campo, ruta, ajenos)}.items())
    respuesta = _api(ejemplares, ruta).get(f"{direccion}?{consulta}")
    assert respuesta.status_code == 404 or respuesta.json.get("datos") == [], respuesta.text


def test_toda_tabla_esta_en_la_tabla_de_permisos():
    assert {tabla.name for tabla in metadata.sorted_tables} == set(TABLAS)


def test_el_rol_de_la_aplicacion_ni_posee_ni_se_salta_nada(app, propietario):
    fila = propietario.execute(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'servet_app'"
    ).fetchone()
    assert fila == (False, False, False, False)
    suyas = propietario.execute("SELECT count(*) FROM pg_class WHERE relowner = 'servet_app'::regrole").fetchone()
    assert suyas == (0,)
    sin_politica = propietario.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND NOT relrowsecurity ORDER BY relname"
    ).fetchall()
    assert {fila[0] for fila in sin_politica} == COMPARTIDAS | {"alembic_version"}


def test_toda_clave_empieza_por_la_organizacion():
    for tabla in DE_ORGANIZACION:
        if tabla == "organizaciones":
            continue
        columnas = list(metadata.tables[tabla].primary_key.columns.keys())
        assert columnas[0] == "organizacion_id", tabla
        for ajena in metadata.tables[tabla].foreign_key_constraints:
            if ajena.referred_table.name in COMPARTIDAS:
                continue
            assert next(iter(ajena.columns.keys())) == "organizacion_id", (tabla, ajena.name)


def _como_aplicacion(organizacion) -> psycopg.Connection:
    conexion = psycopg.connect(os.environ["DATABASE_URL"])
    conexion.execute("SELECT fijar_organizacion(%s)", [str(organizacion)])
    return conexion


@pytest.mark.parametrize("tabla", [tabla for tabla in DE_ORGANIZACION if tabla != "organizaciones"])
def test_la_base_no_ensenia_ni_deja_tocar_lo_ajeno(ejemplares, ajenos, propietario, tabla):
    propia, ajena = ejemplares.clinica.id, ajenos.clinica.id
    operaciones = TABLAS[tabla][0]
    with _como_aplicacion(propia) as conexion:
        visibles = conexion.execute(f"SELECT DISTINCT organizacion_id FROM {tabla}").fetchall()
        assert visibles in ([], [(propia,)])
        if "E" in operaciones:
            cambiadas = conexion.execute(
                f"UPDATE {tabla} SET organizacion_id = organizacion_id WHERE organizacion_id = %s", [ajena]
            )
            assert cambiadas.rowcount == 0
        if "B" in operaciones:
            assert conexion.execute(f"DELETE FROM {tabla} WHERE organizacion_id = %s", [ajena]).rowcount == 0
        conexion.rollback()
    with psycopg.connect(os.environ["DATABASE_URL"]) as sin_organizacion:
        assert sin_organizacion.execute(f"SELECT count(*) FROM {tabla}").fetchone() == (0,)


def test_no_se_puede_escribir_en_nombre_de_otra_organizacion(ejemplares, ajenos):
    with (
        _como_aplicacion(ejemplares.clinica.id) as conexion,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        conexion.execute(
            "INSERT INTO contadores (organizacion_id, nombre, valor) VALUES (%s, 'ajeno', 1)", [ajenos.clinica.id]
        )


def test_ni_el_duenio_puede_apuntar_fuera_de_la_organizacion(ejemplares, ajenos, propietario):
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        propietario.execute(
            "UPDATE titularidades SET cliente_id = %s WHERE organizacion_id = %s",
            [ajenos.clinica.cliente_id, ejemplares.clinica.id],
        )
