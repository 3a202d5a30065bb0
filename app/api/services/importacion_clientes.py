"""Importar clientes: por lote, qué hay ya; por fila, si es un alta, un cambio o nada."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from app.api.models.cliente import CERRADOS, Cliente, EstadoCliente, IdentificadorFiscalDuplicado
from app.api.schemas.cliente_schema import ClienteCrear, ClienteEditar
from app.api.services import contacto_cliente_service as contacto
from app.api.services.clientes_service import exigir_abierto
from app.api.services.importacion_campos import agrupar_contacto
from app.api.services.importacion_mapa import MapaInvalido
from app.api.services.importacion_pasos import (
    Alta,
    Cambio,
    Importacion,
    Leida,
    como_json,
    duenios_de_clave,
    exigir_unica,
)
from app.api.services.pacientes_service import ClienteNoActivo
from app.utils.context import avisar
from app.utils.errors import DomainError
from app.utils.mensajes import de_validacion
from app.utils.merge_patch import merge
from app.utils.records import change, entities, first, rows

PREFIJO = "CLI"


@dataclass(frozen=True, slots=True)
class Lote:
    """Lo que la base ya sabe de las filas de un lote; ``correos`` es correo -> (código, id externo, teléfonos)."""

    importacion: Importacion
    existentes: dict[str | None, Cliente]
    correos: dict[str | None, list[tuple[str, str | None, str]]]
    fiscales: dict[str, str | None]


def cargar(importacion: Importacion, leidas: Sequence[Leida]) -> Lote:
    """Las fichas, los correos y los identificadores fiscales que afectan a un lote, en tres consultas."""
    ids = [leida.id_externo for leida in leidas]
    existentes = {uno.id_externo: uno for uno in entities(select(Cliente).where(Cliente.id_externo.in_(ids)))}
    correos: dict[str | None, list[tuple[str, str | None, str]]] = {}
    buscados = sorted({leida.campos["email"].lower() for leida in leidas if "email" in leida.campos})
    for fila in rows(
        select(Cliente.email, Cliente.codigo, Cliente.id_externo, Cliente.telefonos_texto).where(
            Cliente.email.in_(buscados), Cliente.estado.not_in(CERRADOS)
        )
    ):
        correos.setdefault(fila.email, []).append((fila.codigo, fila.id_externo, fila.telefonos_texto))
    fiscales = [_compacto(leida.campos.get("identificador_fiscal", "")) for leida in leidas]
    ocupados = duenios_de_clave(
        Cliente.identificador_fiscal, Cliente.id_externo, filter(None, fiscales), Cliente.estado.not_in(CERRADOS)
    )
    return Lote(importacion, existentes, correos, ocupados)


def planear(lote: Lote, leida: Leida) -> Alta | Cambio | None:
    """Qué hacer con una fila; nada si ya está como dice el fichero.

    Errores: los mismos que daría la API, y ``ClaveRepetida``.
    """
    fijos = lote.importacion.mapa.fijos
    existente = lote.existentes.get(leida.id_externo)
    if existente is not None:
        return _cambio(lote, leida, existente, agrupar_contacto(leida.campos))
    campos = ficha_nueva(agrupar_contacto({**fijos, **leida.campos}))
    _exigir_fiscal(lote, leida, campos["identificador_fiscal"])
    campos["sede_habitual_id"] = lote.importacion.sede_id
    for codigo, externo, numeros in lote.correos.get(campos["email"], []):
        if externo != leida.id_externo and any(uno["numero"] in numeros for uno in campos["telefonos"]):
            avisar("CLIENTE_POSIBLE_DUPLICADO", f"Tiene el correo y un teléfono del cliente {codigo}")
    return Alta(((Cliente, campos),))


def ficha_nueva(campos: dict[str, Any]) -> dict[str, Any]:
    """Las columnas de un cliente nuevo, con las reglas de la API."""
    ficha = ClienteCrear.model_validate_json(como_json(campos)).model_dump()
    ficha["preferencias"] = merge({}, ficha["preferencias"])
    ficha["direccion"] = merge({}, ficha["direccion"])
    return contacto.normalizar(ficha, {}, contacto.pedir_pais()())


def titular_unico(importacion: Importacion) -> Alta | None:
    """El alta del cliente que recibe los animales sin titular; nada si ya existe.

    Errores: ``MapaInvalido``, ``ClienteNoActivo``.
    """
    datos = importacion.mapa.titular_unico or {}
    if not isinstance(datos.get("id_externo"), str):
        raise MapaInvalido("titular_unico necesita su id_externo")
    hallado = first(select(Cliente.estado).where(Cliente.id_externo == datos["id_externo"]))
    if hallado is not None:
        if hallado.estado is not EstadoCliente.ACTIVO:
            raise ClienteNoActivo("El titular único del mapa no está activo")
        return None
    try:
        ficha = ficha_nueva(datos)
    except ValidationError as error:
        fallo = error.errors(include_url=False, include_input=False)[0]
        campo = ".".join(str(parte) for parte in fallo["loc"])
        raise MapaInvalido(f"titular_unico.{campo}: {de_validacion(dict(fallo), 'es')[1]}") from None
    except DomainError as error:
        raise MapaInvalido(f"titular_unico: {error.detail or error.titulo}") from None
    return Alta(((Cliente, ficha | {"sede_habitual_id": importacion.sede_id}),))


def _cambio(lote: Lote, leida: Leida, existente: Cliente, campos: dict[str, Any]) -> Cambio | None:
    campos = {campo: valor for campo, valor in campos.items() if campo != "id_externo"}
    nuevos = ClienteEditar.model_validate_json(como_json(campos)).model_dump(exclude_unset=True)
    if "direccion" in nuevos:
        nuevos["direccion"] = merge(existente.direccion, nuevos["direccion"])
    if "telefonos" in nuevos:
        # Se suman: un teléfono que la clínica anotó después no se pierde.
        nuevos["telefonos"] = [*existente.telefonos, *nuevos["telefonos"]]
    guardados = {campo: getattr(existente, campo) for campo in contacto.COHERENTES}
    normales = contacto.normalizar(nuevos, guardados, contacto.pedir_pais()())
    distintos = {campo: valor for campo, valor in normales.items() if getattr(existente, campo) != valor}
    if not distintos:
        return None
    exigir_abierto(existente)
    _exigir_fiscal(lote, leida, distintos.get("identificador_fiscal"))
    return Cambio(sorted(distintos), partial(change, existente, distintos))


def _exigir_fiscal(lote: Lote, leida: Leida, identificador: str | None) -> None:
    if identificador is None:
        return
    exigir_unica(lote.importacion, "identificador_fiscal", identificador, leida.fila)
    if lote.fiscales.get(identificador, leida.id_externo) != leida.id_externo:
        raise IdentificadorFiscalDuplicado(campo="/identificador_fiscal")


def _compacto(escrito: str) -> str:
    return "".join(letra for letra in escrito.upper() if letra.isalnum())
