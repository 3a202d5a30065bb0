"""Fundir dos fichas del mismo animal: una queda y la otra remite a ella."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update

from app.api.models.adjunto import Adjunto
from app.api.models.administracion import Administracion
from app.api.models.alerta import Alergia, Alerta
from app.api.models.cita import Cita, CitaPaciente, Ocupacion, TipoOcupante, es_de
from app.api.models.cliente import Cliente
from app.api.models.consulta import Consulta
from app.api.models.desparasitacion import Desparasitacion
from app.api.models.diagnostico import Problema
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.peso import Peso
from app.api.models.receta import Receta
from app.api.models.suceso_adverso import SucesoAdverso
from app.api.models.tarea import Tarea
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.models.vacunacion import Vacunacion
from app.api.schemas.vida_paciente_schema import FusionPaciente
from app.api.services import bloqueos_service as bloqueos
from app.api.services import ofertas_service
from app.api.services.ocupacion_service import por_turno
from app.api.services.pacientes_service import PacienteNoActivo, obtener
from app.api.services.recalculo_vacunal_service import rehacer
from app.api.services.titularidades_service import vigentes_de
from app.utils.audit import anotar
from app.utils.context import ahora, avisar, hoy, quien
from app.utils.errors import BusinessRule, Conflict, ConflictoConcurrente
from app.utils.records import Reread, Rows, add_all, change, change_all, entities, execute, fetch, find, rows, touch

ADMITEN = frozenset({EstadoPaciente.ACTIVO, EstadoPaciente.PERDIDO, EstadoPaciente.FALLECIDO})
SE_MUEVE: dict[str, Any] = {
    "pesos": Peso, "alergias": Alergia, "alertas": Alerta, "citas": Cita, "lista_espera": Espera, "tareas": Tarea,
    "adjuntos": Adjunto,
    "consultas": Consulta, "problemas": Problema, "recetas": Receta, "administraciones": Administracion,
    "sucesos_adversos": SucesoAdverso,
    "vacunaciones": Vacunacion, "desparasitaciones": Desparasitacion,
}  # fmt: skip
DEL_CHIP = ("microchip", "fecha_microchip", "microchip_lugar", "verificado_lector")
REPETIDA = "Repetida en la ficha con la que se fusionó"
AVISOS = {
    "MICROCHIP_DISTINTO": "Llevan microchips distintos: compruebe que son el mismo animal",
    "TITULARES_DISTINTOS": "Los titulares del que desaparece pasan a ser cotitulares del que queda",
}


class MismoPaciente(BusinessRule):
    """Es el mismo paciente: no hay nada que fusionar."""


class EspeciesDistintas(BusinessRule):
    """Son de especies distintas: no pueden ser el mismo animal."""


class EstadoVitalDistinto(Conflict):
    """Uno consta como fallecido y el otro no: corríjalo antes."""


def previsualizar(id: UUID, con_id: UUID) -> dict[str, Any]:
    """Qué pasaría al fusionar, sin hacerlo. Errores: los mismos que la fusión."""
    origen, destino = _pareja(id, con_id)
    cuantos = fetch(
        select(
            *(
                select(func.count()).select_from(modelo).where(_suyas(modelo, id)).scalar_subquery().label(nombre)
                for nombre, modelo in SE_MUEVE.items()
            )
        ),
        alcance=False,
    )
    nuevos = _titulares_nuevos(origen, destino)
    titulares = _titulares(id, con_id)
    return {
        "origen": _identidad(origen, titulares),
        "destino": _identidad(destino, titulares),
        "se_mueve": {**cuantos._asdict(), "titularidades": len(nuevos)},
        "microchip": destino.microchip or origen.microchip,
        "avisos": [{"codigo": codigo, "mensaje": AVISOS[codigo]} for codigo in _avisos(origen, destino, nuevos)],
    }


def fusionar(id: UUID, datos: FusionPaciente) -> Reread:
    """Pasa al destino lo que es del animal y deja el origen como fusionado; no se deshace."""
    # Los titulares que ganará el destino se bloquean antes que los pacientes.
    de_origen = select(Titularidad.cliente_id).where(Titularidad.paciente_id == id, Titularidad.hasta.is_(None))
    quietos = {fila.cliente_id for fila in rows(de_origen, alcance=False)}
    bloqueos.clientes(quietos)
    # Los dos bloqueados y siempre en el mismo orden: A→B y B→A a la vez no se interbloquean.
    entities(select(Paciente).where(Paciente.id.in_([id, datos.con_id])).order_by(Paciente.id).with_for_update())
    origen, destino = _pareja(id, datos.con_id)
    if {una.cliente_id for una in vigentes_de(id)} - quietos or not _sujetar_fundidos(id):
        raise ConflictoConcurrente
    nuevos = _titulares_nuevos(origen, destino)
    for codigo in _avisos(origen, destino, nuevos):
        avisar(codigo, AVISOS[codigo])
    origen.pasar_por("fusion")
    # La fecha de la muerte queda en el destino: sin ella, «fallecido» y «fusionado» no se confunden.
    cierre = {"fusionado_en_id": destino.id, "fecha_fallecimiento": None}
    change(origen, {**cierre, "activo": False, "baja_en": ahora()})
    _heredar_chip(origen, destino)
    _mover_titulares(origen, destino, nuevos)
    por_turno([id, destino.id, *bloqueos.agenda(id, destino.id, pasadas=True)])
    _descartar_esperas(id, destino.id)
    _juntar_en_citas(id, destino.id)
    _anular_repetidas(id, destino.id)
    hechas = {nombre: _mover(modelo, id, destino.id) for nombre, modelo in SE_MUEVE.items()}
    movidas = {nombre: hecha.rowcount for nombre, hecha in hechas.items()}
    suyas = (Ocupacion.tipo == TipoOcupante.PACIENTE, Ocupacion.ocupante_id == id)
    execute(update(Ocupacion).where(*suyas).values(ocupante_id=destino.id))
    execute(update(Paciente).where(Paciente.fusionado_en_id == id).values(fusionado_en_id=destino.id))
    rehacer([id, destino.id])
    touch(destino)
    anotar("fusionar", "pacientes", id, {"en": (None, destino.id), "movidas": (None, movidas)})
    return Reread(obtener, id)


def _pareja(id: UUID, con_id: UUID) -> tuple[Paciente, Paciente]:
    if id == con_id:
        raise MismoPaciente(campo="/con_id")
    origen, destino = find(Paciente, id), find(Paciente, con_id)
    if origen.especie != destino.especie:
        raise EspeciesDistintas(campo="/con_id")
    if destino.estado not in ADMITEN:
        raise PacienteNoActivo(campo="/con_id")
    if EstadoPaciente.FALLECIDO in {origen.estado, destino.estado} and origen.estado is not destino.estado:
        raise EstadoVitalDistinto(campo="/con_id")
    return origen, destino


def _sujetar_fundidos(id: UUID) -> bool:
    """Bloquea a quienes ya se fundieron en el origen, que pasarán al destino; sin esperar: van antes por orden."""
    fundidos = select(Paciente.id).where(Paciente.fusionado_en_id == id).order_by(Paciente.id)
    todos = rows(fundidos, alcance=False)
    conseguidos = rows(fundidos.with_for_update(key_share=True, skip_locked=True), alcance=False)
    return len(conseguidos) == len(todos)


def _titulares_nuevos(origen: Paciente, destino: Paciente) -> list[Titularidad]:
    """Las titularidades vigentes del origen de quien aún no es titular del destino."""
    ya = {una.cliente_id for una in vigentes_de(destino.id)}
    return [una for una in vigentes_de(origen.id) if una.cliente_id not in ya]


def _avisos(origen: Paciente, destino: Paciente, nuevos: list[Titularidad]) -> list[str]:
    avisos = []
    if origen.microchip and destino.microchip and origen.microchip != destino.microchip:
        avisos.append("MICROCHIP_DISTINTO")
    if nuevos:
        avisos.append("TITULARES_DISTINTOS")
    return avisos


def _heredar_chip(origen: Paciente, destino: Paciente) -> None:
    if not origen.microchip:
        return
    if destino.microchip is None:
        change(destino, {campo: getattr(origen, campo) for campo in DEL_CHIP})
    else:
        otro = {"tipo": "microchip_secundario", "valor": origen.microchip}
        change(destino, {"identificadores": [*(uno for uno in destino.identificadores if uno != otro), otro]})


def _mover_titulares(origen: Paciente, destino: Paciente, nuevos: list[Titularidad]) -> None:
    """Cierra las del origen y abre las que falten en el destino, como cotitulares: sólo hay un titular."""
    change_all(vigentes_de(origen.id), lambda una: {"hasta": max(hoy(), una.desde)})
    como = {"paciente_id": destino.id, "rol": RolTitular.COTITULAR, "desde": hoy()}
    abiertas = [Titularidad(cliente_id=una.cliente_id, documento=una.documento, **como) for una in nuevos]
    add_all(abiertas)


def _descartar_esperas(de: UUID, a: UUID) -> None:
    """Si los dos esperaban lo mismo, queda una sola: la que tenga oferta o, si da igual, la del destino."""
    suyas = select(Espera).where(Espera.paciente_id.in_([de, a]), Espera.estado.in_(bloqueos.ESPERAS_VIVAS))
    quedan: dict[tuple[UUID, UUID], Espera] = {}
    sobran = []
    vivas = entities(suyas.order_by(Espera.id), alcance=False)
    for una in sorted(vivas, key=lambda una: (una.estado is not EstadoEspera.OFERTADA, una.paciente_id != a)):
        if quedan.setdefault((una.tipo_cita_id, una.sede_id), una) is not una:
            sobran.append(una)
    ofertas_service.cerrar(sobran, EstadoEspera.BAJA)


def _suyas(modelo: Any, paciente_id: UUID) -> Any:
    return es_de(paciente_id) if modelo is Cita else modelo.paciente_id == paciente_id


def _juntar_en_citas(de: UUID, a: UUID) -> None:
    """En las citas a las que venían los dos viene ya uno; en las que sólo acompañaba, acompaña el otro."""
    suyas = select(Cita.id).where(es_de(de))
    ids = [fila.id for fila in rows(suyas.order_by(Cita.id).with_for_update(), alcance=False)]
    de_los_dos = select(Cita.id).where(Cita.id.in_(ids), es_de(a))
    juntos = [fila.id for fila in rows(de_los_dos, alcance=False)]
    otra = CitaPaciente
    execute(delete(Ocupacion).where(Ocupacion.cita_id.in_(juntos), Ocupacion.ocupante_id == de))
    execute(delete(otra).where(otra.cita_id.in_(juntos), otra.paciente_id == de))
    primero = select(Cita.id).where(Cita.id.in_(juntos), Cita.paciente_id == de)
    execute(delete(otra).where(otra.paciente_id == a, otra.cita_id.in_(primero)))
    execute(update(otra).where(otra.paciente_id == de).values(paciente_id=a))
    acompanaba = update(Cita).where(Cita.id.in_(ids), Cita.paciente_id != de)
    execute(acompanaba.values(version=Cita.version + 1))


def _anular_repetidas(de: UUID, a: UUID) -> None:
    """La misma vacuna del mismo día apuntada en las dos fichas es una sola: queda la del destino."""
    otra = Vacunacion.__table__.alias("otra")
    en_el_destino = exists().where(
        otra.c.organizacion_id == Vacunacion.organizacion_id,
        otra.c.paciente_id == a,
        otra.c.producto_id == Vacunacion.producto_id,
        otra.c.fecha == Vacunacion.fecha,
        otra.c.anulado_en.is_(None),
    )
    repetidas = update(Vacunacion).where(Vacunacion.paciente_id == de, Vacunacion.anulado_en.is_(None), en_el_destino)
    anulada = {"anulado_en": ahora(), "anulado_por": quien(), "anulacion_motivo": REPETIDA}
    execute(repetidas.values(**anulada, version=Vacunacion.version + 1))


def _mover(modelo: Any, de: UUID, a: UUID) -> Rows:
    rows(select(modelo.id).where(modelo.paciente_id == de).order_by(modelo.id).with_for_update(), alcance=False)
    cambio = update(modelo).where(modelo.paciente_id == de)
    return execute(cambio.values(paciente_id=a, version=modelo.version + 1))


def _titulares(*pacientes: UUID) -> dict[UUID, list[str]]:
    nombre = func.coalesce(Cliente.razon_social, func.concat_ws(" ", Cliente.nombre, Cliente.apellidos))
    salida: dict[UUID, list[str]] = {paciente: [] for paciente in pacientes}
    consulta = (
        select(Titularidad.paciente_id, nombre.label("nombre"))
        .join(
            Cliente,
            (Cliente.organizacion_id == Titularidad.organizacion_id) & (Cliente.id == Titularidad.cliente_id),
        )
        .where(Titularidad.paciente_id.in_(pacientes), Titularidad.hasta.is_(None))
        .order_by(Titularidad.rol.desc(), Titularidad.id)
    )
    for fila in rows(consulta):
        salida[fila.paciente_id].append(fila.nombre)
    return salida


def _identidad(paciente: Paciente, titulares: dict[UUID, list[str]]) -> dict[str, Any]:
    return {
        **{campo: getattr(paciente, campo) for campo in ("id", "codigo", "nombre", "especie", "estado", "microchip")},
        "titulares": titulares[paciente.id],
    }
