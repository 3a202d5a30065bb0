"""El derecho de supresión: quitar los datos de una persona, guardar bajo llave lo que la ley exige y borrarlo."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, or_, select, update

from app.api.models import alcance  # noqa: F401 - declara qué clientes ve cada cual
from app.api.models.buzon import Envio
from app.api.models.cita import Cita, EstadoCita
from app.api.models.cliente import Autorizado, Canal, Cliente, TipoCliente
from app.api.models.dato_bloqueado import DatoBloqueado
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.models.titularidad import Titularidad
from app.api.models.usuario import EstadoUsuario, Usuario
from app.api.schemas.privacidad_schema import Anonimizacion
from app.api.services import enlaces_service, sesiones_service
from app.api.services.almacen_service import suprimir_de
from app.api.services.clientes_service import obtener
from app.api.services.parametros_service import parametro
from app.utils.audit import anotar, ocultando
from app.utils.cifrado import cifrar
from app.utils.context import ahora, hoy
from app.utils.edad import sumar_meses
from app.utils.errors import Conflict
from app.utils.records import Reread, add_all, change_all, entities, execute, find, first

SIN_NOMBRE = "Anonimizado"
# Lo que identifica a quien trajo al animal en los documentos clínicos que hay que conservar.
CONSERVABLES = (
    "nombre",
    "apellidos",
    "razon_social",
    "identificador_fiscal",
    "tipo_identificador",
    "pais_identificador",
)
PERSONALES = (
    *CONSERVABLES, "telefonos", "telefonos_texto", "email", "direccion", "preferencias", "notas_internas", "id_externo",
    "codigo_rega", "nombre_orden", "documento", "telefono", "idioma", "canal_preferido",
)  # fmt: skip


class ClienteConPendientes(Conflict):
    """El cliente tiene citas o peticiones de hueco sin terminar."""


def anonimizar(id: UUID, datos: Anonimizacion) -> Reread:
    """Suprime los datos personales de un cliente y de las fichas que se fundieron en él. Irreversible."""
    cliente = find(Cliente, id)
    cliente.pasar_por("anonimizacion")
    _exigir_sin_pendientes(id)
    hasta_cuando = _conservar_hasta(id)
    with ocultando(*PERSONALES):
        fichas = [cliente, *_fundidas_en(id)]
        if hasta_cuando > hoy():
            _bloquear(fichas, hasta_cuando)
        _vaciar(fichas)
        suprimir_de([ficha.id for ficha in fichas])
        _olvidar_autorizados(id)
        _cerrar_cuentas(id)
    bloqueado_hasta = hasta_cuando if hasta_cuando > hoy() else None
    anotar("anonimizar", "clientes", id, {"motivo": (None, datos.motivo), "bloqueado_hasta": (None, bloqueado_hasta)})
    return Reread(obtener, id)


def borrar_vencidos() -> int:
    """Borra lo bloqueado cuyo plazo de conservación ha pasado; devuelve cuántas fichas eran."""
    vencidos = delete(DatoBloqueado).where(DatoBloqueado.borrar_desde <= hoy())
    return int(execute(vencidos).rowcount)


def _exigir_sin_pendientes(id: UUID) -> None:
    vivas = (EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA, EstadoCita.EN_SALA, EstadoCita.EN_CONSULTA)
    esperando = (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA)
    pendientes = select(Cita.id).where(Cita.cliente_id == id, Cita.estado.in_(vivas), Cita.fin > ahora())
    en_espera = select(Espera.id).where(Espera.cliente_id == id, Espera.estado.in_(esperando))
    if first(pendientes.limit(1), alcance=False) or first(en_espera.limit(1), alcance=False):
        raise ClienteConPendientes("Cancele antes sus citas y peticiones de hueco")


def _conservar_hasta(id: UUID) -> date:
    """Cuándo acaba el plazo de conservación clínica, contado desde la última visita; hoy, si no hubo ninguna."""
    ultima = first(
        select(func.max(Cita.fin).label("fin")).where(Cita.cliente_id == id, Cita.estado == EstadoCita.FINALIZADA),
        alcance=False,
    )
    if ultima is None or ultima.fin is None:
        return hoy()
    return sumar_meses(ultima.fin.date(), 12 * int(parametro("conservacion_clinica_anios")))


def _fundidas_en(id: UUID) -> list[Cliente]:
    """Las fichas que acabaron en esta, también a través de otras: siguen llevando sus datos."""
    fichas: list[Cliente] = []
    capa = [id]
    while capa:
        siguientes = entities(
            select(Cliente).where(Cliente.fusionado_en_id.in_(capa)).order_by(Cliente.id), alcance=False
        )
        fichas += siguientes
        capa = [ficha.id for ficha in siguientes]
    return fichas


def _bloquear(fichas: list[Cliente], borrar_desde: date) -> None:
    add_all(
        DatoBloqueado(
            cliente_id=ficha.id,
            contenido_cifrado=cifrar(msgspec.json.encode({campo: getattr(ficha, campo) for campo in CONSERVABLES})),
            borrar_desde=borrar_desde,
        )
        for ficha in fichas
    )


def _vaciar(fichas: list[Cliente]) -> None:
    vacios = dict.fromkeys((*CONSERVABLES, "email", "direccion", "notas_internas", "id_externo", "codigo_rega"))
    sin_contacto = {"telefonos": [], "telefonos_texto": "", "preferencias": {}, "canal_preferido": Canal.NINGUNO}

    def nada(ficha: Cliente) -> dict[str, Any]:
        persona = ficha.tipo is TipoCliente.PERSONA
        nombres = {"nombre": SIN_NOMBRE if persona else None, "razon_social": None if persona else SIN_NOMBRE}
        return {**vacios, **nombres, **sin_contacto, "activo": False, "baja_en": ficha.baja_en or ahora()}

    change_all(fichas, nada)


def _olvidar_autorizados(id: UUID) -> None:
    """Los que autorizó y las autorizaciones que recibió: dejan de valer y de nombrar a nadie."""
    suyos = select(Autorizado).where(or_(Autorizado.cliente_id == id, Autorizado.cliente_autorizado_id == id))
    cambios = {"nombre": SIN_NOMBRE, "documento": None, "telefono": None, "activo": False}
    change_all(
        entities(suyos.order_by(Autorizado.id).with_for_update(), alcance=False),
        lambda uno: {**cambios, "baja_en": uno.baja_en or ahora(), "baja_motivo": "anonimizacion"},
    )
    con_documento = select(Titularidad).where(Titularidad.cliente_id == id, Titularidad.documento.is_not(None))
    titularidades = entities(con_documento.order_by(Titularidad.id).with_for_update(), alcance=False)
    change_all(titularidades, lambda _: {"documento": None})


def _cerrar_cuentas(id: UUID) -> None:
    cuentas = entities(select(Usuario).where(Usuario.cliente_id == id).order_by(Usuario.id).with_for_update())
    if not cuentas:
        return
    execute(
        update(Envio)
        .where(Envio.destinatario.in_([cuenta.email for cuenta in cuentas]))
        .values(destinatario=SIN_NOMBRE, cuerpo_cifrado=None, enviado_en=func.coalesce(Envio.enviado_en, ahora()))
    )
    change_all(
        cuentas,
        lambda cuenta: {
            # Único y que no llega a nadie: el dominio .invalid no existe.
            "email": f"{cuenta.id}@anonimizado.invalid",
            "nombre": SIN_NOMBRE,
            "estado": EstadoUsuario.BAJA,
            "contrasena_huella": None,
            "secreto_totp": None,
            "codigos_recuperacion": None,
            "doble_factor": False,
        },
    )
    ids = [cuenta.id for cuenta in cuentas]
    enlaces_service.anular(*ids)
    sesiones_service.revocar_todas(*ids)
