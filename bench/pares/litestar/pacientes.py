"""Leer pacientes: la ficha, la lista por comienzo del nombre y la búsqueda con erratas."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bench.pares.litestar import cursores, vacunas
from bench.pares.litestar.base import SENTENCIAS, base
from bench.pares.litestar.ficha import COLUMNAS, UNIONES, Ficha, ficha
from bench.pares.litestar.problemas import Problema, invalidos
from bench.pares.litestar.puerta import Cabeceras, Peticion, Respuesta, etiquetas

# La organización se fija en la misma transacción y antes: lo de dentro depende de la función y no se puede adelantar.
_DENTRO = "SELECT x.* FROM fijar_organizacion($1) f(x), LATERAL ({}) x"
_SUYO = "p.organizacion_id = $2 AND f.x::text IS NOT NULL"
SENTENCIAS["detalle"] = _DENTRO.format(
    f"SELECT {COLUMNAS}, {vacunas.COLUMNAS} FROM pacientes p {UNIONES} WHERE {_SUYO} AND p.id = $3 OFFSET 0"
)
_POR_NOMBRE = """SELECT {columnas}, p.nombre_orden FROM (SELECT p.* FROM pacientes p WHERE {suyo} AND p.estado <>
 'fusionado'
 AND p.nombre_orden >= servet_normalizar($3) AND p.nombre_orden < servet_normalizar($3) || U&'\\+10FFFF' {despues}
 ORDER BY p.nombre_orden, p.id LIMIT $4) p {uniones} ORDER BY p.nombre_orden, p.id"""
_POR_PARECIDO = """SELECT {columnas}, p.puntuacion FROM (SELECT p.*, h.puntuacion
 FROM buscar_pacientes($3, 200, NULL, NULL, NULL, NULL, NULL, NULL) h
 JOIN pacientes p ON p.id = h.id WHERE {suyo} AND p.estado <> 'fusionado' {despues}
 ORDER BY h.puntuacion DESC, p.id DESC LIMIT $4) p {uniones} ORDER BY p.puntuacion DESC, p.id DESC"""
for _nombre, _texto, _despues in (
    ("lista", _POR_NOMBRE, "AND (p.nombre_orden, p.id) > ($5, $6)"),
    ("busqueda", _POR_PARECIDO, "AND (h.puntuacion, p.id) < ($5, $6)"),
):
    for _sufijo, _condicion in (("", ""), ("_desde", _despues)):
        SENTENCIAS[_nombre + _sufijo] = _DENTRO.format(
            _texto.format(columnas=COLUMNAS, uniones=UNIONES, suyo=_SUYO, despues=_condicion)
        )

_ADMITIDAS = frozenset({"nombre", "q", "limite", "cursor"})
_NADA = frozenset[str]()
_codificar = msgspec.json.Encoder().encode


class Pagina(msgspec.Struct):
    """Una página de fichas."""

    datos: list[Ficha]
    siguiente: str | None


def uuid_de(texto: str) -> UUID:
    """El identificador de la dirección. Errores: ``NO_ENCONTRADO``."""
    try:
        return UUID(texto)
    except ValueError:
        raise Problema("NO_ENCONTRADO") from None


def con_vacunas(fila: list[Any], hoy: date, zona: ZoneInfo) -> Ficha:
    """La fila de ``detalle``: la ficha y las vacunas que le tocan."""
    *suya, protocolos, dosis = fila
    una = ficha(suya, hoy, zona)
    una.proximas_vacunas = vacunas.proximas(protocolos, dosis, una.fecha_nacimiento, hoy)
    return una


async def detalle(peticion: Peticion) -> Respuesta:
    """La ficha de un paciente."""
    quien = peticion.quien
    peticion.consulta(_NADA)
    id_ = uuid_de(peticion.ruta.rpartition("/")[2])
    hoy = datetime.now(quien.zona).date()
    fila = await base.fila("detalle", quien.organizacion, quien.organizacion_id, id_, hoy)
    if fila is None:
        raise Problema("NO_ENCONTRADO")
    version = str(fila["version"]).encode()
    cabeceras: Cabeceras = [(b"etag", b'"' + version + b'"')]
    condicion = peticion.cabeceras.get(b"if-none-match")
    if condicion is not None and not {version, b"*"}.isdisjoint(etiquetas(condicion)):
        return 304, b"", cabeceras
    return 200, _codificar(con_vacunas(list(fila), hoy, quien.zona)), cabeceras


async def listar(peticion: Peticion) -> Respuesta:
    """Los pacientes cuyo nombre empieza así o, con ``q``, los que más se parecen."""
    consulta = peticion.consulta(_ADMITIDAS)
    limite = _limite(consulta.get("limite", "25"))
    q, nombre = consulta.get("q", "").strip(), consulta.get("nombre", "").strip()
    if "q" in consulta and not 2 <= len(q) <= 60:
        raise _longitud("/q", q, 2)
    if "nombre" in consulta and not 1 <= len(nombre) <= 60:
        raise _longitud("/nombre", nombre, 1)
    quien = peticion.quien
    valores: list[Any] = [quien.organizacion, quien.organizacion_id, q or nombre, limite + 1]
    sentencia = "busqueda" if q else "lista"
    if "cursor" in consulta:
        tipos = tuple[int, UUID] if q else tuple[str, UUID]
        valores += cursores.valores(peticion, consulta["cursor"], tipos)
        sentencia += "_desde"
    filas = await base.filas(sentencia, *valores)
    hoy, zona = datetime.now(quien.zona).date(), quien.zona
    datos = [ficha(list(fila)[:-1], hoy, zona) for fila in filas[:limite]]
    if len(filas) <= limite:
        return 200, _codificar(Pagina(datos, None)), []
    siguiente = cursores.cursor(peticion, [filas[limite - 1][-1], datos[-1].id])
    return 200, _codificar(Pagina(datos, siguiente)), [cursores.enlace(peticion, siguiente)]


def _limite(texto: str) -> int:
    try:
        limite = int(texto)
    except ValueError:
        raise invalidos(("/limite", "INT_PARSING", "Debe ser un número entero")) from None
    if limite < 1:
        raise invalidos(("/limite", "GREATER_THAN_EQUAL", "Debe ser como mínimo 1"))
    if limite > 100:
        raise invalidos(("/limite", "LESS_THAN_EQUAL", "Debe ser como máximo 100"))
    return limite


limite_de = _limite


def _longitud(campo: str, texto: str, minimo: int) -> Problema:
    if len(texto) < minimo:
        return invalidos((campo, "STRING_TOO_SHORT", f"Es demasiado corto (mínimo {minimo})"))
    return invalidos((campo, "STRING_TOO_LONG", "Es demasiado largo (máximo 60)"))
