"""Cómo se lee un paciente: qué columnas, qué se deriva de ellas y de qué conviene avisar."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, true

from app.api.models import alcance  # noqa: F401 - declara qué pacientes ve cada cual
from app.api.models.catalogo import Especie, Raza
from app.api.models.cliente import Cliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import EstadoPaciente, Esterilizado, Mdr1, Paciente, Precision
from app.api.models.peso import ultimo_peso
from app.api.models.titularidad import RolTitular, Titularidad
from app.utils import microchip
from app.utils.edad import Edad, edad, meses_cumplidos
from app.utils.records import columns

# Lo que ninguna ficha enseña: en una lista larga, traerlo se nota.
SIN_LEER = (
    "nombre_orden", "organizacion_id", "sede_alta_id", "activo", "baja_en", "baja_motivo", "creado_por",
    "actualizado_por",
)  # fmt: skip
GESTACION_DIAS = 75
MESES_ESTERILIZAR_GATO = 6
SIN_AVISOS_LEGALES = frozenset({EstadoPaciente.FALLECIDO, EstadoPaciente.FUSIONADO})
AVISOS = {
    "MDR1_RAZA_RIESGO": "Raza con posible sensibilidad a lactonas macrocíclicas",
    "PPP_POR_RAZA": "Raza potencialmente peligrosa en España: complete licencia y seguro",
    "SIN_IDENTIFICACION": "En España esta especie debe llevar identificación obligatoria y no consta",
    "GATO_SIN_ESTERILIZAR": "En España los gatos se esterilizan antes de los 6 meses, salvo reproductores registrados",
}


@cache
def lectura() -> Select[Any]:
    """Una fila por paciente, con su titular vigente, su último peso y lo que su especie y su raza piden."""
    ultimo = ultimo_peso()
    return (
        select(
            *columns(Paciente, *SIN_LEER),
            Cliente.id.label("cliente_id"),
            func.coalesce(Cliente.razon_social, func.concat_ws(" ", Cliente.nombre, Cliente.apellidos)).label(
                "titular_nombre"
            ),
            ultimo.c.peso_kg,
            ultimo.c.medido_en,
            ultimo.c.metodo,
            Especie.identificacion,
            Raza.mdr1.label("raza_mdr1"),
            Raza.ppp.label("raza_ppp"),
            Organizacion.pais,
            # Sólo lo que hace falta: la configuración entera habría que interpretarla en cada fila.
            Organizacion.config["validaciones_pais"].astext.label("validaciones_pais"),
        )
        .join(Especie, Especie.codigo == Paciente.especie)
        .join(Organizacion, Organizacion.id == Paciente.organizacion_id)
        .outerjoin(
            Titularidad,
            and_(
                Titularidad.organizacion_id == Paciente.organizacion_id,
                Titularidad.paciente_id == Paciente.id,
                Titularidad.rol == RolTitular.TITULAR,
                Titularidad.hasta.is_(None),
            ),
        )
        .outerjoin(
            Cliente, and_(Cliente.organizacion_id == Titularidad.organizacion_id, Cliente.id == Titularidad.cliente_id)
        )
        .outerjoin(ultimo, true())
        .outerjoin(Raza, and_(Raza.especie == Paciente.especie, Raza.codigo == Paciente.raza))
    )


def presentar(fila: Row[Any], hoy: date) -> dict[str, Any]:
    """La fila, con lo que se deriva de ella ese día: edad, peso actual, titular y avisos."""
    ficha = fila._asdict()
    ficha["edad"] = edad_de(fila, hoy)
    ficha["titular"] = {"id": fila.cliente_id, "nombre": fila.titular_nombre} if fila.cliente_id else None
    ficha["peso_actual"] = (
        {"peso_kg": fila.peso_kg, "medido_en": fila.medido_en, "metodo": fila.metodo} if fila.peso_kg else None
    )
    chip = microchip.Microchip(fila.microchip) if fila.microchip else None
    ficha["microchip_detalle"] = microchip.detalle(chip) if chip else None
    ficha["gestante"] = _reciente(fila.gestante_desde, hoy)
    ficha["lactante"] = _reciente(fila.lactante_desde, hoy)
    del_chip = [{"codigo": uno.codigo, "mensaje": uno.mensaje} for uno in microchip.avisos(chip)] if chip else []
    ficha["avisos"] = del_chip + [{"codigo": codigo, "mensaje": AVISOS[codigo]} for codigo in _avisos(fila, hoy)]
    return ficha


def edad_de(fila: Row[Any], hoy: date) -> Edad | None:
    """La edad hoy o, si murió, la que tenía."""
    if fila.fecha_nacimiento is None:
        return None
    # Quien pide puede estar en una zona donde aún es la víspera del nacimiento.
    referencia = max(fila.fecha_fallecimiento or hoy, fila.fecha_nacimiento)
    return edad(fila.fecha_nacimiento, referencia, fila.precision_nacimiento or Precision.EXACTA)


def _avisos(fila: Row[Any], hoy: date) -> list[str]:
    avisos = []
    if fila.raza_mdr1 and fila.mdr1 is Mdr1.NO_TESTADO:
        avisos.append("MDR1_RAZA_RIESGO")
    if fila.pais != "ES" or fila.validaciones_pais == "desactivadas":
        return avisos
    if fila.estado in SIN_AVISOS_LEGALES:
        return avisos
    if fila.raza_ppp and fila.ppp is None:
        avisos.append("PPP_POR_RAZA")
    if not _identificado(fila):
        avisos.append("SIN_IDENTIFICACION")
    if (
        fila.especie == "gato"
        and fila.esterilizado is not Esterilizado.SI
        and _meses(fila, hoy) >= MESES_ESTERILIZAR_GATO
    ):
        avisos.append("GATO_SIN_ESTERILIZAR")
    return avisos


def _identificado(fila: Row[Any]) -> bool:
    """Si lleva lo que en España se exige a su especie."""
    if fila.identificacion == "microchip":
        return fila.microchip is not None
    return fila.identificacion != "anilla" or any(uno["tipo"] == "anilla" for uno in fila.identificadores)


def _meses(fila: Row[Any], hoy: date) -> int:
    nacimiento = fila.fecha_nacimiento
    return meses_cumplidos(nacimiento, hoy) if nacimiento and nacimiento <= hoy else 0


def _reciente(desde: date | None, hoy: date) -> bool:
    return desde is not None and hoy - desde <= timedelta(days=GESTACION_DIAS)
