"""Qué adjuntos ve cada quien: los de lo que puede ver y, según quién sea, sólo una parte de ellos."""

from sqlalchemy import ColumnElement, and_, or_

from app.api.models.adjunto import Adjunto, ClaseAdjunto
from app.api.models.alcance import cliente_visible, paciente_visible
from app.api.models.alcance_consultas import consulta_visible
from app.utils.tenancy import Quien, restringir


def _adjunto(quien: Quien) -> ColumnElement[bool] | None:
    """En el portal, lo publicado y lo que subió; sin permiso clínico, lo administrativo."""
    condiciones = [_de_algo_visible(quien)]
    if quien.es_cliente:
        publicado = Adjunto.publicado_en.is_not(None)
        condiciones.append(or_(publicado, Adjunto.subido_por_cliente_id == quien.cliente_id))
    elif not quien.ve_adjuntos_clinicos:
        condiciones.append(Adjunto.clase == ClaseAdjunto.ADMINISTRATIVO)
    puestas = [una for una in condiciones if una is not None]
    return and_(*puestas) if puestas else None


def _de_algo_visible(quien: Quien) -> ColumnElement[bool] | None:
    paciente = paciente_visible(quien, Adjunto.paciente_id)
    consulta = consulta_visible(quien, Adjunto.consulta_id)
    cliente = cliente_visible(quien, Adjunto.cliente_id)
    if paciente is None or consulta is None or cliente is None:
        return None  # las tres siguen a los clientes: quien los ve todos lo ve todo
    return or_(paciente, consulta, cliente)


restringir(Adjunto, _adjunto)
