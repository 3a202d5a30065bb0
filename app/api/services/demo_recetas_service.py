"""Lo recetado y lo puesto en las visitas de la demostración, por los mismos pasos que en la clínica."""

import json
from typing import Any
from uuid import UUID

from app.api.schemas.administracion_schema import AdministracionCrear
from app.api.schemas.dispensacion_schema import DispensacionCrear
from app.api.schemas.receta_schema import RecetaCrear
from app.api.services import (
    administraciones_service,
    dispensaciones_service,
    emision_receta_service,
    recetas_service,
)
from app.api.services.demo_pasos_service import Identificador
from app.api.services.demo_recetas_datos import ADMINISTRACIONES, RECETAS


def tratar(identificador: Identificador, consulta_id: UUID, dia: str) -> None:
    """Pone y receta lo de ese día; la receta se emite y se entrega entera."""
    de = {"paciente_id": identificador("pacientes", "luna"), "consulta_id": consulta_id}
    if dia in ADMINISTRACIONES:
        puesto = {**_con_medicamento(identificador, ADMINISTRACIONES[dia]), **de}
        administraciones_service.crear(AdministracionCrear.model_validate_json(_json(puesto)))
    if dia in RECETAS:
        lineas = [_con_medicamento(identificador, una) for una in RECETAS[dia]["lineas"]]
        escrita = {**RECETAS[dia], **de, "lineas": lineas}
        id = recetas_service.crear(RecetaCrear.model_validate_json(_json(escrita))).now()["id"]
        emision_receta_service.emitir(id)
        dispensaciones_service.dispensar(id, DispensacionCrear())


def _con_medicamento(identificador: Identificador, linea: dict[str, Any]) -> dict[str, Any]:
    """La línea, con el id del medicamento en lugar de su clave."""
    resto = {campo: valor for campo, valor in linea.items() if campo != "medicamento"}
    clave = linea.get("medicamento")
    return {**resto, "medicamento_id": identificador("medicamentos", clave)} if clave else resto


def _json(campos: dict[str, Any]) -> str:
    return json.dumps(campos, default=str)
