"""Cargar el conjunto de datos: por conjuntos, sin índices ni disparadores mientras se carga, y entero al acabar."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from string import Template
from uuid import NAMESPACE_OID, uuid5

import psycopg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import create_engine

from app.api.services.siembra_service import sembrar_donde_falte
from app.config import semillas
from bench.ajustes import Organizacion

SQL = Path(__file__).parent / "sql"
TABLAS = (
    "clientes", "pacientes", "titularidades", "pesos", "busqueda_pacientes", "busqueda_claves", "palabras", "citas",
    "citas_recursos", "citas_cambios", "ocupaciones", "vacunaciones",
)  # fmt: skip
POR_DIA = 16
TIPO = "consulta_general"
_RESTRICCIONES = """
    SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid), c.contype::text
      FROM pg_constraint c WHERE c.conrelid::regclass::text = ANY (%(tablas)s) AND c.contype IN ('p', 'u', 'x', 'f')
        OR c.contype = 'f' AND c.confrelid::regclass::text = ANY (%(tablas)s)
     ORDER BY c.contype = 'f', c.contype = 'x', c.conrelid, c.conname"""
_INDICES = """
    SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY (%(tablas)s)
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = (quote_ident(i.indexname))::regclass)
     ORDER BY tablename, indexname"""


def cargar(direccion: str, organizaciones: list[Organizacion], ancla: date) -> None:
    """Llena una base recién migrada. La misma escala y la misma ancla dan siempre lo mismo."""
    barra = Progress(
        TextColumn("{task.description:<38}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True)
    )
    with psycopg.connect(direccion, autocommit=True) as conexion, barra:
        conexion.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'; SET timezone = 'UTC'")
        conexion.execute("SET max_parallel_maintenance_workers = 2; SET synchronous_commit = off")
        pasos = list(_pasos(conexion, direccion, organizaciones, ancla))
        total = barra.add_task("Cargando", total=len(pasos))
        for nombre, paso in pasos:
            barra.update(total, description=nombre)
            comienzo = time.monotonic()
            paso()
            barra.advance(total)
            barra.log(f"{nombre}: {time.monotonic() - comienzo:.1f} s")


def _pasos(
    conexion: psycopg.Connection, direccion: str, organizaciones: list[Organizacion], ancla: date
) -> Iterator[tuple[str, Callable[[], object]]]:
    def guion(nombre: str, **valores: object) -> Callable[[], object]:
        texto = Template((SQL / f"{nombre}.sql").read_text("utf-8")).substitute(valores)
        return lambda: conexion.execute(texto.encode())

    yield "Funciones", guion("funciones")
    montar, desmontar = _montador(conexion)
    yield "Quitando índices", desmontar
    for una in organizaciones:
        valores = _valores(una, ancla)
        yield f"Clínica {una.codigo}", guion("clinica", **valores)
        yield f"Tipos de cita {una.codigo}", lambda una=una: _tipos(conexion, una)
        yield f"Clientes y pacientes {una.codigo}", guion("animales", **valores)
        yield f"Vacunas {una.codigo}", guion("vacunas", **valores)
        if una.volumen.citas:
            yield f"Días {una.codigo}", lambda una=una: _dias(conexion, una, ancla)
            yield f"Citas {una.codigo}", guion("agenda", **valores)
    yield "Catálogos clínicos", lambda: _catalogos(direccion)
    yield "Búsqueda", guion("busqueda")
    yield "Volviendo a poner los índices", montar
    yield "Limpiando", lambda: conexion.execute("DROP SCHEMA bench CASCADE")
    yield "Estadísticas", lambda: conexion.execute("VACUUM (ANALYZE)")
    yield "Punto de control", lambda: conexion.execute("CHECKPOINT")


def _valores(una: Organizacion, ancla: date) -> dict[str, object]:
    return {
        "org": una.id,
        "codigo": una.codigo,
        "sedes": una.sedes,
        "ancla": ancla,
        "tipo": uuid5(una.id, TIPO),
        **asdict(una.volumen),
    }


def _dias(conexion: psycopg.Connection, una: Organizacion, ancla: date) -> None:
    """Los días laborables que hacen falta: como mucho 50 por delante y, si son pocos, la mitad."""
    cuantos = -(-una.volumen.citas // una.volumen.profesionales // POR_DIA) + 1
    delante = min(50, cuantos // 2)
    dias = laborables(ancla, delante) + laborables(ancla - timedelta(days=1), cuantos - delante, hacia=-1)
    conexion.execute("DROP TABLE IF EXISTS bench.dias; CREATE TABLE bench.dias (orden bigint, dia date)")
    with conexion.cursor() as cursor:
        cursor.executemany("INSERT INTO bench.dias VALUES (%s, %s)", list(enumerate(sorted(dias))))
    conexion.execute("ANALYZE bench.dias")


def laborables(desde: date, cuantos: int, hacia: int = 1) -> list[date]:
    """Los primeros días que no son domingo, hacia delante o hacia atrás."""
    salida: list[date] = []
    while len(salida) < cuantos:
        if desde.isoweekday() < 7:
            salida.append(desde)
        desde += timedelta(days=hacia)
    return salida


def _tipos(conexion: psycopg.Connection, una: Organizacion) -> None:
    for tipo in semillas.tipos_cita():
        campos = {
            **asdict(tipo), "organizacion_id": una.id, "id": uuid5(una.id, tipo.codigo), "especies": [],
            "antelacion_min_h": 0, "antelacion_max_dias": 365, "activo": True, "version": 1,
            "creado_en": "2024-01-01", "actualizado_en": "2024-01-01",
        }  # fmt: skip
        huecos = ", ".join(f"%({campo})s" for campo in campos)
        conexion.execute(f"INSERT INTO tipos_cita ({', '.join(campos)}) VALUES ({huecos})".encode(), campos)


def _catalogos(direccion: str) -> None:
    """Los de partida de cualquier clínica, tal como los pone Servet."""
    motor = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(direccion))
    with motor.begin() as conexion:
        sembrar_donde_falte(conexion, lambda *nombre: uuid5(NAMESPACE_OID, "/".join(nombre)))
    motor.dispose()


def _montador(conexion: psycopg.Connection) -> tuple[Callable[[], None], Callable[[], None]]:
    """Con qué quitar restricciones, índices y disparadores de las tablas grandes, y con qué volver a ponerlos."""
    tablas = {"tablas": list(TABLAS)}
    restricciones = conexion.execute(_RESTRICCIONES, tablas).fetchall()
    indices = conexion.execute(_INDICES, tablas).fetchall()

    def desmontar() -> None:
        for tabla in TABLAS:
            conexion.execute(f"ALTER TABLE {tabla} DISABLE TRIGGER USER".encode())
        for tabla, nombre, _, _ in reversed(restricciones):
            conexion.execute(f"ALTER TABLE {tabla} DROP CONSTRAINT {nombre}".encode())
        for nombre, _ in indices:
            conexion.execute(f'DROP INDEX "{nombre}"'.encode())

    def montar() -> None:
        for tabla in TABLAS:
            conexion.execute(f"ANALYZE {tabla}".encode())
        for tabla, nombre, definicion, _ in [fila for fila in restricciones if fila[3] != "f"]:
            conexion.execute(f"ALTER TABLE {tabla} ADD CONSTRAINT {nombre} {definicion}".encode())
        for _, definicion in indices:
            conexion.execute(definicion.encode())
        for tabla, nombre, definicion, _ in [fila for fila in restricciones if fila[3] == "f"]:
            conexion.execute(f"ALTER TABLE {tabla} ADD CONSTRAINT {nombre} {definicion}".encode())
        for tabla in TABLAS:
            conexion.execute(f"ALTER TABLE {tabla} ENABLE TRIGGER USER".encode())

    return montar, desmontar
