"""Cerrar, anular y publicar una consulta; y el documento que se firma, que cualquiera puede recomponer."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all

from app.api.models.administracion import Administracion
from app.api.models.receta import EstadoReceta, Receta
from app.api.schemas.consulta_schema import Cierre
from app.api.services.consultas_service import leer, pedir, pedir_lectura, tomar
from app.api.services.firmantes_service import pedir_mi_firma
from app.utils.context import ahora, identidad
from app.utils.errors import BusinessRule, Conflict
from app.utils.huellas import huella, instante
from app.utils.records import Reread, Rows, change, rows
from app.utils.schemas import Motivo

# Lo que cubre la huella, y en qué orden no importa: el JSON canónico ordena las claves (decisión 0013).
DE_LA_CONSULTA = (
    "id", "sede_id", "veterinario_id", "cita_id", "tipo", "motivo", "motivo_codigo", "inicio", "subjetivo", "objetivo",
    "valoracion", "plan", "recomendaciones_cliente", "notas_clinicas_privadas", "proxima_revision",
)  # fmt: skip
DE_LO_SUYO = {
    "constantes": (
        "id", "tomadas_en", "temperatura", "frecuencia_cardiaca", "frecuencia_respiratoria", "trc", "pas", "pad",
        "pam", "spo2", "glucemia", "deshidratacion_pct", "mucosas", "dolor", "referencias",
    ),
    "diagnosticos": (
        "id", "certeza", "texto", "sistema_codigo", "codigo", "version_sistema", "publicado", "sustituye_a_id",
    ),
    "pesos": ("id", "peso_kg", "medido_en", "metodo", "bcs", "mcs"),
}  # fmt: skip


class ConsultaIncompleta(BusinessRule):
    """A la consulta le falta algo para poder cerrarse."""


class ConsultaConActos(Conflict):
    """De esa consulta han salido otros documentos: ya no se anula."""


def cerrar(id: UUID, datos: Cierre) -> Reread:
    """Firma y cierra. Errores: ``TransicionInvalida``, ``ProfesionalSinColegiacion``, ``ConsultaIncompleta``."""
    leer_consulta, leer_firmante, leer_escrita = pedir(id), pedir_mi_firma(), pedir_lectura(id)
    consulta = leer_consulta()
    consulta.pasar_por("cierre")
    firmante, escrita = leer_firmante(), leer_escrita()
    _exigir_completa(escrita)
    firma = {
        "usuario_id": str(identidad().id),
        "veterinario": firmante.nombre,
        "num_colegiado": firmante.num_colegiado,
        "firmado_en": instante(ahora()),
        "metodo_firma": datos.metodo_firma.value,
        "paciente_id": str(consulta.paciente_id),
    }
    sello = huella(documento({**escrita, "firma": firma}))
    change(consulta, {"cerrada_en": ahora(), "firma": firma, "huella": sello})
    return Reread(leer, id)


def anular(id: UUID, datos: Motivo) -> Reread:
    """Anula una consulta abierta de la que no ha salido nada. Errores: ``TransicionInvalida``, ``ConsultaConActos``."""
    # Quien receta desde ella comparte su bloqueo: o ya está aquí, o la encontrará anulada.
    leer_consulta, actos = pedir(id), _pedir_actos(id)
    consulta = leer_consulta()
    consulta.pasar_por("anulacion")
    if actos.first():
        raise ConsultaConActos
    change(consulta, {"anulacion_motivo": datos.motivo})
    return Reread(leer, id)


def publicar(id: UUID) -> Reread:
    """La enseña en el portal; si ya lo estaba, sigue como estaba. Errores: ``TransicionInvalida``."""
    consulta = tomar(id)
    consulta.pasar_por("publicacion")
    if consulta.publicada_en is None:
        change(consulta, {"publicada_en": ahora()})
    return Reread(leer, id)


def documento(leida: dict[str, Any]) -> dict[str, Any]:
    """Lo que se firma, tomado de la lectura completa de la consulta. Lo que cuelga, por id; lo no explorado no está."""
    salida: dict[str, Any] = {campo: leida[campo] for campo in DE_LA_CONSULTA}
    for nombre, campos in DE_LO_SUYO.items():
        suyos = sorted(leida[nombre], key=lambda uno: str(uno["id"]))
        salida[nombre] = [{campo: uno[campo] for campo in campos} for uno in suyos]
    salida["exploracion"] = [uno for uno in leida["exploracion"] if uno["estado"] != "no_explorado"]
    return {**salida, "firma": leida["firma"]}


def _exigir_completa(consulta: dict[str, Any]) -> None:
    faltan = []
    if not consulta["valoracion"] and not consulta["diagnosticos"]:
        faltan.append(("/valoracion", "Escriba una valoración o al menos un diagnóstico"))
    if not consulta["plan"]:
        faltan.append(("/plan", "Falta el plan"))
    if faltan:
        errores = [{"campo": campo, "codigo": "FALTA", "mensaje": mensaje} for campo, mensaje in faltan]
        raise ConsultaIncompleta(errores=errores)


def _pedir_actos(id: UUID) -> Rows:
    """Recetas emitidas y medicamentos dados; un borrador no lo es todavía, y ya no podrá emitirse."""
    vigente = Receta.estado.not_in((EstadoReceta.BORRADOR, EstadoReceta.ANULADA))
    recetas = select(Receta.id).where(Receta.consulta_id == id, vigente)
    dados = select(Administracion.id).where(Administracion.consulta_id == id)
    return rows(union_all(recetas, dados).limit(1), alcance=False)
