"""De celdas a campos: razas reconocidas o conservadas, fechas, números y teléfonos."""

import pytest

from app.api.schemas.importacion_schema import Mapa
from app.api.services.importacion_campos import ValorIlegible, agrupar_contacto, con_raza, traducir

EN = {("perro", "german shepherd"): "pastor_aleman", ("perro", "poodle, standard"): "caniche"}


@pytest.mark.parametrize(
    ("primaria", "secundaria", "raza", "texto", "como_texto"),
    [
        pytest.param("German Shepherd", None, "pastor_aleman", None, False, id="conocida"),
        pytest.param("german SHEPHERD", None, "pastor_aleman", None, False, id="sin distinguir mayúsculas"),
        pytest.param("German Shepherd", "German Shepherd", "pastor_aleman", None, False, id="dos veces la misma"),
        pytest.param("German Shepherd", "Mix", "pastor_aleman", "German Shepherd / Mix", False, id="cruce"),
        pytest.param("Catahoula", None, None, "Catahoula", True, id="desconocida"),
        pytest.param("Catahoula", "Poodle, Standard", None, "Catahoula / Poodle, Standard", True, id="la principal manda"),
        pytest.param(None, None, None, None, False, id="sin raza"),
    ],
)  # fmt: skip
def test_la_raza_se_reconoce_o_se_conserva_como_texto(primaria, secundaria, raza, texto, como_texto):
    campos = {"especie": "perro", "raza": primaria, "raza_secundaria": secundaria}
    leido, quedo = con_raza({campo: valor for campo, valor in campos.items() if valor}, EN)
    assert (leido.get("raza"), leido.get("raza_texto"), quedo) == (raza, texto, como_texto)
    assert "raza_secundaria" not in leido


def test_la_raza_de_otra_especie_no_cuenta():
    assert con_raza({"especie": "gato", "raza": "German Shepherd"}, EN) == (
        {"especie": "gato", "raza_texto": "German Shepherd"},
        True,
    )


@pytest.mark.parametrize("escrita", ["border_collie", "Border collie", "BORDER COLLIE"])
def test_sin_equivalencias_vale_el_codigo_o_el_nombre_del_catalogo(escrita):
    assert con_raza({"especie": "perro", "raza": escrita}, None)[0]["raza"] == "border_collie"


def _mapa(entidad="pacientes", **tablas):
    columnas = {"id_externo": "x", **({"cliente_id_externo": "y"} if entidad == "pacientes" else {})}
    return Mapa.model_validate({"entidad": entidad, "columnas": columnas, **tablas})


@pytest.mark.parametrize(
    ("campo", "celda", "leido"),
    [
        ("fecha_nacimiento", "02/05/2024", "2024-05-02"),
        ("especie", "canina", "perro"),
        ("especie", "Felina", "Felina"),
        ("apto_consumo", "Sí", True),
        ("apto_consumo", "0", False),
        ("edad_estimada_meses", "18", 18),
    ],
)
def test_cada_celda_toma_la_forma_de_la_api(campo, celda, leido):
    mapa = _mapa(formatos={"fecha_nacimiento": "%d/%m/%Y"}, valores={"especie": {"Canina": "perro"}})
    assert traducir({campo: celda}, mapa) == {campo: leido}


@pytest.mark.parametrize(
    ("celda", "leido"), [("5", "5"), ("5,50", "5.50"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50")]
)
def test_los_decimales_admiten_coma_y_millares(celda, leido):
    assert traducir({"limite_credito": celda}, _mapa("clientes")) == {"limite_credito": leido}


@pytest.mark.parametrize(
    ("campo", "celda"),
    [("fecha_nacimiento", "2024-05-02"), ("fecha_nacimiento", "31/02/2024"), ("apto_consumo", "quizá"),
     ("edad_estimada_meses", "1,5"), ("edad_estimada_meses", "²")],
)  # fmt: skip
def test_lo_que_no_se_entiende_nombra_su_campo(campo, celda):
    with pytest.raises(ValorIlegible) as error:
        traducir({campo: celda}, _mapa(formatos={"fecha_nacimiento": "%d/%m/%Y"}))
    assert error.value.extra["errores"][0]["campo"] == f"/{campo}"


def test_una_celda_vacia_es_que_no_consta():
    assert traducir({"nombre": "", "capa": "negra"}, _mapa()) == {"capa": "negra"}


def test_telefonos_y_direccion_se_juntan():
    plano = {"nombre": "Ana", "telefono": "612345678", "telefono_3": "913456789", "direccion.cp": "28013"}
    assert agrupar_contacto(plano) == {
        "nombre": "Ana",
        "telefonos": [{"numero": "612345678"}, {"numero": "913456789"}],
        "direccion": {"cp": "28013"},
    }
