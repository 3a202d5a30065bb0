"""Un ejemplar de cada recurso en una clínica, y cómo pedir cualquier ruta de la API sobre él."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from werkzeug.test import TestResponse

from app.api.controllers import CONTROLADORES
from app.config.demostracion import EJEMPLARES
from app.config.permissions import Acceso, Alcance, Permiso, Rol, alcance_de
from app.utils.documentation import openapi_document
from app.utils.routing import PREFIJO, ROUTES, Route
from tests import recetario
from tests.factories import (
    Api,
    Clinica,
    crear_cliente,
    crear_medicamento,
    crear_paciente,
    preparar_agenda,
    preparar_medicacion,
)

assert CONTROLADORES, "importarlos es lo que llena ROUTES"
RUTAS = sorted(ROUTES, key=lambda ruta: (ruta.rule, ruta.method))
ROLES = [rol for rol in Rol if rol is not Rol.INTEGRACION]


def nombre(ruta: Route) -> str:
    """Cómo se llama la ruta en el informe de pruebas."""
    return f"{ruta.method} {re.sub('<[^>]+>', '{id}', ruta.rule.removeprefix(PREFIJO))}"


def publica(ruta: Route) -> bool:
    return ruta.permission is Acceso.PUBLICO


def permitidos(ruta: Route) -> list[Rol]:
    """Los roles que la política deja pasar."""
    if not isinstance(ruta.permission, Permiso):
        return list(ROLES)
    return [rol for rol in ROLES if alcance_de(rol, ruta.permission) is not Alcance.NADA]


@dataclass
class Ejemplares:
    """El id de un ejemplar de cada recurso, por el primer tramo de su dirección."""

    clinica: Clinica
    ids: dict[str, str]

    def direccion(self, ruta: Route, id: str | UUID | None = None) -> str:
        """La dirección concreta de una ruta, sobre su ejemplar o sobre el id dado."""
        recurso = ruta.rule.removeprefix(PREFIJO + "/").split("/")[0]
        elegido = str(id or self.ids.get(recurso, uuid4()))
        camino = ruta.rule.replace("<uuid:id>", elegido)
        return re.sub(r"<(?:\w+:)?nombre>", "especies", camino)


def operacion(ruta: Route) -> dict[str, Any]:
    """Lo que el documento OpenAPI dice de la ruta."""
    camino = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", ruta.rule)
    resultado: dict[str, Any] = openapi_document()["paths"][camino][ruta.method.lower()]
    return resultado


def cuerpo_de_ejemplo(ruta: Route) -> Any:
    """El cuerpo que la documentación pone de ejemplo."""
    if ruta.is_form:
        return {"paciente_id": str(EJEMPLARES["pacientes"])}
    return operacion(ruta)["requestBody"]["content"]["application/json"]["example"]


def formulario(campos: Mapping[str, Any], nombre: str = "nota.txt", contenido: bytes = b"Todo bien.") -> dict[str, Any]:
    """Los datos de un formulario con un fichero."""
    return {"fichero": (BytesIO(contenido), nombre), **campos}


def consulta_minima(ruta: Route) -> dict[str, str]:
    """Los parámetros de consulta obligatorios, con valores de ejemplo."""
    obligatorios = [
        uno for uno in operacion(ruta).get("parameters", []) if uno.get("in") == "query" and uno.get("required")
    ]
    formatos = {"uuid": str(uuid4()), "date": "2026-12-01"}
    return {
        uno["name"]: str(uno.get("example", formatos.get(uno["schema"].get("format", ""), "1"))) for uno in obligatorios
    }


def pedir(api: Api, ruta: Route, direccion: str, cuerpo: Any = ..., **opciones: Any) -> TestResponse:
    """Una petición bien formada a la ruta: cuerpo de ejemplo, versión y clave si las pide."""
    if ruta.method in ("PATCH", "PUT", "DELETE"):
        opciones.setdefault("version", "1")
    if ruta.requires_key:
        opciones.setdefault("clave", True)
    if ruta.is_form and "data" not in opciones:
        opciones["data"] = formulario(cuerpo_de_ejemplo(ruta) if cuerpo is ... else cuerpo)
    elif ruta.body is not None and "data" not in opciones:
        opciones["json"] = cuerpo_de_ejemplo(ruta) if cuerpo is ... else cuerpo
    minima = consulta_minima(ruta)
    if minima and "?" not in direccion:
        direccion += "?" + urlencode(minima)
    return api.pedir(ruta.method, direccion, **opciones)


def crear_clinicos(alta: Any, clinica: Clinica, paciente: str) -> None:
    """Lo de la historia clínica: una consulta abierta con lo suyo, otra cerrada con su enmienda, y un problema."""
    veterinario, consulta = clinica.como("veterinario"), {"sede_id": str(clinica.sede_id), "motivo": "Tos"}
    entera = {**consulta, "valoracion": "Traqueítis", "plan": "Reposo"}
    alta("enmiendas", veterinario, f"/pacientes/{paciente}/consultas", entera)
    cerrada = veterinario.get(f"/pacientes/{paciente}/consultas").json["datos"][0]["id"]
    assert veterinario.post(f"/consultas/{cerrada}/cierre", {}).status_code == 200
    enmienda = {"seccion": "plan", "texto": "Y jarabe", "motivo": "Se olvidó"}
    alta("enmiendas", veterinario, f"/consultas/{cerrada}/enmiendas", enmienda)
    alta("consultas", veterinario, f"/pacientes/{paciente}/consultas", consulta)
    abierta = next(
        una["id"]
        for una in veterinario.get(f"/pacientes/{paciente}/consultas").json["datos"]
        if una["estado"] == "abierta"
    )
    alta("constantes", veterinario, f"/consultas/{abierta}/constantes", {"temperatura": "38.5"})
    alta("diagnosticos", veterinario, f"/consultas/{abierta}/diagnosticos", {"texto": "Tos", "certeza": "presuntivo"})
    problema = {"texto": "Artrosis", "fecha_inicio": "2026-01-10"}
    alta("problemas", veterinario, f"/pacientes/{paciente}/problemas", problema)
    sistema = {"codigo": "venom", "nombre": "VeNom", "version_sistema": "2026", "licencia": "Acuerdo"}
    alta("sistemas-codificacion", clinica.como("administrador"), "/sistemas-codificacion", sistema)


def cuerpo_de(recurso: str) -> dict[str, Any]:
    """El cuerpo de ejemplo del alta de un recurso."""
    alta: dict[str, Any] = cuerpo_de_ejemplo(
        next(r for r in RUTAS if r.rule == f"{PREFIJO}/{recurso}" and r.method == "POST")
    )
    return alta


def crear_ejemplares(clinica: Clinica) -> Ejemplares:
    """Da de alta uno de cada a través de la propia API."""
    agenda = preparar_agenda(clinica, pacientes=1)
    admin, recepcion, veterinario = (clinica.como(rol) for rol in ("administrador", "recepcion", "veterinario"))
    paciente, cliente, sede = agenda.pacientes[0], str(clinica.cliente_id), str(clinica.sede_id)
    ids = {
        "pacientes": paciente, "clientes": cliente, "sedes": sede, "recursos": agenda.salas[0],
        "tipos-cita": agenda.tipos["consulta_general"], "usuarios": str(clinica.usuarios["auxiliar"]),
        "profesionales": str(clinica.profesionales["veterinario"]),
    }  # fmt: skip

    def alta(recurso: str, api: Api, ruta: str, cuerpo: dict[str, Any], **opciones: Any) -> None:
        respuesta = api.post(ruta, cuerpo, **opciones)
        assert respuesta.status_code == 201, (ruta, respuesta.text)
        ids[recurso] = respuesta.json["id"]

    alta("citas", recepcion, "/citas", agenda.datos(), clave=True)
    alta(
        "lista-espera",
        recepcion,
        "/lista-espera",
        {"sede_id": sede, "cliente_id": cliente, "paciente_id": paciente, "tipo_cita_id": ids["tipos-cita"]},
    )
    alta("pesos", veterinario, f"/pacientes/{paciente}/pesos", {"peso_kg": "12.400", "metodo": "bascula"})
    alta(
        "alergias",
        veterinario,
        f"/pacientes/{paciente}/alergias",
        {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve"},
    )
    alta(
        "alertas",
        veterinario,
        f"/pacientes/{paciente}/alertas",
        {"tipo": "manejo", "texto": "Muerde", "nivel": "aviso"},
    )
    subido = veterinario.post("/adjuntos", data=formulario({"paciente_id": paciente, "clase": "administrativo"}))
    assert subido.status_code == 201, subido.text
    ids["adjuntos"] = subido.json["id"]
    crear_clinicos(alta, clinica, paciente)
    alta("autorizados", recepcion, f"/clientes/{cliente}/autorizados", {"nombre": "Luis Peña", "desde": "2026-01-01"})
    alta(
        "horarios",
        admin,
        f"/recursos/{agenda.salas[1]}/horarios",
        {"dia_semana": 1, "hora_inicio": "09:00", "hora_fin": "14:00", "desde": "2026-01-01"},
    )
    alta(
        "excepciones",
        admin,
        f"/sedes/{sede}/excepciones",
        {"tipo": "festivo", "desde": "2026-12-25", "hasta": "2026-12-25"},
    )
    alta("integraciones", admin, "/integraciones", {"nombre": "Laboratorio", "ambitos": ["citas:leer"]})
    vacuna = {**cuerpo_de("productos"), "sku": "V-1"}
    alta("productos", admin, "/productos", vacuna)
    dosis = {"producto_id": ids["productos"], "fecha": "2026-01-20", "lote": "A1", "caducidad_lote": "2027-06-30"}
    alta("vacunaciones", veterinario, f"/pacientes/{paciente}/vacunaciones", dosis)
    toma = {"tipo": "interna", "fecha": "2026-01-20", "principios": ["praziquantel"]}
    alta("desparasitaciones", veterinario, f"/pacientes/{paciente}/desparasitaciones", toma)
    alta("protocolos-vacunales", admin, "/protocolos-vacunales", cuerpo_de("protocolos-vacunales"))
    alta("requisitos-territoriales", admin, "/requisitos-territoriales", cuerpo_de("requisitos-territoriales"))
    ids["portal"] = paciente
    principio = preparar_medicacion(clinica)["amoxicilina_clavulanico"]
    ids["principios-activos"] = principio
    ids["medicamentos"] = crear_medicamento(clinica, {principio: "250"})
    ids["reglas-alerta"] = veterinario.get("/reglas-alerta?codigo=AL13").json["datos"][0]["id"]
    titularidades = recepcion.get(f"/pacientes/{paciente}/titularidades").json["datos"]
    ids["titularidades"] = titularidades[0]["id"]
    # La tarea la deja un cambio de titular de otro animal, para no tocar el del ejemplo.
    otro = crear_paciente(clinica, nombre="Traspasado")["id"]
    cambio = {"cliente_id": crear_cliente(clinica, nombre="Nuevo titular")["id"]}
    admin.post(f"/pacientes/{otro}/cambio-titular", cambio)
    ids["tareas"] = admin.get("/tareas").json["datos"][0]["id"]
    ids |= recetario.ejemplares(clinica, paciente)
    return Ejemplares(clinica, ids)
