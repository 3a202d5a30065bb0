"""Cambiar muchas filas de una vez deja lo mismo que cambiarlas de una en una."""

from contextlib import suppress

import pytest
from sqlalchemy import select

from app.api.models.cliente import Canal, Cliente
from app.config.database import transaction
from app.utils.audit import ocultando
from app.utils.context import Contexto, iniciar
from app.utils.errors import ConflictoConcurrente
from app.utils.records import attempt, change, change_all, entities
from tests.factories import crear_cliente


@pytest.fixture
def clientes(clinica):
    """Tres clientes de la clínica, con ella puesta en el contexto."""
    ids = [crear_cliente(clinica, nombre=f"Ana {n}", email=f"ana{n}@casa.test")["id"] for n in range(3)]
    iniciar(Contexto(organizacion_id=clinica.id))
    yield select(Cliente).where(Cliente.id.in_(ids)).order_by(Cliente.id)
    iniciar(Contexto())


def _asientos(clinica, cliente):
    pagina = clinica.como("administrador").get(f"/auditoria?recurso=clientes&recurso_id={cliente.id}&accion=editar")
    return [asiento["cambios"] for asiento in pagina.json["datos"]]


def test_cada_fila_recibe_lo_suyo_en_una_sola_sentencia_y_sube_su_version(clientes, sentencias):
    with transaction() as transaccion:
        filas = entities(clientes)
        sentencias.clear()
        suyo = {"canal_preferido": Canal.EMAIL, "telefonos": [], "apellidos": None}
        change_all(filas, lambda fila: {"nombre": fila.nombre.upper(), **suyo})
        transaccion.sync()
        assert len(sentencias) == 1
        dichos = [(fila.nombre, fila.canal_preferido, fila.version) for fila in filas]
    with transaction():
        leidos = entities(clientes)
        assert [(uno.nombre, uno.canal_preferido, uno.version) for uno in leidos] == dichos
        assert dichos == [(f"ANA {n}", Canal.EMAIL, 2) for n in range(3)]
        assert [(uno.telefonos, uno.apellidos) for uno in leidos] == [([], None)] * 3


def test_cada_fila_deja_su_asiento_con_lo_que_cambia_de_verdad(clinica, clientes):
    with transaction():
        filas = entities(clientes)
        change_all(filas, lambda fila: {"nombre": f"{fila.nombre} B", "apellidos": fila.apellidos})
    asientos = [_asientos(clinica, fila) for fila in filas]
    assert asientos == [[{"nombre": [f"Ana {n}", f"Ana {n} B"]}] for n in range(3)]


def test_lo_que_se_oculta_no_queda_en_el_asiento(clinica, clientes):
    with transaction(), ocultando("email"):
        filas = entities(clientes)
        change_all(filas, lambda _: {"email": None})
    assert [_asientos(clinica, fila) for fila in filas] == [[{"email": ["***", None]}]] * 3


def test_si_una_cambio_por_debajo_no_se_escribe_ninguna(clientes, propietario):
    def cambiar() -> None:
        with transaction():
            filas = entities(clientes)
            propietario.execute("UPDATE clientes SET version = version + 1 WHERE id = %s", (filas[1].id,))
            change_all(filas, lambda _: {"nombre": "Otro"})

    with pytest.raises(ConflictoConcurrente):
        cambiar()
    with transaction():
        assert [uno.nombre for uno in entities(clientes)] == ["Ana 0", "Ana 1", "Ana 2"]


def test_sin_filas_no_se_envia_nada(clientes, sentencias):
    with transaction():
        change_all(entities(clientes.where(Cliente.nombre == "Nadie")), lambda _: {"nombre": "Otro"})
    assert not any(sentencia.startswith("UPDATE") for sentencia in sentencias)


@pytest.mark.parametrize("dentro_de_un_intento", [False, True])
def test_bloquear_lo_que_ya_se_habia_leido_no_esconde_que_otro_lo_cambio(clientes, propietario, dentro_de_un_intento):
    def cambiar() -> None:
        with transaction() as transaccion:
            fila = entities(clientes)[1]
            if dentro_de_un_intento:
                with suppress(KeyError), attempt():
                    entities(clientes.with_for_update())
                    raise KeyError
                transaccion.sync()  # la vuelta atrás viaja con lo siguiente, y con ella el bloqueo
            propietario.execute("UPDATE clientes SET version = version + 1 WHERE id = %s", (fila.id,))
            if not dentro_de_un_intento:
                assert entities(clientes.with_for_update())[1] is fila
            change(fila, {"nombre": "Otro"})

    with pytest.raises(ConflictoConcurrente):
        cambiar()
    with transaction():
        assert [uno.nombre for uno in entities(clientes)] == ["Ana 0", "Ana 1", "Ana 2"]
