"""Los mensajes en el idioma de quien pide: en español los del dominio y en inglés todos los códigos."""

import pkgutil
from importlib import import_module

from app.api import services
from app.utils.error_catalog import REGLAS_DE_FORMA
from app.utils.errors import DomainError
from app.utils.mensajes_en import TITULOS_EN

for _modulo in pkgutil.iter_modules(services.__path__):
    import_module(f"{services.__name__}.{_modulo.name}")  # importarlos es lo que declara los errores
# Familias, no códigos: nadie las lanza tal cual.
FAMILIAS = {
    "BAD_REQUEST", "BUSINESS_RULE", "CONFLICT", "DOMAIN_ERROR", "FORBIDDEN", "NOT_FOUND", "PRECONDITION_FAILED",
    "TOO_MANY_REQUESTS", "UNAUTHORIZED", "REGLA_DE_FORMA",
}  # fmt: skip


def _todas(raiz: type[DomainError]) -> list[type[DomainError]]:
    return [raiz, *(una for hija in raiz.__subclasses__() for una in _todas(hija))]


def test_todo_codigo_tiene_su_titulo_en_ingles():
    codigos = set(REGLAS_DE_FORMA)
    for clase in _todas(DomainError):
        if clase.__module__.startswith("app.") and clase.__name__ != "ReglaDeForma":
            codigos.add(clase.__new__(clase).codigo)
    assert codigos - FAMILIAS - set(TITULOS_EN) == set()


def test_en_ingles_no_queda_nada_en_espaniol(clinica, como):
    ingles = {"Accept-Language": "en-GB,en;q=0.9"}
    cuerpo = {"nombre": "", "especie": "perro", "sexo": "hembra", "esterilizado": "si", "microchip": "123",
              "cliente_id": str(clinica.cliente_id)}  # fmt: skip
    respuesta = como("recepcion").post("/pacientes", cuerpo, headers=ingles).json
    assert (respuesta["codigo"], respuesta["title"]) == ("MICROCHIP_FORMATO", "The microchip does not have 15 digits")
    assert {uno["campo"]: uno["mensaje"] for uno in respuesta["errores"]} == {
        "/nombre": "Too short (minimum 1)", "/microchip": "The microchip does not have 15 digits",
    }  # fmt: skip
    del cuerpo["microchip"]
    cuerpo |= {"nombre": "Luna", "raza": "siames"}
    respuesta = como("recepcion").post("/pacientes", cuerpo, headers=ingles).json
    assert respuesta["detail"] == respuesta["errores"][0]["mensaje"] == "That breed is not of that species"
    assert como("recepcion").post("/pacientes", cuerpo).json["detail"] == "Esa raza no es de esa especie"


def test_un_limite_decimal_y_las_opciones_se_leen_de_corrido(clinica, como):
    especie = {"peso_kg": "10", "especie": "perro", "deshidratacion_pct": "15.01"}
    respuesta = como("veterinario").post("/calculos/fluidos", especie).json
    assert [uno["mensaje"] for uno in respuesta["errores"]] == ["Debe ser como máximo 15"]
    asiento = {"medicamento_id": str(clinica.id), "tipo": "regalo", "cantidad": "1"}
    (error,) = como("veterinario").post("/registro-controlados", asiento).json["errores"]
    assert error["mensaje"].endswith("'merma' o 'devolucion'")
    (error,) = (
        como("veterinario").post("/registro-controlados", asiento, headers={"Accept-Language": "en"}).json["errores"]
    )
    assert error["mensaje"].endswith("'merma' or 'devolucion'")
