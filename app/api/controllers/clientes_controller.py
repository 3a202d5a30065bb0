"""Clientes: la ficha de cada titular y lo que cuelga de ella."""

from typing import Any
from uuid import UUID

from app.api.models.cliente import IdentificadorFiscalDuplicado, IdExternoDuplicado
from app.api.schemas.cliente_schema import (
    ClienteCrear,
    ClienteEditar,
    ClienteFiltro,
    ClienteLectura,
    ClientePortal,
    NotasInternas,
)
from app.api.schemas.paciente_schema import PacienteFiltro, PacienteLectura, PacientePortal
from app.api.services import clientes_service as clientes
from app.api.services import pacientes_service as pacientes
from app.api.services.clientes_service import CampoNoEditable, ClienteCerrado
from app.api.services.contacto_cliente_service import (
    CampoNoAplicable,
    ContactoRequerido,
    IdentificadorFiscalInvalido,
    NombreRequerido,
    TelefonoInvalido,
    TelefonoPrincipalRepetido,
)
from app.config.permissions import Permiso
from app.utils.errors import DomainError, TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import PageQuery, Pagina

api = Resource("clientes", tag="Clientes")
DE_LA_FICHA: tuple[type[DomainError], ...] = (
    IdentificadorFiscalInvalido,
    IdentificadorFiscalDuplicado,
    IdExternoDuplicado,
    ContactoRequerido,
    NombreRequerido,
    TelefonoInvalido,
    TelefonoPrincipalRepetido,
    CampoNoAplicable,
    CampoNoEditable,
)


@api.get("", permission=Permiso.CLIENTES_LEER, output=Pagina[ClienteLectura], portal=Pagina[ClientePortal])
def listar(query: ClienteFiltro) -> Any:
    """Lista los clientes"""
    return clientes.listar(query)


@api.post("", permission=Permiso.CLIENTES_CREAR, output=ClienteLectura, status=201, errors=DE_LA_FICHA)
def crear(body: ClienteCrear) -> Any:
    """Registra un cliente

    Avisa con `CLIENTE_POSIBLE_DUPLICADO` si comparte correo o teléfono con otro, o si se llama casi igual.
    """
    return clientes.crear(body)


@api.get("/<uuid:id>", permission=Permiso.CLIENTES_LEER, output=ClienteLectura, portal=ClientePortal)
def obtener(id: UUID) -> Any:
    """Lee la ficha de un cliente"""
    return clientes.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.CLIENTES_EDITAR,
    output=ClienteLectura,
    portal=ClientePortal,
    errors=(*DE_LA_FICHA, ClienteCerrado),
)
def editar(id: UUID, body: ClienteEditar) -> Any:
    """Edita la ficha de un cliente

    En el portal sólo se cambian `telefonos`, `email`, `direccion`, `idioma`, `canal_preferido` y `preferencias`;
    con cualquier otro campo se responde 422 `CAMPO_NO_EDITABLE` y no se cambia nada.
    """
    return clientes.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.CLIENTES_ELIMINAR, errors=(TransicionInvalida,))
def eliminar(id: UUID) -> None:
    """Da de baja a un cliente"""
    clientes.eliminar(id)


@api.post(
    "/<uuid:id>/reactivacion", permission=Permiso.CLIENTES_ELIMINAR, output=ClienteLectura, errors=(TransicionInvalida,)
)
def reactivar(id: UUID) -> Any:
    """Recupera a un cliente dado de baja"""
    return clientes.reactivar(id)


@api.patch(
    "/<uuid:id>/notas-internas", permission=Permiso.CLIENTES_ANOTAR, output=ClienteLectura, errors=(ClienteCerrado,)
)
def anotar(id: UUID, body: NotasInternas) -> Any:
    """Cambia las notas internas de un cliente"""
    return clientes.anotar(id, body)


@api.get(
    "/<uuid:id>/pacientes",
    permission=Permiso.PACIENTES_LEER,
    output=Pagina[PacienteLectura],
    portal=Pagina[PacientePortal],
)
def listar_pacientes(id: UUID, query: PageQuery) -> Any:
    """Lista los pacientes de un cliente"""
    clientes.exigir(id)
    return pacientes.listar(PacienteFiltro(cliente_id=id, **query.model_dump()))
