"""Reservar: la cita y su hueco, o nada; y una sola vez por clave."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Request, Response
from sqlalchemy import ARRAY, BigInteger, and_, cast, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from bench.pares.comun import agenda as huecos
from bench.pares.fastapi import agenda
from bench.pares.fastapi.acceso import Identidad, permiso
from bench.pares.fastapi.base import ConSesion
from bench.pares.fastapi.comun import asiento, auditar
from bench.pares.fastapi.esquemas import CitaCrear, CitaLectura
from bench.pares.fastapi.modelos import (
    Cita, CitaCambio, CitaRecurso, Cliente, Contador, Idempotencia, Ocupacion, Paciente, Profesional, Recurso, Sede,
    TipoCita, Titularidad,
)
from bench.pares.fastapi.problemas import Problema, no_encontrado

rutas = APIRouter(prefix="/citas")
_CALLADOS = {"version", "creado_en", "creado_por", "actualizado_en", "actualizado_por", "organizacion_id", "id"}


@rutas.post("", status_code=201, response_model=CitaLectura)
async def crear(
    datos: CitaCrear, quien: Annotated[Identidad, permiso("citas:crear")], sesion: ConSesion, peticion: Request,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
):
    """Reserva una cita."""
    if idempotency_key is None:
        raise Problema(400, "FALTA_IDEMPOTENCY_KEY", "Falta la cabecera Idempotency-Key")
    if not quien.sin_limite_de_sede and datos.sede_id not in quien.sedes:
        raise no_encontrado()
    org, ahora = quien.organizacion_id, datetime.now(UTC)
    clave = {"organizacion_id": org, "actor_id": quien.id, "ruta": f"POST {peticion.url.path}", "clave": idempotency_key}
    huella = sha256(peticion.url.query.encode() + b"\0" + await peticion.body()).digest()
    nueva = await sesion.execute(
        insert(Idempotencia).values(**clave, huella=huella, creado_en=ahora).on_conflict_do_nothing()
        .returning(Idempotencia.clave)
    )
    if nueva.one_or_none() is None:
        return await _repetida(sesion, clave, huella)
    cita, cambio, recursos = await _reservar(sesion, datos, quien, ahora)

    from bench.pares.fastapi.citas import lectura, presentar

    fila = (await sesion.execute(lectura(quien).where(Cita.id == cita.id))).one()
    cuerpo = presentar(fila, quien, [cambio]).model_dump_json().encode()
    cabeceras = {"ETag": '"1"', "Location": f"/api/v1/citas/{cita.id}"}
    guardada = (await sesion.execute(select(Idempotencia).filter_by(**clave))).scalar_one()
    guardada.estado, guardada.cuerpo = 201, cuerpo
    guardada.cabeceras = {"Content-Type": "application/json", **cabeceras}
    await sesion.flush()
    campos = {
        c.key: (None, valor) for c in Cita.__table__.columns
        if c.key not in _CALLADOS and (valor := getattr(cita, c.key)) is not None
    }
    await auditar(
        sesion, asiento(peticion, quien, "crear", "citas", cita.id, campos),
        *(asiento(peticion, quien, "crear", "citas_recursos", uno.id,
                  {"cita_id": (None, uno.cita_id), "recurso_id": (None, uno.recurso_id)}) for uno in recursos),
    )
    await sesion.commit()
    return Response(cuerpo, 201, cabeceras, "application/json")


async def _repetida(sesion, clave: dict, huella: bytes) -> Response:
    previa = (await sesion.execute(select(Idempotencia).filter_by(**clave))).scalar_one()
    if previa.huella != huella:
        raise Problema(422, "CLAVE_IDEMPOTENCIA_REUTILIZADA", "Esa Idempotency-Key ya se usó con otro contenido")
    return Response(previa.cuerpo, previa.estado, {**previa.cabeceras, "Idempotency-Replayed": "true"})


async def _reservar(sesion, datos: CitaCrear, quien: Identidad, ahora: datetime):
    """Comprueba las reglas, toma el hueco y escribe la cita."""
    org = quien.organizacion_id
    for modelo, id in ((Sede, datos.sede_id), (Cliente, datos.cliente_id), (Paciente, datos.paciente_id)):
        consulta = select(modelo.id).where(modelo.organizacion_id == org, modelo.id == id)
        if (await sesion.execute(consulta.with_for_update(read=True, key_share=True))).first() is None:
            raise no_encontrado()
    sede, tipo = await _reglas(sesion, datos, org)
    salas = (await sesion.execute(
        select(Recurso).where(Recurso.organizacion_id == org, Recurso.id.in_(datos.recursos)).order_by(Recurso.id)
        .with_for_update(read=True)
    )).scalars().all() if datos.recursos else []
    if len(salas) < len(datos.recursos):
        raise no_encontrado()
    if any(not sala.activo or sala.sede_id != datos.sede_id for sala in salas):
        raise Problema(422, "RECURSO_INADECUADO", "Ese recurso no está disponible en esta sede")
    inicio, fin = datos.inicio, datos.fin or datos.inicio + timedelta(minutes=tipo.duracion_min)
    await _en_horario(sesion, datos, org, sede, inicio, fin, ahora)
    codigo = (await sesion.execute(
        insert(Contador).values(organizacion_id=org, nombre=f"CIT-{datos.sede_id}", valor=1)
        .on_conflict_do_update(index_elements=["organizacion_id", "nombre"], set_={"valor": Contador.valor + 1})
        .returning(Contador.valor)
    )).scalar_one()
    cita = Cita(
        organizacion_id=org, id=uuid7(), codigo=f"CIT-{codigo:06d}", inicio=inicio, fin=fin, estado="confirmada",
        origen="recepcion", forzada=False, creado_en=ahora, creado_por=quien.id, actualizado_en=ahora,
        actualizado_por=quien.id, **datos.model_dump(exclude={"inicio", "fin", "recursos"}),
    )
    recursos = [CitaRecurso(organizacion_id=org, id=uuid7(), cita_id=cita.id, recurso_id=id) for id in datos.recursos]
    cambio = CitaCambio(
        organizacion_id=org, id=uuid7(), cita_id=cita.id, en=ahora, por=quien.id, accion="alta", estado="confirmada",
        detalle={"inicio": inicio.isoformat(), "fin": fin.isoformat()},
    )
    sesion.add(cita)
    await sesion.flush()
    sesion.add_all([*recursos, cambio])
    await sesion.flush()
    await _ocupar(sesion, org, cita, tipo, salas, ahora, sede.zona_horaria)
    return cita, cambio, recursos


async def _reglas(sesion, datos: CitaCrear, org: UUID):
    titular = exists().where(
        Titularidad.organizacion_id == org, Titularidad.paciente_id == Paciente.id, Titularidad.hasta.is_(None),
        Titularidad.cliente_id == datos.cliente_id,
    )
    categorias = select(func.array_agg(Profesional.categoria)).where(
        Profesional.organizacion_id == org, Profesional.activo, Profesional.agendable,
        Profesional.id.in_([uno for uno in (datos.profesional_id, datos.auxiliar_id) if uno]),
    ).scalar_subquery()
    fila = (await sesion.execute(
        select(Sede, TipoCita, Cliente.estado.label("cliente"), Paciente.estado.label("paciente"), Paciente.especie,
               titular.label("vinculado"), categorias.label("categorias"))
        .select_from(Sede)
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == datos.tipo_cita_id, TipoCita.activo))
        .join(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == datos.cliente_id))
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == datos.paciente_id))
        .where(Sede.organizacion_id == org, Sede.id == datos.sede_id, Sede.activo)
    )).one_or_none()
    pedidos = {uno for uno in (datos.profesional_id, datos.auxiliar_id) if uno}
    if fila is None or len(fila.categorias or []) < len(pedidos):
        raise no_encontrado()
    if fila.paciente in ("fallecido", "fusionado", "inactivo"):
        raise Problema(422, "PACIENTE_NO_ACTIVO", "El paciente no está activo")
    if fila.cliente != "activo":
        raise Problema(409, "CLIENTE_NO_ACTIVO", "El cliente no está activo")
    if not fila.vinculado:
        raise Problema(422, "PACIENTE_DE_OTRO_CLIENTE", "Ese cliente no es titular del paciente")
    if fila.TipoCita.especies and fila.especie not in fila.TipoCita.especies:
        raise Problema(422, "ESPECIE_NO_ADMITIDA", "Este tipo de cita no atiende a esa especie")
    if fila.TipoCita.requiere_veterinario and datos.profesional_id and "veterinario" not in fila.categorias:
        raise Problema(422, "PROFESIONAL_INADECUADO", "Ese profesional no puede atender este tipo de cita")
    return fila.Sede, fila.TipoCita


async def _en_horario(sesion, datos: CitaCrear, org: UUID, sede: Sede, inicio: datetime, fin: datetime, ahora: datetime):
    if inicio < ahora - timedelta(hours=1):
        raise Problema(422, "CITA_EN_EL_PASADO", "No se puede reservar una hora que ya pasó")
    personas = [uno for uno in (datos.profesional_id, datos.auxiliar_id) if uno]
    dia = inicio.astimezone(ZoneInfo(sede.zona_horaria)).date()
    libre = await agenda.atendido(sesion, org, sede.id, sede.zona_horaria, personas, datos.recursos, dia, dia + agenda.DIA)
    if not all(huecos.cabe(uno, inicio, fin) for uno in libre.values()):
        raise Problema(422, "FUERA_DE_HORARIO", "Está fuera del horario de la agenda")


async def _ocupar(sesion, org: UUID, cita: Cita, tipo: TipoCita, salas: list[Recurso], ahora: datetime, zona: str) -> None:
    """Por turno, comprueba que todos estén libres y los ocupa; la restricción de la base tiene la última palabra."""
    antes, despues = timedelta(minutes=tipo.buffer_antes_min), timedelta(minutes=tipo.buffer_despues_min)
    ancho = (cita.inicio - antes, cita.fin + despues)
    quienes = [("paciente", cita.paciente_id, 1, (cita.inicio, cita.fin))]
    quienes += [("profesional", uno, 1, ancho) for uno in (cita.profesional_id, cita.auxiliar_id) if uno]
    quienes += [("recurso", sala.id, sala.capacidad, ancho) for sala in salas]
    ids = [uno[1] for uno in quienes]
    claves = sorted(int.from_bytes(uno.bytes[8:], "big", signed=True) for uno in ids)
    turno = func.unnest(cast(claves, ARRAY(BigInteger))).column_valued("clave")
    await sesion.execute(select(func.pg_advisory_xact_lock(turno)))
    caducadas = select(Cita.id).where(
        Cita.organizacion_id == org, Cita.estado == "solicitada", Cita.caduca_en <= ahora)
    await sesion.execute(delete(Ocupacion).where(
        Ocupacion.organizacion_id == org, Ocupacion.ocupante_id.in_(ids), Ocupacion.hasta > ahora,
        Ocupacion.cita_id.in_(caducadas)).execution_options(synchronize_session=False))
    cogidas = (await sesion.execute(
        select(Ocupacion.tipo, Ocupacion.ocupante_id, Ocupacion.plaza, Ocupacion.desde, Ocupacion.hasta)
        .where(Ocupacion.organizacion_id == org, Ocupacion.ocupante_id.in_(ids), Ocupacion.hasta > ancho[0],
               Ocupacion.desde < ancho[1])
    )).all()
    filas, conflictos = [], []
    for clase, id, plazas, (desde, hasta) in quienes:
        choques = [uno for uno in cogidas if uno.ocupante_id == id and uno.desde < hasta and uno.hasta > desde]
        usadas = {uno.plaza for uno in choques}
        plaza = next((n for n in range(1, plazas + 1) if n not in usadas), None)
        if plaza is None:
            conflictos += choques
        filas.append({"organizacion_id": org, "id": uuid7(), "cita_id": cita.id, "tipo": clase, "ocupante_id": id,
                      "plaza": plaza, "desde": desde, "hasta": hasta})
    if not conflictos:
        orden = insert(Ocupacion).on_conflict_do_nothing(constraint="ocupaciones_sin_solape").returning(Ocupacion.id)
        dentro = (await sesion.execute(orden, sorted(filas, key=lambda f: str(f["ocupante_id"])))).all()
        if len(dentro) == len(filas):
            return
    local = ZoneInfo(zona)
    raise Problema(409, "CITA_SOLAPADA", "El intervalo solicitado no está libre", conflictos=[
        {"tipo": uno.tipo, "id": str(uno.ocupante_id), "inicio": uno.desde.astimezone(local).isoformat(),
         "fin": uno.hasta.astimezone(local).isoformat()} for uno in conflictos
    ])
