"""Enmendar no toca el original: se añade detrás, encadenado, y si alguien lo toca se nota."""

import os
from contextlib import contextmanager

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.models.enmienda import PUBLICABLES, Seccion
from tests.clinica import abrir, cerrar, con_todo, enmendar, publicar
from tests.factories import crear_clinica


def problema(respuesta, estado, codigo):
    assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo), respuesta.text
    return True


@contextmanager
def manipular(propietario, tabla):
    """El dueño de la base, con los disparadores apagados: lo peor que puede pasar por debajo."""
    propietario.execute(f"ALTER TABLE {tabla} DISABLE TRIGGER USER")
    try:
        yield propietario
    finally:
        propietario.execute(f"ALTER TABLE {tabla} ENABLE TRIGGER USER")


def verificar(clinica, id):
    return clinica.como("veterinario").get(f"/consultas/{id}/verificacion-cadena").json


def test_cada_enmienda_cuelga_de_la_anterior(clinica, como):
    cerrada = cerrar(clinica, abrir(clinica))
    una, otra = (enmendar(clinica, cerrada["id"], texto=texto).json for texto in ("Grado III", "Grado IV"))
    assert (una["numero"], una["huella_anterior"]) == (1, cerrada["huella"])
    assert (otra["numero"], otra["huella_anterior"]) == (2, una["huella"])
    assert (una["autor"], una["autor_id"]) == ("Persona veterinario", str(clinica.usuarios["veterinario"]))
    leida = como("veterinario").get(f"/consultas/{cerrada['id']}").json
    assert [uno["texto"] for uno in leida["enmiendas"]] == ["Grado III", "Grado IV"]
    assert leida["objetivo"] == cerrada["objetivo"]
    assert verificar(clinica, cerrada["id"]) == {
        "integra": True, "primer_eslabon_roto": None, "enmiendas": 2, "huella": otra["huella"],
    }  # fmt: skip


def test_una_abierta_no_se_enmienda_ni_se_verifica(clinica, como):
    consulta = abrir(clinica)
    assert problema(enmendar(clinica, consulta["id"]), 409, "CONSULTA_ABIERTA")
    respuesta = como("veterinario").get(f"/consultas/{consulta['id']}/verificacion-cadena")
    assert problema(respuesta, 409, "CONSULTA_SIN_FIRMAR")


def test_solo_enmienda_quien_la_firmo_o_quien_la_lleva(clinica, como):
    suya = {"veterinario_id": str(clinica.profesionales["veterinario2"])}
    cerrada = cerrar(clinica, abrir(clinica, **suya))
    assert enmendar(clinica, cerrada["id"]).status_code == 201  # la firmó
    assert enmendar(clinica, cerrada["id"], "veterinario2").status_code == 201  # la lleva
    propia = cerrar(clinica, abrir(clinica))
    motivo = {"X-Motivo-Acceso": "Segunda%20opini%C3%B3n"}
    cuerpo = {"seccion": "plan", "texto": "Otra cosa", "motivo": "No estoy de acuerdo"}
    respuesta = como("veterinario2").post(f"/consultas/{propia['id']}/enmiendas", cuerpo, headers=motivo)
    assert problema(respuesta, 403, "SOLO_QUIEN_LA_LLEVA")


def test_la_aplicacion_no_puede_cambiar_ni_borrar_una_enmienda(clinica):
    cerrada = cerrar(clinica, abrir(clinica))
    enmendar(clinica, cerrada["id"])
    for orden in ("UPDATE enmiendas SET texto = 'x'", "DELETE FROM enmiendas"):
        with psycopg.connect(os.environ["DATABASE_URL"]) as conexion:
            conexion.execute("SELECT fijar_organizacion(%s)", [str(clinica.id)])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conexion.execute(orden)


def test_ni_el_duenio_de_la_base_las_cambia_sin_apagar_el_disparador(clinica, propietario):
    cerrada = cerrar(clinica, abrir(clinica))
    enmendar(clinica, cerrada["id"])
    for orden in (
        "UPDATE enmiendas SET texto = 'x' WHERE consulta_id = %s",
        "DELETE FROM enmiendas WHERE consulta_id = %s",
    ):
        with pytest.raises(psycopg.errors.RaiseException):
            propietario.execute(orden, [cerrada["id"]])


MANIPULACIONES = [
    ("consultas", "UPDATE consultas SET plan = 'Otro' WHERE id = %(c)s", 0),
    ("constantes", "UPDATE constantes SET temperatura = 38 WHERE consulta_id = %(c)s", 0),
    ("constantes", "DELETE FROM constantes WHERE consulta_id = %(c)s", 0),
    ("diagnosticos", "UPDATE diagnosticos SET certeza = 'descartado' WHERE consulta_id = %(c)s", 0),
    ("pesos", "UPDATE pesos SET peso_kg = 3 WHERE consulta_id = %(c)s", 0),
    ("consultas", 'UPDATE consultas SET firma = firma || \'{"num_colegiado": "1"}\' WHERE id = %(c)s', 0),
    ("enmiendas", "UPDATE enmiendas SET texto = 'x' WHERE consulta_id = %(c)s AND numero = 1", 1),
    ("enmiendas", "UPDATE enmiendas SET autor = 'x' WHERE consulta_id = %(c)s AND numero = 2", 2),
    ("enmiendas", "UPDATE enmiendas SET en = en + interval '1 s' WHERE consulta_id = %(c)s AND numero = 3", 3),
    ("enmiendas", "DELETE FROM enmiendas WHERE consulta_id = %(c)s AND numero = 2", 3),
]


@pytest.mark.parametrize(("tabla", "orden", "roto"), MANIPULACIONES, ids=lambda uno: str(uno)[:50])
def test_si_alguien_toca_la_base_la_cadena_dice_donde(clinica, propietario, tabla, orden, roto):
    cerrada = cerrar(clinica, con_todo(clinica))
    eslabones = [cerrada["id"], *(enmendar(clinica, cerrada["id"], texto=f"Grado {n}").json["id"] for n in range(3))]
    with manipular(propietario, tabla):
        assert propietario.execute(orden, {"c": cerrada["id"]}).rowcount > 0
    verificada = verificar(clinica, cerrada["id"])
    assert (verificada["integra"], verificada["primer_eslabon_roto"]) == (False, eslabones[roto])


def test_quitar_la_ultima_no_se_nota_dentro_pero_si_con_la_huella_guardada_fuera(clinica, propietario):
    cerrada = cerrar(clinica, abrir(clinica))
    for n in range(2):
        enmendar(clinica, cerrada["id"], texto=f"Grado {n}")
    guardada = verificar(clinica, cerrada["id"])
    with manipular(propietario, "enmiendas"):
        propietario.execute("DELETE FROM enmiendas WHERE consulta_id = %s AND numero = 2", [cerrada["id"]])
    ahora = verificar(clinica, cerrada["id"])
    assert ahora["integra"] is True
    assert (ahora["enmiendas"], ahora["huella"]) != (guardada["enmiendas"], guardada["huella"])


@pytest.fixture(scope="module")
def publicada(app):
    clinica = crear_clinica(app, nombre="Enmendada")
    return clinica, publicar(clinica, cerrar(clinica, con_todo(clinica)))


ORIGINAL = ("motivo", "subjetivo", "objetivo", "valoracion", "plan", "constantes", "exploracion", "diagnosticos",
            "pesos", "recomendaciones_cliente", "notas_clinicas_privadas", "firma", "huella", "version")  # fmt: skip
textos = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(enmiendas=st.lists(st.tuples(st.sampled_from(list(Seccion)), textos), min_size=1, max_size=3))
def test_enmendar_nunca_cambia_el_original(publicada, enmiendas):
    clinica, cerrada = publicada
    antes = len(clinica.como("veterinario").get(f"/consultas/{cerrada['id']}").json["enmiendas"])
    for seccion, texto in enmiendas:
        respuesta = enmendar(clinica, cerrada["id"], seccion=seccion.value, texto=texto)
        assert respuesta.status_code == 201, respuesta.text
    leida = clinica.como("veterinario").get(f"/consultas/{cerrada['id']}").json
    assert {campo: leida[campo] for campo in ORIGINAL} == {campo: cerrada[campo] for campo in ORIGINAL}
    assert [(una["seccion"], una["texto"]) for una in leida["enmiendas"][antes:]] == [
        (seccion.value, texto.strip()) for seccion, texto in enmiendas
    ]
    assert verificar(clinica, cerrada["id"])["integra"] is True
    # En el portal sólo están las de secciones publicables.
    portal = clinica.como("cliente").get(f"/consultas/{cerrada['id']}").json
    assert {una["seccion"] for una in portal["enmiendas"]} <= {una.value for una in PUBLICABLES}
