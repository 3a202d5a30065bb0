"""La vida de un paciente: validación, pérdida, muerte, baja y lo que cada estado no admite."""

import pytest

from app.api.models.paciente import TRANSICIONES, EstadoPaciente
from tests.factories import crear_paciente, datos_paciente, preparar_agenda

CUERPOS = {
    "validacion": None,
    "perdida": {},
    "hallazgo": None,
    "fallecimiento": {"fecha_fallecimiento": "2026-11-20"},
    "reversion-fallecimiento": {"motivo": "Error de registro"},
    "reactivacion": None,
}


@pytest.fixture
def luna(clinica):
    return crear_paciente(clinica, gestante_desde="2026-11-01")


def _hacer(api, paciente, accion, cuerpo=...):
    return api.post(f"/pacientes/{paciente['id']}/{accion}", CUERPOS[accion] if cuerpo is ... else cuerpo)


def _llevar_a(clinica, estado):
    """Un paciente en ese estado, por el camino que la clínica seguiría."""
    admin = clinica.como("administrador")
    if estado == "pendiente_validacion":
        return clinica.como("cliente").post("/pacientes", datos_paciente(clinica)).json
    paciente = crear_paciente(clinica)
    if estado in ("perdido", "fallecido"):
        assert _hacer(admin, paciente, "perdida" if estado == "perdido" else "fallecimiento").status_code == 200
    elif estado == "inactivo":
        assert admin.delete(f"/pacientes/{paciente['id']}", version=paciente["version"]).status_code == 204
    elif estado == "fusionado":
        con = {"con_id": crear_paciente(clinica)["id"]}
        assert admin.post(f"/pacientes/{paciente['id']}/fusion", con).status_code == 200
    return paciente


@pytest.mark.parametrize("estado", [estado.value for estado in EstadoPaciente])
def test_cada_estado_admite_solo_sus_acciones(clinica, como, estado):
    permitidas = sorted(TRANSICIONES[estado])
    for accion in CUERPOS:
        if accion in permitidas:
            continue
        negada = _hacer(como("administrador"), _llevar_a(clinica, estado), accion)
        assert (negada.status_code, negada.json["codigo"]) == (409, "TRANSICION_INVALIDA"), (estado, accion)
        assert (negada.json["estado_actual"], negada.json["acciones_permitidas"]) == (estado, permitidas)


@pytest.mark.parametrize(
    ("desde", "accion", "hasta"),
    [
        ("pendiente_validacion", "validacion", "activo"),
        ("activo", "perdida", "perdido"),
        ("perdido", "hallazgo", "activo"),
        ("activo", "fallecimiento", "fallecido"),
        ("perdido", "fallecimiento", "fallecido"),
        ("fallecido", "reversion-fallecimiento", "activo"),
        ("inactivo", "reactivacion", "activo"),
    ],
)
def test_cada_accion_lleva_a_su_estado(clinica, como, desde, accion, hasta):
    hecho = _hacer(como("administrador"), _llevar_a(clinica, desde), accion)
    assert (hecho.status_code, hecho.json["estado"]) == (200, hasta)
    assert hecho.headers["ETag"] == f'"{hecho.json["version"]}"'


def test_una_accion_comprueba_la_version_si_se_envia(como, luna):
    ruta = f"/pacientes/{luna['id']}/perdida"
    assert como("recepcion").post(ruta, {}, version=luna["version"] + 1).status_code == 412
    assert como("recepcion").post(ruta, {}, version=luna["version"]).status_code == 200


def test_la_perdida_avisa_del_plazo_y_deja_un_recado(como, luna, propietario):
    perdida = _hacer(como("recepcion"), luna, "perdida", {"perdido_desde": "2026-11-21"})
    assert perdida.json["perdido_desde"] == "2026-11-21"
    assert "COMUNICAR_PERDIDA" in {aviso["codigo"] for aviso in perdida.json["avisos"]}
    recado = propietario.execute("SELECT tipo, vence::text FROM tareas WHERE paciente_id = %s", [luna["id"]]).fetchone()
    assert recado == ("comunicar_perdida", "2026-11-23")
    hallado = _hacer(como("recepcion"), luna, "hallazgo")
    assert hallado.json["perdido_desde"] is None
    assert como("recepcion").get(f"/pacientes/{luna['id']}/resumen").json["tareas"] == []


@pytest.mark.parametrize(
    ("accion", "campo", "fecha", "codigo"),
    [
        ("perdida", "perdido_desde", "2026-11-24", "FECHA_FUTURA"),
        ("perdida", "perdido_desde", "2024-05-01", "FECHAS_INCOHERENTES"),
        ("fallecimiento", "fecha_fallecimiento", "2026-11-24", "FECHA_FUTURA"),
        ("fallecimiento", "fecha_fallecimiento", "2024-05-01", "FECHAS_INCOHERENTES"),
    ],
)
def test_ni_en_el_futuro_ni_antes_de_nacer(como, luna, accion, campo, fecha, codigo):
    negada = _hacer(como("recepcion"), luna, accion, {campo: fecha})
    assert (negada.status_code, negada.json["codigo"]) == (422, codigo)
    assert negada.json["errores"][0]["campo"] == f"/{campo}"
    assert como("recepcion").get(f"/pacientes/{luna['id']}").json["estado"] == "activo"


def test_el_fallecimiento_fija_la_edad_y_acaba_la_gestacion(como, luna, propietario):
    cuerpo = {"fecha_fallecimiento": "2026-05-02", "causa": "Torsión", "eutanasia": True, "destino_restos": "familia"}
    muerta = _hacer(como("recepcion"), luna, "fallecimiento", cuerpo).json
    assert (muerta["edad"]["texto"], muerta["gestante"], muerta["gestante_desde"]) == ("2 años", False, None)
    assert (muerta["causa_fallecimiento"], muerta["eutanasia"], muerta["destino_restos"]) == (
        "Torsión",
        True,
        "familia",
    )
    recado = propietario.execute("SELECT tipo FROM tareas WHERE paciente_id = %s", [luna["id"]]).fetchone()
    assert recado == ("comunicar_fallecimiento",)
    peso = como("veterinario").post(f"/pacientes/{luna['id']}/pesos", {"peso_kg": "10", "metodo": "bascula"})
    assert (peso.status_code, peso.json["codigo"]) == (409, "PACIENTE_SIN_PESOS")
    cambio = como("veterinario").post(f"/pacientes/{luna['id']}/cambio-titular", {"cliente_id": luna["cliente_id"]})
    assert (cambio.status_code, cambio.json["codigo"]) == (422, "PACIENTE_FALLECIDO")


def test_el_fallecimiento_cancela_citas_y_esperas_y_libera_los_huecos(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=2)
    cita = agenda.reservar(tipo_cita_id=agenda.tipos["consulta_general"]).json
    ventana = {"desde": "2027-01-10", "hasta": "2027-01-20"}
    comun = {"sede_id": str(clinica.sede_id), "cliente_id": str(clinica.cliente_id), "ventanas": [ventana]}
    espera = como("recepcion").post(
        "/lista-espera",
        {**comun, "paciente_id": agenda.pacientes[0], "tipo_cita_id": agenda.tipos["consulta_general"]},
    )
    assert espera.status_code == 201, espera.text
    muerto = {"id": agenda.pacientes[0]}
    assert _hacer(como("recepcion"), muerto, "fallecimiento").status_code == 200
    leida = como("recepcion").get(f"/citas/{cita['id']}").json
    assert (leida["estado"], leida["cancelacion"]["motivo"]) == ("cancelada", "paciente_fallecido")
    assert como("recepcion").get(f"/lista-espera/{espera.json['id']}").json["estado"] == "baja"
    nueva = agenda.reservar()
    assert (nueva.status_code, nueva.json["codigo"]) == (422, "PACIENTE_FALLECIDO")
    assert agenda.reservar(paciente_id=agenda.pacientes[1]).status_code == 201
    assert _hacer(como("administrador"), muerto, "reversion-fallecimiento").status_code == 200
    assert como("recepcion").get(f"/citas/{cita['id']}").json["estado"] == "cancelada"


def test_la_baja_cancela_las_citas_y_retira_de_la_lista_de_espera(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=1)
    paciente, api = agenda.pacientes[0], como("administrador")
    cita = agenda.reservar().json
    espera = api.post("/lista-espera", {
        "sede_id": str(clinica.sede_id), "cliente_id": str(clinica.cliente_id), "paciente_id": paciente,
        "tipo_cita_id": agenda.tipos["consulta_general"],
    }).json  # fmt: skip
    version = api.get(f"/pacientes/{paciente}").json["version"]
    assert api.delete(f"/pacientes/{paciente}", version=version).status_code == 204
    leida = api.get(f"/citas/{cita['id']}").json
    assert (leida["estado"], leida["cancelacion"]["motivo"]) == ("cancelada", "paciente_dado_de_baja")
    assert api.get(f"/lista-espera/{espera['id']}").json["estado"] == "baja"


def test_solo_un_administrador_revierte_un_fallecimiento_y_dice_por_que(como, luna, propietario):
    _hacer(como("recepcion"), luna, "fallecimiento")
    assert _hacer(como("veterinario"), luna, "reversion-fallecimiento").status_code == 403
    assert _hacer(como("administrador"), luna, "reversion-fallecimiento", {}).status_code == 422
    viva = _hacer(como("administrador"), luna, "reversion-fallecimiento", {"motivo": "Era otro perro"}).json
    assert (viva["estado"], viva["fecha_fallecimiento"], viva["eutanasia"]) == ("activo", None, None)
    asiento = propietario.execute(
        "SELECT cambios FROM auditoria WHERE recurso_id = %s AND accion = 'revertir_fallecimiento'", [luna["id"]]
    ).fetchone()
    assert asiento == ({"motivo": [None, "Era otro perro"]},)
    assert como("recepcion").get(f"/pacientes/{luna['id']}/resumen").json["tareas"] == []


def test_la_baja_es_logica_y_se_deshace(como, luna):
    admin = como("administrador")
    assert como("recepcion").delete(f"/pacientes/{luna['id']}", version=luna["version"]).status_code == 403
    assert admin.delete(f"/pacientes/{luna['id']}", version=luna["version"]).status_code == 204
    inactiva = admin.get(f"/pacientes/{luna['id']}").json
    assert inactiva["estado"] == "inactivo"
    otra = admin.delete(f"/pacientes/{luna['id']}", version=inactiva["version"])
    assert (otra.status_code, otra.json["acciones_permitidas"]) == (409, ["fusion", "reactivacion"])
    assert _hacer(como("recepcion"), luna, "reactivacion").json["estado"] == "activo"


def test_solo_la_clinica_valida_lo_que_llega_del_portal(clinica, como):
    pendiente = _llevar_a(clinica, "pendiente_validacion")
    assert _hacer(como("cliente"), pendiente, "validacion").status_code == 403
    assert _hacer(como("recepcion"), pendiente, "validacion").json["estado"] == "activo"
