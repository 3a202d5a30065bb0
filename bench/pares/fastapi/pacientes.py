"""Pacientes: la ficha, la lista, la búsqueda y la edición."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy import ARRAY, Date, Integer, Text, Uuid, and_, cast, column, exists, func, or_, select, true
from sqlalchemy.orm.exc import StaleDataError

from bench.pares.comun import ficha
from bench.pares.fastapi import vacunas
from bench.pares.fastapi.acceso import Identidad, permiso
from bench.pares.fastapi.base import ConSesion
from bench.pares.fastapi.comun import asiento, auditar, codificar, descodificar, siguiente_pagina
from bench.pares.fastapi.esquemas import PacienteEditar, PacienteFiltro, PacienteLectura, PaginaPacientes
from bench.pares.fastapi.esquemas_ficha import PacienteFicha
from bench.pares.fastapi.modelos import Cliente, Especie, Organizacion, Paciente, Peso, Raza, Titularidad
from bench.pares.fastapi.problemas import Problema, no_encontrado

rutas = APIRouter(prefix="/pacientes")
Lee = Annotated[Identidad, permiso("pacientes:leer")]
Edita = Annotated[Identidad, permiso("pacientes:editar")]
_HOLGURA = "\U0010ffff"


def lectura(quien: Identidad):
    """Una fila por paciente: él, su titular vigente, su último peso y lo que piden su especie y su raza."""
    org = quien.organizacion_id
    ultimo = (
        select(Peso.peso_kg, Peso.medido_en, Peso.metodo)
        .where(Peso.organizacion_id == org, Peso.paciente_id == Paciente.id, Peso.anulado_en.is_(None))
        .order_by(Peso.medido_en.desc(), Peso.id.desc()).limit(1).lateral("ultimo")
    )
    consulta = (
        select(Paciente, Cliente, ultimo, Especie.identificacion, Raza.mdr1.label("raza_mdr1"),
               Raza.ppp.label("raza_ppp"), Organizacion.pais, Organizacion.config)
        .join(Especie, Especie.codigo == Paciente.especie)
        .join(Organizacion, Organizacion.id == Paciente.organizacion_id)
        .outerjoin(Titularidad, and_(Titularidad.organizacion_id == org, Titularidad.paciente_id == Paciente.id,
                                     Titularidad.rol == "titular", Titularidad.hasta.is_(None)))
        .outerjoin(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == Titularidad.cliente_id))
        .outerjoin(ultimo, true())
        .outerjoin(Raza, and_(Raza.especie == Paciente.especie, Raza.codigo == Paciente.raza))
        .where(Paciente.organizacion_id == org)
    )
    if not quien.clientes_compartidos and not quien.sin_limite_de_sede:
        suyo = exists().where(
            Titularidad.organizacion_id == org, Titularidad.paciente_id == Paciente.id, Titularidad.hasta.is_(None),
            Cliente.organizacion_id == org, Cliente.id == Titularidad.cliente_id,
            Cliente.sede_habitual_id.in_(quien.sedes),
        )
        consulta = consulta.where(suyo)
    return consulta


def presentar(fila, quien: Identidad, modelo: type[PacienteLectura] = PacienteLectura, **mas) -> PacienteLectura:
    """El modelo de respuesta de una fila, con lo que se deriva de ella."""
    p, titular, hoy, zona = fila.Paciente, fila.Cliente, quien.hoy(), ZoneInfo(quien.zona)
    chip, avisos = ficha.chip(p.microchip)
    campos = {nombre: getattr(p, nombre) for nombre in _DE_LA_TABLA}
    return modelo(
        **campos | {"creado_en": p.creado_en.astimezone(zona), "actualizado_en": p.actualizado_en.astimezone(zona)},
        edad=ficha.edad_de(p.fecha_nacimiento, p.fecha_fallecimiento, p.precision_nacimiento, hoy),
        peso_actual={"peso_kg": fila.peso_kg, "medido_en": fila.medido_en.astimezone(zona), "metodo": fila.metodo}
        if fila.peso_kg else None,
        cliente_id=titular and titular.id,
        titular={"id": titular.id, "nombre": titular.nombre_completo} if titular else None,
        microchip_detalle=chip,
        gestante=ficha.reciente(p.gestante_desde, hoy),
        lactante=ficha.reciente(p.lactante_desde, hoy),
        avisos=avisos + ficha.avisos(p, fila.identificacion, fila.raza_mdr1, fila.raza_ppp, fila.pais, fila.config, hoy),
        **mas,
    )


_DE_LA_TABLA = [nombre for nombre in PacienteLectura.model_fields if hasattr(Paciente, nombre)]


async def _con_vacunas(sesion: ConSesion, fila, quien: Identidad) -> PacienteFicha:
    return presentar(fila, quien, PacienteFicha, proximas_vacunas=await vacunas.proximas(sesion, fila, quien.hoy()))


@rutas.get("")
async def listar(
    quien: Lee, sesion: ConSesion, filtro: Annotated[PacienteFiltro, Query()], peticion: Request, respuesta: Response
) -> PaginaPacientes:
    """Los pacientes por nombre o, con ``q``, por parecido."""
    consulta = lectura(quien).where(Paciente.estado != "fusionado")
    if filtro.especie:
        consulta = consulta.where(Paciente.especie.in_(filtro.especie))
    if filtro.nombre:
        prefijo = func.servet_normalizar(filtro.nombre)
        consulta = consulta.where(Paciente.nombre_orden >= prefijo, Paciente.nombre_orden < prefijo + _HOLGURA)
    if filtro.q:
        nulo = cast(None, ARRAY(Text))
        hallados = func.buscar_pacientes(
            filtro.q, 200, cast(filtro.especie or None, ARRAY(Text)), cast(None, Text), nulo, cast(None, Date),
            cast(None, Date), cast(None, ARRAY(Uuid)),
        ).table_valued(column("id", Uuid), column("puntuacion", Integer), name="hallados")
        orden = hallados.c.puntuacion
        consulta = consulta.join(hallados, hallados.c.id == Paciente.id).order_by(orden.desc(), Paciente.id.desc())
        if filtro.cursor:
            puntos, id = descodificar(filtro.cursor)
            consulta = consulta.where(
                orden <= int(puntos), or_(orden < int(puntos), and_(orden == int(puntos), Paciente.id < UUID(id)))
            )
    else:
        orden = Paciente.nombre_orden
        consulta = consulta.order_by(orden, Paciente.id)
        if filtro.cursor:
            nombre, id = descodificar(filtro.cursor)
            consulta = consulta.where(
                orden >= nombre, or_(orden > nombre, and_(orden == nombre, Paciente.id > UUID(id)))
            )
    filas = (await sesion.execute(consulta.add_columns(orden.label("clave")).limit(filtro.limite + 1))).all()
    siguiente = None
    if len(filas) > filtro.limite:
        filas = filas[: filtro.limite]
        siguiente = codificar(filas[-1].clave, filas[-1].Paciente.id)
        respuesta.headers["Link"] = siguiente_pagina(peticion, siguiente)
    return PaginaPacientes(datos=[presentar(fila, quien) for fila in filas], siguiente=siguiente)


@rutas.get("/{id}", response_model=PacienteFicha)
async def obtener(
    id: UUID, quien: Lee, sesion: ConSesion, respuesta: Response, if_none_match: Annotated[str | None, Header()] = None
):
    """La ficha de un paciente."""
    fila = (await sesion.execute(lectura(quien).where(Paciente.id == id))).one_or_none()
    if fila is None:
        raise no_encontrado()
    etag = f'"{fila.Paciente.version}"'
    if if_none_match and etag in if_none_match:
        return Response(status_code=304, headers={"ETag": etag})
    respuesta.headers["ETag"] = etag
    return await _con_vacunas(sesion, fila, quien)


@rutas.patch("/{id}")
async def editar(
    id: UUID, cambios: PacienteEditar, quien: Edita, sesion: ConSesion, peticion: Request, respuesta: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> PacienteFicha:
    """Cambia los campos que vinieron, si la versión es la que se leyó."""
    if if_match is None:
        raise Problema(428, "FALTA_IF_MATCH", "Falta la cabecera If-Match")
    consulta = select(Paciente).where(Paciente.organizacion_id == quien.organizacion_id, Paciente.id == id)
    paciente = (await sesion.execute(consulta.with_for_update())).scalar_one_or_none()
    if paciente is None:
        raise no_encontrado()
    if if_match.strip() != "*" and f'"{paciente.version}"' not in if_match:
        raise Problema(412, "VERSION_OBSOLETA", "Alguien lo ha cambiado antes")
    if paciente.estado == "fusionado":
        raise Problema(409, "PACIENTE_NO_ACTIVO", "El paciente no está activo")
    nuevos = {campo: getattr(cambios, campo) for campo in cambios.model_fields_set}
    for campo in nuevos.keys() & {"ppp", "seguro", "identificadores"}:
        nuevos[campo] = cambios.model_dump(mode="json", include={campo}, exclude_unset=True)[campo]
    await _coherente(sesion, paciente, nuevos, quien)
    hechos = {}
    for campo, valor in nuevos.items():
        if getattr(paciente, campo) != valor:
            hechos[campo] = (getattr(paciente, campo), valor)
            setattr(paciente, campo, valor)
    if hechos:
        paciente.version += 1
        paciente.actualizado_en, paciente.actualizado_por = datetime.now(UTC), quien.id
        try:
            await sesion.flush()
        except StaleDataError:
            raise Problema(412, "VERSION_OBSOLETA", "Alguien lo ha cambiado antes") from None
    fila = (await sesion.execute(lectura(quien).where(Paciente.id == id))).one()
    leida = await _con_vacunas(sesion, fila, quien)
    if hechos:
        await auditar(sesion, asiento(peticion, quien, "editar", "pacientes", id, hechos))
    await sesion.commit()
    respuesta.headers["ETag"] = f'"{paciente.version}"'
    return leida


async def _coherente(sesion, paciente: Paciente, nuevos: dict, quien: Identidad) -> None:
    """La raza es de la especie y las fechas van en orden."""
    especie, raza = nuevos.get("especie", paciente.especie), nuevos.get("raza", paciente.raza)
    hay = select(Raza.codigo).where(Raza.especie == especie, Raza.codigo == raza) if raza else (
        select(Especie.codigo).where(Especie.codigo == especie))
    if (await sesion.execute(hay)).first() is None:
        raise Problema(422, "RAZA_DE_OTRA_ESPECIE", "Esa raza no es de esa especie")
    nacimiento = nuevos.get("fecha_nacimiento", paciente.fecha_nacimiento)
    for campo in ("fecha_nacimiento", "fecha_esterilizacion", "fecha_microchip", "gestante_desde", "lactante_desde"):
        if nuevos.get(campo) and nuevos[campo] > quien.hoy():
            raise Problema(422, "FECHA_FUTURA", "La fecha no puede estar en el futuro")
    for campo in ("fecha_esterilizacion", "fecha_microchip"):
        fecha = nuevos.get(campo, getattr(paciente, campo))
        if nacimiento and fecha and fecha < nacimiento:
            raise Problema(422, "FECHAS_INCOHERENTES", "No puede ser anterior al nacimiento")
