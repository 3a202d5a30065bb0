"""El resumen del paciente: de un vistazo, lo que hay que saber en el mostrador."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from app.api.models.agenda import TipoCita
from app.api.models.alerta import Alergia, Alerta, LugarAlerta
from app.api.models.catalogo import Especie, Raza
from app.api.models.cita import Cita, EstadoCita, es_de
from app.api.models.cliente import Cliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.sede import Sede
from app.api.models.tarea import Tarea
from app.api.services.alertas_service import salta_en, vigente
from app.api.services.calendario_service import Calendario, resumidas
from app.api.services.ficha_paciente_service import lectura, presentar
from app.config.parametros import valor
from app.utils.context import ahora, hoy
from app.utils.edad import meses_cumplidos
from app.utils.records import fetch, first, rows

MESES_CACHORRO = 6
MAXIMO = 50
CON_SEXO = {
    ("macho", "si"): "macho castrado",
    ("hembra", "si"): "hembra esterilizada",
    ("macho", "no"): "macho",
    ("hembra", "no"): "hembra",
}


def resumir(id: UUID) -> dict[str, Any]:
    """Identidad, contacto y todo lo que avisa de algo sobre un paciente."""
    calendario = Calendario([id])
    fila = fetch(
        lectura()
        .add_columns(Especie.nombre.label("especie_nombre"), Raza.nombre.label("raza_nombre"), Organizacion.config)
        .where(Paciente.id == id)
    )
    ficha = presentar(fila, hoy())
    if _peso_antiguo(ficha):
        ficha["avisos"].append({"codigo": "PESO_ANTIGUO", "mensaje": "El último peso ya no vale para calcular dosis"})
    return {
        **ficha,
        "linea": _linea(ficha),
        "titular": _contacto(fila.cliente_id),
        "alertas": rows(
            select(Alerta.id, Alerta.tipo, Alerta.nivel, Alerta.texto)
            .where(Alerta.paciente_id == id, Alerta.activo, vigente(), salta_en(LugarAlerta.RECEPCION))
            .order_by(Alerta.creado_en.desc(), Alerta.id)
            .limit(MAXIMO)
        ),
        "alergias": rows(
            select(Alergia.id, Alergia.agente_tipo, Alergia.agente_ref, Alergia.gravedad)
            .where(Alergia.paciente_id == id, Alergia.activo)
            .order_by(Alergia.creado_en.desc(), Alergia.id)
            .limit(MAXIMO)
        ),
        "proxima_cita": _proxima_cita(id),
        "proxima_vacuna": next(iter(resumidas(calendario.proximas())), None),
        "tareas": rows(
            select(Tarea.id, Tarea.tipo, Tarea.texto, Tarea.vence)
            .where(Tarea.paciente_id == id, Tarea.hecha_en.is_(None))
            .order_by(Tarea.vence.nulls_last(), Tarea.id)
            .limit(MAXIMO)
        ),
    }


def _linea(ficha: dict[str, Any]) -> str:
    """Nombre, especie, raza, sexo y edad, como se dice en el mostrador."""
    sexo = CON_SEXO.get((ficha["sexo"], ficha["esterilizado"]), str(ficha["sexo"]).replace("desconocido", ""))
    edad = ficha["edad"].texto if ficha["edad"] else ""
    partes = (ficha["nombre"], ficha["especie_nombre"], ficha["raza_nombre"] or ficha["raza_texto"], sexo, edad)
    return " · ".join(parte for parte in partes if parte)


def _peso_antiguo(ficha: dict[str, Any]) -> bool:
    """Si el peso ya no vale para dosis: los cachorros cambian antes."""
    if not ficha["peso_actual"] or ficha["estado"] is EstadoPaciente.FALLECIDO:
        return False
    nacimiento: date | None = ficha["fecha_nacimiento"]
    cachorro = nacimiento is not None and (nacimiento > hoy() or meses_cumplidos(nacimiento, hoy()) < MESES_CACHORRO)
    dias = valor("peso_caduca_dias_cachorro" if cachorro else "peso_caduca_dias_adulto", ficha["config"])
    return bool(ahora() - ficha["peso_actual"]["medido_en"] > timedelta(days=dias))


def _contacto(cliente_id: UUID | None) -> dict[str, Any] | None:
    if cliente_id is None:
        return None
    cliente = fetch(
        select(
            Cliente.id, Cliente.razon_social, Cliente.nombre, Cliente.apellidos, Cliente.telefonos, Cliente.email
        ).where(Cliente.id == cliente_id)
    )
    principal = sorted(cliente.telefonos, key=lambda uno: not uno.get("principal"))
    return {
        "id": cliente.id,
        "nombre": cliente.razon_social or " ".join(parte for parte in (cliente.nombre, cliente.apellidos) if parte),
        "telefono": principal[0]["numero"] if principal else None,
        "email": cliente.email,
    }


def _proxima_cita(paciente_id: UUID) -> dict[str, Any] | None:
    fila = first(
        select(Cita.id, Cita.inicio, Cita.estado, Sede.nombre.label("sede"), Sede.zona_horaria, TipoCita.nombre)
        .join(Sede, and_(Sede.organizacion_id == Cita.organizacion_id, Sede.id == Cita.sede_id))
        .join(TipoCita, and_(TipoCita.organizacion_id == Cita.organizacion_id, TipoCita.id == Cita.tipo_cita_id))
        .where(
            es_de(paciente_id),
            Cita.inicio >= ahora(),
            Cita.estado.in_((EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA)),
        )
        .order_by(Cita.inicio, Cita.id)
        .limit(1)
    )
    if fila is None:
        return None
    inicio = fila.inicio.astimezone(ZoneInfo(fila.zona_horaria))
    return {"id": fila.id, "inicio": inicio, "estado": fila.estado, "sede": fila.sede, "tipo_cita": fila.nombre}
