"""Cómo se lee una consulta: ella, con sus nombres, y todo lo que le cuelga, en una sola sentencia."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Numeric, Select, Text, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app.api.models import alcance_adjuntos, alcance_consultas  # noqa: F401 - declaran qué ve cada cual
from app.api.models.adjunto import Adjunto
from app.api.models.constantes import Constantes
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.diagnostico import Diagnostico
from app.api.models.enmienda import Enmienda
from app.api.models.paciente import Paciente
from app.api.models.peso import Peso
from app.api.models.producto import Producto
from app.api.models.profesional import Profesional
from app.api.models.receta import EstadoReceta, Receta
from app.api.models.sede import Sede
from app.api.models.vacunacion import Vacunacion
from app.api.schemas.exploracion_schema import EstadoExploracion, SistemaCorporal
from app.utils.context import ahora
from app.utils.records import columns

SIN_CERRAR = timedelta(hours=24)
DOCUMENTOS = ("recetas", "adjuntos", "vacunas")
_INSTANTES = {
    "constantes": ("tomadas_en", "creado_en"),
    "diagnosticos": ("creado_en",),
    "enmiendas": ("en",),
    "pesos": ("medido_en",),
}


@cache
def lectura() -> Select[*tuple[Any, ...]]:
    """Una fila por consulta. Lo que le cuelga respeta lo que quien pide puede ver: en el portal, sólo lo publicable."""
    return resumida().add_columns(
        _hijos(Constantes, Constantes.consulta_id, Constantes.tomadas_en, Constantes.id),
        _hijos(Diagnostico, Diagnostico.consulta_id, Diagnostico.id),
        _hijos(Enmienda, Enmienda.consulta_id, Enmienda.numero),
        _hijos(Peso, Peso.consulta_id, Peso.medido_en, Peso.id, donde=Peso.anulado_en.is_(None)),
        *_documentos(),
    )


def _documentos() -> list[Any]:
    """Lo que salió de la consulta, en breve: recetas, ficheros y las vacunas que se le pusieron ese día."""
    org, dia = Consulta.organizacion_id, cast(func.timezone(Sede.zona_horaria, Consulta.inicio), Date)
    receta = func.jsonb_build_object("id", Receta.id, "numero", Receta.numero, "fecha_emision", Receta.fecha_emision)
    recetas = _lista(receta, Receta.id).where(Receta.organizacion_id == org, Receta.consulta_id == Consulta.id)
    fichero = func.jsonb_build_object("id", Adjunto.id, "nombre", Adjunto.nombre, "tipo_mime", Adjunto.tipo_mime)
    ficheros = _lista(fichero, Adjunto.id).where(Adjunto.organizacion_id == org, Adjunto.consulta_id == Consulta.id)
    vacuna = func.jsonb_build_object("id", Vacunacion.id, "nombre", Producto.nombre, "fecha", Vacunacion.fecha)
    de = and_(Producto.organizacion_id == Vacunacion.organizacion_id, Producto.id == Vacunacion.producto_id)
    vacunas = _lista(vacuna, Vacunacion.id).join(Producto, de).where(Vacunacion.organizacion_id == org)
    suyas = (Vacunacion.paciente_id == Consulta.paciente_id, Vacunacion.fecha == dia, Vacunacion.anulado_en.is_(None))
    return [
        _columna(recetas.where(Receta.estado != EstadoReceta.ANULADA), "recetas"),
        _columna(ficheros.where(Adjunto.activo), "adjuntos"),
        _columna(vacunas.where(*suyas), "vacunas"),
    ]


def _lista(objeto: Any, *orden: Any) -> Select[Any]:
    return select(func.jsonb_agg(aggregate_order_by(objeto, *orden), type_=JSONB()))


def _columna(lista: Select[Any], nombre: str) -> Any:
    return lista.correlate(Consulta, Sede).scalar_subquery().label(nombre)


@cache
def resumida() -> Select[*tuple[Any, ...]]:
    """Una fila por consulta, con los nombres que se leen, sin lo que le cuelga."""
    org = Consulta.organizacion_id
    # Tabla y no entidad: quien puede ver la consulta puede leer en ella de quién es.
    paciente = Paciente.__table__
    return (
        select(
            *columns(Consulta),
            Sede.nombre.label("sede"),
            Sede.zona_horaria,
            Profesional.nombre.label("veterinario"),
            paciente.c.nombre.label("paciente"),
        )
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == Consulta.sede_id))
        .join(Profesional, and_(Profesional.organizacion_id == org, Profesional.id == Consulta.veterinario_id))
        .join(paciente, and_(paciente.c.organizacion_id == org, paciente.c.id == Consulta.paciente_id))
    )


def presentar(fila: Any) -> dict[str, Any]:
    """La fila con sus instantes en la hora de la sede, y el aviso de la que lleva un día abierta."""
    consulta: dict[str, Any] = fila._asdict()
    zona = ZoneInfo(fila.zona_horaria)
    for campo in ("inicio", "cerrada_en", "publicada_en"):
        if consulta[campo] is not None:
            consulta[campo] = consulta[campo].astimezone(zona)
    for nombre, instantes in _INSTANTES.items():
        consulta[nombre] = [_hijo(uno, instantes, zona) for uno in consulta.get(nombre) or []]
    for nombre in DOCUMENTOS:
        consulta[nombre] = consulta.get(nombre) or []
    consulta["exploracion"] = explorado(fila.exploracion)
    if fila.estado is EstadoConsulta.ABIERTA and ahora() - fila.inicio > SIN_CERRAR:
        consulta["avisos"] = [{"codigo": "CONSULTA_SIN_CERRAR", "mensaje": "Lleva más de un día abierta"}]
    return consulta


def explorado(escrito: dict[str, Any]) -> list[dict[str, Any]]:
    """Todos los sistemas: de los que no se escribió nada, que no se exploraron; nunca que estén bien."""
    nada = {"estado": EstadoExploracion.NO_EXPLORADO.value, "texto": None}
    return [{"sistema": uno.value, **(escrito.get(uno.value) or nada)} for uno in SistemaCorporal]


def _hijos(modelo: Any, de: Any, *orden: Any, donde: ColumnElement[bool] | None = None) -> Any:
    """Las filas que cuelgan de la consulta, como lista JSON; los decimales, en texto para no perder cifras."""
    pares: list[Any] = []
    for columna in columns(modelo, "organizacion_id"):
        pares += [columna.key, cast(columna, Text) if isinstance(columna.type, Numeric) else columna]
    suyas = _lista(func.jsonb_build_object(*pares), *orden)
    suyas = suyas.where(modelo.organizacion_id == Consulta.organizacion_id, de == Consulta.id)
    if donde is not None:
        suyas = suyas.where(donde)
    return _columna(suyas, modelo.__tablename__)


def _hijo(uno: dict[str, Any], instantes: tuple[str, ...], zona: ZoneInfo) -> dict[str, Any]:
    return {**uno, **{campo: datetime.fromisoformat(uno[campo]).astimezone(zona) for campo in instantes}}
