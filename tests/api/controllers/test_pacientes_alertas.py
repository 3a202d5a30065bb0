"""Alergias, alertas y el resumen que las enseña en recepción."""

import pytest

from tests.factories import crear_paciente, preparar_agenda

POLLO = {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve", "reaccion": "Prurito"}
MUERDE = {"tipo": "manejo", "texto": "Muerde", "nivel": "grave"}


@pytest.fixture
def luna(clinica):
    return crear_paciente(clinica)


def _avisos(respuesta):
    return {aviso["codigo"] for aviso in respuesta.json["avisos"]}


@pytest.mark.parametrize(
    ("rol", "leer", "crear", "editar"),
    [
        ("administrador", 200, 403, 403),
        ("veterinario", 200, 201, 200),
        ("auxiliar", 200, 201, 403),
        ("recepcion", 200, 403, 403),
    ],
)
@pytest.mark.parametrize(("lista", "cuerpo"), [("alergias", POLLO), ("alertas", MUERDE)])
def test_quien_puede_que(como, luna, rol, leer, crear, editar, lista, cuerpo):
    hecha = como("veterinario").post(f"/pacientes/{luna['id']}/{lista}", cuerpo).json
    api = como(rol)
    assert api.get(f"/pacientes/{luna['id']}/{lista}").status_code == leer
    assert api.get(f"/{lista}/{hecha['id']}").status_code == leer
    assert api.post(f"/pacientes/{luna['id']}/{lista}", cuerpo).status_code == crear
    assert api.patch(f"/{lista}/{hecha['id']}", {}, version=hecha["version"]).status_code == editar


def test_el_portal_ve_las_alergias_y_nunca_las_alertas(como, luna):
    vet, carmen = como("veterinario"), como("cliente")
    alergia = vet.post(f"/pacientes/{luna['id']}/alergias", POLLO).json
    alerta = vet.post(f"/pacientes/{luna['id']}/alertas", MUERDE).json
    vista = carmen.get(f"/alergias/{alergia['id']}").json
    assert set(vista) == {
        "id", "paciente_id", "agente_tipo", "agente_ref", "gravedad", "reaccion", "confirmada", "desde", "version",
    }  # fmt: skip
    assert len(carmen.get(f"/pacientes/{luna['id']}/alergias").json["datos"]) == 1
    for ruta in (f"/pacientes/{luna['id']}/alertas", f"/alertas/{alerta['id']}", f"/pacientes/{luna['id']}/resumen"):
        assert carmen.get(ruta).status_code == 403


@pytest.mark.parametrize(("lista", "cuerpo", "cambio"), [
    ("alergias", POLLO, {"gravedad": "anafilaxia"}), ("alertas", MUERDE, {"nivel": "info"}),
])  # fmt: skip
def test_se_corrigen_y_al_descartarlas_quedan_en_la_historia(como, luna, lista, cuerpo, cambio):
    vet, ruta = como("veterinario"), f"/pacientes/{luna['id']}/{lista}"
    hecha = vet.post(ruta, cuerpo).json
    editada = vet.patch(f"/{lista}/{hecha['id']}", cambio, version=hecha["version"])
    assert (editada.status_code, editada.json | cambio) == (200, editada.json)
    version = editada.json["version"]
    assert vet.delete(f"/{lista}/{hecha['id']}", version=version).status_code == 204
    assert vet.get(f"/{lista}/{hecha['id']}").status_code == 404
    assert vet.patch(f"/{lista}/{hecha['id']}", cambio, version=version + 1).status_code == 404
    assert vet.get(ruta).json["datos"] == []
    assert [una["activo"] for una in vet.get(f"{ruta}?incluir_bajas=true").json["datos"]] == [False]
    if lista == "alergias":
        assert como("cliente").get(f"{ruta}?incluir_bajas=true").json["datos"] == []


def test_una_alergia_no_empieza_en_el_futuro(como, luna):
    futura = como("veterinario").post(f"/pacientes/{luna['id']}/alergias", {**POLLO, "desde": "2026-11-24"})
    assert (futura.status_code, futura.json["codigo"]) == (422, "FECHA_FUTURA")


def test_una_alerta_salta_hasta_su_dia_y_donde_se_dijo(como, luna):
    vet, ruta = como("veterinario"), f"/pacientes/{luna['id']}/alertas"
    for texto, cambios in (
        ("siempre", {}),
        ("hoy", {"vigente_hasta": "2026-11-23"}),
        ("ayer", {"vigente_hasta": "2026-11-22"}),
        ("mostrador", {"visible_en": ["recepcion", "agenda"]}),
        ("consulta", {"visible_en": ["consulta"]}),
    ):
        assert vet.post(ruta, {**MUERDE, "texto": texto, **cambios}).status_code == 201

    def textos(consulta=""):
        return {una["texto"] for una in vet.get(ruta + consulta).json["datos"]}

    assert textos() == {"siempre", "hoy", "mostrador", "consulta"}
    assert textos("?incluir_caducadas=true") == {"siempre", "hoy", "ayer", "mostrador", "consulta"}
    assert textos("?visible_en=consulta") == {"siempre", "hoy", "consulta"}
    resumen = como("recepcion").get(f"/pacientes/{luna['id']}/resumen").json
    assert {una["texto"] for una in resumen["alertas"]} == {"siempre", "hoy", "mostrador"}
    assert vet.post(ruta, {**MUERDE, "visible_en": ["cocina"]}).status_code == 422


def test_el_resumen_dice_quien_es_a_quien_llamar_y_que_le_espera(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=1)
    luna = crear_paciente(clinica, microchip="941000012345678")
    vet = como("veterinario")
    vet.post(f"/pacientes/{luna['id']}/alergias", POLLO)
    vet.post(f"/pacientes/{luna['id']}/pesos", {"peso_kg": "17.3", "metodo": "bascula"})
    for inicio in ("2027-02-01T10:00:00+01:00", "2027-01-15T10:00:00+01:00"):
        assert agenda.reservar(paciente_id=luna["id"], inicio=inicio).status_code == 201
    resumen = como("recepcion").get(f"/pacientes/{luna['id']}/resumen").json
    assert resumen["linea"] == "Luna · Perro · Border collie · hembra esterilizada · 2 años y 6 meses"
    assert resumen["titular"] == {
        "id": str(clinica.cliente_id), "nombre": "Carmen Núñez Prado", "telefono": "+34600000001",
        "email": f"carmen@{clinica.codigo}.test",
    }  # fmt: skip
    assert resumen["peso_actual"]["peso_kg"] == "17.300"
    assert [una["agente_ref"] for una in resumen["alergias"]] == ["pollo"]
    assert (resumen["proxima_cita"]["inicio"], resumen["proxima_cita"]["sede"]) == (
        "2027-01-15T10:00:00+01:00", "Madrid",
    )  # fmt: skip
    assert not {"temperamento", "seguro", "ppp", "causa_fallecimiento"} & set(resumen)


@pytest.mark.parametrize(
    ("nacimiento", "medido", "antiguo"),
    [
        ("2026-06-24", "2026-11-16T10:00:00+01:00", False),
        ("2026-06-24", "2026-11-16T09:59:00+01:00", True),
        ("2026-05-23", "2026-11-16T09:59:00+01:00", False),
        ("2024-05-02", "2026-10-24T11:00:00+02:00", False),
        ("2024-05-02", "2026-10-24T10:59:00+02:00", True),
        (None, "2026-11-10T10:00:00+01:00", False),
    ],
)
def test_el_peso_de_un_cachorro_envejece_antes(clinica, como, nacimiento, medido, antiguo):
    precision = {"precision_nacimiento": "exacta"} if nacimiento else {"precision_nacimiento": ...}
    luna = crear_paciente(clinica, fecha_nacimiento=nacimiento or ..., **precision)
    peso = {"peso_kg": "5", "metodo": "bascula", "medido_en": medido}
    assert como("veterinario").post(f"/pacientes/{luna['id']}/pesos", peso).status_code == 201
    assert ("PESO_ANTIGUO" in _avisos(como("recepcion").get(f"/pacientes/{luna['id']}/resumen"))) is antiguo
