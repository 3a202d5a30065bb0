"""Pesos: sólo se añaden y se anulan; avisos y peso vigente."""

import pytest

from tests.factories import crear_paciente


@pytest.fixture
def luna(clinica):
    return crear_paciente(clinica)


def _pesar(api, paciente, kg, **cambios):
    return api.post(f"/pacientes/{paciente['id']}/pesos", {"peso_kg": kg, "metodo": "bascula", **cambios})


def _codigos(respuesta):
    return {aviso["codigo"] for aviso in respuesta.json["avisos"]}


def _vigente(api, paciente):
    ficha = api.get(f"/pacientes/{paciente['id']}").json
    return ficha["peso_actual"] and ficha["peso_actual"]["peso_kg"]


def test_el_vigente_es_el_ultimo_no_anulado(como, luna):
    api = como("veterinario")
    _pesar(api, luna, "17.300", medido_en="2026-11-20T10:00:00+01:00")
    ultimo = _pesar(api, luna, "17.5", medido_en="2026-11-22T10:00:00+01:00").json
    _pesar(api, luna, "16", medido_en="2026-10-01T10:00:00+02:00")
    assert _vigente(api, luna) == "17.500"
    anulado = api.post(f"/pesos/{ultimo['id']}/anulacion", {"motivo": "Báscula sin tarar"})
    assert (anulado.status_code, anulado.json["anulacion_motivo"]) == (200, "Báscula sin tarar")
    assert _vigente(api, luna) == "17.300"
    otra = api.post(f"/pesos/{ultimo['id']}/anulacion", {"motivo": "Otra vez"})
    assert (otra.status_code, otra.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert (otra.json["estado_actual"], otra.json["acciones_permitidas"]) == ("anulado", [])
    ruta = f"/pacientes/{luna['id']}/pesos"
    assert [uno["peso_kg"] for uno in api.get(ruta).json["datos"]] == ["17.300", "16.000"]
    assert len(api.get(f"{ruta}?incluir_anulados=true").json["datos"]) == 3
    assert len(como("cliente").get(f"{ruta}?incluir_anulados=true").json["datos"]) == 2


def test_pesar_y_anular_cambian_la_version_del_paciente(como, luna):
    api, ruta = como("veterinario"), f"/pacientes/{luna['id']}"
    etiqueta = api.get(ruta).headers["ETag"]
    peso = _pesar(api, luna, "17.3").json
    pesada = api.get(ruta, headers={"If-None-Match": etiqueta})
    assert pesada.status_code == 200
    api.post(f"/pesos/{peso['id']}/anulacion", {"motivo": "Error de tecleo"})
    assert api.get(ruta, headers={"If-None-Match": pesada.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("metodo", ["PATCH", "PUT", "DELETE"])
def test_un_peso_no_se_edita_ni_se_borra(como, luna, metodo):
    peso = _pesar(como("veterinario"), luna, "17.3").json
    respuesta = como("veterinario").pedir(metodo, f"/pesos/{peso['id']}", json={"peso_kg": "1"}, version=1)
    assert respuesta.status_code == 405


@pytest.mark.parametrize(
    ("antes", "ahora", "cuando", "avisa"),
    [
        ("10.000", "11.000", "2026-11-20T10:00:00+01:00", False),
        ("10.000", "11.001", "2026-11-20T10:00:00+01:00", True),
        ("10.000", "8.999", "2026-11-20T10:00:00+01:00", True),
        ("10.000", "20", "2026-10-24T11:00:00+02:00", True),
        ("10.000", "20", "2026-10-24T10:59:00+02:00", False),
    ],
)
def test_avisa_de_una_variacion_mayor_del_diez_por_ciento_en_treinta_dias(como, luna, antes, ahora, cuando, avisa):
    api = como("veterinario")
    _pesar(api, luna, antes, medido_en=cuando)
    assert ("VARIACION_PESO" in _codigos(_pesar(api, luna, ahora))) is avisa


def test_la_variacion_se_mide_con_el_anterior_en_el_tiempo_y_sin_anulados(como, luna):
    api = como("veterinario")
    malo = _pesar(api, luna, "90", medido_en="2026-11-21T10:00:00+01:00").json
    api.post(f"/pesos/{malo['id']}/anulacion", {"motivo": "Era de otro"})
    _pesar(api, luna, "10", medido_en="2026-11-20T10:00:00+01:00")
    assert "VARIACION_PESO" not in _codigos(_pesar(api, luna, "10.5", medido_en="2026-11-22T10:00:00+01:00"))
    assert "VARIACION_PESO" not in _codigos(_pesar(api, luna, "20", medido_en="2026-11-19T10:00:00+01:00"))


@pytest.mark.parametrize(("kg", "avisa"), [("0.1", False), ("0.099", True), ("110", False), ("110.001", True)])
def test_avisa_de_un_peso_improbable_en_la_especie(como, luna, kg, avisa):
    assert ("PESO_IMPROBABLE" in _codigos(_pesar(como("veterinario"), luna, kg))) is avisa


@pytest.mark.parametrize(("metodo", "avisa"), [("bascula", False), ("estimado", True), ("referido_cliente", True)])
def test_solo_la_bascula_vale_para_dosis(como, luna, metodo, avisa):
    assert ("PESO_NO_BASCULA" in _codigos(_pesar(como("veterinario"), luna, "17.3", metodo=metodo))) is avisa


@pytest.mark.parametrize(
    "cambios",
    [
        {"peso_kg": "0"}, {"peso_kg": "-1"}, {"peso_kg": "17.3001"}, {"peso_kg": "10000"}, {"peso_kg": 17.3},
        {"peso_kg": "NaN"}, {"bcs": 0}, {"bcs": 10}, {"medido_en": "2026-11-23T10:00:00"},
    ],
)  # fmt: skip
def test_pesos_mal_dichos(como, luna, cambios):
    respuesta = _pesar(como("veterinario"), luna, "17.3", **cambios)
    assert respuesta.status_code == 422
    assert respuesta.json["errores"][0]["campo"] == f"/{next(iter(cambios))}"


def test_no_se_pesa_en_el_futuro_salvo_un_reloj_algo_adelantado(como, luna):
    api = como("veterinario")
    assert _pesar(api, luna, "17.3", medido_en="2026-11-23T10:05:00+01:00").status_code == 201
    futuro = _pesar(api, luna, "17.3", medido_en="2026-11-23T10:05:01+01:00")
    assert (futuro.status_code, futuro.json["codigo"]) == (422, "PESO_EN_EL_FUTURO")


def test_no_se_pesa_a_quien_aun_no_ha_nacido(clinica, como):
    luna = crear_paciente(clinica, fecha_nacimiento="2024-05-02")
    api = como("veterinario")
    antes = _pesar(api, luna, "0.4", medido_en="2024-05-01T23:30:00+02:00")
    assert (antes.status_code, antes.json["codigo"]) == (422, "PESO_ANTES_DE_NACER")
    assert antes.json["errores"][0]["campo"] == "/medido_en"
    assert _pesar(api, luna, "0.4", medido_en="2024-05-02T00:30:00+02:00").status_code == 201
