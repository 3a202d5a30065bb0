"""Las tareas de fondo: qué se purga, quién trabaja y que un fallo no arrastra a los demás."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from app.api.models.usuario import Sesion
from app.api.services import segundo_plano_service
from app.api.services.altas_service import en_organizacion
from app.config.database import transaction
from app.utils.context import organizacion_id
from app.utils.credenciales import reloj_real
from app.utils.idempotency import idempotencia
from app.utils.records import add, execute


def _nunca() -> bool:
    return False


def _sesion(clinica, vence_en):
    ahora = reloj_real()
    with en_organizacion(clinica.id), transaction():
        sesion = add(Sesion(usuario_id=clinica.usuarios["recepcion"], creada_en=ahora, expira_en=ahora + vence_en))
    return sesion.id


def _clave(clinica, edad):
    with en_organizacion(clinica.id), transaction():
        execute(insert(idempotencia).values(
            organizacion_id=clinica.id, actor_id=clinica.usuarios["recepcion"], ruta="POST /x", clave=str(edad),
            huella=b"x", creado_en=reloj_real() - edad))  # fmt: skip


def test_se_purga_lo_vencido_y_se_guarda_lo_demas(clinica, vecina, propietario):
    vencida, viva = _sesion(clinica, -timedelta(days=2)), _sesion(clinica, timedelta(hours=1))
    for edad in (timedelta(hours=49), timedelta(hours=47)):
        _clave(clinica, edad)
        _clave(vecina, edad)
    segundo_plano_service.una_vuelta(_nunca)
    quedan = {fila[0] for fila in propietario.execute("SELECT id FROM sesiones").fetchall()}
    assert viva in quedan
    assert vencida not in quedan
    claves = propietario.execute(
        "SELECT DISTINCT clave FROM idempotencia WHERE organizacion_id = ANY(%s)", [[clinica.id, vecina.id]]
    ).fetchall()
    assert claves == [(str(timedelta(hours=47)),)]


def test_lo_que_falla_en_una_organizacion_no_detiene_a_las_demas(clinica, vecina, monkeypatch):
    hechas = []

    def tarea() -> None:
        hechas.append(organizacion_id())
        if organizacion_id() == clinica.id:
            raise ValueError("no puedo")

    monkeypatch.setattr(segundo_plano_service, "TAREAS", [tarea])
    segundo_plano_service.una_vuelta(_nunca)
    assert {clinica.id, vecina.id} <= set(hechas)


def test_lo_hecho_antes_de_un_fallo_se_deshace(clinica, propietario, monkeypatch):
    def tarea() -> None:
        if organizacion_id() == clinica.id:
            ahora = reloj_real()
            add(Sesion(usuario_id=clinica.usuarios["recepcion"], creada_en=ahora, expira_en=ahora, ip="a medias"))
            raise ValueError("no puedo")

    monkeypatch.setattr(segundo_plano_service, "TAREAS", [tarea])
    segundo_plano_service.una_vuelta(_nunca)
    assert propietario.execute("SELECT 1 FROM sesiones WHERE ip = 'a medias'").fetchone() is None


def test_si_piden_parar_no_se_empieza_nada_mas(app, monkeypatch):
    monkeypatch.setattr(segundo_plano_service, "TAREAS_GENERALES", [lambda: pytest.fail("no debía empezar")])
    segundo_plano_service.una_vuelta(lambda: True)


def test_solo_uno_trabaja_a_la_vez(app, propietario):
    primero, segundo = segundo_plano_service.Turno(), segundo_plano_service.Turno()
    try:
        assert (primero.es_mio(), segundo.es_mio(), primero.es_mio()) == (True, False, True)
        primero.soltar()
        assert segundo.es_mio()
    finally:
        primero.soltar()
        segundo.soltar()


def test_si_la_base_corta_la_conexion_se_pierde_el_turno_y_se_recupera(app, propietario):
    from sqlalchemy.exc import DBAPIError

    turno = segundo_plano_service.Turno()
    try:
        assert turno.es_mio()
        # Sólo en esta base: las demás del clúster son de otras pruebas, que también tienen turnos.
        propietario.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND d.datname = current_database()"
        )
        with pytest.raises(DBAPIError):
            turno.es_mio()
        turno.soltar()
        assert turno.es_mio()
    finally:
        turno.soltar()
