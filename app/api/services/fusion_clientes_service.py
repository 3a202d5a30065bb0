"""Fundir dos fichas del mismo cliente: qué pasaría y hacerlo, de una vez y para siempre."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import aliased

from app.api.models import alcance  # noqa: F401 - declara qué clientes ve cada cual
from app.api.models.adjunto import Adjunto
from app.api.models.cita import Cita
from app.api.models.cliente import CERRADOS, Autorizado, Cliente, ConsentimientoDatos
from app.api.models.lista_espera import Espera
from app.api.models.receta import Receta
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.models.usuario import EstadoUsuario, Usuario
from app.api.services import bloqueos_service as bloqueos
from app.api.services.clientes_service import exigir_abierto, obtener
from app.utils.audit import anotar
from app.utils.context import ahora, hoy
from app.utils.errors import BusinessRule, Conflict, NoEncontrado
from app.utils.records import Reread, add_all, change, change_all, check_version, entities, execute, fetch, rows

# Lo que se compara en la vista previa; queda lo del destino.
COMPARABLES = (
    "tipo", "nombre", "apellidos", "razon_social", "identificador_fiscal", "pais_identificador", "email",
    "telefonos_texto", "idioma", "canal_preferido", "sede_habitual_id", "descuento_pct", "regimen_fiscal",
    "codigo_rega", "limite_credito", "bloqueo_morosidad", "id_externo",
)  # fmt: skip
NOMBRES = {"telefonos_texto": "telefonos"}


class FusionConsigoMismo(BusinessRule):
    """Un cliente no se funde consigo mismo."""


class PortalEnAmbos(Conflict):
    """Los dos clientes tienen cuenta del portal: dé de baja una antes."""


def previsualizar(id: UUID, con_id: UUID) -> dict[str, Any]:
    """Lo que movería la fusión, en qué difieren las fichas y qué conviene saber antes."""
    origen, destino = _par(id, con_id, bloqueados=False)
    return {
        "origen_id": id,
        "destino_id": con_id,
        "mueve": inventario(id),
        "diferencias": _diferencias(origen, destino),
        "avisos": _avisos(origen, destino),
    }


def fusionar(id: UUID, con_id: UUID) -> Reread:
    """Mueve lo del origen al destino y deja el origen fusionado. Irreversible."""
    origen, destino = _par(id, con_id, bloqueados=True)
    check_version(origen.version)
    _exigir_un_portal(id, con_id)
    suyos = select(Titularidad.paciente_id).where(Titularidad.cliente_id == id)
    bloqueos.pacientes(fila.paciente_id for fila in rows(suyos, alcance=False))
    mueve = inventario(id)
    _mover_titularidades(id, con_id)
    for modelo in (Adjunto, Cita, Espera, Usuario):
        _mover(modelo, id, con_id)
    subidos = update(Adjunto).where(Adjunto.subido_por_cliente_id == id)
    execute(subidos.values(subido_por_cliente_id=con_id))
    _mover_autorizados(id, con_id)
    _copiar_consentimientos(id, con_id)
    origen.pasar_por("fusion")
    change(origen, {"fusionado_en_id": con_id, "activo": False, "baja_en": ahora()})
    # Después de fundirlo: la base sólo deja que una receta emitida cambie de titular si la ficha es la misma.
    _mover(Receta, id, con_id)
    if origen.bloqueo_morosidad:
        change(destino, {"bloqueo_morosidad": True})
    anotar("fusionar", "clientes", id, {"fusionado_en_id": (None, con_id), "movido": (None, mueve)})
    return Reread(obtener, id)


def _mover(modelo: Any, id: UUID, con_id: UUID) -> None:
    # Antes se bloquean por orden: el UPDATE las tomaría en el que las encontrara.
    rows(select(modelo.id).where(modelo.cliente_id == id).order_by(modelo.id).with_for_update(), alcance=False)
    cambios = {"cliente_id": con_id, "version": modelo.version + 1, "actualizado_en": ahora()}
    execute(update(modelo).where(modelo.cliente_id == id).values(cambios))


def _par(id: UUID, con_id: UUID, *, bloqueados: bool) -> tuple[Cliente, Cliente]:
    """Origen y destino, bloqueados siempre en el mismo orden: dos fusiones opuestas no se interbloquean."""
    if id == con_id:
        raise FusionConsigoMismo(campo="/con_id")
    consulta = select(Cliente).where(Cliente.id.in_([id, con_id])).order_by(Cliente.id)
    leidos = {uno.id: uno for uno in entities(consulta.with_for_update(of=Cliente) if bloqueados else consulta)}
    if len(leidos) < 2:
        raise NoEncontrado
    return exigir_abierto(leidos[id]), exigir_abierto(leidos[con_id])


def inventario(id: UUID) -> dict[str, int]:
    """Cuántas cosas cuelgan de un cliente, por clase."""
    otro = aliased(Autorizado)
    partes = {
        "pacientes": select(func.count(Titularidad.paciente_id.distinct())).where(Titularidad.cliente_id == id),
        "adjuntos": select(func.count()).select_from(Adjunto).where(Adjunto.cliente_id == id),
        "citas": select(func.count()).select_from(Cita).where(Cita.cliente_id == id),
        "lista_espera": select(func.count()).select_from(Espera).where(Espera.cliente_id == id),
        "recetas": select(func.count()).select_from(Receta).where(Receta.cliente_id == id),
        "consentimientos_datos": select(func.count())
        .select_from(ConsentimientoDatos)
        .where(ConsentimientoDatos.cliente_id == id),
        "autorizados": select(func.count())
        .select_from(otro)
        .where(or_(otro.cliente_id == id, otro.cliente_autorizado_id == id)),
        "cuentas_portal": select(func.count())
        .select_from(Usuario)
        .where(Usuario.cliente_id == id, Usuario.estado != EstadoUsuario.BAJA),
    }
    # Sin alcance: se mueve todo lo suyo, también lo de sedes que no son de quien fusiona.
    fila = fetch(select(*(parte.scalar_subquery().label(nombre) for nombre, parte in partes.items())), alcance=False)
    return fila._asdict()


def _exigir_un_portal(id: UUID, con_id: UUID) -> None:
    con_portal = select(Usuario.cliente_id).where(
        Usuario.cliente_id.in_([id, con_id]), Usuario.estado != EstadoUsuario.BAJA
    )
    if len({fila.cliente_id for fila in rows(con_portal)}) > 1:
        raise PortalEnAmbos


def _repetidas(id: UUID, con_id: UUID) -> Any:
    """Pacientes de los que ambos son titulares vigentes: la titularidad de cada uno."""
    suya, otra = aliased(Titularidad), aliased(Titularidad)
    juntas = and_(
        otra.organizacion_id == suya.organizacion_id, otra.paciente_id == suya.paciente_id, otra.hasta.is_(None)
    )
    return (
        select(suya.id.label("origen"), otra.id.label("destino"))
        .join(otra, juntas)
        .where(suya.cliente_id == id, otra.cliente_id == con_id, suya.hasta.is_(None))
        .order_by(suya.id)
    )


def _mover_titularidades(id: UUID, con_id: UUID) -> None:
    repetidas = rows(_repetidas(id, con_id), alcance=False)
    todas = {
        una.id: una
        for una in entities(
            select(Titularidad)
            .where(Titularidad.cliente_id.in_([id, con_id]))
            .order_by(Titularidad.id)
            .with_for_update(),
            alcance=False,
        )
    }
    # Queda una: la de titular, con la suma de los porcentajes; la otra se cierra y pasa a historia.
    parejas = [(todas[fila.destino], todas[fila.origen]) for fila in repetidas]
    parejas = [(b, a) if b.rol is RolTitular.TITULAR else (a, b) for a, b in parejas]
    change_all((sobra for _, sobra in parejas), lambda sobra: {"hasta": max(hoy(), sobra.desde)})
    sumas = {
        queda: queda.porcentaje + sobra.porcentaje
        for queda, sobra in parejas
        if queda.porcentaje is not None and sobra.porcentaje is not None
    }
    change_all(sumas, lambda queda: {"porcentaje": sumas[queda]})
    change_all((una for una in todas.values() if una.cliente_id == id), lambda _: {"cliente_id": con_id})


def _mover_autorizados(id: UUID, con_id: UUID) -> None:
    suyos = select(Autorizado).where(or_(Autorizado.cliente_id == id, Autorizado.cliente_autorizado_id == id))
    todos = entities(suyos.order_by(Autorizado.id).with_for_update(), alcance=False)
    # Nadie se autoriza a sí mismo: lo que uno dio al otro deja de valer.
    entre_ellos = [uno for uno in todos if con_id in (uno.cliente_id, uno.cliente_autorizado_id)]
    change_all(
        (uno for uno in entre_ellos if uno.activo),
        lambda _: {"activo": False, "baja_en": ahora(), "baja_motivo": "fusion"},
    )
    change_all(
        (uno for uno in todos if uno not in entre_ellos),
        lambda uno: {
            campo: con_id if getattr(uno, campo) == id else getattr(uno, campo)
            for campo in ("cliente_id", "cliente_autorizado_id")
        },
    )


def _copiar_consentimientos(id: UUID, con_id: UUID) -> None:
    """Un consentimiento no se modifica: el destino recibe una copia con su fecha y su prueba."""
    suyos = select(ConsentimientoDatos).where(ConsentimientoDatos.cliente_id == id).order_by(ConsentimientoDatos.en)
    add_all(
        ConsentimientoDatos(
            cliente_id=con_id, finalidad=uno.finalidad, base_legal=uno.base_legal, otorgado=uno.otorgado,
            texto_version=uno.texto_version, canal=uno.canal, en=uno.en, registrado_por=uno.registrado_por,
        )
        for uno in entities(suyos, alcance=False)
    )  # fmt: skip


def _diferencias(origen: Cliente, destino: Cliente) -> list[dict[str, Any]]:
    pares = ((campo, getattr(origen, campo), getattr(destino, campo)) for campo in COMPARABLES)
    return [
        {"campo": NOMBRES.get(campo, campo), "origen": _texto(suyo), "destino": _texto(otro)}
        for campo, suyo, otro in pares
        if suyo != otro
    ]


def _texto(valor: Any) -> str | None:
    return None if valor in (None, "") else str(valor)


def _avisos(origen: Cliente, destino: Cliente) -> list[dict[str, str]]:
    avisos = [{"codigo": "FUSION_IRREVERSIBLE", "mensaje": "La fusión no se puede deshacer"}]
    con_cuenta = rows(
        select(Usuario.cliente_id)
        .where(Usuario.cliente_id.in_([origen.id, destino.id]), Usuario.estado != EstadoUsuario.BAJA)
        .distinct()
    )
    if len(con_cuenta) > 1:
        avisos.append({"codigo": "PORTAL_EN_AMBOS", "mensaje": "Los dos tienen cuenta del portal: sobra una"})
    if comunes := rows(_repetidas(origen.id, destino.id), alcance=False):
        avisos.append(
            {"codigo": "PACIENTES_COMUNES", "mensaje": f"Comparten {len(comunes)} pacientes: quedará una titularidad"}
        )
    if origen.bloqueo_morosidad and not destino.bloqueo_morosidad:
        avisos.append({"codigo": "MOROSIDAD_HEREDADA", "mensaje": "El destino quedará bloqueado por morosidad"})
    if destino.estado not in CERRADOS and not destino.activo:
        avisos.append({"codigo": "DESTINO_INACTIVO", "mensaje": "El cliente que queda está dado de baja"})
    if origen.identificador_fiscal and not destino.identificador_fiscal:
        avisos.append(
            {"codigo": "DATO_SOLO_EN_ORIGEN", "mensaje": "Sólo el origen tiene identificador fiscal: cópielo antes"}
        )
    return avisos
