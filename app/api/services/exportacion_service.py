"""El derecho de acceso: todo lo que se guarda de una persona, en un solo documento."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.api.models import alcance  # noqa: F401 - declara qué ve cada cual
from app.api.models.cita import Cita
from app.api.models.cliente import Autorizado, ConsentimientoDatos
from app.api.models.lista_espera import Espera
from app.api.models.paciente import Paciente
from app.api.models.titularidad import Titularidad
from app.api.models.usuario import Usuario
from app.api.services.clientes_service import obtener
from app.utils.audit import anotar
from app.utils.context import ahora
from app.utils.records import columns, rows


def exportar(id: UUID) -> dict[str, Any]:
    """Los datos personales de un cliente; que se hayan sacado queda en la auditoría."""
    cliente = obtener(id)
    citas = rows(select(*columns(Cita)).where(Cita.cliente_id == id).order_by(Cita.inicio, Cita.id))
    notas = [("cliente", id, cliente["notas_internas"]), *(("cita", cita.id, cita.notas_internas) for cita in citas)]
    por_revisar = [{"de": de, "id": de_id, "texto": nota, "revisar": True} for de, de_id, nota in notas if nota]
    anotar("exportar", "clientes", id)
    return {
        "generado_en": ahora(),
        "cliente": cliente,
        "pacientes": _pacientes(id),
        "citas": citas,
        "lista_espera": rows(select(*columns(Espera)).where(Espera.cliente_id == id).order_by(Espera.id)),
        "consentimientos_datos": rows(
            select(*columns(ConsentimientoDatos))
            .where(ConsentimientoDatos.cliente_id == id)
            .order_by(ConsentimientoDatos.en, ConsentimientoDatos.id)
        ),
        "autorizados": rows(select(*columns(Autorizado)).where(Autorizado.cliente_id == id).order_by(Autorizado.id)),
        # Sin alcance: quien la concedió es otro cliente, pero lo que dice de este es de este.
        "autorizaciones_recibidas": rows(
            select(*columns(Autorizado)).where(Autorizado.cliente_autorizado_id == id).order_by(Autorizado.id),
            alcance=False,
        ),
        "cuentas": rows(
            select(
                Usuario.id, Usuario.email, Usuario.nombre, Usuario.estado, Usuario.ultimo_acceso_en, Usuario.creado_en
            )
            .where(Usuario.cliente_id == id)
            .order_by(Usuario.id)
        ),
        "notas_internas": por_revisar,
    }


def _pacientes(id: UUID) -> Any:
    suyo = and_(Paciente.organizacion_id == Titularidad.organizacion_id, Paciente.id == Titularidad.paciente_id)
    return rows(
        select(*columns(Paciente), Titularidad.rol, Titularidad.desde, Titularidad.hasta)
        .join(Titularidad, suyo)
        .where(Titularidad.cliente_id == id)
        .order_by(Titularidad.desde, Titularidad.id)
    )
