"""La historia clínica de la demostración: escrita, firmada, publicada y enmendada con las reglas de verdad."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from app.api.models.consulta import Consulta, TipoConsulta
from app.api.models.diagnostico import PROPIO, Certeza, Problema
from app.api.models.enmienda import Seccion
from app.api.models.peso import MetodoPeso, Peso
from app.api.schemas.constantes_schema import ConstantesCrear
from app.api.schemas.consulta_schema import Cierre, ConsultaEditar
from app.api.schemas.diagnostico_schema import DiagnosticoCrear
from app.api.schemas.enmienda_schema import EnmiendaCrear
from app.api.services import (
    cierre_consulta_service,
    constantes_service,
    consultas_service,
    demo_recetas_service,
    diagnosticos_service,
    enmiendas_service,
)
from app.api.services.demo_consultas_datos import DE_LA_SEMANA, ENMIENDA, PROBLEMA, VISITAS, Visita
from app.api.services.demo_pasos_service import ZONA, Identificador, a_las, asegurar, persona
from app.config.catalogos_csv import VERSION_CATALOGOS
from app.config.semillas_consultas import diagnosticos
from app.utils.context import contexto, iniciar
from app.utils.records import add, first, rows

HORA, FIN = time(17, 30), time(18)
TERMINOS = {uno.codigo: uno.nombre for uno in diagnosticos()}


def llenar(identificador: Identificador) -> None:
    """Las consultas de Luna que falten, cada una en su fecha; repetirla no cambia nada."""
    previo = contexto()
    veterinaria = persona(identificador, "veterinaria")
    try:
        for visita in VISITAS:
            id = identificador("consultas", "luna", visita.dia)
            if first(select(Consulta.id).where(Consulta.id == id)) is None:
                a_las(veterinaria, datetime.combine(date.fromisoformat(visita.dia), FIN, ZONA))
                _atender(identificador, id, visita)
        _problema(identificador)
    finally:
        iniciar(previo)


def _atender(identificador: Identificador, id: UUID, visita: Visita) -> None:
    luna, cuando = identificador("pacientes", "luna"), datetime.combine(date.fromisoformat(visita.dia), HORA, ZONA)
    hallazgo = {visita.hallazgo[0]: {"estado": "anormal", "texto": visita.hallazgo[1]}} if visita.hallazgo else {}
    add(
        Consulta(
            id=id, paciente_id=luna, sede_id=identificador("sedes", "MAD"), tipo=TipoConsulta(visita.tipo),
            veterinario_id=identificador("profesionales", "veterinaria@demo.test"), motivo=visita.motivo,
            motivo_codigo=visita.codigo, inicio=cuando, subjetivo=visita.subjetivo, objetivo=visita.objetivo,
            valoracion=visita.valoracion, plan=visita.plan, recomendaciones_cliente=visita.recomendaciones,
            exploracion={"general": {"estado": "normal", "texto": None}, **hallazgo},
        )
    )  # fmt: skip
    add(Peso(paciente_id=luna, consulta_id=id, peso_kg=Decimal(visita.peso), metodo=MetodoPeso.BASCULA,
             medido_en=cuando))  # fmt: skip
    constantes_service.crear(
        id, ConstantesCrear(temperatura=Decimal(visita.temperatura), frecuencia_cardiaca=visita.frecuencia)
    )
    for codigo, certeza, publicado in visita.terminos:
        diagnosticos_service.crear(
            id,
            DiagnosticoCrear(
                texto=TERMINOS[codigo], sistema_codigo=PROPIO, codigo=codigo, certeza=Certeza(certeza),
                publicado=publicado,
            ),
        )  # fmt: skip
    demo_recetas_service.tratar(identificador, id, visita.dia)
    cierre_consulta_service.cerrar(id, Cierre())
    cierre_consulta_service.publicar(id)
    dia, seccion, texto, motivo = ENMIENDA
    if visita.dia == dia:
        enmiendas_service.crear(id, EnmiendaCrear(seccion=Seccion(seccion), texto=texto, motivo=motivo))


def _problema(identificador: Identificador) -> None:
    dia, codigo, notas = PROBLEMA
    asegurar(
        Problema, identificador("problemas", "luna", codigo), paciente_id=identificador("pacientes", "luna"),
        texto=TERMINOS[codigo], sistema_codigo=PROPIO, codigo=codigo, version_sistema=VERSION_CATALOGOS,
        fecha_inicio=date.fromisoformat(dia), notas=notas,
    )  # fmt: skip


def cerrar(cita_id: UUID, paciente: str) -> None:
    """Escribe y firma la consulta que abrió una cita ya atendida."""
    (consulta,) = rows(select(Consulta.id).where(Consulta.cita_id == cita_id))
    valoracion, plan = DE_LA_SEMANA[paciente]
    consultas_service.editar(consulta.id, ConsultaEditar.model_validate({"valoracion": valoracion, "plan": plan}))
    cierre_consulta_service.cerrar(consulta.id, Cierre())
