"""Las vacunas de un paciente: se ponen y se anulan, nunca se editan; la próxima fecha se puede fijar a mano."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.api.models.paciente import Paciente
from app.api.models.producto import Producto, ProductoVacuna, TipoProducto
from app.api.models.profesional import Categoria, Profesional
from app.api.models.protocolo_vacunal import ProtocoloVacunal
from app.api.models.vacunacion import LoteCaducado, Vacunacion
from app.api.schemas.vacunacion_schema import VacunacionCrear, VacunacionEditar
from app.api.services import bloqueos_service
from app.api.services.calendario_service import RABIA
from app.api.services.lectura_vacunas_service import obtener
from app.api.services.limite_sedes_service import exigir_propias
from app.api.services.pacientes_service import FechasIncoherentes, exigir_fecha, exigir_vivo
from app.api.services.recalculo_vacunal_service import rehacer
from app.api.services.sede_de_trabajo_service import pedir_sede_de_trabajo
from app.config.permissions import Rol
from app.utils.context import ahora, avisar, identidad
from app.utils.errors import BusinessRule, Conflict, NoEncontrado, exigir_sin_anular
from app.utils.records import AnyRow, Reread, add, ask, change, rows, touch
from app.utils.schemas import Motivo


class ProductoNoEsVacuna(BusinessRule):
    """Ese producto no es una vacuna."""


class DatoDeVacunaRequerido(BusinessRule):
    """Falta un dato que sólo se admite desconocido en las vacunas de otro centro."""


class VeterinarioInvalido(BusinessRule):
    """Ese profesional no es un veterinario en activo."""


class OrdenVeterinariaRequerida(BusinessRule):
    """Quien no es veterinario registra una vacuna sólo por orden de uno."""


class ProximaSinMotivo(BusinessRule):
    """Fijar a mano la próxima fecha exige decir por qué."""


class VacunacionAnulada(Conflict):
    """Esa vacuna está anulada."""


def crear(paciente_id: UUID, datos: VacunacionCrear) -> Reread:
    """Registra una vacuna, calcula lo que supone y avisa de lo que conviene saber.

    Errores: ``PacienteFallecido``, ``LoteCaducado``, ``VacunacionDuplicada`` y los de cada dato.
    """
    # Antes que el paciente: quien cambia un calendario lo bloquea y luego bloquea a sus pacientes.
    _sujetar_calendarios()
    leer_vacuna, leer_paciente = _pedir_vacuna(datos.producto_id), ask(Paciente, paciente_id)
    # La de otro centro no se puso en ninguna de las nuestras.
    sede = pedir_sede_de_trabajo(datos.sede_id) if datos.sede_id or not datos.externa else None
    responsable = _pedir_responsable(datos)
    ficha, paciente = leer_vacuna(), leer_paciente()
    exigir_vivo(paciente)
    exigir_fecha("fecha", datos.fecha, paciente.fecha_nacimiento)
    if datos.caducidad_lote and datos.caducidad_lote < datos.fecha:
        raise LoteCaducado(campo="/caducidad_lote")
    campos = datos.model_dump()
    campos["via"] = campos["via"] or ficha.via
    campos["sede_id"] = sede() if sede else None
    campos["veterinario_id"] = responsable()
    for campo in ("lote", "caducidad_lote", "via", "veterinario_id"):
        if not datos.externa and campos[campo] is None:
            raise DatoDeVacunaRequerido(campo=f"/{campo}")
    vacunacion = add(Vacunacion(paciente_id=paciente.id, **campos))
    rehacer([paciente.id])
    touch(paciente)
    return Reread(_recien_puesta, vacunacion.id, paciente, ficha)


def editar(id: UUID, cambios: VacunacionEditar) -> Reread:
    """Fija a mano la próxima fecha, o vuelve a la calculada. Errores: ``ProximaSinMotivo``, ``VacunacionAnulada``."""
    paciente, vacunacion = _suya(id)
    if vacunacion.anulado_en is not None:
        raise VacunacionAnulada
    nuevos = cambios.cambios()
    if "fecha_proxima" in nuevos:
        fecha = nuevos["fecha_proxima"]
        if fecha and "motivo" not in nuevos:
            raise ProximaSinMotivo(campo="/motivo")
        if fecha and fecha <= vacunacion.fecha:
            raise FechasIncoherentes("La próxima es posterior a la puesta", campo="/fecha_proxima")
        change(vacunacion, {"proxima_manual": fecha, "proxima_motivo": nuevos["motivo"] if fecha else None})
        rehacer([paciente.id])
        touch(paciente)
    return Reread(obtener, id)


def anular(id: UUID, datos: Motivo) -> Reread:
    """Anula una vacuna: deja de contar y no devuelve nada a lo que se puede poner o vender.

    Errores: ``TransicionInvalida``.
    """
    paciente, vacunacion = _suya(id)
    exigir_sin_anular(vacunacion.anulado_en)
    change(vacunacion, {"anulado_en": ahora(), "anulado_por": identidad().id, "anulacion_motivo": datos.motivo})
    rehacer([paciente.id])
    touch(paciente)
    return Reread(obtener, id)


def _suya(id: UUID) -> tuple[Paciente, Vacunacion]:
    """La vacuna y su paciente, si es de las sedes de quien pide."""
    paciente, vacunacion = bloqueos_service.con_su_paciente(Vacunacion, id)
    if vacunacion.sede_id:
        exigir_propias([vacunacion.sede_id])
    return paciente, vacunacion


def _sujetar_calendarios() -> None:
    activos = select(ProtocoloVacunal.id).where(ProtocoloVacunal.activo).order_by(ProtocoloVacunal.id)
    rows(activos.with_for_update(read=True))


def _pedir_vacuna(producto_id: UUID) -> Callable[[], AnyRow]:
    """Pide la ficha técnica del producto, que nadie cambia hasta acabar. Errores: ``ProductoNoEsVacuna``."""
    este = select(Producto.tipo, Producto.activo).where(Producto.id == producto_id)
    productos = rows(este.with_for_update(read=True))
    ficha = select(ProductoVacuna.via, ProductoVacuna.especies, ProductoVacuna.edad_min_semanas)
    fichas = rows(ficha.where(ProductoVacuna.producto_id == producto_id))

    def esperar() -> AnyRow:
        if not productos:
            raise NoEncontrado
        if productos[0].tipo is not TipoProducto.VACUNA or not productos[0].activo:
            raise ProductoNoEsVacuna(campo="/producto_id")
        if not fichas:
            raise NoEncontrado
        return fichas[0]

    return esperar


def _pedir_responsable(datos: VacunacionCrear) -> Callable[[], UUID | None]:
    """Pide el veterinario que responde: el que se dice, el que lo ordenó o quien la registra."""
    dichos = {uno for uno in (datos.veterinario_id, datos.orden_veterinario_id) if uno}
    columnas = (Profesional.id, Profesional.usuario_id, Profesional.categoria, Profesional.activo)
    propio = Profesional.usuario_id == identidad().id
    fichas = rows(select(*columnas).where(or_(propio, Profesional.id.in_(dichos))))
    return lambda: _responsable(datos, dichos, {fila.id: fila for fila in fichas})


def _responsable(datos: VacunacionCrear, dichos: set[UUID], conocidos: dict[UUID, AnyRow]) -> UUID | None:
    if dichos - conocidos.keys():
        raise NoEncontrado
    for campo in ("veterinario_id", "orden_veterinario_id"):
        elegido = conocidos.get(getattr(datos, campo))
        if elegido and not _es_veterinario(elegido):
            raise VeterinarioInvalido(campo=f"/{campo}")
    if Rol.VETERINARIO not in identidad().roles and datos.orden_veterinario_id is None:
        raise OrdenVeterinariaRequerida(campo="/orden_veterinario_id")
    if datos.veterinario_id or datos.orden_veterinario_id or datos.externa:
        return datos.veterinario_id or datos.orden_veterinario_id
    suya = [uno.id for uno in conocidos.values() if uno.usuario_id == identidad().id and _es_veterinario(uno)]
    return suya[0] if suya else None


def _es_veterinario(fila: AnyRow) -> bool:
    return fila.categoria is Categoria.VETERINARIO and fila.activo


def _recien_puesta(id: UUID, paciente: Paciente, ficha: AnyRow) -> dict[str, Any]:
    """La vacuna, avisando de lo que conviene saber de ella."""
    puesta = obtener(id)
    _avisar(paciente, ficha, puesta)
    return puesta


def _avisar(paciente: Paciente, ficha: AnyRow, puesta: dict[str, Any]) -> None:
    minima, nacimiento = ficha.edad_min_semanas, paciente.fecha_nacimiento
    if minima and nacimiento and puesta["fecha"] < nacimiento + timedelta(weeks=minima):
        avisar("EDAD_INFERIOR_A_FICHA", f"La ficha técnica pide al menos {minima} semanas de edad")
    if ficha.especies and paciente.especie not in ficha.especies:
        avisar("ESPECIE_FUERA_DE_FICHA", "La ficha técnica no indica esta vacuna para la especie del paciente")
    for uno in puesta["protocolos"]:
        if uno.descarte:
            avisar("DOSIS_NO_COMPUTA", f"{uno.descarte_mensaje} ({uno.protocolo})")
        elif uno.protocolo == RABIA and uno.valida_ue_desde is None:
            avisar("SIN_VALIDEZ_UE", "No vale para viajar por la UE: el microchip no consta o es posterior a la vacuna")
