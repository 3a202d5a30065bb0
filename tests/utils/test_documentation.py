"""El documento OpenAPI dice lo que la tabla de rutas, ni más ni menos."""

import json
import re
from enum import StrEnum
from uuid import UUID

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import Field

from app.config.permissions import Acceso, Permiso
from app.utils.documentation import construir, nombres_de_operacion
from app.utils.errors import Conflict
from app.utils.routing import Route
from app.utils.schemas import Fecha, PageQuery, Pagina, Partial, PesoKg, Schema

LISTA, UNO = "/api/v1/animales", "/api/v1/animales/<uuid:id>"


class AnimalDormido(Conflict):
    """El animal está dormido."""


class Talla(StrEnum):
    """Cuánto abulta."""

    PEQUENA = "pequena"
    GRANDE = "grande"


class AnimalCampos(Schema):
    nombre: str = Field(min_length=1, examples=["Luna"])
    talla: Talla = Talla.GRANDE
    peso_kg: PesoKg | None = None
    nacido: Fecha | None = Field(default=None, description="Cuándo nació")


class AnimalCrear(AnimalCampos):
    cliente_id: UUID


class AnimalEditar(Partial, AnimalCampos): ...


class AnimalLectura(Schema):
    id: UUID
    nombre: str
    peso_kg: str | None = None
    version: int


class AnimalPortal(Schema):
    id: UUID
    nombre: str


class AnimalFiltro(PageQuery):
    talla: list[Talla] = Field(default=[])
    desde: Fecha | None = Field(default=None, description="Desde cuándo")


def _ruta(method: str, rule: str, name: str, **cambios: object) -> Route:
    opciones: dict[str, object] = {
        "permission": Permiso.PACIENTES_LEER,
        "output": AnimalLectura,
        "portal": None,
        "brief": None,
        "status": 200,
        "body": None,
        "query": None,
        "lists": frozenset(),
        "path_args": tuple(re.findall(r"(\w+)>", rule)),
        "requires_key": False,
        "tag": "Animales",
        "summary": f"Hace {name}.",
        "description": "",
        "errors": (),
    }
    return Route(method=method, rule=rule, name=name, **{**opciones, **cambios})  # type: ignore[arg-type]


RUTAS = [
    _ruta("GET", LISTA, "listar", output=Pagina[AnimalLectura], query=AnimalFiltro, lists=frozenset({"talla"})),
    _ruta("POST", LISTA, "crear", body=AnimalCrear, status=201, requires_key=True, errors=(AnimalDormido,)),
    _ruta("GET", UNO, "obtener", portal=AnimalPortal),
    _ruta("PATCH", UNO, "editar", body=AnimalEditar),
    _ruta("DELETE", UNO, "eliminar", output=None, status=204),
    _ruta("POST", f"{UNO}/despertar", "despertar"),
    _ruta("GET", f"{UNO}/siestas/<date:dia>", "listar", permission=Acceso.PUBLICO, output=Pagina[AnimalPortal]),
]


@pytest.fixture(scope="module")
def documento() -> dict:
    """El documento de las rutas de arriba."""
    return construir(RUTAS, reloj=True)


def _cabeceras(operacion: dict) -> list[str]:
    return [uno["$ref"].rsplit("/", 1)[-1] for uno in operacion["parameters"] if "$ref" in uno]


def test_el_documento_es_valido_y_siempre_el_mismo(documento: dict) -> None:
    OpenAPIV31SpecValidator(documento).validate()
    assert json.dumps(construir(list(reversed(RUTAS)), reloj=True)) == json.dumps(documento)


def test_cada_operacion_tiene_un_nombre_unico_y_legible(documento: dict) -> None:
    nombres = [operacion["operationId"] for ruta in documento["paths"].values() for operacion in ruta.values()]
    assert sorted(nombres) == [
        "animales_crear",
        "animales_despertar",
        "animales_editar",
        "animales_eliminar",
        "animales_listar",
        "animales_obtener",
        "animales_siestas_listar",
    ]


def test_si_dos_acciones_se_llaman_igual_llevan_su_camino() -> None:
    nombres = nombres_de_operacion([*RUTAS, _ruta("POST", f"{UNO}/aviso", "despertar")])
    assert nombres["POST", f"{UNO}/aviso"] == "animales_aviso_despertar"
    assert nombres["POST", f"{UNO}/despertar"] == "animales_despertar_despertar"


def test_dos_rutas_con_el_mismo_nombre_no_se_documentan() -> None:
    with pytest.raises(RuntimeError, match="animales_obtener"):
        construir([*RUTAS, _ruta("GET", "/api/v1/animales/<codigo>", "obtener")], reloj=True)


def test_dice_que_permiso_hace_falta_y_quien_lo_tiene(documento: dict) -> None:
    operacion = documento["paths"]["/api/v1/animales"]["get"]
    assert operacion["x-permiso"] == "pacientes:leer"
    assert "administrador (toda la organización)" in operacion["description"]
    assert "cliente (lo propio)" in operacion["description"]
    publica = documento["paths"]["/api/v1/animales/{id}/siestas/{dia}"]["get"]
    assert publica["security"] == []
    assert "401" not in publica["responses"]


def test_los_parametros_de_camino_llevan_su_forma(documento: dict) -> None:
    parametros = documento["paths"]["/api/v1/animales/{id}/siestas/{dia}"]["get"]["parameters"]
    formas = {uno["name"]: uno["schema"]["format"] for uno in parametros if uno.get("in") == "path"}
    assert formas == {"id": "uuid", "dia": "date"}


def test_la_consulta_no_admite_nulos_y_las_listas_se_repiten(documento: dict) -> None:
    parametros = documento["paths"]["/api/v1/animales"]["get"]["parameters"]
    consulta = {uno["name"]: uno for uno in parametros if uno.get("in") == "query"}
    assert consulta["desde"] == {
        "name": "desde",
        "in": "query",
        "required": False,
        "description": "Desde cuándo",
        "schema": {"type": "string", "format": "date"},
    }
    assert (consulta["talla"]["style"], consulta["talla"]["explode"]) == ("form", True)
    assert "null" not in json.dumps(list(consulta.values()))
    assert "AnimalFiltro" not in documento["components"]["schemas"]


@pytest.mark.parametrize(
    ("ruta", "metodo", "esperadas"),
    [
        ("", "get", []),
        ("", "post", ["ClaveIdempotenciaObligatoria"]),
        ("/{id}", "get", ["IfNoneMatch"]),
        ("/{id}", "patch", ["IfMatch"]),
        ("/{id}", "delete", ["IfMatch"]),
        ("/{id}/despertar", "post", ["IfMatchOpcional", "ClaveIdempotencia"]),
    ],
)
def test_cada_ruta_anuncia_las_cabeceras_que_atiende(
    documento: dict, ruta: str, metodo: str, esperadas: list[str]
) -> None:
    operacion = documento["paths"][f"/api/v1/animales{ruta}"][metodo]
    assert _cabeceras(operacion) == [*esperadas, "Idioma", "IdPeticion", "Reloj"]


@pytest.mark.parametrize(
    ("ruta", "metodo", "estados"),
    [
        ("", "get", "200 400 401 403 422 500 503 default"),
        ("", "post", "201 400 401 403 404 409 413 415 422 500 503 default"),
        ("/{id}", "get", "200 304 400 401 403 404 422 500 503 default"),
        ("/{id}", "patch", "200 400 401 403 404 409 412 413 415 422 428 500 503 default"),
        ("/{id}", "delete", "204 400 401 403 404 409 412 413 415 422 428 500 503 default"),
        ("/{id}/despertar", "post", "200 400 401 403 404 409 412 413 415 422 500 503 default"),
    ],
)
def test_cada_ruta_anuncia_lo_que_puede_responder(documento: dict, ruta: str, metodo: str, estados: str) -> None:
    assert list(documento["paths"][f"/api/v1/animales{ruta}"][metodo]["responses"]) == estados.split()


def test_los_errores_declarados_salen_con_su_ejemplo(documento: dict) -> None:
    conflicto = documento["paths"]["/api/v1/animales"]["post"]["responses"]["409"]
    assert "ANIMAL_DORMIDO" in conflicto["content"]["application/problem+json"]["examples"]
    ejemplo = documento["components"]["examples"]["ANIMAL_DORMIDO"]["value"]
    assert ejemplo["type"] == "/errores/ANIMAL_DORMIDO"
    assert ejemplo["title"] == "El animal está dormido"


def test_en_produccion_no_se_anuncia_el_reloj() -> None:
    assert "Reloj" not in json.dumps(construir(RUTAS, reloj=False))


def test_el_portal_ve_otra_forma(documento: dict) -> None:
    contenido = documento["paths"]["/api/v1/animales/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert [uno["$ref"].rsplit("/", 1)[-1] for uno in contenido["schema"]["anyOf"]] == ["AnimalLectura", "AnimalPortal"]


def test_lo_que_sale_lleva_siempre_todos_sus_campos(documento: dict) -> None:
    esquema = documento["components"]["schemas"]["AnimalLectura"]
    assert esquema["required"] == ["id", "nombre", "peso_kg", "version"]


def test_una_edicion_no_tiene_obligatorios_ni_valores_por_omision(documento: dict) -> None:
    esquema = documento["components"]["schemas"]["AnimalEditar"]
    assert "required" not in esquema
    assert all("default" not in propiedad for propiedad in esquema["properties"].values())
    tipos = documento["paths"]["/api/v1/animales/{id}"]["patch"]["requestBody"]["content"]
    assert list(tipos) == ["application/json", "application/merge-patch+json"]


def test_los_ejemplos_de_entrada_son_validos(documento: dict) -> None:
    ejemplo = documento["paths"]["/api/v1/animales"]["post"]["requestBody"]["content"]["application/json"]["example"]
    leido = AnimalCrear.model_validate_json(json.dumps(ejemplo))
    assert (leido.nombre, str(leido.peso_kg)) == ("Luna", "12.400")


def test_una_lectura_toma_los_ejemplos_del_alta_de_su_recurso(documento: dict) -> None:
    ejemplo = documento["paths"]["/api/v1/animales/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert ejemplo["example"]["nombre"] == "Luna"
    assert ejemplo["example"]["peso_kg"] == "12.400"


def test_openapi_json_esta_al_dia():
    """El documento guardado es el del código; si no, «make openapi»."""
    from pathlib import Path

    from app.api.controllers import CONTROLADORES
    from app.utils.routing import ROUTES

    assert CONTROLADORES
    guardado = json.loads((Path(__file__).resolve().parents[2] / "openapi.json").read_text("utf-8"))
    actual = json.loads(json.dumps(construir([ruta for ruta in ROUTES if ruta.rule.startswith("/api/v1")], reloj=True)))
    assert guardado == actual, "ejecute «make openapi» y revise la diferencia"
