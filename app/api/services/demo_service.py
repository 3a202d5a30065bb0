"""La clínica de demostración: siempre la misma, por muchas veces que se prepare; sólo su agenda sigue al calendario.

Los ids salen de su nombre y lo que no es agenda está fechado en ``ORIGEN``. Las citas ocupan esta semana y la anterior.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.agenda import Horario, Recurso, TipoRecurso
from app.api.models.alerta import AgenteTipo, Alergia, Alerta, GravedadAlergia, NivelAlerta, TipoAlerta
from app.api.models.cliente import Cliente, TipoCliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import EstadoPaciente, Esterilizado, Paciente, Precision, Sexo, SinIdentificacion
from app.api.models.peso import MetodoPeso, Peso
from app.api.models.profesional import Categoria, Profesional
from app.api.models.sede import Sede
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.models.usuario import EstadoUsuario, Usuario, UsuarioSede
from app.api.services import (
    demo_agenda_service,
    demo_consultas_service,
    demo_datos,
    demo_medicacion_service,
    demo_vacunas_service,
)
from app.api.services.demo_pasos_service import asegurar
from app.api.services.instalacion_service import crear_organizacion, organizacion_por_codigo
from app.api.services.siembra_service import sembrar_medicacion, sembrar_vacunas
from app.api.services.tipos_cita_service import sembrar_tipos_cita
from app.config.database import transaction
from app.config.demostracion import ORIGEN, id_demo
from app.config.settings import Modo, get_settings
from app.utils.contadores import codigo
from app.utils.context import Contexto, iniciar, organizacion_id
from app.utils.entities import Base
from app.utils.errors import Conflict
from app.utils.passwords import hash_password, verify_password
from app.utils.records import add, change, entities, fetch, first

DESDE = date(2026, 1, 1)


class DemostracionEnProduccion(Conflict):
    """La demostración no se carga en producción."""


def preparar(contrasena: str) -> None:
    """Crea o completa las organizaciones ``demo`` y ``vecina`` y pone a sus usuarios esa contraseña.

    Errores: ``DemostracionEnProduccion``.
    """
    if get_settings().modo is Modo.PRODUCCION:
        raise DemostracionEnProduccion
    huella = hash_password(contrasena)
    with _organizacion("demo", "Clínica Veterinaria Demo", "B12345674"):
        sedes = _sedes(demo_datos.SEDES_DEMO)
        clientes = _clientes(demo_datos.CLIENTES, sedes)
        _usuarios(demo_datos.USUARIOS_DEMO, sedes, clientes, contrasena, huella)
        _recursos(sedes)
        _pacientes(demo_datos.PACIENTES, clientes, sedes)
        demo_vacunas_service.llenar(identificador)
        demo_medicacion_service.llenar(identificador)
    with _organizacion("demo", "", ""):
        demo_consultas_service.llenar(identificador)
    with _organizacion("demo", "", ""):
        demo_agenda_service.llenar(identificador)
    with _organizacion("vecina", "Clínica Veterinària Veïna", "A58818501"):
        sedes = _sedes(demo_datos.SEDES_VECINA)
        clientes = _clientes(demo_datos.CLIENTES_VECINA, sedes)
        _usuarios(demo_datos.USUARIOS_VECINA, sedes, clientes, contrasena, huella)
        _pacientes(demo_datos.PACIENTES_VECINA, clientes, sedes)


def identificador(*partes: str) -> UUID:
    """El id que siempre tiene lo que se llama así en la organización en curso."""
    return id_demo(_codigo(organizacion_id()), *partes)


@cache
def _codigo(organizacion: UUID | None) -> str:
    return str(fetch(select(Organizacion.codigo).where(Organizacion.id == organizacion)).codigo)


@contextmanager
def _organizacion(codigo_: str, nombre: str, fiscal: str) -> Iterator[None]:
    """Una transacción en esa organización, que se crea si no está, con el reloj en ``ORIGEN``."""
    organizacion = organizacion_por_codigo(codigo_) or crear_organizacion(codigo_, nombre, "ES", "EUR", fiscal)
    iniciar(Contexto(organizacion_id=organizacion, reloj=ORIGEN))
    try:
        with transaction():
            sembrar_tipos_cita(lambda codigo: identificador("tipos_cita", codigo))
            sembrar_medicacion(identificador)
            sembrar_vacunas("ES", identificador)
            yield
    finally:
        iniciar(Contexto())


def _asegurar(modelo: type[Base], *partes: str, **campos: Any) -> UUID:
    """La fila con ese nombre, que se crea si no está."""
    id = identificador(modelo.__tablename__, *partes)
    asegurar(modelo, id, **campos)
    return id


def _sedes(tabla: Any) -> dict[str, UUID]:
    salida = {}
    for n, (clave, nombre, zona, fiscal, sanitario, telefono, municipio, calle) in enumerate(tabla):
        salida[clave] = _asegurar(
            Sede, clave, codigo=clave, nombre=nombre, zona_horaria=zona, territorio_fiscal=fiscal,
            territorio_sanitario=sanitario, telefono=telefono, email=f"{clave.lower()}@example.com",
            direccion={"calle": calle, "numero": "12", "municipio": municipio, "pais": "ES"},
            apertura={"lunes": [{"hora_inicio": "09:00", "hora_fin": "14:00"}], "notas": "Urgencias por teléfono"},
            creado_en=ORIGEN + timedelta(seconds=n),  # la primera es la principal
        )  # fmt: skip
        _horario(salida[clave], clave)
    return salida


def _horario(sede_id: UUID, *partes: str, dias: Iterable[int] = range(1, 7), **de_quien: UUID) -> None:
    for dia, inicio, fin in demo_datos.FRANJAS:
        if dia in dias:
            _asegurar(
                Horario, *partes, str(dia), inicio, sede_id=sede_id, dia_semana=dia, desde=DESDE,
                hora_inicio=time.fromisoformat(inicio), hora_fin=time.fromisoformat(fin), **de_quien,
            )  # fmt: skip


def _usuarios(tabla: Any, sedes: dict[str, UUID], clientes: dict[str, UUID], contrasena: str, huella: str) -> None:
    for email, nombre, rol, donde, ficha in tabla:
        es_cliente = rol == "cliente"
        id = _asegurar(
            Usuario, email, email=email, nombre=nombre, roles=[rol], estado=EstadoUsuario.ACTIVO,
            contrasena_huella=huella, valida_desde=ORIGEN, cliente_id=clientes["carmen"] if es_cliente else None,
        )  # fmt: skip
        (usuario,) = entities(select(Usuario).where(Usuario.id == id))
        if not verify_password(usuario.contrasena_huella, contrasena):
            change(usuario, {"contrasena_huella": huella})
        for sede in donde:
            _asegurar(UsuarioSede, email, sede, usuario_id=id, sede_id=sedes[sede])
        if ficha:
            categoria, colegiado, color = ficha
            profesional = _asegurar(
                Profesional, email, usuario_id=id, nombre=nombre, categoria=Categoria(categoria),
                num_colegiado=colegiado, colegio="Colegio Oficial de Veterinarios" if colegiado else None,
                color_agenda=color,
            )  # fmt: skip
            # Quien trabaja en las dos sedes pasa en Las Palmas sólo los sábados: nadie está en dos sitios a la vez.
            for sede in donde:
                dias = range(1, 7) if len(donde) == 1 else (6,) if sede == "LPA" else range(1, 6)
                _horario(sedes[sede], email, sede, dias=dias, profesional_id=profesional)


def _recursos(sedes: dict[str, UUID]) -> None:
    for sede, sede_id in sedes.items():
        for clave, nombre, tipo, plazas in demo_datos.RECURSOS:
            if sede == "MAD" or clave not in demo_datos.SOLO_MADRID:
                _asegurar(
                    Recurso, sede, clave, sede_id=sede_id, codigo=clave, nombre=nombre, tipo=TipoRecurso(tipo),
                    capacidad=plazas,
                )  # fmt: skip


def _clientes(tabla: tuple[demo_datos.Cliente, ...], sedes: dict[str, UUID]) -> dict[str, UUID]:
    salida = {}
    for uno in tabla:
        persona = uno.tipo == "persona"
        id = identificador("clientes", uno.clave)
        if first(select(Cliente.id).where(Cliente.id == id)) is None:
            add(
                Cliente(
                    id=id, codigo=codigo("CLI"), tipo=TipoCliente(uno.tipo), nombre=uno.nombre if persona else None,
                    apellidos=uno.apellidos or None, razon_social=None if persona else uno.nombre,
                    telefonos=[{"numero": uno.telefono, "etiqueta": None, "principal": True}], email=uno.email,
                    identificador_fiscal=uno.nif, pais_identificador="ES" if uno.nif else None,
                    tipo_identificador="nif" if uno.nif else None, notas_internas=uno.notas,
                    sede_habitual_id=sedes[uno.sede],
                    direccion={"calle": "Calle Mayor", "numero": "1", "municipio": uno.municipio, "pais": "ES"},
                )
            )  # fmt: skip
        salida[uno.clave] = id
    return salida


def _pacientes(tabla: tuple[demo_datos.Paciente, ...], clientes: dict[str, UUID], sedes: dict[str, UUID]) -> None:
    for uno in tabla:
        id = identificador("pacientes", uno.clave)
        if first(select(Paciente.id).where(Paciente.id == id)) is None:
            add(_paciente(uno, id))
            desde = _adoptado(uno)
            duenos = ((uno.titular, RolTitular.TITULAR), (uno.cotitular, RolTitular.COTITULAR))
            for quien, papel in duenos:
                if quien:
                    add(Titularidad(paciente_id=id, cliente_id=clientes[quien], rol=papel, desde=desde))
            _antecedentes(uno, id)


def _paciente(uno: demo_datos.Paciente, id: UUID) -> Paciente:
    campos = dict(uno.otros)
    for nombre in ("fecha_fallecimiento", "perdido_desde"):
        if nombre in campos:
            campos[nombre] = date.fromisoformat(str(campos[nombre]))
    precision = Precision(str(campos.pop("precision_nacimiento", "exacta"))) if uno.nacimiento else None
    if "motivo_sin_identificacion" in campos:
        campos["motivo_sin_identificacion"] = SinIdentificacion(str(campos["motivo_sin_identificacion"]))
    return Paciente(
        id=id, codigo=codigo("PAC"), nombre=uno.nombre, especie=uno.especie, raza=uno.raza, sexo=Sexo(uno.sexo),
        esterilizado=Esterilizado(uno.esterilizado), precision_nacimiento=precision, microchip=uno.microchip,
        fecha_nacimiento=date.fromisoformat(uno.nacimiento) if uno.nacimiento else None,
        verificado_lector=bool(uno.microchip), capa=uno.capa, estado=EstadoPaciente(uno.estado), **campos,
    )  # fmt: skip


def _adoptado(uno: demo_datos.Paciente) -> date:
    """Desde cuándo es de su titular: de cachorro, si se sabe cuándo nació."""
    return date.fromisoformat(uno.nacimiento) + timedelta(days=60) if uno.nacimiento else ORIGEN.date()


def _antecedentes(uno: demo_datos.Paciente, id: UUID) -> None:
    for n, peso in enumerate(reversed(uno.pesos)):
        medido = ORIGEN - timedelta(days=182 * n)
        add(Peso(paciente_id=id, peso_kg=Decimal(peso), metodo=MetodoPeso.BASCULA, medido_en=medido))
    for tipo, agente, gravedad in uno.alergias:
        add(Alergia(paciente_id=id, agente_tipo=AgenteTipo(tipo), agente_ref=agente, gravedad=GravedadAlergia(gravedad),
                    confirmada=True))  # fmt: skip
    for tipo, texto, nivel in uno.alertas:
        add(Alerta(paciente_id=id, tipo=TipoAlerta(tipo), texto=texto, nivel=NivelAlerta(nivel)))
