"""La ficha del paciente: listarla, leerla, darla de alta y editarla."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.api.models.catalogo import Especie, Raza
from app.api.models.cliente import Cliente, EstadoCliente
from app.api.models.paciente import EstadoPaciente, Paciente, Precision
from app.api.models.peso import MetodoPeso
from app.api.models.titularidad import Titularidad
from app.api.schemas.paciente_schema import PacienteCampos, PacienteCrear, PacienteEditar, PacienteFiltro
from app.api.services import pesos_service, recalculo_vacunal_service
from app.api.services.busqueda_pacientes_service import condiciones, parecidos, que_se_busca
from app.api.services.ficha_paciente_service import lectura, presentar
from app.api.services.proximas_vacunas_service import con_vacunas, proximas
from app.config.permissions import Permiso
from app.utils import contadores
from app.utils.context import avisar, contexto, hoy, identidad
from app.utils.edad import sumar_meses
from app.utils.errors import BusinessRule, Conflict
from app.utils.merge_patch import merge
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, Rows, add, ask, change, dato, fetch, rows
from app.utils.relations import relacion

# Lo que el titular no puede decir de su animal al darlo de alta en el portal.
RESERVADOS = ("id_externo", "mdr1", "temperamento", "verificado_lector")
# De lo que depende qué dosis cuentan y desde cuándo valen.
MUEVEN_VACUNAS = frozenset({"especie", "fecha_nacimiento", "microchip", "fecha_microchip"})


class PacienteFallecido(BusinessRule):
    """El paciente consta como fallecido."""


class PacienteNoActivo(Conflict):
    """El paciente no está activo."""


class RazaDeOtraEspecie(BusinessRule):
    """Esa raza no es de esa especie."""


class EspecieDesconocida(BusinessRule):
    """Esa especie no está en el catálogo."""


class FechaFutura(BusinessRule):
    """La fecha no puede estar en el futuro."""


class FechasIncoherentes(BusinessRule):
    """Las fechas se contradicen."""


class ClienteNoActivo(Conflict):
    """El cliente no está activo."""


class DatoDeLaClinica(BusinessRule):
    """Ese dato lo pone la clínica."""


def listar(filtro: PacienteFiltro) -> Page:
    """Los pacientes que quien pide puede ver, filtrados; con ``q``, por parecido."""
    ordenes: dict[str, Any] = {"nombre": Paciente.nombre_orden, "creado_en": Paciente.creado_en}
    donde = condiciones(filtro)
    if filtro.q:
        elegidos = not (donde or filtro.cursor or filtro.orden or filtro.total)
        ordenes["relevancia"] = parecidos(elegidos=elegidos).c.puntuacion
        consulta, datos = _parecidos(elegidos), que_se_busca(filtro)
        pagina = paginate(consulta, filtro, ordenes, "-relevancia", Paciente.id, *donde, **datos)
    else:
        pagina = paginate(lectura, filtro, ordenes, "nombre", Paciente.id, *donde)
    hoy_ = hoy()
    return pagina.mapear(lambda fila: presentar(fila, hoy_))


@cache
def _parecidos(elegidos: bool) -> Callable[[], Select[Any]]:
    hallados = parecidos(elegidos=elegidos)
    return cache(lambda: lectura().join(hallados, hallados.c.id == Paciente.id))


def obtener(id: UUID) -> dict[str, Any]:
    """Un paciente."""
    return presentar(fetch(_una, id=id), hoy())


def obtener_ficha(id: UUID) -> dict[str, Any]:
    """La ficha entera de un paciente: también las vacunas que le tocan, leídas en la misma sentencia."""
    pide = contexto().identidad
    if pide is None or pide.es_cliente:  # el titular las ve en su plan y en su cartilla; una importación no las mira
        return obtener(id)
    hoy_ = hoy()
    fila = fetch(_una_con_vacunas, id=id, hoy_civil=hoy_)
    return {**presentar(fila, hoy_), "proximas_vacunas": proximas(fila, hoy_)}


@cache
def _una() -> Select[Any]:
    return lectura().where(Paciente.id == dato("id"))


@cache
def _una_con_vacunas() -> Select[Any]:
    return con_vacunas(_una())


@relacion("paciente", Permiso.PACIENTES_LEER)
def varios(ids: set[UUID]) -> dict[UUID, Any]:
    """Las fichas de esos ids que quien pide puede ver."""
    hoy_ = hoy()
    return {fila.id: presentar(fila, hoy_) for fila in rows(lectura, Paciente.id.in_(ids))}


def exigir(id: UUID) -> None:
    """Que exista y quien pide pueda verlo. Errores: ``NoEncontrado``."""
    fetch(select(Paciente.id).where(Paciente.id == id))


def crear(datos: PacienteCrear) -> Reread:
    """Da de alta un paciente y abre su titularidad; el del portal espera validación."""
    leer_cliente, catalogo = ask(Cliente, datos.cliente_id, compartida=True), _pedir_catalogo(datos.especie, datos.raza)
    numero = contadores.pedir("PAC")
    cliente = leer_cliente()
    if cliente.estado is not EstadoCliente.ACTIVO:
        raise ClienteNoActivo(campo="/cliente_id")
    campos = _campos(datos, exclude={"cliente_id", "peso_inicial"})
    peso = datos.peso_inicial
    if identidad().es_cliente:
        for campo in datos.model_fields_set.intersection(RESERVADOS):
            raise DatoDeLaClinica(campo=f"/{campo}")
        campos["estado"] = EstadoPaciente.PENDIENTE_VALIDACION
        peso = peso and peso.model_copy(update={"metodo": MetodoPeso.REFERIDO_CLIENTE})
    _comprobar(campos, campos, catalogo)
    paciente = add(Paciente(codigo=contadores.formato("PAC", numero()), **campos))
    add(Titularidad(paciente_id=paciente.id, cliente_id=cliente.id, desde=hoy()))
    avisar_del_peso = pesos_service.anotar(paciente, peso)[1] if peso else None
    return Reread(_recien_dado, paciente.id, avisar_del_peso)


def _recien_dado(id: UUID, avisar_del_peso: Callable[[], None] | None) -> dict[str, Any]:
    ficha = obtener_ficha(id)
    if avisar_del_peso:
        avisar_del_peso()
    return ficha


def editar(id: UUID, cambios: PacienteEditar) -> Reread:
    """Cambia los campos que vinieron de la ficha de un paciente."""
    leer_paciente, catalogo = ask(Paciente, id), _pedir_el_que_cambia(id, cambios)
    paciente = leer_paciente()
    if paciente.estado is EstadoPaciente.FUSIONADO:
        raise PacienteNoActivo
    nuevos = _campos(cambios, include=cambios.model_fields_set)
    for campo in nuevos.keys() & {"ppp", "seguro"}:
        nuevos[campo] = merge(getattr(paciente, campo), nuevos[campo])
    if nuevos.get("microchip", paciente.microchip) != paciente.microchip:
        nuevos.setdefault("verificado_lector", False)
    _comprobar({**{campo: getattr(paciente, campo) for campo in _COHERENTES}, **nuevos}, nuevos, catalogo)
    mueve = any(getattr(paciente, campo) != nuevos[campo] for campo in nuevos.keys() & MUEVEN_VACUNAS)
    change(paciente, nuevos)
    if mueve:
        recalculo_vacunal_service.rehacer([id])
    return Reread(obtener_ficha, id)


def exigir_vivo(paciente: Paciente) -> None:
    """Nada nuevo para quien ha muerto. Errores: ``PacienteFallecido``, ``PacienteNoActivo``."""
    if paciente.estado is EstadoPaciente.FALLECIDO:
        raise PacienteFallecido
    if paciente.estado in (EstadoPaciente.FUSIONADO, EstadoPaciente.INACTIVO):
        raise PacienteNoActivo


def exigir_fecha(campo: str, fecha: date, nacimiento: date | None = None) -> None:
    """Ni futura ni anterior al nacimiento. Errores: ``FechaFutura``, ``FechasIncoherentes``."""
    if fecha > hoy():
        raise FechaFutura(campo=f"/{campo}")
    if nacimiento and fecha < nacimiento:
        raise FechasIncoherentes("No puede ser anterior al nacimiento", campo=f"/{campo}")


def _campos(datos: PacienteCampos, **que: Any) -> dict[str, Any]:
    """Los campos de la ficha, con la edad estimada convertida en fecha de nacimiento."""
    campos = datos.model_dump(**que)
    meses, estimada = campos.pop("edad_estimada_meses", None), campos.pop("fecha_estimacion", None)
    if meses is not None:
        exigir_fecha("fecha_estimacion", estimada or hoy())
        campos["fecha_nacimiento"] = sumar_meses(estimada or hoy(), -meses)
        campos["precision_nacimiento"] = Precision.ESTIMADA
    elif "fecha_nacimiento" in campos and not campos.get("precision_nacimiento"):
        campos["precision_nacimiento"] = Precision.EXACTA if campos["fecha_nacimiento"] else None
    for campo in campos.keys() & {"ppp", "seguro"}:
        objeto = getattr(datos, campo)
        campos[campo] = objeto and objeto.model_dump(mode="json", exclude_unset=True)
    return campos


_COHERENTES = (
    "especie", "raza", "fecha_nacimiento", "precision_nacimiento", "fecha_esterilizacion", "fecha_microchip",
    "fecha_fallecimiento", "microchip", "verificado_lector",
)  # fmt: skip


def _pedir_catalogo(especie: Any, raza: Any) -> Rows:
    """Pone en camino si esa especie está en el catálogo, y si lo está esa raza en ella."""
    hay_especie = select(Especie.codigo).where(Especie.codigo == especie).exists()
    hay_raza = select(Raza.codigo).where(Raza.especie == especie, Raza.codigo == raza).exists()
    return rows(select(hay_especie.label("hay_especie"), hay_raza.label("hay_raza")))


def _pedir_el_que_cambia(id: UUID, cambios: PacienteEditar) -> Rows | None:
    """Lo mismo, si a un paciente le cambian la especie o la raza; la que no cambia es la que tenía."""
    cambian = cambios.model_fields_set & {"especie", "raza"}
    if not cambian:
        return None
    tenia = {campo: select(getattr(Paciente, campo)).where(Paciente.id == id) for campo in ("especie", "raza")}
    quedan = {c: getattr(cambios, c) if c in cambian else tenia[c].scalar_subquery() for c in tenia}
    return _pedir_catalogo(**quedan)


def _comprobar(campos: dict[str, Any], nuevos: dict[str, Any], catalogo: Rows | None) -> None:
    """Lo que un campo exige de otro: raza de su especie y fechas en orden. ``catalogo``: si cambian especie o raza."""
    if catalogo is None:
        pass  # siguen siendo las que ya se comprobaron
    elif campos.get("raza") is not None:
        if not catalogo[0].hay_raza:
            raise RazaDeOtraEspecie(campo="/raza")
    elif not catalogo[0].hay_especie:
        raise EspecieDesconocida(campo="/especie")
    for campo in ("fecha_nacimiento", "fecha_esterilizacion", "fecha_microchip", "gestante_desde", "lactante_desde"):
        if nuevos.get(campo):
            exigir_fecha(campo, nuevos[campo])
    nacimiento = campos.get("fecha_nacimiento")
    if campos.get("precision_nacimiento") and not nacimiento:
        raise FechasIncoherentes("La precisión lo es de una fecha, y falta", campo="/precision_nacimiento")
    for campo in ("fecha_esterilizacion", "fecha_microchip", "fecha_fallecimiento"):
        if nacimiento and campos.get(campo) and campos[campo] < nacimiento:
            raise FechasIncoherentes("No puede ser anterior al nacimiento", campo=f"/{campo}")
    if nuevos.get("microchip") and not campos.get("verificado_lector"):
        avisar("MICROCHIP_SIN_VERIFICAR", "Lea el microchip dos veces con el lector para confirmarlo")
