"""Reunir de una vez lo que las reglas de medicación miran: el animal, lo que se le quiere dar y lo que ya toma."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, true

from app.api.models.alerta import Alergia
from app.api.models.catalogo import Raza
from app.api.models.constantes import Constantes
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import Destino, EstadoPaciente, Paciente
from app.api.models.peso import ultimo_peso
from app.api.models.titularidad import Titularidad
from app.api.services import lineas_medicacion_service as lineas_service
from app.api.services import reglas_alerta_service as reglas
from app.api.services import tratamientos_service
from app.api.services.ficha_paciente_service import GESTACION_DIAS
from app.api.services.lineas_medicacion_service import LineaPedida
from app.config.parametros import valor
from app.utils.context import ahora, hoy
from app.utils.dosis import con_su_dosis
from app.utils.errors import NoEncontrado
from app.utils.medicacion import AlergiaConocida, Animal, PesoVigente, Situacion
from app.utils.records import dato, rows

# Una deshidratación de antes ya se habrá corregido, o vuelto a medir.
CONSTANTES_RECIENTES = timedelta(days=2)
PARAMETROS = (
    "peso_caduca_dias_cachorro", "peso_caduca_dias_adulto", "lavado_aine_corticoide_dias",
    "ivermectina_preventiva_max_ug_kg",
)  # fmt: skip


def leer(paciente_id: UUID, lineas: Sequence[LineaPedida], sin_receta_id: UUID | None, motivo: str | None) -> Situacion:
    """La situación de un paciente: las mismas lecturas tenga una línea o veinte, y todas a la vez.

    Errores: ``NoEncontrado`` si falta el paciente o un medicamento.
    """
    lectura, vigentes = lineas_service.leer(lineas), reglas.leer() if lineas else ()
    alergias = rows(_alergias, id=paciente_id)
    convivientes = rows(_convivientes, alcance=False, id=paciente_id)
    tratamientos = tratamientos_service.leer(paciente_id, sin_receta_id)
    fila = rows(_paciente, id=paciente_id, constantes_desde=ahora() - CONSTANTES_RECIENTES).first()
    if fila is None:
        raise NoEncontrado
    animal = _animal(fila, alergias, frozenset(convivientes.scalars()))
    return Situacion(
        animal=animal,
        lineas=tuple(con_su_dosis(una, fila.peso_kg) for una in lectura.lineas(animal.especie, motivo)),
        ahora=ahora(),
        hoy=hoy(),
        tratamientos=tratamientos_service.tratamientos(tratamientos),
        parametros={nombre: valor(nombre, fila.config) for nombre in PARAMETROS},
        reglas=reglas.vigentes(vigentes),
    )


def sin_paciente(animal: Animal, lineas: Sequence[LineaPedida], motivo: str | None = None) -> Situacion:
    """La situación de un animal del que sólo constan los datos que se dan. Errores: ``NoEncontrado``."""
    lectura, vigentes = lineas_service.leer(lineas), reglas.leer()
    config = rows(_config)[0].config
    return Situacion(
        animal=animal,
        lineas=lectura.lineas(animal.especie, motivo),
        ahora=ahora(),
        hoy=hoy(),
        parametros={nombre: valor(nombre, config) for nombre in PARAMETROS},
        reglas=reglas.vigentes(vigentes),
    )


@cache
def _config() -> Any:
    return select(Organizacion.config).where(Organizacion.id == dato("organizacion_actual"))


@cache
def _paciente() -> Any:
    ultimo = ultimo_peso()
    # Tablas y no clases: la seguridad del animal no depende de qué consultas puede leer quien pide.
    constantes, consultas = Constantes.__table__, Consulta.__table__
    deshidratacion = (
        select(constantes.c.deshidratacion_pct)
        .join(
            consultas,
            and_(
                consultas.c.organizacion_id == constantes.c.organizacion_id,
                consultas.c.id == constantes.c.consulta_id,
            ),
        )
        .where(
            consultas.c.organizacion_id == Paciente.organizacion_id,
            consultas.c.paciente_id == Paciente.id,
            consultas.c.estado != EstadoConsulta.ANULADA,
            constantes.c.deshidratacion_pct.is_not(None),
            constantes.c.tomadas_en >= dato("constantes_desde"),
        )
        .order_by(constantes.c.tomadas_en.desc(), constantes.c.id.desc())
        .limit(1)
        .lateral("deshidratacion")
    )
    return (
        select(
            Paciente.especie, Paciente.fecha_nacimiento, Paciente.destino, Paciente.apto_consumo, Paciente.mdr1,
            Paciente.gestante_desde, Paciente.lactante_desde, Raza.mdr1.label("raza_mdr1"), Organizacion.config,
            ultimo.c.peso_kg, ultimo.c.medido_en, ultimo.c.metodo, deshidratacion.c.deshidratacion_pct,
        )
        .join(Organizacion, Organizacion.id == Paciente.organizacion_id)
        .outerjoin(Raza, and_(Raza.especie == Paciente.especie, Raza.codigo == Paciente.raza))
        .outerjoin(ultimo, true())
        .outerjoin(deshidratacion, true())
        .where(Paciente.id == dato("id"))
    )  # fmt: skip


@cache
def _alergias() -> Any:
    return select(Alergia.agente_tipo, Alergia.agente_ref, Alergia.gravedad).where(
        Alergia.paciente_id == dato("id"), Alergia.activo
    )


@cache
def _convivientes() -> Any:
    """Las especies de los demás animales de sus titulares."""
    suya, otra = Titularidad.__table__.alias("suya"), Titularidad.__table__.alias("otra")
    return (
        select(Paciente.especie)
        .distinct()
        .join(otra, and_(otra.c.organizacion_id == Paciente.organizacion_id, otra.c.paciente_id == Paciente.id))
        .join(suya, and_(suya.c.organizacion_id == otra.c.organizacion_id, suya.c.cliente_id == otra.c.cliente_id))
        .where(
            suya.c.paciente_id == dato("id"),
            suya.c.hasta.is_(None),
            otra.c.hasta.is_(None),
            Paciente.id != dato("id"),
            Paciente.estado.in_((EstadoPaciente.ACTIVO, EstadoPaciente.PENDIENTE_VALIDACION)),
        )
    )


def _animal(fila: Any, alergias: Sequence[Any], convivientes: frozenset[str]) -> Animal:
    # Un équido excluido de la cadena alimentaria no es de producción, diga lo que diga su destino.
    produccion = fila.destino is Destino.PRODUCCION and fila.apto_consumo is not False
    otro = Destino.COMPANIA if fila.destino is Destino.PRODUCCION else fila.destino
    return Animal(
        especie=fila.especie,
        nacimiento=fila.fecha_nacimiento,
        peso=PesoVigente(fila.peso_kg, fila.medido_en, fila.metodo) if fila.peso_kg else None,
        destino=Destino.PRODUCCION if produccion else otro,
        mdr1=fila.mdr1,
        raza_mdr1=fila.raza_mdr1 is not None,
        gestante=_reciente(fila.gestante_desde),
        lactante=_reciente(fila.lactante_desde),
        deshidratacion_pct=fila.deshidratacion_pct,
        alergias=tuple(AlergiaConocida(*una) for una in alergias),
        convivientes=convivientes,
    )


def _reciente(desde: date | None) -> bool:
    return desde is not None and hoy() - desde <= timedelta(days=GESTACION_DIAS)
