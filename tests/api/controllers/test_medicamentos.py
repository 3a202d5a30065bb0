"""Principios activos, medicamentos y reglas de alerta: qué se puede escribir y qué no."""

from decimal import Decimal

import psycopg
import pytest

from tests.factories import crear_clinica, crear_medicamento, preparar_medicacion


@pytest.fixture(scope="module")
def botica(app):
    clinica = crear_clinica(app, nombre="Fichas")
    clinica.principios = preparar_medicacion(clinica)
    return clinica


def regla(botica, codigo: str, variante: int = 1, *, inactivas: bool = False) -> dict:
    ruta = f"/reglas-alerta?codigo={codigo}" + ("&incluir_inactivas=true" if inactivas else "")
    return next(una for una in botica.como("veterinario").get(ruta).json["datos"] if una["variante"] == variante)


def test_las_semillas_son_41_principios_con_pauta_y_sus_reglas(botica):
    veterinario, datos, cursor = botica.como("veterinario"), [], None
    while True:
        pagina = veterinario.get("/principios-activos?limite=100" + (f"&cursor={cursor}" if cursor else "")).json
        datos, cursor = datos + pagina["datos"], pagina["siguiente"]
        if cursor is None:
            break
    con_pauta = [uno for uno in datos if uno["pautas"]]
    assert len(con_pauta) == 41
    assert {una["estado_validacion"] for uno in con_pauta for una in uno["pautas"]} == {"orientativo"}
    assert all(una["fuente"] for uno in con_pauta for una in uno["pautas"])
    por_codigo = {uno["codigo"]: uno for uno in datos}
    assert por_codigo["ketamina"]["control"] == "por_revisar"
    assert por_codigo["paracetamol"]["pautas"] == []
    assert not [una for una in por_codigo["doxiciclina"]["pautas"] if una["especie"] == "gato"]
    reglas = veterinario.get("/reglas-alerta?limite=100").json["datos"]
    assert {una["codigo"] for una in reglas} == {f"AL{n:02}" for n in range(1, 23)}
    assert all(una["fuente"] and una["semilla"] for una in reglas)


def test_sembrar_otra_vez_no_pisa_lo_cambiado(botica):
    suya = botica.como("veterinario").get("/principios-activos?q=sarolaner").json["datos"][0]
    cambio = {"nombre_dci": "Sarolaner (revisado)"}
    botica.como("veterinario").patch(f"/principios-activos/{suya['id']}", cambio, version=suya["version"])
    assert preparar_medicacion(botica)["sarolaner"] == suya["id"]
    assert (
        botica.como("veterinario").get(f"/principios-activos/{suya['id']}").json["nombre_dci"] == cambio["nombre_dci"]
    )


def test_un_medicamento_lleva_sus_principios_en_el_mismo_cuerpo(botica):
    uno, otro = botica.principios["milbemicina_praziquantel"], botica.principios["praziquantel"]
    id = crear_medicamento(botica, {uno: "12.5", otro: "125"}, unidad_base="mL", especies_autorizadas=["perro"])
    veterinario = botica.como("veterinario")
    ficha = veterinario.get(f"/medicamentos/{id}").json
    assert [(p["codigo"], p["concentracion"], p["unidad"]) for p in ficha["principios"]] == [
        ("milbemicina_praziquantel", "12.5", "mg"), ("praziquantel", "125", "mg"),
    ]  # fmt: skip
    assert (ficha["unidad_base"], ficha["fracciones"], ficha["unidades_envase"]) == ("ml", ["1", "0.5"], "10")
    cambiado = veterinario.patch(
        f"/medicamentos/{id}", {"principios": [{"principio_id": otro, "concentracion": "50"}]}, version=ficha["version"]
    )
    assert [p["codigo"] for p in cambiado.json["principios"]] == ["praziquantel"]
    assert cambiado.json["version"] > ficha["version"]
    sin_tocar = veterinario.patch(f"/medicamentos/{id}", {"nombre": "Otro"}, version=cambiado.json["version"])
    assert [p["codigo"] for p in sin_tocar.json["principios"]] == ["praziquantel"]
    (encontrado,) = veterinario.get("/medicamentos?principio=praziquantel&q=otr").json["datos"]
    assert encontrado["principios"][0]["codigo"] == "praziquantel"


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"principios": []}, "DATOS_INVALIDOS"),
        ({"principios": "repetido"}, "PRINCIPIO_REPETIDO"),
        ({"principios": "ajeno"}, "PRINCIPIO_DESCONOCIDO"),
        ({"producto_id": "019a0000-0000-7000-8000-000000000000"}, "PRODUCTO_INADECUADO"),
        ({"especies_autorizadas": ["dragon"]}, "ESPECIE_DESCONOCIDA"),
        ({"fracciones": ["1.5"]}, "DATOS_INVALIDOS"),
        ({"fracciones": []}, "DATOS_INVALIDOS"),
        ({"unidades_envase": "0"}, "DATOS_INVALIDOS"),
        ({"unidad_base": "barril"}, "DATOS_INVALIDOS"),
        ({"unidades_envase": 10}, "DATOS_INVALIDOS"),
    ],
)
def test_un_medicamento_mal_escrito(botica, vecina, cambios, codigo):
    suyo = {"principio_id": botica.principios["meloxicam"], "concentracion": "1.5"}
    ajeno = {"principio_id": preparar_medicacion(vecina)["meloxicam"], "concentracion": "1.5"}
    principios = (
        {"repetido": [suyo, suyo], "ajeno": [ajeno]}.get(cambios.get("principios", ""), [suyo])
        if not isinstance(cambios.get("principios"), list)
        else cambios["principios"]
    )
    cuerpo = {"nombre": "Mal", "forma": "Gotas", "unidad_base": "ml", "unidades_envase": "10", **cambios}
    respuesta = botica.como("veterinario").post("/medicamentos", {**cuerpo, "principios": principios})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_un_producto_tiene_una_sola_ficha(botica):
    from app.api.models.producto import Producto, TipoProducto
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import add

    iniciar(Contexto(organizacion_id=botica.id))
    with transaction():
        producto = add(Producto(sku="MED-1", nombre="Meloxicam", tipo=TipoProducto.MEDICAMENTO, unidad_base="ml")).id
    iniciar(Contexto())
    crear_medicamento(botica, {botica.principios["meloxicam"]: "1.5"}, producto_id=str(producto))
    cuerpo = {
        "nombre": "Otra", "forma": "Gotas", "unidad_base": "ml", "unidades_envase": "10", "producto_id": str(producto),
        "principios": [{"principio_id": botica.principios["meloxicam"], "concentracion": "1.5"}],
    }  # fmt: skip
    respuesta = botica.como("veterinario").post("/medicamentos", cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "FICHA_DUPLICADA")


def test_un_principio_propio_con_su_pauta(botica):
    pauta = {"especie": "perro", "via": "oral", "dosis_min": "2", "dosis_max": "5", "intervalo_h": 8}
    cuerpo = {"codigo": "tramadol", "nombre_dci": "Tramadol", "grupo": "opioide", "control": "por_revisar"}
    veterinario = botica.como("veterinario")
    hecho = veterinario.post("/principios-activos", {**cuerpo, "pautas": [pauta]})
    assert hecho.status_code == 201, hecho.text
    assert (hecho.json["pautas"][0]["dosis_max"], hecho.json["estado_validacion"]) == ("5", "por_revisar")
    assert veterinario.post("/principios-activos", cuerpo).json["codigo"] == "PRINCIPIO_DUPLICADO"
    al_reves = {**cuerpo, "codigo": "otro", "pautas": [{**pauta, "dosis_min": "6"}]}
    assert veterinario.post("/principios-activos", al_reves).json["codigo"] == "PAUTA_INVERTIDA"
    de_dragon = {**cuerpo, "codigo": "otro", "pautas": [{**pauta, "especie": "dragon"}]}
    assert veterinario.post("/principios-activos", de_dragon).json["codigo"] == "ESPECIE_DESCONOCIDA"
    ruta = f"/principios-activos/{hecho.json['id']}"
    sin_pautas = veterinario.patch(ruta, {"pautas": []}, version=hecho.json["version"])
    assert sin_pautas.json["pautas"] == []
    assert veterinario.delete(ruta, version=sin_pautas.json["version"]).status_code == 204
    assert veterinario.get("/principios-activos?q=tramadol").json["datos"] == []
    assert len(veterinario.get("/principios-activos?q=tramadol&incluir_inactivos=true").json["datos"]) == 1


@pytest.mark.parametrize(
    ("codigo", "cambios"),
    [
        ("AL01", {"gravedad": "grave"}),
        ("AL01", {"gravedad": "aviso"}),
        ("AL10", {"activa": False}),
        ("AL20", {"activa": False, "mensaje": "Otro"}),
        ("AL01", {"parametros": {"principios": ["paracetamol"], "especies": ["serpiente"]}}),
    ],
)
def test_un_bloqueo_de_fabrica_no_se_ablanda(botica, codigo, cambios):
    suya = regla(botica, codigo)
    for rol in ("veterinario", "administrador"):
        respuesta = botica.como(rol).patch(f"/reglas-alerta/{suya['id']}", cambios, version=suya["version"])
        assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "REGLA_DE_BLOQUEO")


def test_de_un_bloqueo_de_fabrica_se_puede_cambiar_como_se_dice(botica):
    suya = regla(botica, "AL21")
    cambio = {"mensaje": "Ese lote ya no vale", "gravedad": "bloqueo", "activa": True}
    hecho = botica.como("veterinario").patch(f"/reglas-alerta/{suya['id']}", cambio, version=suya["version"])
    assert (hecho.status_code, hecho.json["mensaje"]) == (200, "Ese lote ya no vale")


def test_tampoco_lo_ablanda_quien_escribe_en_la_base(botica, propietario):
    donde = "WHERE organizacion_id = %s AND codigo = 'AL01'"
    for cambio in ("gravedad = 'grave'", "activa = false", "activo = false"):
        with pytest.raises(psycopg.errors.CheckViolation):
            propietario.execute(f"UPDATE reglas_alerta SET {cambio} {donde}", [botica.id])


def test_una_regla_de_fabrica_se_desactiva_o_se_ajusta_pero_no_se_borra(botica):
    from tests.factories import crear_paciente, pesar

    perro = crear_paciente(botica)["id"]
    pesar(botica, perro, "10")
    dos = [{"principios": [botica.principios[uno]], "via": "oral"} for uno in ("meloxicam", "firocoxib")]

    def saltan() -> set[str]:
        cuerpo = {"paciente_id": perro, "lineas": dos}
        salida = botica.como("veterinario").post("/alertas-medicacion/evaluacion", cuerpo).json
        return {una["codigo"] for una in salida["alertas_medicacion"]}

    assert {"AL05", "AL13"} <= saltan()
    suya = regla(botica, "AL13")
    apagada = botica.como("veterinario").patch(
        f"/reglas-alerta/{suya['id']}", {"activa": False}, version=suya["version"]
    )
    assert apagada.status_code == 200
    assert "AL13" not in saltan()
    assert regla(botica, "AL13", inactivas=True)["activa"] is False
    borrada = botica.como("administrador").delete(f"/reglas-alerta/{suya['id']}", version="*")
    assert (borrada.status_code, borrada.json["codigo"]) == (409, "REGLA_DE_FABRICA")
    de_dos = regla(botica, "AL05")
    otros = {"uno": {"grupos": ["aine"]}, "otro": {"grupos": ["corticoide"]}, "ventana_h": 48}
    ajustada = botica.como("veterinario").patch(
        f"/reglas-alerta/{de_dos['id']}", {"parametros": otros}, version=de_dos["version"]
    )
    assert ajustada.json["parametros"]["ventana_h"] == 48
    assert "AL05" not in saltan()


@pytest.mark.parametrize(
    ("tipo", "parametros", "campo"),
    [
        ("contraindicacion", {}, "/parametros"),
        ("contraindicacion", {"principios": ["x"], "sorpresa": 1}, "/parametros/sorpresa"),
        ("contraindicacion", {"principios": ["x"], "vias": ["telepatia"]}, "/parametros/vias/0"),
        ("interaccion", {"uno": {"grupos": ["aine"]}}, "/parametros/otro"),
        ("peso", {"caso": "raro"}, "/parametros/caso"),
        ("alergia", {"gravedades": []}, "/parametros/gravedades"),
        ("duplicidad", {"principios": ["x"]}, "/parametros/principios"),
        ("edad_peso", {"principios": ["x"], "peso_min_kg": 2.5}, "/parametros/peso_min_kg"),
    ],
)
def test_los_parametros_son_los_del_tipo(botica, tipo, parametros, campo):
    cuerpo = {"codigo": "AL60", "tipo": tipo, "gravedad": "aviso", "mensaje": "Mal", "parametros": parametros}
    respuesta = botica.como("veterinario").post("/reglas-alerta", cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PARAMETROS_DE_REGLA_INVALIDOS")
    assert respuesta.json["errores"][0]["campo"] == campo


def test_una_regla_propia_nace_avisa_y_se_va(botica):
    from tests.factories import crear_paciente, pesar

    veterinario = botica.como("veterinario")
    cuerpo = {
        "codigo": "AL70", "tipo": "edad_peso", "gravedad": "bloqueo", "mensaje": "Sin furosemida a los muy pequeños",
        "parametros": {"principios": ["furosemida"], "peso_min_kg": "3"},
    }  # fmt: skip
    hecha = veterinario.post("/reglas-alerta", cuerpo)
    assert hecha.status_code == 201, hecha.text
    assert veterinario.post("/reglas-alerta", cuerpo).json["codigo"] == "REGLA_DUPLICADA"
    perro = crear_paciente(botica)["id"]
    pesar(botica, perro, "2.999")
    dado = {"paciente_id": perro, "lineas": [{"principios": [botica.principios["furosemida"]], "via": "oral"}]}
    salida = veterinario.post("/alertas-medicacion/evaluacion", dado).json
    assert "AL70" in {una["codigo"] for una in salida["alertas_medicacion"]}
    ruta = f"/reglas-alerta/{hecha.json['id']}"
    rebajada = veterinario.patch(ruta, {"gravedad": "aviso"}, version=1)
    assert rebajada.json["codigo"] == "REGLA_DE_BLOQUEO"
    assert veterinario.delete(ruta, version=1).status_code == 204
    assert veterinario.get(ruta).status_code == 404
    salida = veterinario.post("/alertas-medicacion/evaluacion", dado).json
    assert "AL70" not in {una["codigo"] for una in salida["alertas_medicacion"]}


@pytest.mark.parametrize("recurso", ["principios-activos", "medicamentos", "reglas-alerta"])
def test_auxiliar_y_recepcion_leen_y_el_cliente_no(botica, recurso):
    assert [botica.como(rol).get(f"/{recurso}").status_code for rol in ("auxiliar", "recepcion", "cliente")] == [
        200, 200, 403,
    ]  # fmt: skip
    assert botica.como("recepcion").post(f"/{recurso}", {}).status_code == 403


def test_las_concentraciones_son_decimales_exactos(botica):
    id = crear_medicamento(botica, {botica.principios["buprenorfina"]: "0.3"}, unidad_base="ml")
    leida = botica.como("auxiliar").get(f"/medicamentos/{id}").json["principios"][0]["concentracion"]
    assert Decimal(leida) == Decimal("0.3")


def test_una_organizacion_anterior_recibe_sus_reglas_al_actualizar_y_lo_cambiado_se_respeta(app, botica):
    from app.api.services import instalacion_service

    antigua = crear_clinica(app, nombre="Antigua")
    veterinario = antigua.como("veterinario")
    assert veterinario.get("/reglas-alerta").json["datos"] == []
    apagada = regla(botica, "AL17")
    botica.como("veterinario").patch(f"/reglas-alerta/{apagada['id']}", {"activa": False}, version=apagada["version"])
    for _ in range(2):
        instalacion_service.instalar()
        assert len(veterinario.get("/reglas-alerta?limite=100").json["datos"]) == 37
    assert regla(botica, "AL17", inactivas=True)["activa"] is False
    assert veterinario.get("/principios-activos?q=meloxicam").json["datos"][0]["codigo"] == "meloxicam"
