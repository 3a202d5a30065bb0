"""La ficha de Servet sin nada alrededor: ni token, ni permiso, ni políticas de fila, ni cabeceras, ni registro.

El mismo servicio, la misma consulta y el mismo servidor. Lo que le falta frente a Servet es lo que cuesta lo transversal.
"""

import multiprocessing
import os
from typing import Any
from uuid import UUID

from flask import Flask, Response
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from app.api.models import alcance  # noqa: F401
from app.api.schemas.paciente_schema import PacienteFicha
from app.api.services import pacientes_service
from app.config import connections, database
from app.config.permissions import Rol, permisos_de_roles
from app.utils.context import Contexto, Identidad, iniciar
from app.utils.encoding import codificar, presentar

ROLES = frozenset({Rol.ADMINISTRADOR})
ORGANIZACION = UUID(os.environ["BENCH_ORGANIZACION"])
QUIEN = Identidad(id=UUID(int=1), organizacion_id=ORGANIZACION, tipo="usuario", nombre="banco", roles=ROLES,
                  permisos=permisos_de_roles(ROLES), zona="Europe/Madrid")
aplicacion = Flask("desnudo", static_folder=None)


@aplicacion.get("/api/v1/pacientes/<uuid:id>")
def obtener(id: UUID) -> Response:
    """La ficha, y nada más."""
    iniciar(Contexto(metodo="GET", identidad=QUIEN, organizacion_id=ORGANIZACION))
    with database.transaction(reading=True):
        return Response(codificar(presentar(pacientes_service.obtener_ficha(id), PacienteFicha)),
                        content_type="application/json")


def cargar(*_: Any) -> Flask:
    """La aplicación, con las políticas de fila quitadas: quien consulta es el dueño de las tablas."""
    conectar = connections._conectar
    database._al_empezar.clear()  # nadie fija la organización

    def como_dueno() -> Any:
        conexion = conectar()
        conexion.execute("RESET ROLE")
        return conexion

    connections._conectar = como_dueno
    return aplicacion


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    Server(
        target="desnudo", address="127.0.0.1", port=int(os.environ["PORT"]), interface=Interfaces.WSGI,
        workers=int(os.environ["BENCH_TRABAJADORES"]), blocking_threads=4, backlog=1024, websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=cargar, wrap_loader=False)
