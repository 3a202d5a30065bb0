"""Las recetas: listarlas, leerlas y escribir su borrador; emitirlas y dispensarlas tienen su sitio."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.catalogo import Especie
from app.api.models.cliente import CERRADOS, Cliente
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.paciente import Paciente
from app.api.models.receta import EstadoReceta, Receta, RecetaEmitidaInmutable
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.schemas.receta_schema import RecetaCampos, RecetaCrear, RecetaDePacienteFiltro, RecetaEditar, RecetaFiltro
from app.api.services import lineas_receta_service as lineas
from app.api.services.acceso_clinico_service import exigir_relacion, pedir_relacion
from app.api.services.clientes_service import ClienteCerrado
from app.api.services.firmantes_service import pedir_firmante
from app.api.services.lectura_recetas_service import (
    con_estado,
    instante,
    lectura,
    lineas_de,
    pedir_lineas,
    presentar,
    presentar_linea,
)
from app.api.services.pacientes_service import EspecieDesconocida, exigir_vivo
from app.api.services.sedes_service import pedir_sede, pedir_sede_o_principal
from app.utils.context import identidad
from app.utils.errors import BusinessRule, ConflictoConcurrente
from app.utils.filters import Where, between_dates, matching
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, fetch, find, rows

_JSON = {"grupo", "justificacion_categoria", "justificaciones"}
_ORDENES: dict[str, Any] = {"creado_en": Receta.creado_en}


class ConsultaDeOtroPaciente(BusinessRule):
    """La consulta no es de ese paciente, o está anulada."""


class SinTitular(BusinessRule):
    """El paciente no tiene titular: indique a quién se receta."""


def listar(filtro: RecetaFiltro) -> Page:
    """Las recetas que quien pide puede ver, de la última a la primera; en la clínica, sin su contenido."""
    donde = matching(Receta, filtro, "paciente_id", "cliente_id", "veterinario_id", "sede_id")
    donde += between_dates(Receta.fecha_emision, filtro)
    if filtro.hasta:
        # Se escriben antes de emitirse: así se empieza a leer por donde toca y no por la última.
        escritas_hasta = datetime.combine(filtro.hasta, time(), UTC) + timedelta(days=2)
        donde.append(Receta.creado_en < escritas_hasta)
    return _pagina(filtro, donde, con_lineas=identidad().es_cliente)


def de_paciente(paciente_id: UUID, filtro: RecetaDePacienteFiltro) -> Page:
    """Las recetas de un paciente, enteras."""
    exigir_relacion(paciente_id, "recetas")
    return _pagina(filtro, [Receta.paciente_id == paciente_id], con_lineas=True)


def obtener(id: UUID, alertas: Sequence[Any] = ()) -> dict[str, Any]:
    """Una receta con sus líneas; ``alertas``, las que la acompañan si se acaba de escribir."""
    suyas = pedir_lineas([id])
    fila = fetch(lectura, Receta.id == id, **instante())
    return {**presentar(fila, [presentar_linea(una) for una in suyas]), "alertas_medicacion": list(alertas) or None}


def leer(id: UUID) -> dict[str, Any]:
    """Una receta, para quien atiende al paciente o dice por qué la lee."""
    receta = obtener(id)
    if receta["paciente_id"]:
        exigir_relacion(receta["paciente_id"], "recetas", id)
    return receta


def exigir_relacion_de(id: UUID) -> None:
    """Que quien pide pueda leer esa receta. Errores: ``NoEncontrado``, ``MotivoRequerido``."""
    fila = fetch(select(Receta.paciente_id).where(Receta.id == id))
    if fila.paciente_id:
        exigir_relacion(fila.paciente_id, "recetas", id)


def crear(datos: RecetaCrear) -> Reread:
    """Escribe una receta en borrador.

    Errores: ``PacienteFallecido``, ``ProfesionalSinColegiacion``, ``ConsultaDeOtroPaciente``, ``ClienteCerrado`` y
    los de las alertas.
    """
    leer_prescriptor = pedir_firmante(datos.veterinario_id)
    leer_sede = pedir_sede_del_acto(datos.sede_id, datos.consulta_id)
    leer_el_dicho = _pedir_cliente(datos.cliente_id) if datos.cliente_id else None
    exigir_paciente = pedir_paciente(datos.paciente_id)
    # El titular, detrás de su paciente: si alguien se lo está cambiando, se lee el que queda.
    leer_cliente = leer_el_dicho or _pedir_titular(datos.paciente_id)
    leer_consulta = pedir_consulta(datos.consulta_id, datos.paciente_id)
    especies = rows(select(Especie.codigo).where(Especie.codigo == datos.grupo.especie)) if datos.grupo else None
    prescriptor = leer_prescriptor()
    exigir_paciente()
    leer_consulta()
    if especies is not None and not especies:
        raise EspecieDesconocida(campo="/grupo/especie")
    campos = _campos(datos, set(RecetaCrear.model_fields)) | {
        "veterinario_id": prescriptor.id,
        "cliente_id": leer_cliente(),
        "sede_id": leer_sede().id,
    }
    receta = add(Receta(**campos))
    return Reread(obtener, receta.id, lineas.sustituir(receta, datos.lineas))


def editar(id: UUID, cambios: RecetaEditar) -> Reread:
    """Cambia los campos que vinieron de un borrador. Errores: ``RecetaEmitidaInmutable`` y los de las alertas."""
    receta, _ = tomar(id)
    if receta.estado is not EstadoReceta.BORRADOR:
        raise RecetaEmitidaInmutable
    change(receta, _campos(cambios, cambios.model_fields_set))
    if "lineas" in cambios.model_fields_set:
        return Reread(obtener, id, lineas.sustituir(receta, cambios.lineas))
    return Reread(obtener, id, lineas.exigir_alertas(receta, lineas.de_receta(id)))


def la_de_la_ruta(id: UUID) -> tuple[Receta, Any]:
    """La receta de la ruta y su sede, que es de quien pide; se bloquea después que su paciente, y todo en un viaje.

    Errores: ``NoEncontrado``, ``ConflictoConcurrente`` si entretanto su paciente se fundió en otro.
    """
    exigir_su_sede = pedir_sede(_de_la_receta(Receta.sede_id, id))
    # Antes el paciente: quien fusiona lo bloquea y después bloquea sus recetas.
    su_paciente = select(Paciente.id).where(Paciente.id == _de_la_receta(Receta.paciente_id, id))
    quietos = rows(su_paciente.with_for_update(read=True, key_share=True), alcance=False)
    receta = find(Receta, id)
    if receta.paciente_id not in (None, *quietos.scalars()):
        raise ConflictoConcurrente
    return receta, exigir_su_sede()


def tomar(id: UUID) -> tuple[Receta, Any]:
    """Lo mismo, para quien va a leerla entera al cambiarla. Errores: ``NoEncontrado``, ``MotivoRequerido``."""
    exigir_su_relacion = pedir_relacion(_de_la_receta(Receta.paciente_id, id), "recetas", id)
    receta, sede = la_de_la_ruta(id)
    if receta.paciente_id is not None:
        exigir_su_relacion()
    return receta, sede


def _de_la_receta(columna: Any, id: UUID) -> Any:
    """Una columna de esa receta, para pedir lo suyo en el mismo viaje que ella. Su sede no cambia nunca."""
    return select(columna).where(Receta.id == id).scalar_subquery()


def pedir_paciente(paciente_id: UUID | None) -> Callable[[], None]:
    """Pone en camino que siga vivo y no se lo lleve una fusión; se exige al llamarlo.

    Errores: ``PacienteFallecido``, ``PacienteNoActivo``.
    """
    leer_paciente = ask(Paciente, paciente_id, compartida=True) if paciente_id else None
    return lambda: exigir_vivo(leer_paciente()) if leer_paciente else None


def pedir_consulta(consulta_id: UUID | None, paciente_id: UUID | None) -> Callable[[], None]:
    """Pone en camino la consulta, si se dice; que sea de ese paciente se exige al llamarlo.

    Errores: ``NoEncontrado``, ``ConsultaDeOtroPaciente``.
    """
    if consulta_id is None:
        return lambda: None
    leer_consulta = ask(Consulta, consulta_id, compartida=True)

    def exigir() -> None:
        consulta = leer_consulta()
        if consulta.paciente_id != paciente_id or consulta.estado is EstadoConsulta.ANULADA:
            raise ConsultaDeOtroPaciente(campo="/consulta_id")

    return exigir


def pedir_sede_del_acto(sede_id: UUID | None, consulta_id: UUID | None) -> Callable[[], Any]:
    """Pone en camino la sede que se dice, la de la consulta o la principal de quien pide; se exige al llamarlo.

    Errores: ``NoEncontrado``, ``SedeSinDecir``.
    """
    if sede_id is None and consulta_id is not None:
        return pedir_sede(select(Consulta.sede_id).where(Consulta.id == consulta_id).scalar_subquery())
    return pedir_sede_o_principal(sede_id)


def _campos(datos: RecetaCampos, cuales: set[str]) -> dict[str, Any]:
    """Los campos de la receta; los que se guardan como JSON, ya en tipos de JSON."""
    return datos.model_dump(include=cuales - {"lineas"}) | datos.model_dump(mode="json", include=cuales & _JSON)


def _pedir_cliente(id: UUID) -> Callable[[], UUID]:
    """Pone en camino a quién se receta, si quien pide puede verlo. Errores: ``NoEncontrado``, ``ClienteCerrado``."""
    leer_cliente = ask(Cliente, id, compartida=True)

    def exigir() -> UUID:
        if leer_cliente().estado in CERRADOS:
            raise ClienteCerrado(campo="/cliente_id")
        return id

    return exigir


def _pedir_titular(paciente_id: UUID | None) -> Callable[[], UUID]:
    """Pone en camino el titular del paciente. Errores: ``SinTitular``."""
    titulares = select(Titularidad.cliente_id).where(
        Titularidad.paciente_id == paciente_id, Titularidad.hasta.is_(None), Titularidad.rol == RolTitular.TITULAR
    )
    suyos = rows(titulares, alcance=False)

    def exigir() -> UUID:
        for cliente_id in suyos.scalars():
            return UUID(str(cliente_id))
        raise SinTitular(campo="/cliente_id")

    return exigir


def _pagina(filtro: Any, donde: list[Where], *, con_lineas: bool) -> Page:
    if filtro.estado:
        donde = [*donde, con_estado(filtro.estado)]
    pagina = paginate(lectura, filtro, _ORDENES, "-creado_en", Receta.id, *donde, **instante())
    suyas = lineas_de(fila.id for fila in pagina.datos) if con_lineas else {}
    return pagina.mapear(lambda fila: presentar(fila, suyas.get(fila.id, [])))
