"""El documento de una receta dice lo que se firmó, aunque después cambien las fichas."""

import pytest

from app.config.database import transaction
from app.utils.context import Contexto, Identidad, iniciar
from tests.factories import crear_cliente, crear_clinica
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, paciente_pesado, recetar


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Documento")
    con_telefono(clinica)
    return clinica


@pytest.fixture
def documento(clinica):
    """Lo que leería el titular al imprimir esa receta."""
    from app.api.services.documento_receta_service import documento_receta
    from app.config.permissions import Rol, permisos_de_roles

    def leer(id, cliente_id=None):
        roles = frozenset({Rol.CLIENTE})
        quien = Identidad(
            clinica.usuarios["cliente"], clinica.id, "usuario", "Carmen", roles, permisos_de_roles(roles),
            cliente_id=cliente_id or clinica.cliente_id,
        )  # fmt: skip
        iniciar(Contexto(organizacion_id=clinica.id, identidad=quien, metodo="GET"))
        try:
            with transaction(reading=True):
                return documento_receta(id)
        finally:
            iniciar(Contexto())

    return leer


def test_lleva_todo_lo_que_se_imprime(clinica, documento):
    paciente = paciente_pesado(clinica, microchip="941000012345678", verificado_lector=True)
    suya = linea(crear_medicamento(clinica), tiempo_espera=[])
    hoja = documento(emitida(clinica, datos_receta(paciente, suya))["id"])
    assert hoja["numero"].endswith("-2801234-000001")
    assert hoja["sede"]["telefono"] == "+34910000000"
    assert hoja["organizacion"]["identificador_fiscal"] == "A58818501"
    assert {campo: hoja["veterinario"][campo] for campo in ("nombre", "num_colegiado", "telefono")} == {
        "nombre": "Persona veterinario", "num_colegiado": "2801234", "telefono": "+34910000000",
    }  # fmt: skip
    assert hoja["titular"]["nombre"] == "Carmen Núñez Prado"
    assert {campo: hoja["animal"][campo] for campo in ("nombre", "especie_nombre", "raza_nombre", "identificacion")} == {
        "nombre": "Luna", "especie_nombre": "Perro", "raza_nombre": "Border collie", "identificacion": "941000012345678",
    }  # fmt: skip
    (una,) = hoja["lineas"]
    assert una["posologia"] == "1,5 comprimidos por vía oral cada 12 horas durante 7 días"
    assert (una["envases"], una["envases_en_letra"], una["porcentaje_envase"]) == (3, "tres", "70")
    assert una["principios"][0]["concentracion"] == "250"
    assert (hoja["valida_hasta"], hoja["advertencias"], hoja["estado"]) == ("2026-12-23", "Dar con comida", "emitida")
    assert hoja["anulacion"] is None
    assert hoja["qr"] is None


def test_dice_lo_que_se_firmo_aunque_cambie_la_ficha(clinica, documento):
    cliente = crear_cliente(clinica)
    paciente = paciente_pesado(clinica, cliente_id=cliente["id"])
    receta = emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica))))
    cambio = {"apellidos": "Otro Apellido"}
    assert clinica.como("recepcion").patch(f"/clientes/{cliente['id']}", cambio, version=1).status_code == 200
    hoja = documento(receta["id"], cliente_id=cliente["id"])
    assert hoja["titular"]["nombre"] == "Ana Ruiz Peña"
    assert hoja["huella"] == receta["huella"]


def test_anulada_lo_dice(clinica, documento):
    receta = emitida(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica))))
    clinica.como("veterinario").post(f"/recetas/{receta['id']}/anulacion", {"motivo": "Error de dosis"})
    hoja = documento(receta["id"])
    assert (hoja["estado"], hoja["anulacion"]["motivo"]) == ("anulada", "Error de dosis")


def test_el_titular_no_imprime_un_borrador(clinica, documento):
    from app.utils.errors import NoEncontrado

    borrador = recetar(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica)))).json["id"]
    with pytest.raises(NoEncontrado):
        documento(borrador)
