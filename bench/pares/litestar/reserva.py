"""Reservar una cita: seis idas a la base entre abrir la transacción y confirmarla."""

import base64
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet
from msgspec import Meta, Struct

from bench.pares.litestar import reserva_sql  # noqa: F401 - declara sus sentencias
from bench.pares.litestar.auditoria import ahora, asiento, como_json, nuevo_id
from bench.pares.litestar.base import Conexion, base
from bench.pares.litestar.citas import Cambio, cita
from bench.pares.litestar.cursores import CLAVE
from bench.pares.litestar.ficha import Aviso
from bench.pares.litestar.plan import Plan, comprobar, ocupantes, plazas
from bench.pares.litestar.problemas import Problema
from bench.pares.litestar.puerta import Peticion, Respuesta
from bench.pares.litestar.validar import leer

_fernet = Fernet(base64.urlsafe_b64encode(sha256(b"servet-reposo|" + CLAVE).digest()))
ESTADO = "confirmada"  # lo que reserva la clínica no espera confirmación
_PASAJEROS = ("CONFLICTO_CONCURRENTE", "CLAVE_IDEMPOTENCIA_REUTILIZADA")


class CitaCrear(Struct, forbid_unknown_fields=True):
    """Reserva de una cita para un animal con ficha, en un instante."""

    sede_id: UUID
    tipo_cita_id: UUID
    cliente_id: UUID
    paciente_id: UUID | None = None
    inicio: datetime | None = None
    fin: datetime | None = None
    profesional_id: UUID | None = None
    auxiliar_id: UUID | None = None
    recursos: Annotated[list[UUID], Meta(max_length=10)] = []
    origen: Literal["recepcion", "telefono"] | None = None
    prioridad: Literal["normal", "preferente", "urgente"] = "normal"
    motivo: Annotated[str, Meta(max_length=500)] | None = None
    notas_internas: Annotated[str, Meta(max_length=2000)] | None = None


_leer = msgspec.json.Decoder(CitaCrear)
_codificar = msgspec.json.Encoder().encode


async def reservar(peticion: Peticion) -> Respuesta:
    """Reserva la cita y su hueco, o nada; con la misma clave, la misma respuesta."""
    clave = peticion.cabeceras.get(b"idempotency-key", b"").decode("latin-1")
    if not clave:
        raise Problema("FALTA_IDEMPOTENCY_KEY")
    if len(clave) > 255 or not clave.isprintable():
        raise Problema("PETICION_MAL_FORMADA", "Idempotency-Key debe tener entre 1 y 255 caracteres visibles")
    peticion.consulta(frozenset())
    crudo = peticion.cuerpo()
    datos = leer(_leer, crudo)
    _completos(datos)
    huella = sha256(peticion.scope["query_string"] + b"\0" + crudo).digest()
    conexion = await base.tomar()
    try:
        try:
            async with conexion.transaccion(peticion.quien.organizacion):
                return await _una_sola_vez(peticion, conexion, datos, clave, huella)
        except Problema as problema:
            if problema.codigo in _PASAJEROS:
                raise
            async with conexion.transaccion(peticion.quien.organizacion):
                return await _negar(peticion, conexion, clave, huella, problema)
    finally:
        base.soltar(conexion)


def _completos(datos: CitaCrear) -> None:
    if datos.paciente_id is None:
        texto = "Indique paciente_id, pacientes o paciente_nuevo"
        raise Problema("PACIENTE_REQUERIDO", texto, campo="/")
    if datos.inicio is None:
        raise Problema("INICIO_REQUERIDO", "Indique inicio u hora_local", campo="/")
    for campo in ("inicio", "fin"):
        instante = getattr(datos, campo)
        if instante is not None and instante.tzinfo is None:
            texto = "El instante necesita su desfase, p. ej. +01:00"
            raise Problema("INSTANTE_SIN_DESFASE", texto, campo=f"/{campo}")
    datos.motivo = datos.motivo and datos.motivo.strip()
    datos.notas_internas = datos.notas_internas and datos.notas_internas.strip()


async def _una_sola_vez(
    peticion: Peticion, conexion: Conexion, datos: CitaCrear, clave: str, huella: bytes
) -> Respuesta:
    quien, en = peticion.quien, ahora()
    de = (quien.organizacion_id, quien.id, f"POST {peticion.ruta}", clave)
    personas = [uno for uno in (datos.profesional_id, datos.auxiliar_id) if uno]
    todos = [*personas, *datos.recursos, datos.paciente_id]
    turnos = sorted({int.from_bytes(uno.bytes[8:], "big", signed=True) for uno in todos})
    tomada = await conexion.fila(
        "reserva_tomar", *de[:4], huella, en, datos.sede_id, datos.cliente_id, datos.paciente_id, datos.recursos, turnos
    )
    if not tomada["nueva"]:
        return await _repetida(conexion, de, huella)
    permitida = quien.sedes is None or datos.sede_id in quien.sedes
    if not permitida or tomada["personas"] < 3 or tomada["recursos"] < len(set(datos.recursos)):
        raise Problema("NO_ENCONTRADO")
    dia = datos.inicio.astimezone(quien.zona).date()
    reglas = await conexion.fila(
        "reserva_leer", datos.sede_id, quien.organizacion_id, datos.tipo_cita_id, datos.cliente_id, datos.inicio,
        datos.fin, personas, datos.recursos, todos, datos.paciente_id, en.astimezone(quien.zona).date(), en,
        dia - timedelta(days=2), dia + timedelta(days=3),
    )  # fmt: skip
    if reglas is None:
        raise Problema("NO_ENCONTRADO")
    plan = comprobar(datos, reglas, en)
    return await _escribir(peticion, conexion, datos, plan, en, de)


async def _escribir(
    peticion: Peticion, conexion: Conexion, datos: CitaCrear, plan: Plan, en: datetime, de: tuple[Any, ...]
) -> Respuesta:
    quien, reglas = peticion.quien, plan.reglas
    id_ = nuevo_id()
    filas = plazas(ocupantes(datos, plan), plan)
    enlaces = [nuevo_id() for _ in datos.recursos]
    detalle = {"inicio": plan.inicio.isoformat(), "fin": plan.fin.isoformat()}
    escrita = await conexion.fila(
        "reserva_escribir", quien.organizacion_id, id_, datos.sede_id, datos.tipo_cita_id, datos.cliente_id,
        datos.paciente_id, datos.profesional_id, datos.auxiliar_id, plan.inicio, plan.fin, ESTADO, plan.origen,
        datos.prioridad, datos.motivo, datos.notas_internas, en, quien.id, enlaces, datos.recursos,
        [nuevo_id() for _ in filas], [f.tipo for f in filas], [f.id for f in filas], [f.plaza for f in filas],
        [f.desde for f in filas], [f.hasta for f in filas], nuevo_id(), _codificar(detalle).decode(),
    )  # fmt: skip
    if escrita["ocupadas"] < len(filas):
        raise Problema("CITA_SOLAPADA", "El intervalo solicitado no está libre", campo="/inicio", conflictos=[])
    codigo = escrita["codigo"]
    nombres = plan.nombres
    profesional = str(datos.profesional_id) if datos.profesional_id else None
    auxiliar = str(datos.auxiliar_id) if datos.auxiliar_id else None
    leida = cita(
        (
            id_, codigo, str(datos.sede_id), reglas["sede"], str(datos.tipo_cita_id), reglas["tipo_cita"],
            reglas["instrucciones"], str(datos.paciente_id), reglas["paciente"], profesional, nombres.get(profesional),
            plan.inicio, plan.fin, reglas["zona_horaria"], ESTADO, plan.origen, datos.motivo, 1,
            str(datos.cliente_id), reglas["cliente"], auxiliar, sorted(str(uno) for uno in datos.recursos), None,
            reglas["color"], datos.prioridad, datos.notas_internas, False, None, None, None, None, None, None,
            None, None, en, en, None,
        ),
        quien.zona,
    )  # fmt: skip
    leida.historial_cambios = [Cambio(en.astimezone(quien.zona), str(quien.id), "alta", ESTADO, detalle)]
    if reglas["requiere_veterinario"] and datos.profesional_id is None:
        leida.avisos.append(Aviso("SIN_PROFESIONAL", "La cita no tiene profesional asignado"))
    cuerpo = _codificar(leida)
    cabeceras = {"Content-Type": "application/json", "ETag": '"1"', "Location": f"{peticion.ruta}/{id_}"}
    apuntes = [asiento(peticion, "crear", "citas", id_, _alta(datos, plan, codigo), en)]
    for enlace, recurso in zip(enlaces, datos.recursos, strict=True):
        cambios = {"cita_id": (None, id_), "recurso_id": (None, recurso)}
        apuntes.append(asiento(peticion, "crear", "citas_recursos", enlace, cambios, en))
    await conexion.fila(
        "reserva_cerrar", *de, 201, _fernet.encrypt(cuerpo), _codificar(cabeceras).decode(), como_json(apuntes)
    )
    return 201, cuerpo, [(b"etag", b'"1"'), (b"location", cabeceras["Location"].encode())]


def _alta(datos: CitaCrear, plan: Plan, codigo: str) -> dict[str, tuple[Any, Any]]:
    """Lo que se apunta de una cita nueva."""
    valores = {
        "codigo": codigo, "sede_id": datos.sede_id, "tipo_cita_id": datos.tipo_cita_id, "cliente_id": datos.cliente_id,
        "paciente_id": datos.paciente_id, "profesional_id": datos.profesional_id, "auxiliar_id": datos.auxiliar_id,
        "inicio": plan.inicio, "fin": plan.fin, "estado": ESTADO, "origen": plan.origen,
        "prioridad": datos.prioridad, "motivo": datos.motivo, "notas_internas": datos.notas_internas, "forzada": False,
        "motivo_forzado": None, "caduca_en": None, "llegada_en": None,
    }  # fmt: skip
    return {campo: (None, valor) for campo, valor in valores.items()}


async def _repetida(conexion: Conexion, de: tuple[Any, ...], huella: bytes) -> Respuesta:
    """Byte a byte lo que respondió la primera. Errores: ``CLAVE_IDEMPOTENCIA_REUTILIZADA``."""
    previa = await conexion.fila("reserva_previa", *de)
    if previa["huella"] != huella:
        raise Problema("CLAVE_IDEMPOTENCIA_REUTILIZADA")
    guardadas = msgspec.json.decode(previa["cabeceras"])
    cabeceras = [(nombre.lower().encode(), valor.encode()) for nombre, valor in guardadas.items()]
    if previa["estado"] < 400:  # el tipo lo pone quien envía
        cabeceras = [una for una in cabeceras if una[0] != b"content-type"]
    return previa["estado"], _fernet.decrypt(previa["cuerpo"]), [*cabeceras, (b"idempotency-replayed", b"true")]


async def _negar(peticion: Peticion, conexion: Conexion, clave: str, huella: bytes, problema: Problema) -> Respuesta:
    """El «no» de la clínica también se guarda: la misma clave dirá lo mismo."""
    quien = peticion.quien
    de = (quien.organizacion_id, quien.id, f"POST {peticion.ruta}", clave)
    cuerpo = problema.cuerpo(peticion.ruta, peticion.id_peticion)
    nadie = UUID(int=0)
    tomada = await conexion.fila("reserva_tomar", *de, huella, ahora(), nadie, nadie, nadie, [], [])
    if not tomada["nueva"]:
        return await _repetida(conexion, de, huella)
    tipo = '{"Content-Type": "application/problem+json"}'
    await conexion.fila("reserva_cerrar", *de, problema.estado, _fernet.encrypt(cuerpo), tipo, None)
    return problema.estado, cuerpo, [(b"content-type", b"application/problem+json")]
