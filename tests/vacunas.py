"""Vacunas y pacientes de prueba: fichas técnicas, dosis puestas y planes leídos por HTTP."""

from typing import Any
from uuid import uuid4

from tests.factories import Clinica, crear_paciente

FICHAS = {
    "perro_esencial": {"antigenos": ["moquillo", "adenovirus", "parvovirus"], "especies": ["perro"]},
    "gato_esencial": {"antigenos": ["panleucopenia", "herpesvirus_felino", "calicivirus"], "especies": ["gato"]},
    "rabia": {"antigenos": ["rabia"], "especies": ["perro", "gato", "huron"]},
    "leptospira": {"antigenos": ["leptospira"], "especies": ["perro"]},
    "leucemia_felina": {"antigenos": ["leucemia_felina"], "especies": ["gato"]},
}


def crear_vacuna(clinica: Clinica, *protocolos: str, **ficha: Any) -> str:
    """Da de alta un producto vacunal que cubre esos protocolos y devuelve su id."""
    base: dict[str, Any] = {"antigenos": [], "especies": [], "via": "subcutanea"}
    if protocolos:
        base |= FICHAS[protocolos[0]]
    cuerpo = {
        "sku": f"V-{uuid4().hex[:8]}", "nombre": f"Vacuna {' '.join(protocolos)}", "tipo": "vacuna",
        "unidad_base": "dosis", "vacuna": {**base, "protocolos": list(protocolos), **ficha},
    }  # fmt: skip
    respuesta = clinica.como("administrador").post("/productos", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json["id"]


def datos_vacuna(producto: str, fecha: str, **cambios: Any) -> dict[str, Any]:
    """Cuerpo de una vacuna puesta."""
    base = {"producto_id": producto, "fecha": fecha, "lote": "A123B", "caducidad_lote": "2030-01-31"}
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def poner(clinica: Clinica, paciente: str, producto: str, fecha: str, como: str = "veterinario", **cambios: Any) -> Any:
    """Registra una vacuna; la respuesta, tal cual."""
    reloj = cambios.pop("reloj", None)
    cuerpo = datos_vacuna(producto, fecha, **cambios)
    return clinica.como(como).post(f"/pacientes/{paciente}/vacunaciones", cuerpo, reloj=reloj)


def puesta(clinica: Clinica, paciente: str, producto: str, fecha: str, **cambios: Any) -> dict[str, Any]:
    """Lo mismo, y ha de salir bien."""
    respuesta = poner(clinica, paciente, producto, fecha, **cambios)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def del_plan(clinica: Clinica, paciente: str, protocolo: str, reloj: str | None = None) -> dict[str, Any]:
    """Lo que el plan dice de un protocolo."""
    respuesta = clinica.como("veterinario").get(f"/pacientes/{paciente}/plan-vacunal", reloj=reloj)
    assert respuesta.status_code == 200, respuesta.text
    return next(uno for uno in respuesta.json["datos"] if uno["protocolo"] == protocolo)


def animal(clinica: Clinica, especie: str = "perro", nacimiento: str | None = "2024-05-02", **cambios: Any) -> str:
    """Un paciente de esa especie y su id."""
    nacio = {"fecha_nacimiento": nacimiento} if nacimiento else {"fecha_nacimiento": ..., "precision_nacimiento": ...}
    return crear_paciente(clinica, especie=especie, raza=..., **nacio, **cambios)["id"]
