"""La ficha del paciente: listarla, leerla, darla de alta, editarla y darla de baja."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, true
from sqlalchemy.orm import aliased

from app.api.models import alcance  # noqa: F401 - declara qué pacientes ve cada cual
from app.api.models.catalogo import Especie, Raza
from app.api.models.cliente import Cliente, EstadoCliente
from app.api.models.paciente import EstadoPaciente, Paciente, Precision
from app.api.models.peso import Peso
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.schemas.paciente_schema import PacienteCrear, PacienteEditar, PacienteFiltro
from app.api.services import pesos_service
from app.utils import microchip
from app.utils.contadores import codigo
from app.utils.context import avisar, hoy, identidad
from app.utils.edad import edad, sumar_meses
from app.utils.errors import BusinessRule, Conflict
from app.utils.pagination import Page, paginate
from app.utils.records import add, change, columns, fetch, find, first

GESTACION_DIAS = 75
MAXIMO_BUSQUEDA = 200


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


def lectura() -> Select[Any]:
    """Una fila por paciente, con su titular vigente, su último peso y los riesgos de su raza."""
    vigente, dueno, peso = aliased(Titularidad), aliased(Cliente), aliased(Peso)
    ultimo = (
        select(peso.peso_kg, peso.medido_en, peso.metodo)
        .where(peso.paciente_id == Paciente.id, peso.anulado_en.is_(None))
        .order_by(peso.medido_en.desc(), peso.id.desc())
        .limit(1)
        .lateral("ultimo_peso")
    )
    return (
        select(
            *columns(Paciente),
            dueno.id.label("cliente_id"),
            func.coalesce(dueno.razon_social, func.concat_ws(" ", dueno.nombre, dueno.apellidos)).label("titular_nombre"),
            ultimo.c.peso_kg,
            ultimo.c.medido_en,
            ultimo.c.metodo,
            Raza.mdr1.label("raza_mdr1"),
            Raza.ppp.label("raza_ppp"),
        )
        .outerjoin(
            vigente,
            and_(
                vigente.organizacion_id == Paciente.organizacion_id,
                vigente.paciente_id == Paciente.id,
                vigente.rol == RolTitular.TITULAR,
                vigente.hasta.is_(None),
            ),
        )
        .outerjoin(dueno, and_(dueno.organizacion_id == vigente.organizacion_id, dueno.id == vigente.cliente_id))
        .outerjoin(ultimo, true())
        .outerjoin(Raza, and_(Raza.especie == Paciente.especie, Raza.codigo == Paciente.raza))
    )


def listar(filtro: PacienteFiltro) -> Page:
    """Los pacientes que quien pide puede ver, filtrados; con ``q``, por parecido."""
    consulta = lectura()
    if filtro.microchip:
        consulta = consulta.where(Paciente.microchip == microchip.normalizar(filtro.microchip))
    if filtro.especie:
        consulta = consulta.where(Paciente.especie.in_(filtro.especie))
    if filtro.raza:
        consulta = consulta.where(Paciente.raza == filtro.raza)
    if filtro.estado:
        consulta = consulta.where(Paciente.estado.in_(filtro.estado))
    else:
        consulta = consulta.where(Paciente.estado != EstadoPaciente.FUSIONADO)
    if filtro.nacido_desde:
        consulta = consulta.where(Paciente.fecha_nacimiento >= filtro.nacido_desde)
    if filtro.nacido_hasta:
        consulta = consulta.where(Paciente.fecha_nacimiento <= filtro.nacido_hasta)
    if filtro.nombre:
        # Como intervalo y no como LIKE: bajo políticas de fila LIKE no puede usar el índice.
        prefijo = func.servet_normalizar(filtro.nombre)
        consulta = consulta.where(Paciente.nombre_orden >= prefijo, Paciente.nombre_orden < prefijo + "\U0010ffff")
    if filtro.cliente_id:
        suyos = select(Titularidad.paciente_id).where(
            Titularidad.cliente_id == filtro.cliente_id, Titularidad.hasta.is_(None)
        )
        consulta = consulta.where(Paciente.id.in_(suyos))
    ordenes: dict[str, Any] = {"nombre": Paciente.nombre_orden, "creado_en": Paciente.creado_en}
    defecto = "nombre"
    if filtro.q:
        parecidos = func.buscar_pacientes(filtro.q, MAXIMO_BUSQUEDA).table_valued("id", "puntuacion", name="parecidos")
        consulta = consulta.join(parecidos, parecidos.c.id == Paciente.id)
        ordenes["relevancia"] = parecidos.c.puntuacion
        defecto = "-relevancia"
    pagina = paginate(consulta, filtro, ordenes, defecto, Paciente.id)
    return Page([presentar(fila) for fila in pagina.datos], pagina.siguiente)


def obtener(id: UUID) -> dict[str, Any]:
    """La ficha de un paciente."""
    return presentar(fetch(lectura().where(Paciente.id == id)))


def presentar(fila: Row[Any]) -> dict[str, Any]:
    """La fila, con lo que se deriva de ella: edad, peso actual, titular y avisos."""
    ficha = dict(fila._mapping)
    hoy_ = hoy()
    if fila.fecha_nacimiento:
        precision = fila.precision_nacimiento or Precision.EXACTA
        ficha["edad"] = edad(fila.fecha_nacimiento, fila.fecha_fallecimiento or hoy_, precision)
    else:
        ficha["edad"] = None
    ficha["titular"] = {"id": fila.cliente_id, "nombre": fila.titular_nombre} if fila.cliente_id else None
    ficha["peso_actual"] = (
        {"peso_kg": fila.peso_kg, "medido_en": fila.medido_en, "metodo": fila.metodo} if fila.peso_kg else None
    )
    chip = microchip.Microchip(fila.microchip) if fila.microchip else None
    ficha["microchip_detalle"] = microchip.detalle(chip) if chip else None
    ficha["gestante"] = _reciente(fila.gestante_desde, hoy_)
    ficha["lactante"] = _reciente(fila.lactante_desde, hoy_)
    ficha["avisos"] = [{"codigo": uno.codigo, "mensaje": uno.mensaje} for uno in microchip.avisos(chip)] if chip else []
    if fila.raza_mdr1 and fila.mdr1 == "no_testado":
        ficha["avisos"].append(
            {"codigo": "MDR1_RAZA_RIESGO", "mensaje": "Raza con posible sensibilidad a lactonas macrocíclicas"}
        )
    if fila.raza_ppp and fila.ppp is None:
        ficha["avisos"].append(
            {"codigo": "PPP_POR_RAZA", "mensaje": "Raza potencialmente peligrosa en España: complete licencia y seguro"}
        )
    return ficha


def crear(datos: PacienteCrear) -> dict[str, Any]:
    """Da de alta un paciente y abre su titularidad; el del portal espera validación."""
    cliente = find(Cliente, datos.cliente_id)
    if cliente.estado is not EstadoCliente.ACTIVO:
        raise ClienteNoActivo(campo="/cliente_id")
    campos = datos.model_dump(exclude={"cliente_id", "edad_estimada_meses", "fecha_estimacion", "peso_inicial"})
    if datos.edad_estimada_meses is not None:
        campos["fecha_nacimiento"] = sumar_meses(datos.fecha_estimacion or hoy(), -datos.edad_estimada_meses)
        campos["precision_nacimiento"] = Precision.ESTIMADA
    if quien_valida := identidad().es_cliente:
        campos["estado"] = EstadoPaciente.PENDIENTE_VALIDACION
    _comprobar(campos)
    paciente = add(Paciente(codigo=codigo("PAC"), **campos))
    add(Titularidad(paciente_id=paciente.id, cliente_id=cliente.id, desde=hoy()))
    if datos.peso_inicial and not quien_valida:
        pesos_service.anotar(paciente, datos.peso_inicial)
    return obtener(paciente.id)


def editar(id: UUID, cambios: PacienteEditar) -> dict[str, Any]:
    """Cambia los campos que vinieron de la ficha de un paciente."""
    paciente = find(Paciente, id)
    nuevos = cambios.model_dump(include=cambios.model_fields_set)
    _comprobar({**{campo: getattr(paciente, campo) for campo in _COHERENTES}, **nuevos})
    change(paciente, nuevos)
    return obtener(id)


def eliminar(id: UUID) -> None:
    """Baja lógica de un paciente: pasa a inactivo y se puede reactivar."""
    from app.api.services.vida_paciente_service import pasar_por

    pasar_por(find(Paciente, id), "baja")


def exigir_vivo(paciente: Paciente) -> None:
    """Nada nuevo para quien ha muerto. Errores: ``PacienteFallecido``, ``PacienteNoActivo``."""
    if paciente.estado is EstadoPaciente.FALLECIDO:
        raise PacienteFallecido
    if paciente.estado in (EstadoPaciente.FUSIONADO, EstadoPaciente.INACTIVO):
        raise PacienteNoActivo


_COHERENTES = (
    "especie", "raza", "fecha_nacimiento", "fecha_esterilizacion", "fecha_fallecimiento", "precision_nacimiento",
)  # fmt: skip


def _comprobar(campos: dict[str, Any]) -> None:
    """Lo que un campo exige de otro: raza de su especie y fechas en orden."""
    hoy_ = hoy()
    especie, raza = campos["especie"], campos.get("raza")
    if raza is not None:
        if first(select(Raza.codigo).where(Raza.especie == especie, Raza.codigo == raza)) is None:
            raise RazaDeOtraEspecie(campo="/raza")
    elif first(select(Especie.codigo).where(Especie.codigo == especie)) is None:
        raise EspecieDesconocida(campo="/especie")
    for campo in ("fecha_nacimiento", "fecha_esterilizacion", "fecha_microchip", "gestante_desde", "lactante_desde"):
        fecha = campos.get(campo)
        if fecha is not None and fecha > hoy_:
            raise FechaFutura(campo=f"/{campo}")
    nacimiento = campos.get("fecha_nacimiento")
    for campo in ("fecha_esterilizacion", "fecha_microchip", "fecha_fallecimiento"):
        fecha = campos.get(campo)
        if nacimiento and fecha and fecha < nacimiento:
            raise FechasIncoherentes("No puede ser anterior al nacimiento", campo=f"/{campo}")
    if campos.get("microchip") and not campos.get("verificado_lector", True):
        avisar("MICROCHIP_SIN_VERIFICAR", "Lea el microchip dos veces con el lector para confirmarlo")


def _reciente(desde: date | None, hoy_: date) -> bool:
    return desde is not None and hoy_ - desde <= timedelta(days=GESTACION_DIAS)
