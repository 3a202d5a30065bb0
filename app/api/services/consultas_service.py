"""Las consultas: abrirlas, escribirlas mientras lo están y leerlas."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, any_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import literal
from sqlalchemy.types import Uuid

from app.api.models.cita import Cita, es_de
from app.api.models.consulta import CitaConConsulta, Consulta, EstadoConsulta
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.profesional import Categoria, Profesional
from app.api.schemas.consulta_schema import ConsultaCrear, ConsultaEditar, ConsultaFiltro, TrabajoFiltro
from app.api.schemas.exploracion_schema import ExploracionSustituir
from app.api.services.acceso_clinico_service import de_consulta, exigir_relacion, pedir_relacion
from app.api.services.lectura_consultas_service import explorado, lectura, presentar, resumida
from app.api.services.limite_sedes_service import exigir_propias
from app.api.services.pacientes_service import FechaFutura, PacienteFallecido, PacienteNoActivo, exigir
from app.api.services.sedes_service import exigir_sede, pedir_sede
from app.config import semillas_consultas
from app.config.permissions import Alcance, Permiso, Rol
from app.utils.context import ahora, identidad
from app.utils.entities import Base
from app.utils.errors import BusinessRule, Forbidden, NoEncontrado
from app.utils.filters import Where, between_days, matching
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, ask_all, change, dato, fetch, first, rows

MARGEN_RELOJ = timedelta(minutes=5)
DEL_AUXILIAR = frozenset({"subjetivo"})


class VeterinarioRequerido(BusinessRule):
    """La consulta la lleva un veterinario en activo."""


class MotivoDesconocido(BusinessRule):
    """Ese motivo no está en el catálogo."""


class SoloSubjetivo(Forbidden):
    """Un auxiliar sólo escribe lo que cuenta el cliente y las constantes."""


def listar_trabajo(filtro: TrabajoFiltro) -> Page:
    """Las consultas de una sede o, sin decir cuál, de las de quien pide; las últimas delante."""
    donde = _condiciones(filtro)
    if filtro.sede_id:
        exigir_sede(filtro.sede_id)
        donde.append(Consulta.sede_id == filtro.sede_id)
    elif identidad().sedes:
        donde.append(Consulta.sede_id == any_(literal(list(identidad().sedes), ARRAY(Uuid()))))
    donde += matching(Consulta, filtro, "veterinario_id")
    consulta = lectura if identidad().es_cliente else resumida
    pagina = paginate(consulta, filtro, {"inicio": Consulta.inicio}, "-inicio", Consulta.id, *donde)
    return pagina.mapear(presentar)


def listar(paciente_id: UUID, filtro: ConsultaFiltro) -> Page:
    """Las consultas de un paciente, la última delante; enteras, si quien pide puede leerlas."""
    clinico = ve_lo_clinico()
    if clinico:
        exigir_relacion(paciente_id)
    else:
        exigir(paciente_id)
    consulta = lectura if clinico or identidad().es_cliente else resumida
    donde = [Consulta.paciente_id == paciente_id, *_condiciones(filtro)]
    pagina = paginate(consulta, filtro, {"inicio": Consulta.inicio}, "-inicio", Consulta.id, *donde)
    return pagina.mapear(presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Una consulta, si quien pide atiende a su paciente o dice por qué la lee."""
    if ve_lo_clinico():
        exigir_relacion(de_consulta(id), "consultas", id)
    return leer(id)


def leer(id: UUID) -> dict[str, Any]:
    """Una consulta con todo lo suyo, sin preguntar nada más: para lo que ya se ha comprobado."""
    return presentar(fetch(_una, id=id))


def pedir_lectura(id: UUID) -> Callable[[], dict[str, Any]]:
    """Lo mismo que ``leer``, en dos tiempos, detrás de lo que la bloquee. Se espera cuando ya se sabe que existe."""
    filas = rows(_una, id=id)
    return lambda: presentar(filas[0])


@cache
def _una() -> Select[Any]:
    return lectura().where(Consulta.id == dato("id"))


def ve_lo_clinico() -> bool:
    """Si quien pide es de la clínica y puede leer lo que se escribe dentro de una consulta."""
    return not identidad().es_cliente and identidad().alcance(Permiso.CONSULTAS_LEER) is not Alcance.NADA


def crear(paciente_id: UUID, datos: ConsultaCrear) -> Reread:
    """Abre una consulta. Errores: ``PacienteFallecido``, ``VeterinarioRequerido``, ``CitaConConsulta``…"""
    leer_paciente, leer_sede = ask(Paciente, paciente_id), pedir_sede(datos.sede_id)
    leer_veterinario = _pedir_veterinario(datos.veterinario_id)
    paciente = leer_paciente()
    if paciente.estado is EstadoPaciente.FALLECIDO:
        raise PacienteFallecido
    if paciente.estado is EstadoPaciente.FUSIONADO:
        raise PacienteNoActivo
    leer_sede()
    if datos.inicio and datos.inicio > ahora() + MARGEN_RELOJ:
        raise FechaFutura(campo="/inicio")
    _exigir_motivo(datos.motivo_codigo)
    if datos.cita_id:
        _exigir_cita(datos.cita_id, paciente_id, datos.sede_id)
    campos = datos.model_dump(exclude={"veterinario_id", "inicio"})
    campos |= {"veterinario_id": leer_veterinario(), "inicio": datos.inicio or ahora()}
    nueva = Consulta(paciente_id=paciente_id, **campos)
    return Reread(leer, add(nueva).id)


def editar(id: UUID, cambios: ConsultaEditar) -> Reread:
    """Escribe en una consulta abierta. Errores: ``ConsultaCerrada``, ``SoloSubjetivo``."""
    nuevos, leer_consulta = cambios.cambios(), pedir(id)
    leer_veterinario = _pedir_veterinario(nuevos.get("veterinario_id"))
    consulta = leer_consulta()
    consulta.exigir_abierta()
    if Rol.VETERINARIO not in identidad().roles and nuevos.keys() - DEL_AUXILIAR:
        raise SoloSubjetivo(campo=f"/{min(nuevos.keys() - DEL_AUXILIAR)}")
    _exigir_motivo(nuevos.get("motivo_codigo"))
    if "veterinario_id" in nuevos:
        nuevos["veterinario_id"] = leer_veterinario()
    change(consulta, nuevos)
    return Reread(leer, id)


def explorar(id: UUID, datos: ExploracionSustituir) -> dict[str, Any]:
    """Sustituye la exploración entera; lo que no viene queda sin explorar."""
    consulta = tomar(id)
    consulta.exigir_abierta()
    escrito = {uno.sistema.value: uno.model_dump(mode="json", exclude={"sistema"}) for uno in datos.sistemas}
    change(consulta, {"exploracion": {k: v for k, v in escrito.items() if v["estado"] != "no_explorado"}})
    return _exploracion(consulta)


def exploracion(id: UUID) -> dict[str, Any]:
    """La exploración de una consulta, con todos los sistemas."""
    exigir_relacion(de_consulta(id), "consultas", id)
    return _exploracion(fetch(select(Consulta.id, Consulta.exploracion, Consulta.version).where(Consulta.id == id)))


def tomar(id: UUID) -> Consulta:
    """La consulta, bloqueada, si es de una sede de quien pide y atiende a su paciente."""
    return pedir(id)()


def pedir(id: UUID) -> Callable[[], Consulta]:
    """Lo mismo que ``tomar``, en dos tiempos: se pide ya y se espera al llamarlo."""
    leer_consulta = ask(Consulta, id)
    exigir_que_atienda = pedir_relacion(de_consulta(id), "consultas", id)

    def esperar() -> Consulta:
        consulta = leer_consulta()
        exigir_propias([consulta.sede_id])
        exigir_que_atienda()
        return consulta

    return esperar


def pedir_la_de(modelo: type[Base], id: UUID) -> Callable[[], Consulta]:
    """Pide la consulta de la que cuelga algo, que nadie la cierre entretanto. Errores: ``NoEncontrado``."""
    suya = select(modelo.consulta_id).where(modelo.id == id).scalar_subquery()  # type: ignore[attr-defined]
    leer = ask_all(select(Consulta).where(Consulta.id == suya).with_for_update(of=Consulta, read=True, key_share=True))

    def esperar() -> Consulta:
        if not (consultas := leer()):
            raise NoEncontrado
        return consultas[0]

    return esperar


def _exploracion(consulta: Any) -> dict[str, Any]:
    return {"consulta_id": consulta.id, "sistemas": explorado(consulta.exploracion), "version": consulta.version}


def _condiciones(filtro: ConsultaFiltro) -> list[Where]:
    return [*matching(Consulta, filtro, "estado"), *between_days(Consulta.inicio, filtro.desde, filtro.hasta)]


def _exigir_motivo(codigo: str | None) -> None:
    if codigo is not None and codigo not in {uno.codigo for uno in semillas_consultas.motivos_consulta()}:
        raise MotivoDesconocido(campo="/motivo_codigo")


def _exigir_cita(cita_id: UUID, paciente_id: UUID, sede_id: UUID) -> None:
    """Que sea suya, de esa sede y aún sin consulta."""
    fetch(select(Cita.id).where(Cita.id == cita_id, Cita.sede_id == sede_id, es_de(paciente_id)))
    ya = select(Consulta.id).where(Consulta.cita_id == cita_id, Consulta.paciente_id == paciente_id)
    if first(ya.where(Consulta.estado != EstadoConsulta.ANULADA).limit(1), alcance=False):
        raise CitaConConsulta(campo="/cita_id")


def _pedir_veterinario(id: UUID | None) -> Callable[[], UUID]:
    """Pide al veterinario que la lleva; sin decirlo, quien pide. Al llamarlo, se espera y se comprueba."""
    suyo = Profesional.id == id if id else Profesional.usuario_id == identidad().id
    filas = rows(select(Profesional.id, Profesional.categoria, Profesional.activo).where(suyo))

    def comprobar() -> UUID:
        fila = filas.first()
        if fila is None and id:
            raise NoEncontrado
        if fila is None or not fila.activo or fila.categoria is not Categoria.VETERINARIO:
            raise VeterinarioRequerido(campo="/veterinario_id")
        return UUID(str(fila.id))

    return comprobar
