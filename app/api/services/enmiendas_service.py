"""Las enmiendas: lo que se añade a una consulta cerrada sin tocarla, cada una colgada de la anterior."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.enmienda import Enmienda
from app.api.models.profesional import Profesional
from app.api.schemas.enmienda_schema import EnmiendaCrear
from app.api.services.acceso_clinico_service import de_consulta, exigir_relacion
from app.api.services.cierre_consulta_service import documento
from app.api.services.consultas_service import leer, pedir
from app.utils.context import ahora, identidad
from app.utils.errors import Conflict, Forbidden
from app.utils.huellas import huella
from app.utils.pagination import Page, paginate
from app.utils.records import AnyRow, Reread, add, columns, fetch, rows
from app.utils.schemas import PageQuery

DEL_ESLABON = ("consulta_id", "numero", "seccion", "texto", "motivo", "autor_id", "autor", "en", "huella_anterior")


class ConsultaAbierta(Conflict):
    """La consulta sigue abierta: corríjala directamente."""


class ConsultaSinFirmar(Conflict):
    """La consulta no está firmada: no hay cadena que verificar."""


class SoloQuienLaLleva(Forbidden):
    """Sólo la enmienda quien la firmó o el veterinario que la lleva."""


def listar(consulta_id: UUID, filtro: PageQuery) -> Page:
    """Las enmiendas de una consulta, por orden; en el portal, las de secciones publicables."""
    exigir_relacion(de_consulta(consulta_id), "consultas", consulta_id)
    consulta = select(*columns(Enmienda)).where(Enmienda.consulta_id == consulta_id)
    return paginate(consulta, filtro, {"numero": Enmienda.numero}, "numero", Enmienda.id)


def obtener(id: UUID) -> Any:
    """Una enmienda, si quien pide atiende al paciente o dice por qué la lee."""
    fila = _leer(id)
    exigir_relacion(de_consulta(fila.consulta_id), "enmiendas", id)
    return fila


def crear(consulta_id: UUID, datos: EnmiendaCrear) -> Reread:
    """Añade una enmienda al final de la cadena. Errores: ``ConsultaAbierta``, ``SoloQuienLaLleva``."""
    # Detrás del bloqueo de la consulta: quien enmiende a la vez espera, y cuelga de esta.
    leer_consulta = pedir(consulta_id)
    fichas = rows(select(Profesional.id, Profesional.nombre).where(Profesional.usuario_id == identidad().id))
    suyas = select(Enmienda.numero, Enmienda.huella).where(Enmienda.consulta_id == consulta_id)
    ultimas = rows(suyas.order_by(Enmienda.numero.desc()).limit(1))
    consulta = leer_consulta()
    if consulta.estado is not EstadoConsulta.CERRADA:
        raise ConsultaAbierta
    autor, ultima = _autor(consulta, fichas.first()), ultimas.first()
    campos = {
        **datos.model_dump(),
        "consulta_id": consulta_id,
        "numero": ultima.numero + 1 if ultima else 1,
        "autor_id": identidad().id,
        "autor": autor,
        "en": ahora(),
        "huella_anterior": ultima.huella if ultima else consulta.huella,
    }
    return Reread(_leer, add(Enmienda(**campos, huella=huella(eslabon(campos)))).id)


def verificar(consulta_id: UUID) -> dict[str, Any]:
    """Recalcula la huella de la consulta y la de cada enmienda, y dice dónde dejan de casar."""
    exigir_relacion(de_consulta(consulta_id), "consultas", consulta_id)
    consulta = leer(consulta_id)
    if consulta["huella"] is None:
        raise ConsultaSinFirmar
    anterior, roto = huella(documento(consulta)), None
    if anterior != consulta["huella"]:
        roto = consulta_id
    for numero, una in enumerate(consulta["enmiendas"], start=1):
        casa = una["numero"] == numero and una["huella_anterior"] == anterior and una["huella"] == huella(eslabon(una))
        if roto is None and not casa:
            roto = una["id"]
        anterior = una["huella"]
    return {
        "integra": roto is None,
        "primer_eslabon_roto": roto,
        "enmiendas": len(consulta["enmiendas"]),
        "huella": anterior,
    }


def eslabon(enmienda: dict[str, Any]) -> dict[str, Any]:
    """Lo que cubre la huella de una enmienda."""
    return {campo: enmienda[campo] for campo in DEL_ESLABON}


def _leer(id: UUID) -> Any:
    return fetch(select(*columns(Enmienda)).where(Enmienda.id == id))


def _autor(consulta: Consulta, ficha: AnyRow | None) -> str:
    """Cómo se llama quien enmienda, si puede."""
    firmo = consulta.firma is not None and consulta.firma["usuario_id"] == str(identidad().id)
    if ficha is None or not (firmo or ficha.id == consulta.veterinario_id):
        raise SoloQuienLaLleva
    return str(ficha.nombre)
