"""La ficha del cliente: listarla, leerla, darla de alta, editarla, darla de baja y recuperarla."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from app.api.models import alcance  # noqa: F401 - declara qué clientes ve cada cual
from app.api.models.cliente import CERRADOS, Cliente
from app.api.models.organizacion import Organizacion
from app.api.schemas.cliente_schema import ClienteCrear, ClienteEditar, ClienteFiltro, NotasInternas
from app.api.services import contacto_cliente_service as contacto
from app.api.services.duplicados_cliente_service import avisar_parecidos, parecidos, pedir_parecidos
from app.api.services.sedes_service import exigir_sede
from app.config.permissions import Permiso
from app.utils import contadores, telefonos
from app.utils.context import ahora, identidad, organizacion_id
from app.utils.errors import BusinessRule, Conflict
from app.utils.merge_patch import merge
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, Rows, add, ask, change, columns, dato, fetch, find, first, rows
from app.utils.relations import relacion

MAXIMO_BUSQUEDA = 200
# Lo que el titular cambia de sí mismo en el portal.
EDITABLES_PORTAL = frozenset({"telefonos", "email", "direccion", "idioma", "canal_preferido", "preferencias"})


class ClienteCerrado(Conflict):
    """La ficha del cliente está fusionada o anonimizada."""


class CampoNoEditable(BusinessRule):
    """No puede cambiar ese dato."""


@cache
def lectura() -> Select[Any]:
    """Una fila por cliente."""
    return select(*columns(Cliente, "nombre_orden", "telefonos_texto"))


def listar(filtro: ClienteFiltro) -> Page:
    """Los clientes que quien pide puede ver, filtrados; con ``q``, por parecido."""
    consulta = lectura()
    if filtro.estado:
        consulta = consulta.where(Cliente.estado.in_(filtro.estado))
    else:
        consulta = consulta.where(Cliente.estado.not_in(CERRADOS))
    if filtro.telefono:
        cifras = _cifras(filtro.telefono)
        con_ese = parecidos(cifras, MAXIMO_BUSQUEDA, "con_telefono")
        consulta = consulta.join(con_ese, con_ese.c.id == Cliente.id).where(Cliente.telefonos_texto.contains(cifras))
    if filtro.email:
        consulta = consulta.where(Cliente.email == filtro.email.lower())
    if filtro.identificador_fiscal:
        crudo = filtro.identificador_fiscal
        limpio = "".join(letra for letra in crudo.upper() if letra.isalnum())
        consulta = consulta.where(Cliente.identificador_fiscal.in_([crudo, limpio]))
    if filtro.sede_id:
        exigir_sede(filtro.sede_id)
        consulta = consulta.where(Cliente.sede_habitual_id == filtro.sede_id)
    ordenes: dict[str, Any] = {"nombre": Cliente.nombre_orden, "creado_en": Cliente.creado_en}
    defecto = "nombre"
    if filtro.q:
        hallados = parecidos(filtro.q, MAXIMO_BUSQUEDA, "hallados")
        consulta = consulta.join(hallados, hallados.c.id == Cliente.id)
        ordenes["relevancia"] = hallados.c.puntuacion
        defecto = "-relevancia"
    pagina = paginate(consulta, filtro, ordenes, defecto, Cliente.id)
    return pagina.mapear(presentar)


def _cifras(telefono: str) -> str:
    """Lo que se busca de un teléfono: el número internacional o, si está incompleto, sus cifras."""
    pais = first(select(Organizacion.pais).where(Organizacion.id == organizacion_id()))
    try:
        return telefonos.normalizar(telefono, pais.pais if pais else "").removeprefix("+")
    except telefonos.TelefonoInvalido:
        return "".join(letra for letra in telefono if letra.isdigit())


def obtener(id: UUID) -> dict[str, Any]:
    """La ficha de un cliente."""
    return presentar(fetch(_una, id=id))


@cache
def _una() -> Select[Any]:
    return lectura().where(Cliente.id == dato("id"))


@relacion("cliente", Permiso.CLIENTES_LEER)
def varios(ids: set[UUID]) -> dict[UUID, Any]:
    """Las fichas de esos ids que quien pide puede ver."""
    return {fila.id: presentar(fila) for fila in rows(lectura, Cliente.id.in_(ids))}


def presentar(fila: Row[Any]) -> dict[str, Any]:
    """La fila, con el nombre completo y sin lo que una integración no puede leer."""
    ficha = fila._asdict()
    ficha["nombre_completo"] = fila.razon_social or " ".join(uno for uno in (fila.nombre, fila.apellidos) if uno)
    if identidad().tipo == "integracion":
        ficha["notas_internas"] = None
    return ficha


def crear(datos: ClienteCrear) -> Reread:
    """Da de alta un cliente y avisa si se parece mucho a otro."""
    _exigir_editables(datos.model_fields_set)
    campos = datos.model_dump()
    campos["preferencias"] = merge({}, campos["preferencias"])
    campos["direccion"] = merge({}, campos["direccion"])
    pais, numero = contacto.pedir_pais(), contadores.pedir("CLI")
    campos = contacto.normalizar(campos, {}, pais())
    quien = identidad()
    if campos["sede_habitual_id"]:
        exigir_sede(campos["sede_habitual_id"])
    elif not quien.clientes_compartidos and quien.sedes:
        # Sin sede habitual, quien lo da de alta no volvería a verlo.
        campos["sede_habitual_id"] = quien.sedes[0]
    cliente = add(Cliente(codigo=contadores.formato("CLI", numero()), **campos))
    return Reread(_recien_dado, cliente.id, pedir_parecidos(cliente))


def _recien_dado(id: UUID, hallados: Rows) -> dict[str, Any]:
    """La ficha de un cliente, avisando de a quién se parece."""
    ficha = obtener(id)
    avisar_parecidos(hallados)
    return ficha


def editar(id: UUID, cambios: ClienteEditar) -> Reread:
    """Cambia los campos que vinieron; los objetos se funden con lo guardado."""
    leer_cliente, pais = ask(Cliente, id), contacto.pedir_pais()
    cliente = exigir_abierto(leer_cliente())
    _exigir_editables(cambios.model_fields_set)
    nuevos = cambios.model_dump(exclude_unset=True)
    for objeto in ("direccion", "preferencias"):
        if objeto in nuevos:
            nuevos[objeto] = merge(getattr(cliente, objeto), nuevos[objeto])
    if nuevos.get("sede_habitual_id") not in (None, cliente.sede_habitual_id):
        exigir_sede(nuevos["sede_habitual_id"])
    guardados = {campo: getattr(cliente, campo) for campo in contacto.COHERENTES}
    change(cliente, contacto.normalizar(nuevos, guardados, pais()))
    return Reread(obtener, id)


def anotar(id: UUID, datos: NotasInternas) -> Reread:
    """Sustituye las notas internas."""
    change(exigir_abierto(find(Cliente, id)), datos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica de un cliente: pasa a inactivo y se puede reactivar; sus citas siguen."""
    cliente = find(Cliente, id)
    cliente.pasar_por("baja")
    change(cliente, {"activo": False, "baja_en": ahora()})


def reactivar(id: UUID) -> Reread:
    """Devuelve a la actividad a un cliente dado de baja."""
    cliente = find(Cliente, id)
    cliente.pasar_por("reactivacion")
    change(cliente, {"activo": True, "baja_en": None, "baja_motivo": None})
    return Reread(obtener, id)


def exigir_abierto(cliente: Cliente) -> Cliente:
    """El cliente, si su ficha admite cambios. Errores: ``ClienteCerrado``."""
    if cliente.estado in CERRADOS:
        raise ClienteCerrado(estado_actual=cliente.estado.value)
    return cliente


def _exigir_editables(campos: set[str]) -> None:
    quien = identidad()
    if quien.es_cliente:
        vedados = campos - EDITABLES_PORTAL
    else:
        vedados = campos & {"notas_internas"} if quien.tipo == "integracion" else set()
    if vedados:
        errores = [
            {"campo": f"/{campo}", "codigo": "CAMPO_NO_EDITABLE", "mensaje": "No puede cambiar este dato"}
            for campo in sorted(vedados)
        ]
        raise CampoNoEditable(errores=errores)


def exigir(id: UUID) -> None:
    """Que el cliente existe y quien pide puede verlo. Errores: ``NoEncontrado``."""
    fetch(select(Cliente.id).where(Cliente.id == id))
