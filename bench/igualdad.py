"""Que todos respondan lo mismo antes de compararlos: estado, cuerpo, cabeceras y lo que queda escrito."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from bench import fichas, muestras
from bench.base import Base
from bench.muestras import Leer
from bench.procesos import Contendiente
from bench.trabajos import LECTURAS, Banco, lector

API = muestras.API
POR_TRABAJO = 12
CABECERAS = (
    "x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-resource-policy", "cache-control",
    "content-security-policy", "strict-transport-security", "vary", "content-type", "etag",
)  # fmt: skip
DE_CADA_CUAL = {
    "reserva": {"id", "codigo", "creado_en", "actualizado_en", "en"},
    "edicion": {"version", "actualizado_en"},
}
TABLAS = ("citas", "citas_recursos", "citas_cambios", "ocupaciones", "auditoria", "idempotencia", "citas_pacientes")


class Distinto(Exception):
    """La primera diferencia con Servet."""


def comprobar(banco: Banco, vivos: list[Contendiente]) -> bool:
    """Compara a todos con el primero, que es Servet; dice la primera diferencia y devuelve si no hay ninguna."""
    vivos = [uno for uno in vivos if uno.par.nombre != "hola"]
    if len(vivos) < 2:
        return True
    # Primero leen todos y después escriben: lo que edita uno lo vería el siguiente.
    respuestas = {uno.par.nombre: _de(banco, uno, _leer) for uno in vivos}
    for uno in vivos:
        respuestas[uno.par.nombre] |= _de(banco, uno, _escribir)
    patron = vivos[0].par.nombre
    for nombre, suyas in respuestas.items():
        try:
            for caso, valor in respuestas[patron].items():
                _igual(valor, suyas[caso], caso)
        except Distinto as error:
            print(f"«{nombre}» no responde como {patron}: {error}")
            return False
    print(f"{len(vivos)} contendientes responden lo mismo en {len(respuestas[patron])} peticiones.")
    return True


def _de(banco: Banco, uno: Contendiente, que: Callable[..., None]) -> dict[str, Any]:
    ficha = fichas.emitir(banco.base, banco.una)
    salida: dict[str, Any] = {}
    # Una conexión por petición: quien rechaza sin leer el cuerpo la cierra, y la siguiente petición no tiene la culpa.
    una_vez = httpx.Limits(max_keepalive_connections=0)
    cabeceras = {"Authorization": f"Bearer {ficha}"}
    with httpx.Client(base_url=uno.url, headers=cabeceras, timeout=30, limits=una_vez) as cliente:
        que(cliente, banco, salida, lector(uno, ficha))
    return salida


def _leer(cliente: httpx.Client, banco: Banco, salida: dict[str, Any], leer: Leer) -> None:
    for trabajo, muestra in LECTURAS.items():
        for n, ruta in enumerate(muestra(banco.base, banco.una, leer)[:POR_TRABAJO]):
            salida[f"{trabajo} {n} {ruta.partition('&cursor')[0]}"] = _leido(cliente.get(ruta))
    _errores(cliente, banco, salida)


def _escribir(cliente: httpx.Client, banco: Banco, salida: dict[str, Any], _leer: Leer) -> None:
    _reserva(cliente, banco, salida)
    _edicion(cliente, banco, salida)


def _leido(respuesta: httpx.Response, propios: set[str] | None = None) -> dict[str, Any]:
    cabeceras = {nombre: respuesta.headers.get(nombre) for nombre in CABECERAS if nombre != "etag" or not propios}
    cabeceras["x-request-id"] = "x-request-id" in respuesta.headers
    cuerpo = respuesta.json() if "json" in (respuesta.headers.get("content-type") or "") else respuesta.text
    return {
        "estado": respuesta.status_code,
        "cabeceras": cabeceras,
        "cuerpo": _sin(cuerpo, propios or set()),
    }


def _sin(valor: Any, propios: set[str]) -> Any:
    if isinstance(valor, dict):
        return {
            clave: bool(uno) if clave == "siguiente" else _sin(uno, propios)
            for clave, uno in valor.items()
            if clave not in propios
        }
    return [_sin(uno, propios) for uno in valor] if isinstance(valor, list) else valor


def _problema(respuesta: httpx.Response) -> dict[str, Any]:
    return {"estado": respuesta.status_code, "tipo": respuesta.headers.get("content-type", "").partition(";")[0]}


def _errores(cliente: httpx.Client, banco: Banco, salida: dict[str, Any]) -> None:
    ruta = muestras.detalle(banco.base, banco.una, lambda _: None)[0]
    etag = cliente.get(ruta).headers["etag"]
    salida["304"] = cliente.get(ruta, headers={"If-None-Match": etag}).status_code
    salida["401 sin token"] = _problema(cliente.get(ruta, headers={"Authorization": ""}))
    falso = cliente.headers["Authorization"][:-6] + "AAAAAA"
    salida["401 firma falsa"] = _problema(cliente.get(ruta, headers={"Authorization": falso}))
    salida["404"] = _problema(cliente.get(f"{API}/pacientes/{uuid4()}"))
    vecina = muestras.detalle(banco.base, banco.base.vecina, lambda _: None)[0]
    salida["404 de la otra organización"] = _problema(cliente.get(vecina))
    salida["422 consulta"] = _problema(cliente.get(f"{API}/pacientes?desconocida=1"))
    salida["422 límite"] = _problema(cliente.get(f"{API}/pacientes?limite=1000"))
    salida["428"] = _problema(cliente.patch(ruta, json={"senias": "x"}))
    salida["412"] = _problema(cliente.patch(ruta, json={"senias": "x"}, headers={"If-Match": '"999"'}))
    salida["422 cuerpo"] = _problema(cliente.patch(ruta, json={"nada": 1}, headers={"If-Match": etag}))


def _reserva(cliente: httpx.Client, banco: Banco, salida: dict[str, Any]) -> None:
    """El mismo hueco, por turno: cada uno lo reserva, se apunta qué dejó escrito y se quita."""
    cuerpo = muestras.Reservas(banco.base, banco.una).tomar(1)[0]
    clave = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    antes = _cuantas(banco.base)
    primera = cliente.post(f"{API}/citas", content=cuerpo, headers=clave)
    despues = _cuantas(banco.base)
    salida["reserva"] = _leido(primera, DE_CADA_CUAL["reserva"])
    salida["reserva: filas escritas"] = {tabla: despues[tabla] - antes[tabla] for tabla in TABLAS}
    repetida = cliente.post(f"{API}/citas", content=cuerpo, headers=clave)
    salida["reserva repetida"] = (repetida.status_code, repetida.json() == primera.json())
    otra = {**clave, "Idempotency-Key": uuid4().hex}
    salida["reserva solapada"] = _problema(cliente.post(f"{API}/citas", content=cuerpo, headers=otra))
    if primera.status_code == 201:
        salida["reserva: auditoría"] = _asientos(banco.base, primera.json()["id"])
        _retirar(banco.base, primera.json()["id"])


def _edicion(cliente: httpx.Client, banco: Banco, salida: dict[str, Any]) -> None:
    id = muestras.ediciones(banco.base, banco.una, 0)[7].split()[0]
    antes = cliente.get(f"{API}/pacientes/{id}").json()
    cambios = {"senias": uuid4().hex, "capa": "tricolor" if antes["capa"] != "tricolor" else "negra"}
    respuesta = cliente.patch(f"{API}/pacientes/{id}", json=cambios, headers={"If-Match": f'"{antes["version"]}"'})
    leido = _leido(respuesta, DE_CADA_CUAL["edicion"] | {"senias", "capa"})
    hecho = respuesta.json()
    salida["edicion"] = leido
    salida["edicion: versión y ETag"] = (
        hecho.get("version") == antes["version"] + 1,
        respuesta.headers.get("etag") == f'"{hecho.get("version")}"',
        [hecho.get(campo) == valor for campo, valor in cambios.items()],
    )


def _cuantas(base: Base) -> dict[str, int]:
    with psycopg.connect(base.url_propietario) as conexion:
        return {
            tabla: conexion.execute(f"SELECT count(*) FROM {tabla}".encode()).fetchone()[0]  # type: ignore[index]
            for tabla in TABLAS
        }


def _asientos(base: Base, cita: str) -> list[Any]:
    """Qué apuntó la auditoría de esa cita, sin lo que es de cada cual."""
    with psycopg.connect(base.url_propietario) as conexion:
        filas = conexion.execute(
            "SELECT accion, recurso, rol, array(SELECT key FROM jsonb_each(cambios) WHERE value -> 1 <> 'null' ORDER BY 1)"
            " FROM auditoria"
            " WHERE recurso_id = %s OR cambios -> 'cita_id' ->> 1 = %s ORDER BY numero",
            [cita, cita],
        ).fetchall()
    return [list(fila) for fila in filas]


def _retirar(base: Base, cita: str) -> None:
    with psycopg.connect(base.url_propietario, autocommit=True) as conexion:
        for tabla in ("ocupaciones", "citas_recursos", "citas_cambios"):
            conexion.execute(f"DELETE FROM {tabla} WHERE cita_id = %s".encode(), [cita])
        conexion.execute("DELETE FROM citas WHERE id = %s", [cita])


def _igual(esperado: Any, dado: Any, donde: str) -> None:
    if isinstance(esperado, dict) and isinstance(dado, dict):
        for clave in esperado | dado:
            if (clave in esperado) != (clave in dado):
                raise Distinto(f"{donde}: «{clave}» sólo está en {'Servet' if clave in esperado else 'el otro'}")
            _igual(esperado[clave], dado[clave], f"{donde} / {clave}")
    elif isinstance(esperado, list) and isinstance(dado, list) and len(esperado) == len(dado):
        for n, (uno, otro) in enumerate(zip(esperado, dado, strict=True)):
            _igual(uno, otro, f"{donde} / {n}")
    elif esperado != dado:
        textos = (json.dumps(uno, ensure_ascii=False, default=str)[:300] for uno in (esperado, dado))
        raise Distinto("{}: se esperaba {} y da {}".format(donde, *textos))
