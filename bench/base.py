"""La base del banco: un PostgreSQL embebido como el de Servet, migrado y con los datos de una escala ya dentro."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import psycopg

from app.arranque import secreto_guardado
from app.config.postgres_embebido import AJUSTES, PROPIETARIO, ServidorEmbebido, arrancar, detener
from bench.ajustes import DATOS, RAIZ, ErrorDeBanco, Organizacion, Volumen

DIAS_DE_VIGENCIA = 21
# Todos los contendientes están en marcha a la vez, cada uno con sus conexiones. Lo demás, como lo pone Servet.
AJUSTES_BANCO = AJUSTES.replace("max_connections = 100", "max_connections = 300")


@dataclass(frozen=True, slots=True)
class Base:
    """La base en marcha y lo que hay dentro."""

    servidor: ServidorEmbebido
    carpeta: Path
    secreto: str
    ancla: date
    propia: Organizacion
    vecina: Organizacion

    @property
    def url(self) -> str:
        """Dirección con el rol de la aplicación."""
        return self.servidor.url()

    @property
    def url_propietario(self) -> str:
        """Dirección con el rol que posee las tablas."""
        return self.servidor.url(usuario=PROPIETARIO)

    def entorno(self) -> dict[str, str]:
        """Las variables con las que Servet usa esta base, en modo de producción."""
        return {
            **{clave: valor for clave, valor in os.environ.items() if not clave.startswith(("SERVET_", "BENCH_"))},
            "DATABASE_URL": self.url,
            "SERVET_DATABASE_URL_PROPIETARIO": self.url_propietario,
            "SERVET_SECRETO": self.secreto,
            "SERVET_MODO": "produccion",
            "SERVET_DATOS": str(self.carpeta),
        }


def preparar(volumen: Volumen) -> Base:
    """Deja en marcha la base de un volumen; si no está cargada, o es de hace semanas, o de otro esquema, la carga."""
    carpeta = DATOS / volumen.nombre
    sello, huella = carpeta / "cargada.json", _huella()
    propia, vecina = Organizacion("banco", volumen), Organizacion("vecina_banco", volumen.entre(10))
    if sello.exists():
        leido = json.loads(sello.read_text())
        ancla = date.fromisoformat(leido["ancla"])
        if leido["huella"] == huella and date.today() - ancla < timedelta(days=DIAS_DE_VIGENCIA):
            return _abrir(carpeta, ancla, propia, vecina)
        sello.unlink()
    detener(carpeta / "postgres")
    shutil.rmtree(carpeta / "postgres", ignore_errors=True)
    ancla = date.today() - timedelta(days=date.today().weekday())
    base = _abrir(carpeta, ancla, propia, vecina)
    print(f"Cargando {volumen.nombre.replace('-', ' / ')} clientes / pacientes / citas…", flush=True)
    orden = [sys.executable, "-m", "flask", "--app", "app.consola", "servet", "migrar"]
    if subprocess.run(orden, cwd=RAIZ, env=base.entorno(), check=False).returncode:
        raise ErrorDeBanco("No se ha podido migrar la base del banco")
    from bench.carga import cargar

    cargar(base.url_propietario, [propia, vecina], ancla)
    sello.write_text(json.dumps({"huella": huella, "ancla": ancla.isoformat()}))
    return base


def _abrir(carpeta: Path, ancla: date, propia: Organizacion, vecina: Organizacion) -> Base:
    carpeta.mkdir(mode=0o711, parents=True, exist_ok=True)
    DATOS.chmod(0o711)
    servidor = arrancar(carpeta / "postgres")
    ajustes = carpeta / "postgres" / "cluster" / "servet.conf"
    if ajustes.read_text() != AJUSTES_BANCO:
        ajustes.write_text(AJUSTES_BANCO)
        detener(carpeta / "postgres")
        servidor = arrancar(carpeta / "postgres")
    return Base(servidor, carpeta, secreto_guardado(carpeta / "secreto", 48), ancla, propia, vecina)


def _huella() -> str:
    """De qué depende lo cargado: el esquema y el propio cargador."""
    resumen = sha256()
    for carpeta in (RAIZ / "migrations", RAIZ / "bench" / "sql"):
        for fichero in sorted(carpeta.rglob("*.[ps][yq]*")):
            resumen.update(fichero.read_bytes())
    resumen.update((RAIZ / "bench" / "carga.py").read_bytes())
    return resumen.hexdigest()


def retirar_reservas(base: Base, desde: date) -> None:
    """Quita lo que reservaron medidas anteriores: cada una empieza con la agenda igual."""
    with psycopg.connect(base.url_propietario, autocommit=True) as conexion:
        conexion.execute(
            "CREATE TEMP TABLE sobran AS SELECT organizacion_id, id FROM citas WHERE inicio >= %s", [desde]
        )
        for tabla in ("ocupaciones", "citas_recursos", "citas_cambios"):
            conexion.execute(
                f"DELETE FROM {tabla} x USING sobran s"
                f" WHERE x.organizacion_id = s.organizacion_id AND x.cita_id = s.id".encode()
            )
        conexion.execute(
            "DELETE FROM citas c USING sobran s WHERE (c.organizacion_id, c.id) = (s.organizacion_id, s.id)"
        )
        conexion.execute("DELETE FROM idempotencia")
        for tabla in ("ocupaciones", "citas_recursos", "citas_cambios", "citas", "idempotencia", "pacientes"):
            conexion.execute(f"VACUUM ANALYZE {tabla}".encode())
        conexion.execute("CHECKPOINT")
