"""Pacientes: la ficha de cada animal."""

from typing import Any
from uuid import UUID

from app.api.models.cliente import IdExternoDuplicado
from app.api.models.paciente import MicrochipDuplicado
from app.api.schemas.cita_schema import CitaFiltro, CitaLectura, CitaPortal
from app.api.schemas.paciente_schema import (
    PacienteCrear,
    PacienteEditar,
    PacienteFicha,
    PacienteFiltro,
    PacienteLectura,
    PacientePortal,
)
from app.api.schemas.resumen_paciente_schema import PacienteResumen
from app.api.services import citas_service as citas
from app.api.services import pacientes_service as pacientes
from app.api.services import resumen_paciente_service as resumenes
from app.api.services import vida_paciente_service as vida
from app.api.services.pacientes_service import (
    ClienteNoActivo,
    DatoDeLaClinica,
    EspecieDesconocida,
    FechaFutura,
    FechasIncoherentes,
    PacienteNoActivo,
    RazaDeOtraEspecie,
)
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import PageQuery, Pagina

api = Resource("pacientes", tag="Pacientes")
DE_LA_FICHA = (EspecieDesconocida, RazaDeOtraEspecie, FechaFutura, FechasIncoherentes, MicrochipDuplicado)


@api.get(
    "",
    permission=Permiso.PACIENTES_LEER,
    output=Pagina[PacienteLectura],
    portal=Pagina[PacientePortal],
)
def listar(query: PacienteFiltro) -> Any:
    """Lista los pacientes"""
    return pacientes.listar(query)


@api.post(
    "",
    permission=Permiso.PACIENTES_CREAR,
    output=PacienteFicha,
    portal=PacientePortal,
    status=201,
    errors=(*DE_LA_FICHA, ClienteNoActivo, DatoDeLaClinica, IdExternoDuplicado),
)
def crear(body: PacienteCrear) -> Any:
    """Registra un paciente

    El que registra su titular en el portal espera a que la clínica lo valide.
    """
    return pacientes.crear(body)


@api.get("/<uuid:id>", permission=Permiso.PACIENTES_LEER, output=PacienteFicha, portal=PacientePortal)
def obtener(id: UUID) -> Any:
    """Lee la ficha de un paciente"""
    return pacientes.obtener_ficha(id)


@api.get("/<uuid:id>/resumen", permission=Permiso.ALERTAS_LEER, output=PacienteResumen)
def resumir(id: UUID) -> Any:
    """Lee el resumen de un paciente, lo que hace falta en recepción"""
    return resumenes.resumir(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.PACIENTES_EDITAR,
    output=PacienteFicha,
    errors=(*DE_LA_FICHA, PacienteNoActivo),
)
def editar(id: UUID, body: PacienteEditar) -> Any:
    """Edita la ficha de un paciente"""
    return pacientes.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.PACIENTES_ELIMINAR, errors=(TransicionInvalida,))
def eliminar(id: UUID) -> None:
    """Da de baja a un paciente"""
    vida.dar_de_baja(id)


@api.get("/<uuid:id>/citas", permission=Permiso.CITAS_LEER, output=Pagina[CitaLectura], portal=Pagina[CitaPortal])
def listar_citas(id: UUID, query: PageQuery) -> Any:
    """Lista las citas de un paciente"""
    pacientes.exigir(id)
    return citas.listar(CitaFiltro(paciente_id=id, **query.model_dump()))
