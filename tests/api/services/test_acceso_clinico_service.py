"""Quién tiene relación asistencial con un paciente, y qué pasa cuando no la tiene."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.api.models.cita import Cita, CitaPaciente, EstadoCita, OrigenCita
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.organizacion import Organizacion
from app.api.models.peso import Peso
from app.api.services.acceso_clinico_service import MotivoRequerido, exigir_relacion
from app.config.database import transaction
from app.config.permissions import Rol, permisos_de_roles
from app.utils.context import Contexto, Identidad, iniciar
from app.utils.errors import NoEncontrado
from app.utils.records import add, entities
from tests.factories import RELOJ, crear_clinica, crear_paciente, preparar_agenda

AHORA = datetime.fromisoformat(RELOJ)
DIA = timedelta(days=1)


@pytest.fixture(scope="module")
def agenda(app):
    return preparar_agenda(crear_clinica(app, nombre="Relación"), pacientes=1)


@pytest.fixture
def paciente(agenda):
    return UUID(crear_paciente(agenda.clinica)["id"])


@pytest.fixture(autouse=True)
def _limpio():
    yield
    iniciar(Contexto())


def persona(clinica, clave="veterinario2", tipo="usuario") -> Identidad:
    roles = frozenset({Rol(clave.rstrip("2"))}) if tipo == "usuario" else frozenset()
    sedes = () if clave in ("administrador", "cliente") else (clinica.sede_id,)
    return Identidad(
        id=clinica.usuarios[clave], organizacion_id=clinica.id, tipo=tipo, nombre=clave, roles=roles, sedes=sedes,
        permisos=permisos_de_roles(roles, True), zona="Europe/Madrid",
        cliente_id=clinica.cliente_id if clave == "cliente" else None,
    )  # fmt: skip


def puede(clinica, paciente, clave="veterinario2", motivo=None, tipo="usuario") -> bool:
    quien = persona(clinica, clave, tipo)
    iniciar(Contexto(organizacion_id=clinica.id, identidad=quien, reloj=AHORA, motivo_acceso=motivo))
    try:
        with transaction(reading=True):
            return exigir_relacion(paciente) == paciente
    except MotivoRequerido:
        return False


def poner(clinica, *filas) -> None:
    iniciar(Contexto(organizacion_id=clinica.id, reloj=AHORA))
    with transaction():
        for fila in filas:
            add(fila)


def cita(agenda, paciente, de="veterinario2", cuando=AHORA, sede=None, estado=EstadoCita.CONFIRMADA, **campos) -> Cita:
    clinica = agenda.clinica
    return Cita(
        codigo=f"C-{uuid4().hex[:8]}", sede_id=sede or clinica.sede_id, cliente_id=clinica.cliente_id,
        tipo_cita_id=UUID(agenda.tipos["consulta_general"]), paciente_id=paciente, inicio=cuando,
        fin=cuando + timedelta(minutes=20), estado=estado, origen=OrigenCita.RECEPCION,
        profesional_id=clinica.profesionales[de] if de else None, **campos,
    )  # fmt: skip


def consulta(clinica, paciente, de="veterinario", cuando=AHORA, sede=None, **campos) -> Consulta:
    return Consulta(
        paciente_id=paciente, sede_id=sede or clinica.sede_id, veterinario_id=clinica.profesionales[de],
        motivo="Tos", inicio=cuando, **campos,
    )  # fmt: skip


def test_quien_no_lo_atiende_ha_de_decir_por_que(agenda, paciente):
    assert not puede(agenda.clinica, paciente)
    assert puede(agenda.clinica, paciente, motivo="Segunda opinión")


@pytest.mark.parametrize(
    ("dias", "relacionado"), [(0, True), (89, True), (90, True), (91, False)], ids=lambda uno: str(uno)
)
def test_su_consulta_lo_relaciona_noventa_dias(agenda, paciente, dias, relacionado):
    poner(agenda.clinica, consulta(agenda.clinica, paciente, "veterinario2", AHORA - dias * DIA))
    assert puede(agenda.clinica, paciente) is relacionado


def test_los_dias_los_decide_la_organizacion(app):
    clinica = crear_clinica(app, nombre="Diez días")
    paciente = UUID(crear_paciente(clinica)["id"])
    poner(clinica, consulta(clinica, paciente, "veterinario2", AHORA - 11 * DIA))
    assert puede(clinica, paciente)
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        entities(select(Organizacion).where(Organizacion.id == clinica.id))[0].config = {"acceso_excepcional_dias": 10}
    assert not puede(clinica, paciente)


def test_una_anulada_relaciona_a_quien_la_llevo_y_a_nadie_mas(agenda, paciente):
    anulada = {"estado": EstadoConsulta.ANULADA, "anulacion_motivo": "Se abrió por error"}
    poner(agenda.clinica, consulta(agenda.clinica, paciente, "veterinario2", **anulada))
    assert puede(agenda.clinica, paciente)
    assert not puede(agenda.clinica, paciente, "auxiliar")


@pytest.mark.parametrize(("horas", "relacionado"), [(23, True), (25, False)])
def test_si_en_su_sede_lo_estan_atendiendo_lo_atiende_el_equipo(agenda, paciente, horas, relacionado):
    poner(agenda.clinica, consulta(agenda.clinica, paciente, cuando=AHORA - timedelta(hours=horas)))
    assert puede(agenda.clinica, paciente) is relacionado
    assert puede(agenda.clinica, paciente, "auxiliar") is relacionado


def test_lo_que_pasa_en_otra_sede_no_lo_relaciona(agenda, paciente):
    otra = agenda.clinica.sede2_id
    poner(agenda.clinica, consulta(agenda.clinica, paciente, sede=otra), cita(agenda, paciente, None, sede=otra))
    assert not puede(agenda.clinica, paciente)


@pytest.mark.parametrize(
    ("de", "dias", "estado", "relacionado"),
    [
        ("veterinario2", -80, EstadoCita.FINALIZADA, True),
        ("veterinario2", 30, EstadoCita.CONFIRMADA, True),
        ("veterinario2", -100, EstadoCita.FINALIZADA, False),
        ("veterinario2", 0, EstadoCita.NO_PRESENTADO, False),
        ("veterinario", 0, EstadoCita.CONFIRMADA, True),  # hoy lo ve la sede, lo lleve quien lo lleve
        ("veterinario", -2, EstadoCita.FINALIZADA, False),
        (None, 1, EstadoCita.CONFIRMADA, False),
    ],
)
def test_su_cita_lo_relaciona_y_la_de_hoy_en_su_sede_tambien(agenda, paciente, de, dias, estado, relacionado):
    poner(agenda.clinica, cita(agenda, paciente, de, AHORA + dias * DIA, estado=estado))
    assert puede(agenda.clinica, paciente) is relacionado


def test_quien_acompania_en_la_cita_cuenta_igual(agenda, paciente):
    otro = UUID(crear_paciente(agenda.clinica)["id"])
    suya = cita(agenda, otro, cuando=AHORA + 3 * DIA, id=uuid4())
    poner(agenda.clinica, suya, CitaPaciente(cita_id=suya.id, paciente_id=paciente))
    assert puede(agenda.clinica, paciente)


def test_haber_escrito_en_su_ficha_lo_relaciona(agenda, paciente):
    yo = agenda.clinica.usuarios["auxiliar"]
    poner(agenda.clinica, Peso(paciente_id=paciente, peso_kg=4, medido_en=AHORA, metodo="bascula", creado_por=yo))
    assert puede(agenda.clinica, paciente, "auxiliar")
    assert not puede(agenda.clinica, paciente)


def test_el_titular_y_los_programas_no_dan_explicaciones(agenda, paciente):
    assert puede(agenda.clinica, paciente, "cliente")
    assert puede(agenda.clinica, paciente, tipo="integracion")


def test_lo_de_otra_clinica_no_existe(agenda, app):
    ajeno = UUID(crear_paciente(crear_clinica(app))["id"])
    with pytest.raises(NoEncontrado):
        puede(agenda.clinica, ajeno, motivo="Curiosidad")


def test_toda_lectura_queda_apuntada_y_la_excepcional_con_su_motivo(agenda, paciente, propietario):
    puede(agenda.clinica, paciente, motivo="Llama el titular desde otra ciudad")
    poner(agenda.clinica, consulta(agenda.clinica, paciente, "veterinario2"))
    puede(agenda.clinica, paciente)
    puede(agenda.clinica, paciente, "cliente")
    puede(agenda.clinica, paciente, "administrador")
    asientos = propietario.execute(
        "SELECT accion, motivo FROM auditoria WHERE recurso_id = %s AND accion IN ('leer', 'acceso_excepcional')"
        " ORDER BY numero",
        [paciente],
    ).fetchall()
    assert asientos == [("acceso_excepcional", "Llama el titular desde otra ciudad"), ("leer", None)]
