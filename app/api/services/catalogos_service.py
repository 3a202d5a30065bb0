"""Los catálogos compartidos y lo que la API dice de sí misma: sólo lecturas."""

from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Integer, Text, cast, literal, or_, select
from sqlalchemy import func as sql

from app.api.models import (
    agenda,
    alerta,
    cita,
    cliente,
    constantes,
    consulta,
    desparasitacion,
    diagnostico,
    enmienda,
    lista_espera,
    medicamento,
    paciente,
    peso,
    producto,
    profesional,
    protocolo_vacunal,
    titularidad,
    usuario,
)
from app.api.models.catalogo import Especie, Raza
from app.api.schemas import exploracion_schema
from app.api.schemas.catalogo_schema import EspecieFiltro, RazaFiltro
from app.config import semillas_consultas, semillas_vacunas
from app.config.catalogos_csv import VERSION_CATALOGOS
from app.config.permissions import AMBITOS, Rol
from app.config.settings import get_settings
from app.config.territorios import MONEDAS, PAISES, TERRITORIOS
from app.utils.alertas_medicacion import TipoRegla
from app.utils.documentation_texts import INFO
from app.utils.horas import zona_valida
from app.utils.medicacion import Gravedad, UnidadDosis, Via
from app.utils.pagination import Page, paginate
from app.utils.passwords import LONGITUD_MINIMA
from app.utils.records import columns
from app.utils.tokens import ACCESO_S

AVISO_CLINICO = (
    "Herramienta de apoyo. Los valores por defecto proceden de fuentes públicas, no sustituyen a la ficha técnica "
    "autorizada en el país ni al juicio del veterinario responsable"
)
PARECIDO_MINIMO = 5_000

# Nombre con el que los formularios piden cada lista de valores -> la enumeración que los fija.
_ENUMERACIONES: dict[str, type[StrEnum]] = {
    "agente_alergia": alerta.AgenteTipo,
    "canal": cliente.Canal,
    "categoria_ema": medicamento.CategoriaEma,
    "categoria_profesional": profesional.Categoria,
    "certeza_diagnostico": diagnostico.Certeza,
    "clase_protocolo_vacunal": protocolo_vacunal.ClaseProtocolo,
    "control_principio": medicamento.Control,
    "destino_paciente": paciente.Destino,
    "estado_cita": cita.EstadoCita,
    "estado_cliente": cliente.EstadoCliente,
    "estado_consulta": consulta.EstadoConsulta,
    "estado_dato": protocolo_vacunal.EstadoDato,
    "estado_exploracion": exploracion_schema.EstadoExploracion,
    "estado_lista_espera": lista_espera.EstadoEspera,
    "estado_paciente": paciente.EstadoPaciente,
    "estado_usuario": usuario.EstadoUsuario,
    "estado_validacion": medicamento.EstadoValidacion,
    "esterilizado": paciente.Esterilizado,
    "finalidad_consentimiento": cliente.Finalidad,
    "gravedad_alergia": alerta.GravedadAlergia,
    "gravedad_alerta_medicacion": Gravedad,
    "masa_muscular": peso.Mcs,
    "mdr1": paciente.Mdr1,
    "metodo_firma": consulta.MetodoFirma,
    "metodo_peso": peso.MetodoPeso,
    "mucosas": constantes.Mucosas,
    "nivel_alerta": alerta.NivelAlerta,
    "origen_cita": cita.OrigenCita,
    "precision_nacimiento": paciente.Precision,
    "prioridad": cita.Prioridad,
    "regimen_fiscal": cliente.RegimenFiscal,
    "rol": Rol,
    "rol_titular": titularidad.RolTitular,
    "seccion_enmienda": enmienda.Seccion,
    "sexo": paciente.Sexo,
    "sin_identificacion": paciente.SinIdentificacion,
    "sistema_corporal": exploracion_schema.SistemaCorporal,
    "tipo_alerta": alerta.TipoAlerta,
    "tipo_cliente": cliente.TipoCliente,
    "tipo_consulta": consulta.TipoConsulta,
    "tipo_desparasitacion": desparasitacion.TipoDesparasitacion,
    "tipo_excepcion_horario": agenda.TipoExcepcion,
    "tipo_producto": producto.TipoProducto,
    "tipo_protocolo_vacunal": protocolo_vacunal.TipoProtocolo,
    "tipo_recurso": agenda.TipoRecurso,
    "tipo_regla_alerta": TipoRegla,
    "tipo_vacuna": producto.TipoVacuna,
    "unidad_base_medicamento": medicamento.UnidadBase,
    "unidad_concentracion": medicamento.UnidadConcentracion,
    "unidad_dosis": UnidadDosis,
    "via": Via,
    "via_vacuna": producto.ViaVacuna,
}


def meta() -> dict[str, Any]:
    """Versión, modo, límites y aviso clínico."""
    ajustes = get_settings()
    return {
        "aviso_clinico": AVISO_CLINICO,
        "version": INFO["version"],
        "version_catalogos": VERSION_CATALOGOS,
        "modo": ajustes.modo.value,
        "reloj_ajustable": ajustes.reloj_ajustable,
        "limites": {
            "cuerpo_bytes": ajustes.limite_cuerpo,
            "pagina_maxima": 100,
            "pagina_por_defecto": 25,
            "clave_idempotencia_caracteres": 255,
            "token_acceso_segundos": ACCESO_S,
            "contrasena_minima": LONGITUD_MINIMA,
        },
    }


def motivos_consulta() -> dict[str, Any]:
    """Los motivos del sistema propio."""
    return {
        "sistema": diagnostico.PROPIO,
        "version_sistema": VERSION_CATALOGOS,
        "datos": semillas_consultas.motivos_consulta(),
    }


def diagnosticos() -> dict[str, Any]:
    """Los diagnósticos del sistema propio."""
    return {
        "sistema": diagnostico.PROPIO,
        "version_sistema": VERSION_CATALOGOS,
        "datos": semillas_consultas.diagnosticos(),
    }


def especies(filtro: EspecieFiltro) -> Page:
    """Las especies, por nombre."""
    return paginate(select(*columns(Especie)), filtro, {"nombre": _ordenable(Especie.nombre)}, "nombre", Especie.codigo)


def razas(filtro: RazaFiltro) -> Page:
    """Las razas, por nombre; con ``q``, por parecido, sin tildes ni mayúsculas."""
    nombre = _ordenable(Raza.nombre)
    ordenes, defecto = {"nombre": nombre}, "nombre"
    consulta = select(*columns(Raza))
    if filtro.especie:
        consulta = consulta.where(Raza.especie == filtro.especie)
    if filtro.q:
        buscado = sql.servet_normalizar(filtro.q)
        # En enteros: un real no sobrevive a la ida y vuelta en el cursor.
        parecido = cast(sql.word_similarity(buscado, nombre) * 10_000, Integer)
        relevancia = parecido + cast(sql.similarity(buscado, nombre) * 10_000, Integer)
        consulta = consulta.where(or_(sql.strpos(nombre, buscado) > 0, parecido >= PARECIDO_MINIMO))
        ordenes, defecto = {**ordenes, "relevancia": relevancia}, "-relevancia"
    # El código sólo es único dentro de su especie.
    unica = sql.concat(Raza.especie, literal("/"), Raza.codigo, type_=Text())
    return paginate(consulta, filtro, ordenes, defecto, unica)


def territorios_fiscales() -> dict[str, Any]:
    """Los territorios fiscales que puede tener una sede."""
    return {"datos": TERRITORIOS}


def antigenos() -> dict[str, Any]:
    """Contra qué se vacuna. Fuente: dominio §5.4."""
    return {"datos": semillas_vacunas.antigenos()}


def paises() -> dict[str, Any]:
    """Los países en los que puede estar una organización."""
    return {"datos": [{"codigo": uno, "nombre": nombre, "moneda": MONEDAS[uno]} for uno, nombre in PAISES.items()]}


@cache
def zonas_horarias() -> dict[str, Any]:
    """Las zonas horarias que puede tener una sede."""
    return {"datos": sorted(filter(zona_valida, available_timezones()))}


@cache
def enumeraciones() -> dict[str, Any]:
    """Los valores de cada campo cerrado, y los ámbitos de una integración."""
    valores = {nombre: [uno.value for uno in enumeracion] for nombre, enumeracion in _ENUMERACIONES.items()}
    return {"datos": {**valores, "ambito_integracion": AMBITOS}}


def _ordenable(columna: Any) -> Any:
    return sql.servet_normalizar(columna, type_=Text())
