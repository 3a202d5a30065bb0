"""Pasos de la historia clínica que repiten sus pruebas."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories import Clinica, crear_paciente

ENTERA = {
    "motivo": "Se rasca las orejas",
    "subjetivo": "Desde hace una semana. SECRETO-S",
    "objetivo": "Cerumen oscuro. SECRETO-O",
    "valoracion": "Otitis externa. SECRETO-V",
    "plan": "Limpieza y gotas. SECRETO-P",
    "notas_clinicas_privadas": "El dueño duda. SECRETO-N",
    "recomendaciones_cliente": "Dos gotas cada doce horas",
    "proxima_revision": "2026-12-07",
}


def abrir(clinica: Clinica, paciente: str | None = None, como: str = "veterinario", **cambios: Any) -> dict[str, Any]:
    """Una consulta abierta con todo escrito, y su paciente si no se da."""
    paciente = paciente or crear_paciente(clinica)["id"]
    cuerpo = {"sede_id": str(clinica.sede_id), **ENTERA, **cambios}
    cuerpo = {clave: valor for clave, valor in cuerpo.items() if valor is not ...}
    respuesta = clinica.como(como).post(f"/pacientes/{paciente}/consultas", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def cerrar(clinica: Clinica, consulta: dict[str, Any], como: str = "veterinario") -> dict[str, Any]:
    respuesta = clinica.como(como).post(f"/consultas/{consulta['id']}/cierre", {"metodo_firma": "contrasena"})
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def publicar(clinica: Clinica, consulta: dict[str, Any]) -> dict[str, Any]:
    respuesta = clinica.como("veterinario").post(f"/consultas/{consulta['id']}/publicacion")
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def enmendar(clinica: Clinica, id: str, como: str = "veterinario", **cambios: Any) -> TestResponse:
    cuerpo = {"seccion": "objetivo", "texto": "El soplo es grado III, no II.", "motivo": "Error de transcripción"}
    return clinica.como(como).post(f"/consultas/{id}/enmiendas", {**cuerpo, **cambios})


def con_todo(clinica: Clinica, paciente: str | None = None) -> dict[str, Any]:
    """Una consulta abierta con constantes, exploración, dos diagnósticos (uno publicado) y un peso."""
    veterinario, consulta = clinica.como("veterinario"), abrir(clinica, paciente)
    raiz = f"/consultas/{consulta['id']}"
    medidas = {"temperatura": "39.5", "frecuencia_cardiaca": 96, "mucosas": "rosadas",
               "dolor": {"escala": "Numérica 0–10", "puntos": 3, "maximo": 10}}  # fmt: skip
    oidos = {"sistema": "oidos", "estado": "anormal", "texto": "Eritema. SECRETO-E"}
    pasos = [
        veterinario.post(f"{raiz}/constantes", medidas),
        veterinario.put(f"{raiz}/exploracion", {"sistemas": [oidos]}, version="*"),
        veterinario.post(f"{raiz}/diagnosticos", {"texto": "Otitis", "certeza": "definitivo", "publicado": True}),
        veterinario.post(f"{raiz}/diagnosticos", {"texto": "Atopia SECRETO-D", "certeza": "diferencial"}),
        veterinario.post(
            f"/pacientes/{consulta['paciente_id']}/pesos",
            {"peso_kg": "12.4", "metodo": "bascula", "consulta_id": consulta["id"]},
        ),
    ]
    assert all(paso.status_code in (200, 201) for paso in pasos), [paso.text for paso in pasos]
    return veterinario.get(raiz).json
