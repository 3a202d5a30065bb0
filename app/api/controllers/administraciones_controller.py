"""Administraciones: lo que se ha dado a cada paciente en un acto clínico."""

from typing import Any
from uuid import UUID

from app.api.models.controlado import SaldoControladoNegativo
from app.api.models.vacunacion import LoteCaducado
from app.api.schemas.administracion_schema import (
    AdministracionCrear,
    AdministracionFiltro,
    AdministracionLectura,
    AdministracionResumen,
)
from app.api.services import administraciones_service as administraciones
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.alertas_medicacion_service import AlertasMedicacion, JustificacionRequerida
from app.api.services.firmantes_service import ProfesionalSinColegiacion
from app.api.services.pacientes_service import PacienteFallecido
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("administraciones", tag="Administraciones")


@api.get("", permission=Permiso.ADMINISTRACIONES_LEER, output=Pagina[AdministracionResumen])
def listar(query: AdministracionFiltro) -> Any:
    """Lista las administraciones"""
    return administraciones.listar(query)


@api.post("", permission=Permiso.ADMINISTRACIONES_CREAR, output=AdministracionLectura, status=201, requires_key=True,
          errors=(LoteCaducado, administraciones.AdministracionIncompleta, PacienteFallecido,
                  AlertasMedicacion, JustificacionRequerida, SaldoControladoNegativo,
                  ProfesionalSinColegiacion))  # fmt: skip
def crear(body: AdministracionCrear) -> Any:
    """Apunta un medicamento dado en un acto clínico"""
    return administraciones.crear(body)


@api.get("/<uuid:id>", permission=Permiso.ADMINISTRACIONES_LEER, output=AdministracionLectura,
         errors=(MotivoRequerido,))  # fmt: skip
def obtener(id: UUID) -> Any:
    """Lee una administración"""
    return administraciones.leer(id)
