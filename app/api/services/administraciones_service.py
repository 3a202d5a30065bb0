"""La administración directa: lo que el veterinario pone de su botiquín en un acto clínico."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from app.api.models import alcance  # noqa: F401 - declara qué administraciones ve cada cual
from app.api.models.administracion import Administracion
from app.api.models.controlado import TipoControlado
from app.api.models.medicamento import Medicamento
from app.api.models.paciente import Destino, Paciente
from app.api.models.profesional import Profesional
from app.api.models.receta import ClaseReceta
from app.api.models.vacunacion import LoteCaducado
from app.api.schemas.administracion_schema import AdministracionCrear, AdministracionFiltro
from app.api.services import alertas_medicacion_service as alertas
from app.api.services import comunicaciones_antibiotico_service as comunicaciones
from app.api.services import controlados_service as controlados
from app.api.services.acceso_clinico_service import exigir_relacion
from app.api.services.fichas_medicamento_service import FichaMedicamento, pedir_fichas
from app.api.services.firmantes_service import pedir_firmante
from app.api.services.lineas_receta_service import envases_para, porcentaje
from app.api.services.pacientes_service import FechaFutura, FechasIncoherentes, exigir_vivo
from app.api.services.pesos_service import peso_vigente
from app.api.services.recetas_service import pedir_consulta, pedir_sede_del_acto
from app.utils.context import ahora
from app.utils.errors import BusinessRule
from app.utils.filters import matching
from app.utils.horas import fecha_local
from app.utils.medicacion import UnidadDosis
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, columns, fetch
from app.utils.tiempos_espera import Espera, UnidadEspera, apto_desde

_ORDENES: dict[str, Any] = {"en": Administracion.en}
UN_DIA = timedelta(days=1)


class AdministracionIncompleta(BusinessRule):
    """Faltan datos que la ley pide para lo que se da sin receta."""


def listar(filtro: AdministracionFiltro) -> Page:
    """Las administraciones que quien pide puede ver, de la última a la primera."""
    fila = Administracion
    donde = matching(fila, filtro, "paciente_id", "medicamento_id", "veterinario_id", "sede_id", "lote")
    # Por el instante, además, que es por lo que se ordena: su día local no se aparta de él más de uno.
    if filtro.desde:
        donde += [fila.fecha >= filtro.desde, fila.en >= _medianoche(filtro.desde) - UN_DIA]
    if filtro.hasta:
        donde += [fila.fecha <= filtro.hasta, fila.en < _medianoche(filtro.hasta) + 2 * UN_DIA]
    return paginate(_lectura, filtro, _ORDENES, "-en", fila.id, *donde)


def _medianoche(dia: date) -> datetime:
    return datetime.combine(dia, time(), UTC)


def leer(id: UUID) -> dict[str, Any]:
    """Una administración, para quien atiende al paciente o dice por qué la lee."""
    hecha = _obtener(id)
    exigir_relacion(hecha["paciente_id"], "administraciones", id)
    return hecha


def crear(datos: AdministracionCrear) -> Reread:
    """Apunta lo que se ha dado y, con ello, lo que haya que comunicar o asentar.

    Errores: ``LoteCaducado``, ``AdministracionIncompleta``, ``PacienteFallecido``, ``SaldoControladoNegativo`` y
    los de las alertas.
    """
    leer_firmante = pedir_firmante(datos.veterinario_id)
    leer_sede = pedir_sede_del_acto(datos.sede_id, datos.consulta_id)
    leer_paciente = ask(Paciente, datos.paciente_id, compartida=True)
    leer_consulta = pedir_consulta(datos.consulta_id, datos.paciente_id)
    leer_ficha = pedir_fichas([datos.medicamento_id])
    firmante, paciente = leer_firmante(), leer_paciente()
    exigir_vivo(paciente)
    leer_consulta()
    sede = leer_sede()
    en = datos.en or ahora()
    dia = _dia(en, paciente, sede)
    if datos.caducidad_lote < dia:
        raise LoteCaducado(campo="/caducidad_lote")
    suya = leer_ficha()[datos.medicamento_id]
    _exigir_completa(datos, paciente, suya)
    vistas = alertas.exigir(
        paciente.id,
        [_pedida(datos)],
        [alertas.Justificacion(una.codigo, una.motivo, una.linea) for una in datos.justificaciones],
        antibiotico=_categoria(datos),
    )
    hecha = add(
        Administracion(
            **datos.model_dump(mode="json", include={"justificacion_categoria", "justificaciones"}),
            **datos.model_dump(include=_TAL_CUAL),
            **_cantidades(datos, suya),
            sede_id=sede.id, veterinario_id=firmante.id, en=en, fecha=dia, unidad=suya.unidad_base,
            tiempo_espera=_esperas(datos, en, sede.zona_horaria),
        )
    )  # fmt: skip
    if suya.antibiotico:
        comunicaciones.de_administracion(hecha, suya, firmante, paciente.especie)
    if suya.controlado:
        controlados.apuntar(
            sede, suya.id, TipoControlado.ADMINISTRACION, datos.cantidad, lote=datos.lote, paciente_id=paciente.id,
            administracion_id=hecha.id, fecha=dia,
        )  # fmt: skip
    return Reread(_con_alertas, hecha.id, vistas)


_TAL_CUAL = {
    "paciente_id", "consulta_id", "medicamento_id", "clase", "indicacion", "dosis", "unidad_dosis", "cantidad", "via",
    "lote", "caducidad_lote", "finalidad_antimicrobiana", "advertencias",
}  # fmt: skip


def _dia(en: datetime, paciente: Paciente, sede: Any) -> date:
    if en > ahora():
        raise FechaFutura(campo="/en")
    dia = fecha_local(en, sede.zona_horaria)
    if paciente.fecha_nacimiento and dia < paciente.fecha_nacimiento:
        raise FechasIncoherentes("No puede ser anterior al nacimiento", campo="/en")
    return dia


def _exigir_completa(datos: AdministracionCrear, paciente: Paciente, suya: FichaMedicamento) -> None:
    falta = {}
    if suya.antibiotico and datos.finalidad_antimicrobiana is None:
        falta["/finalidad_antimicrobiana"] = "Falta si es terapéutico, metafiláctico o profiláctico"
    if paciente.destino is Destino.PRODUCCION and datos.tiempo_espera is None:
        falta["/tiempo_espera"] = "Falta el tiempo de espera, aunque sea cero"
    if falta:
        errores = [{"campo": campo, "codigo": "FALTA", "mensaje": mensaje} for campo, mensaje in falta.items()]
        raise AdministracionIncompleta("Complete lo que falta", errores=errores)


def _pedida(datos: AdministracionCrear) -> alertas.LineaPedida:
    return alertas.LineaPedida(
        via=datos.via,
        medicamento_id=datos.medicamento_id,
        dosis=datos.dosis,
        unidad_dosis=datos.unidad_dosis or UnidadDosis.MG_KG,
        cantidad=datos.cantidad,
        indicacion=datos.indicacion,
        fuera_de_ficha=datos.clase is ClaseReceta.EXCEPCIONAL,
        tiempo_espera_informado=datos.tiempo_espera is not None,
        caducidad_lote=datos.caducidad_lote,
    )


def _categoria(datos: AdministracionCrear) -> alertas.JustificacionAntibiotico | None:
    dicha = datos.justificacion_categoria
    return alertas.JustificacionAntibiotico(**dicha.model_dump()) if dicha else None


def _cantidades(datos: AdministracionCrear, suya: FichaMedicamento) -> dict[str, Any]:
    envases = datos.envases or envases_para(datos.cantidad, suya)
    peso: Decimal | None = datos.peso_usado_kg
    if peso is None and datos.dosis is not None:
        peso = peso_vigente(datos.paciente_id)
    parte = datos.porcentaje_envase or porcentaje(datos.cantidad, envases, suya)
    return {"envases": envases, "porcentaje_envase": parte, "peso_usado_kg": peso}


def _esperas(datos: AdministracionCrear, en: datetime, zona: str) -> list[dict[str, Any]] | None:
    """Los tiempos de espera con el día o el instante desde el que se puede consumir."""
    if datos.tiempo_espera is None:
        return None
    salida = []
    for una in datos.tiempo_espera:
        desde = apto_desde(Espera(en, una.valor, UnidadEspera(una.unidad)), zona)
        dicho = desde.isoformat() if una.unidad == "horas" else desde.date().isoformat()
        salida.append({**una.model_dump(), "apto_desde": dicho})
    return salida


def _obtener(id: UUID) -> dict[str, Any]:
    return fetch(_lectura, Administracion.id == id)._asdict()


def _con_alertas(id: UUID, alertas: Sequence[Any]) -> dict[str, Any]:
    """Una administración con las alertas que saltaron al apuntarla."""
    return {**_obtener(id), "alertas_medicacion": list(alertas) or None}


@cache
def _lectura() -> Select[Any]:
    fila, paciente, org = Administracion, Paciente.__table__, Administracion.organizacion_id
    return (
        select(
            *columns(fila), paciente.c.nombre.label("paciente"), Medicamento.nombre.label("medicamento"),
            Profesional.nombre.label("veterinario"),
        )
        .join(paciente, and_(paciente.c.organizacion_id == org, paciente.c.id == fila.paciente_id))
        .join(Medicamento, and_(Medicamento.organizacion_id == org, Medicamento.id == fila.medicamento_id))
        .join(Profesional, and_(Profesional.organizacion_id == org, Profesional.id == fila.veterinario_id))
    )  # fmt: skip
