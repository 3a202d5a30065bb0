"""Los profesionales: colegiación, coherencia con el rol y qué ve cada cual."""

import pytest

DNI = "12345678Z"


@pytest.fixture
def admin(como):
    return como("administrador")


@pytest.fixture
def ficha(clinica):
    """Cuerpo de alta para la persona de recepción."""
    return {"usuario_id": str(clinica.usuarios["recepcion"]), "nombre": "Íñigo Báñez", "categoria": "peluqueria"}


def _editar(admin, clinica, cambios, quien="veterinario"):
    ruta = f"/profesionales/{clinica.profesionales[quien]}"
    return admin.patch(ruta, cambios, version=admin.get(ruta).json["version"])


@pytest.mark.parametrize("numero", ["0100001", "2801234", "5299999"])
def test_un_numero_de_colegiado_espanol_lleva_provincia_y_cinco_cifras(admin, clinica, numero):
    assert _editar(admin, clinica, {"num_colegiado": numero}).json["num_colegiado"] == numero


@pytest.mark.parametrize("numero", ["0012345", "5312345", "9912345", "280123", "28012345", "28A1234", "MP-1234"])
def test_un_numero_de_colegiado_espanol_imposible_se_rechaza(admin, clinica, numero):
    respuesta = _editar(admin, clinica, {"num_colegiado": numero})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "COLEGIADO_INVALIDO")
    assert respuesta.json["errores"][0]["campo"] == "/num_colegiado"


def test_fuera_de_espana_la_matricula_es_libre(app):
    from tests.factories import crear_clinica

    argentina = crear_clinica(app, pais="AR")
    respuesta = _editar(argentina.como("administrador"), argentina, {"num_colegiado": "MP-1234"})
    assert respuesta.json["num_colegiado"] == "MP-1234"


@pytest.mark.parametrize(
    ("categoria", "persona", "estado"),
    [
        ("veterinario", "recepcion", 422), ("auxiliar", "recepcion", 422), ("peluqueria", "recepcion", 201),
        ("veterinario", "administrador", 422), ("peluqueria", "cliente", 422),
    ],
)  # fmt: skip
def test_la_categoria_exige_su_rol(admin, clinica, ficha, categoria, persona, estado):
    cuerpo = {**ficha, "usuario_id": str(clinica.usuarios[persona]), "categoria": categoria}
    assert admin.post("/profesionales", cuerpo).status_code == estado


def test_editar_no_salta_la_coherencia_con_el_rol(admin, clinica):
    respuesta = _editar(admin, clinica, {"categoria": "veterinario"}, quien="auxiliar")
    assert respuesta.json["codigo"] == "CATEGORIA_SIN_ROL"


def test_un_usuario_no_tiene_dos_fichas(admin, ficha):
    admin.post("/profesionales", ficha)
    respuesta = admin.post("/profesionales", ficha)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "PROFESIONAL_DUPLICADO")


def test_un_usuario_de_otra_organizacion_no_existe(admin, vecina, ficha):
    cuerpo = {**ficha, "usuario_id": str(vecina.usuarios["recepcion"])}
    assert admin.post("/profesionales", cuerpo).status_code == 404


def test_el_documento_se_guarda_cifrado_y_solo_lo_ve_tapado_quien_administra(admin, clinica, como, propietario):
    respuesta = _editar(admin, clinica, {"documento_identidad": "12345678-z"})
    assert respuesta.json["documento_identidad"] == "****78Z"
    ruta = f"/profesionales/{clinica.profesionales['veterinario']}"
    for rol in ("veterinario", "auxiliar", "recepcion"):
        assert como(rol).get(ruta).json["documento_identidad"] is None
    guardado, cambios = propietario.execute(
        "SELECT p.documento_identidad, (SELECT cambios::text FROM auditoria a WHERE a.recurso_id = p.id"
        " ORDER BY numero DESC LIMIT 1) FROM profesionales p WHERE p.id = %s",
        [clinica.profesionales["veterinario"]],
    ).fetchone()
    assert DNI.encode() not in guardado
    assert cambios == '{"documento_identidad": [null, "***"]}'


def test_un_documento_con_letra_equivocada_se_rechaza(admin, clinica):
    respuesta = _editar(admin, clinica, {"documento_identidad": "12345678A"})
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, "/documento_identidad")


def test_el_portal_ve_solo_el_nombre_de_quien_se_puede_reservar(admin, clinica, como):
    _editar(admin, clinica, {"agendable": False}, quien="auxiliar")
    datos = como("cliente").get("/profesionales").json["datos"]
    assert [set(uno) for uno in datos] == [{"id", "nombre", "version"}] * 2
    assert str(clinica.profesionales["auxiliar"]) not in [uno["id"] for uno in datos]
    assert como("cliente").get(f"/profesionales/{clinica.profesionales['auxiliar']}").status_code == 404


def test_se_filtran_por_categoria_y_por_sede(admin, clinica):
    def ids(consulta):
        return {uno["id"] for uno in admin.get(f"/profesionales?{consulta}").json["datos"]}

    todos = {str(uno) for uno in clinica.profesionales.values()}
    assert ids("categoria=auxiliar") == {str(clinica.profesionales["auxiliar"])}
    assert ids(f"sede_id={clinica.sede_id}") == todos
    nueva = admin.post("/sedes", {"codigo": "X", "nombre": "X", "zona_horaria": "Europe/Madrid",
                                  "territorio_fiscal": "ES-IVA"}).json  # fmt: skip
    assert ids(f"sede_id={nueva['id']}") == set()


def test_solo_administracion_escribe(como, ficha):
    assert como("veterinario").post("/profesionales", ficha).status_code == 403
