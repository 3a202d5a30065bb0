"""Importar pacientes: por lote, qué hay ya; por fila, si es un alta, un cambio o nada."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.cliente import Cliente, EstadoCliente
from app.api.models.paciente import EstadoPaciente, MicrochipDuplicado, Paciente
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.schemas.paciente_schema import PacienteCrear, PacienteEditar
from app.api.services import pacientes_service
from app.api.services.importacion_campos import con_raza
from app.api.services.importacion_pasos import (
    Alta,
    Cambio,
    Importacion,
    Leida,
    como_json,
    duenios_de_clave,
    exigir_unica,
)
from app.utils import microchip
from app.utils.context import avisar
from app.utils.edad import sumar_meses
from app.utils.entities import nuevo_id
from app.utils.errors import BusinessRule
from app.utils.records import entities, rows

PREFIJO = "PAC"


class TitularDesconocido(BusinessRule):
    """Ningún cliente tiene ese identificador externo."""


@dataclass(frozen=True, slots=True)
class Lote:
    """Lo que la base ya sabe de las filas de un lote."""

    importacion: Importacion
    existentes: dict[str | None, Paciente]
    clientes: dict[str | None, tuple[UUID, EstadoCliente]]
    titulares: dict[UUID, str | None]
    microchips: dict[str, str | None]


def cargar(importacion: Importacion, leidas: Sequence[Leida]) -> Lote:
    """Las fichas, los titulares y los microchips que afectan a un lote, en un número fijo de consultas."""
    ids = [leida.id_externo for leida in leidas]
    existentes = {uno.id_externo: uno for uno in entities(select(Paciente).where(Paciente.id_externo.in_(ids)))}
    unico = importacion.mapa.titular_unico
    externos = {unico["id_externo"]} if unico else {leida.campos.get("cliente_id_externo") for leida in leidas}
    consulta = select(Cliente.id_externo, Cliente.id, Cliente.estado).where(Cliente.id_externo.in_(externos))
    vigentes = (
        select(Titularidad.paciente_id, Cliente.id_externo)
        .join(
            Cliente, (Cliente.organizacion_id == Titularidad.organizacion_id) & (Cliente.id == Titularidad.cliente_id)
        )
        .where(
            Titularidad.paciente_id.in_([uno.id for uno in existentes.values()]),
            Titularidad.rol == RolTitular.TITULAR,
            Titularidad.hasta.is_(None),
        )
    )
    return Lote(
        importacion,
        existentes,
        {externo: (id, estado) for externo, id, estado in rows(consulta)},
        {} if unico else {fila.paciente_id: fila.id_externo for fila in rows(vigentes)},
        duenios_de_clave(
            Paciente.microchip,
            Paciente.id_externo,
            (microchip.normalizar(leida.campos["microchip"]) for leida in leidas if "microchip" in leida.campos),
            Paciente.estado != EstadoPaciente.FUSIONADO,
        ),
    )


def planear(lote: Lote, leida: Leida) -> Alta | Cambio | None:
    """Qué hacer con una fila; nada si ya está como dice el fichero.

    Errores: los mismos que daría la API, y ``ClaveRepetida``, ``TitularDesconocido``.
    """
    fijos = lote.importacion.mapa.fijos
    campos, como_texto = con_raza({**fijos, **leida.campos}, lote.importacion.equivalencias)
    titular = campos.pop("cliente_id_externo", None) or (lote.importacion.mapa.titular_unico or {}).get("id_externo")
    chip = campos.get("microchip")
    if isinstance(chip, str):
        _exigir_microchip(lote, leida, microchip.normalizar(chip))
    existente = lote.existentes.get(leida.id_externo)
    paso: Alta | Cambio | None
    if existente is None:
        paso = _alta(lote, leida, campos, titular)
    else:
        # Lo fijo sólo vale en el alta: no debe pisar lo que la clínica averiguó después.
        suyos = {campo: valor for campo, valor in campos.items() if campo not in fijos or campo in leida.campos}
        paso = _cambio(existente, suyos)
        if lote.titulares.get(existente.id, titular) != titular:
            avisar("TITULAR_DISTINTO", "El titular ya no es el del fichero: no se cambia al importar")
    if paso and como_texto:
        avisar("RAZA_COMO_TEXTO", "La raza no está en el catálogo: se conserva como texto")
    return paso


def _exigir_microchip(lote: Lote, leida: Leida, chip: str) -> None:
    exigir_unica(lote.importacion, "microchip", chip, leida.fila)
    if lote.microchips.get(chip, leida.id_externo) != leida.id_externo:
        raise MicrochipDuplicado(campo="/microchip")


def _alta(lote: Lote, leida: Leida, campos: dict[str, Any], titular: str | None) -> Alta:
    cliente_id, estado = lote.clientes.get(titular, (None, None))
    if cliente_id is None:
        falta = "" if titular else "Falta el titular"
        # Se valida también lo demás, para decir de una vez todo lo que hay que corregir.
        PacienteCrear.model_validate_json(como_json({**campos, "cliente_id": str(nuevo_id())}))
        raise TitularDesconocido(falta, campo="/cliente_id_externo")
    if estado is not EstadoCliente.ACTIVO:
        raise pacientes_service.ClienteNoActivo(campo="/cliente_id_externo")
    datos = PacienteCrear.model_validate_json(como_json({**campos, "cliente_id": str(cliente_id)}))
    ficha = pacientes_service._campos(datos, exclude={"cliente_id", "peso_inicial"})
    pacientes_service._comprobar(ficha, ficha, pacientes_service._pedir_catalogo(ficha["especie"], ficha["raza"]))
    id = nuevo_id()
    ficha |= {"id": id, "sede_alta_id": lote.importacion.sede_id}
    titularidad = {"paciente_id": id, "cliente_id": cliente_id, "desde": lote.importacion.hoy}
    return Alta(((Paciente, ficha), (Titularidad, titularidad)))


def _cambio(existente: Paciente, campos: dict[str, Any]) -> Cambio | None:
    escritos = {campo: valor for campo, valor in campos.items() if campo != "id_externo"}
    if "fecha_estimacion" not in escritos:
        # Sin la fecha en que se estimó, la edad daría cada día otro nacimiento.
        escritos.pop("edad_estimada_meses", None)
    datos = PacienteEditar.model_validate_json(como_json(escritos))
    distintos = {
        campo
        for campo, valor in datos.cambios().items()
        if valor != getattr(existente, campo, None) and valor is not None
    }
    if datos.edad_estimada_meses is not None and datos.fecha_estimacion is not None:
        nacimiento = sumar_meses(datos.fecha_estimacion, -datos.edad_estimada_meses)
        if nacimiento == existente.fecha_nacimiento:
            distintos -= {"edad_estimada_meses", "fecha_estimacion"}
    if not distintos:
        return None
    reducido = PacienteEditar.model_validate_json(como_json({campo: escritos[campo] for campo in distintos}))
    return Cambio(sorted(distintos), partial(pacientes_service.editar, existente.id, reducido))
