"""Reglas de objeto, todas juntas: qué filas ve el titular en el portal y qué filas ve cada sede."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, all_, and_, any_, exists, false, not_, or_, select, true

from app.api.models.administracion import Administracion
from app.api.models.alerta import Alergia, Alerta
from app.api.models.cita import Cita, CitaPaciente
from app.api.models.cliente import Autorizado, Cliente, ConsentimientoDatos
from app.api.models.comunicacion_antibiotico import ComunicacionAntibiotico
from app.api.models.controlado import AsientoControlado
from app.api.models.desparasitacion import Desparasitacion
from app.api.models.integracion import Integracion, IntegracionSede
from app.api.models.lista_espera import Espera
from app.api.models.paciente import Paciente
from app.api.models.peso import Peso
from app.api.models.receta import EstadoReceta, Receta
from app.api.models.suceso_adverso import SucesoAdverso
from app.api.models.tarea import Tarea
from app.api.models.titularidad import Titularidad
from app.api.models.vacunacion import Vacunacion, VacunacionProtocolo
from app.utils.tenancy import Quien, restringir

# Tablas y no clases dentro de los EXISTS: son la regla misma, no lecturas que haya que volver a filtrar.
# Con otro nombre: la consulta de fuera puede leer la misma tabla y no es la misma fila.
_titularidades = Titularidad.__table__.alias("titularidades_regla")
_autorizados = Autorizado.__table__.alias("autorizados_regla")
_clientes = Cliente.__table__.alias("clientes_regla")
_citas = Cita.__table__.alias("citas_regla")
_acompanantes = CitaPaciente.__table__.alias("citas_pacientes_regla")
_integraciones_sedes = IntegracionSede.__table__.alias("integraciones_sedes_regla")


def _sin_limite_de_sede(quien: Quien) -> bool:
    return quien.es_administrador and not quien.tiene_sedes


def _de_sus_sedes(quien: Quien, columna: SQLColumnExpression[Any]) -> ColumnElement[bool] | None:
    if _sin_limite_de_sede(quien) or (quien.es_integracion and not quien.tiene_sedes):
        return None
    return columna == any_(quien.sedes)


def paciente_propio(
    quien: Quien, paciente_id: SQLColumnExpression[Any], *, para_citas: bool = False
) -> ColumnElement[bool]:
    """Titularidad vigente, o autorización vigente con permiso para ver el historial (o, para sus citas, pedirlas)."""
    titular = (
        select(1)
        .select_from(_titularidades)
        .where(
            _titularidades.c.organizacion_id == quien.organizacion_id,
            _titularidades.c.paciente_id == paciente_id,
            _titularidades.c.cliente_id == quien.cliente_id,
            _titularidades.c.hasta.is_(None),
        )
    )
    autorizado = (
        select(1)
        .select_from(
            _titularidades.join(
                _autorizados,
                and_(
                    _autorizados.c.organizacion_id == _titularidades.c.organizacion_id,
                    _autorizados.c.cliente_id == _titularidades.c.cliente_id,
                ),
            )
        )
        .where(
            _titularidades.c.organizacion_id == quien.organizacion_id,
            _titularidades.c.paciente_id == paciente_id,
            _titularidades.c.hasta.is_(None),
            _autorizados.c.cliente_autorizado_id == quien.cliente_id,
            _autorizados.c.activo,
            or_(_autorizados.c.puede_ver_historial, _autorizados.c.puede_pedir_cita)
            if para_citas
            else _autorizados.c.puede_ver_historial,
            _autorizados.c.desde <= quien.hoy,
            or_(_autorizados.c.hasta.is_(None), _autorizados.c.hasta >= quien.hoy),
        )
    )
    return or_(titular.exists(), autorizado.exists())


def _clientes_por_sede(quien: Quien) -> bool:
    """Si sólo ve los clientes de sus sedes, porque la organización no los comparte."""
    return not (
        quien.clientes_compartidos or _sin_limite_de_sede(quien) or (quien.es_integracion and not quien.tiene_sedes)
    )


def _con_cita_en_sus_sedes(quien: Quien, de_quien: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        _citas.c.organizacion_id == quien.organizacion_id, de_quien, _citas.c.sede_id == any_(quien.sedes)
    )


def cliente_visible(quien: Quien, cliente_id: SQLColumnExpression[Any]) -> ColumnElement[bool] | None:
    """El propio en el portal; en la clínica todos o, si no se comparten, los de sus sedes. None: sin límite."""
    if quien.es_cliente:
        return cliente_id == quien.cliente_id
    if not _clientes_por_sede(quien):
        return None
    habitual = exists().where(
        _clientes.c.organizacion_id == quien.organizacion_id,
        _clientes.c.id == cliente_id,
        _clientes.c.sede_habitual_id == any_(quien.sedes),
    )
    return or_(habitual, _con_cita_en_sus_sedes(quien, _citas.c.cliente_id == cliente_id))


def paciente_visible(quien: Quien, paciente_id: SQLColumnExpression[Any]) -> ColumnElement[bool] | None:
    """El paciente sigue a su titular: quien no ve al uno no ve al otro. None: sin límite."""
    if quien.es_cliente:
        return paciente_propio(quien, paciente_id)
    if not _clientes_por_sede(quien):
        return None
    habitual = (
        select(1)
        .select_from(
            _titularidades.join(
                _clientes,
                and_(
                    _clientes.c.organizacion_id == _titularidades.c.organizacion_id,
                    _clientes.c.id == _titularidades.c.cliente_id,
                ),
            )
        )
        .where(
            _titularidades.c.organizacion_id == quien.organizacion_id,
            _titularidades.c.paciente_id == paciente_id,
            _titularidades.c.hasta.is_(None),
            or_(
                _clientes.c.sede_habitual_id == any_(quien.sedes),
                _con_cita_en_sus_sedes(quien, _citas.c.cliente_id == _clientes.c.id),
            ),
        )
    )
    acompanando = (
        select(1)
        .select_from(
            _acompanantes.join(
                _citas,
                and_(
                    _citas.c.organizacion_id == _acompanantes.c.organizacion_id,
                    _citas.c.id == _acompanantes.c.cita_id,
                ),
            )
        )
        .where(
            _acompanantes.c.organizacion_id == quien.organizacion_id,
            _acompanantes.c.paciente_id == paciente_id,
            _citas.c.sede_id == any_(quien.sedes),
        )
    )
    primero = _con_cita_en_sus_sedes(quien, _citas.c.paciente_id == paciente_id)
    return or_(habitual.exists(), primero, acompanando.exists())


def _paciente(quien: Quien) -> ColumnElement[bool] | None:
    return paciente_visible(quien, Paciente.id)


def _cliente(quien: Quien) -> ColumnElement[bool] | None:
    if quien.es_cliente or not _clientes_por_sede(quien):
        return cliente_visible(quien, Cliente.id)
    return or_(
        Cliente.sede_habitual_id == any_(quien.sedes),
        _con_cita_en_sus_sedes(quien, _citas.c.cliente_id == Cliente.id),
    )


def _titularidad(quien: Quien) -> ColumnElement[bool] | None:
    return cliente_visible(quien, Titularidad.cliente_id)


def _consentimiento(quien: Quien) -> ColumnElement[bool] | None:
    return cliente_visible(quien, ConsentimientoDatos.cliente_id)


def _autorizado(quien: Quien) -> ColumnElement[bool] | None:
    return cliente_visible(quien, Autorizado.cliente_id)


def _peso(quien: Quien) -> ColumnElement[bool] | None:
    return paciente_visible(quien, Peso.paciente_id)


def _vacunacion(quien: Quien) -> ColumnElement[bool] | None:
    return paciente_visible(quien, Vacunacion.paciente_id)


def _vacunacion_protocolo(quien: Quien) -> ColumnElement[bool] | None:
    return paciente_visible(quien, VacunacionProtocolo.paciente_id)


def _desparasitacion(quien: Quien) -> ColumnElement[bool] | None:
    return paciente_visible(quien, Desparasitacion.paciente_id)


def _alergia(quien: Quien) -> ColumnElement[bool] | None:
    return paciente_visible(quien, Alergia.paciente_id)


def _alerta(quien: Quien) -> ColumnElement[bool] | None:
    return false() if quien.es_cliente else paciente_visible(quien, Alerta.paciente_id)


def _tarea(quien: Quien) -> ColumnElement[bool] | None:
    if quien.es_cliente:
        return false()
    visible = paciente_visible(quien, Tarea.paciente_id)
    return None if visible is None else or_(Tarea.paciente_id.is_(None), visible)


def _cita(quien: Quien) -> ColumnElement[bool] | None:
    if quien.es_cliente:
        return and_(Cita.cliente_id == quien.cliente_id, paciente_propio(quien, Cita.paciente_id, para_citas=True))
    return _de_sus_sedes(quien, Cita.sede_id)


def _espera(quien: Quien) -> ColumnElement[bool] | None:
    if quien.es_cliente:
        return and_(Espera.cliente_id == quien.cliente_id, paciente_propio(quien, Espera.paciente_id, para_citas=True))
    return _de_sus_sedes(quien, Espera.sede_id)


def _receta(quien: Quien) -> ColumnElement[bool] | None:
    """En el portal, las emitidas de sus animales; un grupo sin ficha es de su cliente."""
    suya = paciente_visible(quien, Receta.paciente_id)
    if suya is None:
        return None
    de_cliente = cliente_visible(quien, Receta.cliente_id)
    de_grupo = and_(Receta.paciente_id.is_(None), true() if de_cliente is None else de_cliente)
    visible = or_(suya, de_grupo)
    return and_(Receta.estado != EstadoReceta.BORRADOR, visible) if quien.es_cliente else visible


def _administracion(quien: Quien) -> ColumnElement[bool] | None:
    return false() if quien.es_cliente else paciente_visible(quien, Administracion.paciente_id)


def _comunicacion(quien: Quien) -> ColumnElement[bool] | None:
    return false() if quien.es_cliente else _de_sus_sedes(quien, ComunicacionAntibiotico.sede_id)


def _controlado(quien: Quien) -> ColumnElement[bool] | None:
    return false() if quien.es_cliente else _de_sus_sedes(quien, AsientoControlado.sede_id)


def _suceso(quien: Quien) -> ColumnElement[bool] | None:
    return false() if quien.es_cliente else _de_sus_sedes(quien, SucesoAdverso.sede_id)


def _integracion(quien: Quien) -> ColumnElement[bool] | None:
    """Quien administra unas sedes ve las integraciones que no salen de ellas."""
    if not quien.tiene_sedes or quien.es_integracion:
        return None
    suyas = exists().where(
        _integraciones_sedes.c.organizacion_id == quien.organizacion_id,
        _integraciones_sedes.c.integracion_id == Integracion.id,
    )
    return and_(suyas, not_(suyas.where(_integraciones_sedes.c.sede_id != all_(quien.sedes))))


for _modelo, _regla in (
    (Paciente, _paciente),
    (Cliente, _cliente),
    (Titularidad, _titularidad),
    (ConsentimientoDatos, _consentimiento),
    (Autorizado, _autorizado),
    (Peso, _peso),
    (Vacunacion, _vacunacion),
    (VacunacionProtocolo, _vacunacion_protocolo),
    (Desparasitacion, _desparasitacion),
    (Alergia, _alergia),
    (Alerta, _alerta),
    (Tarea, _tarea),
    (Cita, _cita),
    (Espera, _espera),
    (Integracion, _integracion),
    (Receta, _receta),
    (Administracion, _administracion),
    (ComunicacionAntibiotico, _comunicacion),
    (AsientoControlado, _controlado),
    (SucesoAdverso, _suceso),
):
    restringir(_modelo, _regla)
