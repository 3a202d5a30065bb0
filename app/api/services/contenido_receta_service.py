"""Lo que dice una receta: se compone una vez, al emitir, y así queda firmado."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from app.api.models.catalogo import Especie, Raza
from app.api.models.cliente import Cliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import Destino, Paciente
from app.api.models.receta import Receta
from app.api.models.sede import Sede
from app.api.services.fichas_medicamento_service import FichaMedicamento
from app.utils.en_letra import en_letra
from app.utils.errors import NoEncontrado
from app.utils.posologia import posologia
from app.utils.records import AnyRow, Rows, rows

FORMA = 1  # cómo está escrito el contenido, por si algún día cambia
_CAMPOS_LINEA = (
    "dosis", "unidad_dosis", "peso_usado_kg", "cantidad_por_toma", "unidad", "via", "intervalo_h", "pauta_texto",
    "duracion_dias", "cantidad_total", "envases", "porcentaje_envase", "tiempo_espera", "sustituible",
)  # fmt: skip


Lineas = Sequence[Any]
Fichas = Mapping[UUID, FichaMedicamento]


def pedir_contenido(receta: Receta) -> Callable[[Lineas, Fichas, Any], dict[str, Any]]:
    """Pone en camino lo que falta para componer la receta; se compone con sus líneas, sus fichas y quien la firma.

    Forma: todo lo que se imprime, en tipos de JSON; sin número ni plazo, que los pone la emisión.
    """
    leer_membrete, leer_animal = _pedir_membrete(receta), _pedir_animal(receta)

    def componer(lineas: Lineas, hay: Fichas, firmante: Any) -> dict[str, Any]:
        quien, animal = leer_membrete(), leer_animal()
        return {
            "forma": FORMA,
            **{campo: getattr(receta, campo) for campo in ("tipo_dispensacion", "clase", "tratamiento", "indicacion")},
            "finalidad_antimicrobiana": receta.finalidad_antimicrobiana,
            "advertencias": receta.advertencias,
            "consulta_id": _texto(receta.consulta_id),
            "organizacion": {
                campo: quien[campo] for campo in ("nombre", "razon_social", "identificador_fiscal", "pais")
            },
            "sede": quien["sede"],
            "veterinario": {
                **{campo: getattr(firmante, campo) for campo in ("nombre", "num_colegiado", "colegio", "email")},
                "telefono": quien["sede"]["telefono"],
            },
            "titular": quien["titular"],
            "animal": {**animal, "rega": animal["rega"] or quien["titular"]["rega"]},
            "lineas": [_linea(una, hay.get(una.medicamento_id)) for una in lineas],
        }

    return componer


def es_de_produccion(contenido: Mapping[str, Any]) -> bool:
    """Si hay que pensar en quien se coma lo que dé ese animal."""
    return bool(contenido["animal"]["destino"] == Destino.PRODUCCION)


def _pedir_membrete(receta: Receta) -> Callable[[], dict[str, Any]]:
    cliente = Cliente.__table__
    filas = rows(
        select(
            Organizacion.nombre, Organizacion.razon_social, Organizacion.identificador_fiscal, Organizacion.pais,
            Sede.nombre.label("sede"), Sede.direccion, Sede.telefono, Sede.email, Sede.num_registro_centro,
            Sede.codigo, Sede.zona_horaria, cliente.c.telefonos, cliente.c.codigo_rega,
            cliente.c.identificador_fiscal.label("fiscal_titular"),
            func.coalesce(cliente.c.razon_social, func.concat_ws(" ", cliente.c.nombre, cliente.c.apellidos))
            .label("titular"),
        )
        .join(Sede, Sede.organizacion_id == Organizacion.id)
        .join(cliente, cliente.c.organizacion_id == Organizacion.id)
        .where(Organizacion.id == receta.organizacion_id, Sede.id == receta.sede_id, cliente.c.id == receta.cliente_id)
    )  # fmt: skip
    return lambda: _membrete(_unica(filas))


def _membrete(fila: AnyRow) -> dict[str, Any]:
    telefonos = sorted(fila.telefonos, key=lambda uno: not uno.get("principal"))
    return {
        **{campo: getattr(fila, campo) for campo in ("nombre", "razon_social", "identificador_fiscal", "pais")},
        "sede": {
            "nombre": fila.sede, "codigo": fila.codigo, "zona_horaria": fila.zona_horaria,
            **{campo: getattr(fila, campo) for campo in ("direccion", "telefono", "email", "num_registro_centro")},
        },
        "titular": {
            "nombre": fila.titular,
            "telefono": telefonos[0]["numero"] if telefonos else None,
            "identificador_fiscal": fila.fiscal_titular,
            "rega": fila.codigo_rega,
        },
    }  # fmt: skip


def _grupo(grupo: Mapping[str, Any]) -> dict[str, Any]:
    lote = {campo: grupo.get(campo) for campo in ("especie", "numero_animales", "rega", "destino")}
    return {**_SIN_FICHA, **lote, "identificacion": grupo["lote"]}


def _pedir_animal(receta: Receta) -> Callable[[], dict[str, Any]]:
    """La ficha del paciente; de un grupo no la hay, y es lo que se escribió de él."""
    grupo = receta.grupo
    if grupo is not None:
        return lambda: _grupo(grupo)
    paciente = Paciente.__table__
    filas = rows(
        select(
            *(paciente.c[campo] for campo in _DEL_PACIENTE),
            Especie.nombre.label("especie_nombre"),
            func.coalesce(Raza.nombre, paciente.c.raza_texto).label("raza_nombre"),
        )
        .join(Especie, Especie.codigo == paciente.c.especie)
        .outerjoin(Raza, and_(Raza.especie == paciente.c.especie, Raza.codigo == paciente.c.raza))
        .where(paciente.c.organizacion_id == receta.organizacion_id, paciente.c.id == receta.paciente_id)
    )
    return lambda: _animal(_unica(filas))


def _animal(fila: AnyRow) -> dict[str, Any]:
    otros = [uno.get("valor") for uno in fila.identificadores]
    return {
        **{campo: _texto(getattr(fila, campo)) for campo in _DEL_PACIENTE if campo != "identificadores"},
        "especie_nombre": fila.especie_nombre,
        "raza_nombre": fila.raza_nombre,
        "identificacion": fila.microchip or next(iter(otros), None) or fila.codigo,
        "numero_animales": 1,
        "rega": None,
    }


_DEL_PACIENTE = (
    "nombre", "codigo", "especie", "sexo", "fecha_nacimiento", "capa", "microchip", "identificadores", "destino",
)  # fmt: skip
_SIN_FICHA = dict.fromkeys(
    (*(campo for campo in _DEL_PACIENTE if campo != "identificadores"), "especie_nombre", "raza_nombre")
)


def _unica(filas: Rows) -> AnyRow:
    fila = filas.first()
    if fila is None:
        raise NoEncontrado
    return fila


def _linea(linea: Any, ficha: FichaMedicamento | None) -> dict[str, Any]:
    return {
        "medicamento_id": _texto(linea.medicamento_id),
        "medicamento": ficha.nombre if ficha else linea.formula_magistral,
        "num_registro": ficha.num_registro if ficha else None,
        "principios": [
            {"nombre": uno.nombre, "concentracion": _texto(uno.concentracion), "unidad": uno.unidad}
            for uno in (ficha.principios if ficha else ())
        ],
        "forma": ficha.forma if ficha else None,
        "formato": ficha.formato if ficha else None,
        **{campo: _texto(getattr(linea, campo)) for campo in _CAMPOS_LINEA},
        "envases_en_letra": en_letra(linea.envases) if linea.envases else None,
        "posologia": posologia(
            linea.cantidad_por_toma, linea.unidad, linea.via, linea.intervalo_h, linea.duracion_dias, linea.pauta_texto
        ),
    }


def _texto(valor: Any) -> Any:
    """Decimales, fechas e identificadores, en texto: la huella no depende de quién los escriba."""
    if isinstance(valor, Decimal):
        return f"{valor.normalize():f}"
    return str(valor) if isinstance(valor, UUID | date) else valor
