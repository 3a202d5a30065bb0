"""Qué entra en la línea de tiempo y cómo se cuenta. Una clase nueva es una línea en ``CLASES`` y su consulta."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.api.models import alcance, alcance_adjuntos, alcance_consultas  # noqa: F401 - declaran qué ve cada cual
from app.api.models.adjunto import Adjunto
from app.api.models.administracion import Administracion
from app.api.models.agenda import TipoCita
from app.api.models.alerta import Alergia, Alerta
from app.api.models.cita import Cita, es_de
from app.api.models.cliente import Cliente
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.desparasitacion import Desparasitacion
from app.api.models.diagnostico import Diagnostico, Problema
from app.api.models.medicamento import Medicamento
from app.api.models.paciente import Paciente
from app.api.models.peso import Peso
from app.api.models.producto import Producto
from app.api.models.receta import EstadoReceta, Receta
from app.api.models.suceso_adverso import SucesoAdverso
from app.api.models.titularidad import Titularidad
from app.api.models.vacunacion import Vacunacion
from app.api.schemas.linea_tiempo_schema import ClaseEntrada as C
from app.config.permissions import Permiso
from app.utils.context import zona_actual
from app.utils.records import AnySelect

MAXIMO_RESUMEN = 300


class Vista(StrEnum):
    """Para quién se cuenta."""

    CLINICA = "clinica"
    RECEPCION = "recepcion"
    PORTAL = "portal"


TODAS = frozenset(Vista)
DE_LA_CASA = frozenset({Vista.CLINICA, Vista.RECEPCION})
SOLO_CLINICA = frozenset({Vista.CLINICA})
INSTANTE = DateTime(timezone=True)


@dataclass(frozen=True, slots=True)
class Clase:
    """Una clase de entradas: cómo se leen las de un paciente, dónde está cada una y quién las ve.

    ``permiso``: el de su propia ruta; la línea de tiempo no es otra puerta para quien no lo tiene.
    """

    leer: Callable[[UUID, Vista], AnySelect]
    enlace: str
    permiso: Permiso = Permiso.PACIENTES_LEER
    vistas: frozenset[Vista] = TODAS


def entrada(clase: C, modelo: Any, fecha: Any, titulo: Any, resumen: Any = None) -> AnySelect:
    """Las columnas que tienen todas las entradas, en el mismo orden y del mismo tipo; falta decir cuáles."""
    breve = null() if resumen is None else func.left(resumen, MAXIMO_RESUMEN)
    return select(
        literal(clase.value, Text()).label("clase"),
        modelo.id.label("id"),
        cast(fecha, INSTANTE).label("fecha"),
        cast(titulo, Text).label("titulo"),
        cast(breve, Text).label("resumen"),
    )


def del_dia(fecha: Any) -> Any:
    """El comienzo de una fecha civil, en la zona de quien mira."""
    return func.timezone(zona_actual(), cast(fecha, DateTime()), type_=INSTANTE)


def _consultas(paciente: UUID, vista: Vista) -> AnySelect:
    diagnosticos = (
        select(func.string_agg(Diagnostico.texto, aggregate_order_by(literal(", "), Diagnostico.id)))
        .where(Diagnostico.organizacion_id == Consulta.organizacion_id, Diagnostico.consulta_id == Consulta.id)
        .scalar_subquery()
    )
    dicho = {
        Vista.CLINICA: func.coalesce(Consulta.valoracion, diagnosticos),
        Vista.PORTAL: Consulta.recomendaciones_cliente,
    }.get(vista)
    filas = entrada(C.CONSULTA, Consulta, Consulta.inicio, "Consulta: " + Consulta.motivo, dicho)
    return filas.where(Consulta.paciente_id == paciente, Consulta.estado != EstadoConsulta.ANULADA)


def _pesos(paciente: UUID, vista: Vista) -> AnySelect:
    kilos = func.replace(cast(func.trim_scale(Peso.peso_kg), Text), ".", ",", type_=Text())
    filas = entrada(C.PESO, Peso, Peso.medido_en, "Peso: " + kilos + " kg")
    return filas.where(Peso.paciente_id == paciente, Peso.anulado_en.is_(None))


def _alergias(paciente: UUID, vista: Vista) -> AnySelect:
    cuando = func.coalesce(del_dia(Alergia.desde), Alergia.creado_en)
    filas = entrada(C.ALERGIA, Alergia, cuando, "Alergia: " + Alergia.agente_ref, Alergia.reaccion)
    return filas.where(Alergia.paciente_id == paciente, Alergia.activo)


def _alertas(paciente: UUID, vista: Vista) -> AnySelect:
    filas = entrada(C.ALERTA, Alerta, Alerta.creado_en, "Alerta: " + Alerta.texto)
    return filas.where(Alerta.paciente_id == paciente, Alerta.activo)


def _citas(paciente: UUID, vista: Vista) -> AnySelect:
    estado = func.replace(cast(Cita.estado, Text), "_", " ", type_=Text())
    filas = entrada(C.CITA, Cita, Cita.inicio, "Cita: " + TipoCita.nombre + " (" + estado + ")", Cita.motivo)
    suyo = and_(TipoCita.organizacion_id == Cita.organizacion_id, TipoCita.id == Cita.tipo_cita_id)
    return filas.join(TipoCita, suyo).where(es_de(paciente))


def _titularidades(paciente: UUID, vista: Vista) -> AnySelect:
    cliente = Cliente.__table__  # quien ve la titularidad ve de quién es
    nombre = func.coalesce(cliente.c.razon_social, func.concat_ws(" ", cliente.c.nombre, cliente.c.apellidos))
    papel = func.initcap(cast(Titularidad.rol, Text), type_=Text())
    hasta = "Hasta el " + func.to_char(Titularidad.hasta, "DD/MM/YYYY", type_=Text())
    filas = entrada(C.TITULARIDAD, Titularidad, del_dia(Titularidad.desde), papel + ": " + nombre, hasta)
    suyo = and_(cliente.c.organizacion_id == Titularidad.organizacion_id, cliente.c.id == Titularidad.cliente_id)
    return filas.join(cliente, suyo).where(Titularidad.paciente_id == paciente)


def _problemas(paciente: UUID, vista: Vista) -> AnySelect:
    filas = entrada(C.PROBLEMA, Problema, del_dia(Problema.fecha_inicio), "Problema: " + Problema.texto, Problema.notas)
    return filas.where(Problema.paciente_id == paciente, Problema.activo)


def _fallecimiento(paciente: UUID, vista: Vista) -> AnySelect:
    causa = Paciente.causa_fallecimiento if vista is Vista.CLINICA else None
    filas = entrada(C.FALLECIMIENTO, Paciente, del_dia(Paciente.fecha_fallecimiento), literal("Fallecimiento"), causa)
    return filas.where(Paciente.id == paciente, Paciente.fecha_fallecimiento.is_not(None))


def _perdida(paciente: UUID, vista: Vista) -> AnySelect:
    filas = entrada(C.PERDIDA, Paciente, del_dia(Paciente.perdido_desde), literal("Se ha perdido"))
    return filas.where(Paciente.id == paciente, Paciente.perdido_desde.is_not(None))


def _vacunaciones(paciente: UUID, vista: Vista) -> AnySelect:
    lote = "Lote " + Vacunacion.lote
    filas = entrada(C.VACUNACION, Vacunacion, del_dia(Vacunacion.fecha), "Vacuna: " + Producto.nombre, lote)
    suyo = and_(Producto.organizacion_id == Vacunacion.organizacion_id, Producto.id == Vacunacion.producto_id)
    return filas.join(Producto, suyo).where(Vacunacion.paciente_id == paciente, Vacunacion.anulado_en.is_(None))


def _desparasitaciones(paciente: UUID, vista: Vista) -> AnySelect:
    una = Desparasitacion
    con = func.coalesce(Producto.nombre, func.array_to_string(una.principios, ", "), type_=Text())
    titulo = "Desparasitación " + cast(una.tipo, Text) + ": " + con
    filas = entrada(C.DESPARASITACION, una, del_dia(una.fecha), titulo)
    suyo = and_(Producto.organizacion_id == una.organizacion_id, Producto.id == una.producto_id)
    return filas.outerjoin(Producto, suyo).where(una.paciente_id == paciente, una.anulado_en.is_(None))


def _recetas(paciente: UUID, vista: Vista) -> AnySelect:
    anulada = case((Receta.estado == EstadoReceta.ANULADA, " (anulada)"), else_="")
    para = None if vista is Vista.RECEPCION else Receta.indicacion
    filas = entrada(C.RECETA, Receta, Receta.emitida_en, "Receta " + Receta.numero + anulada, para)
    return filas.where(Receta.paciente_id == paciente, Receta.estado != EstadoReceta.BORRADOR)


def _administraciones(paciente: UUID, vista: Vista) -> AnySelect:
    una = Administracion
    filas = entrada(C.ADMINISTRACION, una, una.en, "Medicación puesta: " + Medicamento.nombre, una.indicacion)
    suyo = and_(Medicamento.organizacion_id == una.organizacion_id, Medicamento.id == una.medicamento_id)
    return filas.join(Medicamento, suyo).where(una.paciente_id == paciente)


def _sucesos(paciente: UUID, vista: Vista) -> AnySelect:
    que = func.replace(cast(SucesoAdverso.tipo, Text), "_", " de ", type_=Text())
    filas = entrada(
        C.SUCESO_ADVERSO, SucesoAdverso, del_dia(SucesoAdverso.fecha), "Suceso adverso: " + que,
        SucesoAdverso.descripcion,
    )  # fmt: skip
    return filas.where(SucesoAdverso.paciente_id == paciente, SucesoAdverso.activo)


def _adjuntos(paciente: UUID, vista: Vista) -> AnySelect:
    ficheros, consultas = Adjunto.__table__.alias("adjuntos_suyos"), Consulta.__table__.alias("consultas_suyas")
    de_consulta = and_(
        consultas.c.organizacion_id == ficheros.c.organizacion_id, consultas.c.id == ficheros.c.consulta_id
    )
    # Por unión y no por «o»: así cada mitad usa su índice.
    suyos = union_all(
        select(ficheros.c.id).where(ficheros.c.paciente_id == paciente),
        select(ficheros.c.id).join(consultas, de_consulta).where(consultas.c.paciente_id == paciente),
    )
    etiquetas = func.nullif(func.array_to_string(Adjunto.etiquetas, ", "), "", type_=Text())
    filas = entrada(C.ADJUNTO, Adjunto, Adjunto.creado_en, "Documento: " + Adjunto.nombre, etiquetas)
    return filas.where(Adjunto.id.in_(suyos), Adjunto.activo)


CLASES: dict[C, Clase] = {
    C.ADJUNTO: Clase(_adjuntos, "/adjuntos/{id}", Permiso.ADJUNTOS_LEER),
    C.ADMINISTRACION: Clase(_administraciones, "/administraciones/{id}", Permiso.ADMINISTRACIONES_LEER, SOLO_CLINICA),
    C.ALERGIA: Clase(_alergias, "/alergias/{id}", Permiso.ALERGIAS_LEER),
    C.ALERTA: Clase(_alertas, "/alertas/{id}", Permiso.ALERTAS_LEER, DE_LA_CASA),
    C.CITA: Clase(_citas, "/citas/{id}", Permiso.CITAS_LEER),
    C.CONSULTA: Clase(_consultas, "/consultas/{id}", Permiso.CONSULTAS_VER),
    C.DESPARASITACION: Clase(_desparasitaciones, "/desparasitaciones/{id}", Permiso.DESPARASITACIONES_LEER),
    C.FALLECIMIENTO: Clase(_fallecimiento, "/pacientes/{id}"),
    C.PERDIDA: Clase(_perdida, "/pacientes/{id}"),
    C.PESO: Clase(_pesos, "/pesos/{id}"),
    C.PROBLEMA: Clase(_problemas, "/problemas/{id}", Permiso.CONSULTAS_LEER, SOLO_CLINICA),
    C.RECETA: Clase(_recetas, "/recetas/{id}", Permiso.RECETAS_LEER),
    C.SUCESO_ADVERSO: Clase(_sucesos, "/sucesos-adversos/{id}", Permiso.SUCESOS_LEER, SOLO_CLINICA),
    C.TITULARIDAD: Clase(_titularidades, "/pacientes/{paciente}/titularidades"),
    C.VACUNACION: Clase(_vacunaciones, "/vacunaciones/{id}", Permiso.VACUNACIONES_LEER),
}
