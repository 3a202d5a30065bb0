"""Editar una ficha sin bloquearla al leer: leerla y, si sigue en esa versión, escribirla con su asiento."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from bench.pares.litestar.auditoria import ahora, asiento, como_json
from bench.pares.litestar.base import Conexion, base
from bench.pares.litestar.pacientes import con_vacunas, uuid_de
from bench.pares.litestar.problemas import Problema
from bench.pares.litestar.puerta import Peticion, Respuesta, etiquetas
from bench.pares.litestar.validar import leer, sin_espacios

T20 = Annotated[str, Meta(max_length=20)] | UnsetType | None
T60 = Annotated[str, Meta(max_length=60)] | UnsetType | None
T80 = Annotated[str, Meta(max_length=80)] | UnsetType | None
T120 = Annotated[str, Meta(max_length=120)] | UnsetType | None
Codigo = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")]
Fecha = date | UnsetType | None


class PacienteEditar(Struct, forbid_unknown_fields=True):
    """Cambios en la ficha; lo que no viene no cambia."""

    nombre: Annotated[str, Meta(min_length=1, max_length=60)] | UnsetType = UNSET
    especie: Codigo | UnsetType = UNSET
    raza: Codigo | UnsetType | None = UNSET
    raza_texto: T120 = UNSET
    sexo: Literal["macho", "hembra", "desconocido", "hermafrodita"] | UnsetType = UNSET
    esterilizado: Literal["si", "no", "desconocido"] | UnsetType = UNSET
    fecha_esterilizacion: Fecha = UNSET
    fecha_nacimiento: Fecha = UNSET
    precision_nacimiento: Literal["exacta", "mes", "anio", "estimada"] | UnsetType | None = UNSET
    capa: T80 = UNSET
    tamanio: T20 = UNSET
    senias: Annotated[str, Meta(max_length=500)] | UnsetType | None = UNSET
    fecha_microchip: Fecha = UNSET
    microchip_lugar: T60 = UNSET
    verificado_lector: bool | UnsetType = UNSET
    destino: Literal["compania", "produccion", "trabajo", "zoologico"] | UnsetType = UNSET
    apto_consumo: bool | UnsetType | None = UNSET
    gestante_desde: Fecha = UNSET
    lactante_desde: Fecha = UNSET
    mdr1: Literal["no_testado", "normal", "portador", "afectado"] | UnsetType = UNSET
    grupo_sanguineo: T20 = UNSET
    temperamento: T120 = UNSET


INTENTOS = 5
_leer = msgspec.json.Decoder(PacienteEditar)
_codificar = msgspec.json.Encoder().encode
_ESCRIBIR = """WITH u AS (UPDATE pacientes SET version = version + 1, actualizado_en = $1, actualizado_por = $2{cambios}
  WHERE organizacion_id = $3 AND id = $4 AND version = $5 RETURNING version)
 SELECT u.version, auditoria_anotar($6) FROM u"""
_RAZA = (
    "SELECT r.codigo FROM especies e LEFT JOIN razas r ON r.especie = e.codigo AND r.codigo = $2 WHERE e.codigo = $1"
)
# De ellos depende lo que dicen los catálogos: razas, especies y protocolos.
_DE_OTRAS_TABLAS = ("especie", "raza")
_FECHAS = ("fecha_esterilizacion", "fecha_microchip", "fecha_fallecimiento")
_NO_FUTURAS = ("fecha_nacimiento", "fecha_esterilizacion", "fecha_microchip", "gestante_desde", "lactante_desde")


async def editar(peticion: Peticion) -> Respuesta:
    """Cambia los campos que vinieron de la ficha de un paciente."""
    id_ = uuid_de(peticion.ruta.rpartition("/")[2])
    condicion = peticion.cabeceras.get(b"if-match")
    if condicion is None:
        raise Problema("FALTA_IF_MATCH")
    pedidas = etiquetas(condicion)
    peticion.consulta(frozenset())
    vino = msgspec.structs.asdict(leer(_leer, peticion.cuerpo()))
    nuevos = sin_espacios({campo: valor for campo, valor in vino.items() if valor is not UNSET})
    conexion = await base.tomar()
    try:
        for _ in range(INTENTOS):
            respuesta = await _intentar(peticion, conexion, id_, pedidas, nuevos)
            if respuesta is not None:
                return respuesta
    finally:
        base.soltar(conexion)
    raise Problema("CONFLICTO_CONCURRENTE")


async def _intentar(
    peticion: Peticion, conexion: Conexion, id_: Any, pedidas: set[bytes], nuevos: dict[str, Any]
) -> Respuesta | None:
    """La respuesta, o nada si alguien la cambió entre la lectura y la escritura."""
    quien, en = peticion.quien, ahora()
    hoy = datetime.now(quien.zona).date()
    fila = await conexion.fila("detalle", quien.organizacion, quien.organizacion_id, id_, hoy)
    if fila is None:
        raise Problema("NO_ENCONTRADO")
    leida = dict(fila)
    version = leida["version"]
    if {str(version).encode(), b"*"}.isdisjoint(pedidas):
        raise Problema("VERSION_OBSOLETA")
    if leida["estado"] == "fusionado":
        raise Problema("PACIENTE_NO_ACTIVO")
    await _comprobar(conexion, leida, nuevos, hoy)
    cambios = {campo: (leida[campo], valor) for campo, valor in nuevos.items() if leida[campo] != valor}
    if cambios:
        apunte = como_json([asiento(peticion, "editar", "pacientes", leida["id"], cambios, en)])
        texto = _ESCRIBIR.format(cambios="".join(f", {campo} = ${n}" for n, campo in enumerate(cambios, 7)))
        valores = [valor for _, valor in cambios.values()]
        async with conexion.transaccion(quien.organizacion):
            escrita = await conexion.con.fetchrow(
                texto, en, quien.id, quien.organizacion_id, id_, version, apunte, *valores
            )
        if escrita is None:
            return None
        version = escrita[0]
        leida.update({campo: valor for campo, (_, valor) in cambios.items()}, version=version, actualizado_en=en)
        if not cambios.keys().isdisjoint(_DE_OTRAS_TABLAS):
            leida = dict(await conexion.fila("detalle", quien.organizacion, quien.organizacion_id, id_, hoy))
    cuerpo = _codificar(con_vacunas(list(leida.values()), hoy, quien.zona))
    return 200, cuerpo, [(b"etag", f'"{version}"'.encode())]


async def _comprobar(conexion: Conexion, leida: dict[str, Any], nuevos: dict[str, Any], hoy: date) -> None:
    """Lo que un campo exige de otro: raza de su especie y fechas en orden."""
    if "fecha_nacimiento" in nuevos and not nuevos.get("precision_nacimiento"):
        nuevos["precision_nacimiento"] = "exacta" if nuevos["fecha_nacimiento"] else None
    campos = {**leida, **nuevos}
    if not nuevos.keys().isdisjoint(("especie", "raza")):
        fila = await conexion.con.fetchrow(_RAZA, campos["especie"], campos["raza"])
        if fila is None and campos["raza"] is None:
            raise Problema("ESPECIE_DESCONOCIDA", campo="/especie")
        if campos["raza"] is not None and (fila is None or fila[0] is None):
            raise Problema("RAZA_DE_OTRA_ESPECIE", campo="/raza")
    for campo in _NO_FUTURAS:
        if nuevos.get(campo) and nuevos[campo] > hoy:
            raise Problema("FECHA_FUTURA", campo=f"/{campo}")
    nacimiento = campos["fecha_nacimiento"]
    if campos["precision_nacimiento"] and not nacimiento:
        raise Problema("FECHAS_INCOHERENTES", "La precisión lo es de una fecha, y falta", campo="/precision_nacimiento")
    for campo in _FECHAS:
        if nacimiento and campos[campo] and campos[campo] < nacimiento:
            raise Problema("FECHAS_INCOHERENTES", "No puede ser anterior al nacimiento", campo=f"/{campo}")
