"""El arranque con una sola orden: base de datos, migraciones, servidor web y tareas, vigilados hasta la parada."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.config.postgres_embebido import PROPIETARIO, PostgresNoDisponible, arrancar, detener, esta_vivo, identificador
from app.procesos import instante_inicio, ligar_al_padre, matar_grupo, terminar_grupo

RAIZ = Path(__file__).resolve().parents[1]
MODOS = ("demo", "pruebas", "produccion")
# Si algo de esto cambia, la base se vuelve a preparar; si no, el arranque no la toca.
FUENTES_BASE = ("pyproject.toml", "migrations", "app/config", "app/api/models", "app/api/services/demo_datos.py",
                "app/api/services/demo_service.py", "app/api/services/demo_agenda_service.py")  # fmt: skip
USUARIOS_DEMO = (
    ("admin@demo.test", "administración"),
    ("veterinaria@demo.test", "veterinaria"),
    ("veterinario2@demo.test", "veterinario"),
    ("auxiliar@demo.test", "auxiliar"),
    ("recepcion@demo.test", "recepción"),
    ("cliente@demo.test", "portal del cliente"),
    ("admin@vecina.test", "administración de otra organización"),
    ("recepcion@vecina.test", "recepción de otra organización"),
)
CAIDAS_MAXIMAS = 5
VENTANA_CAIDAS = 60.0
ESPERA_WEB = 120.0
SEGUNDOS_GRACIA = 15.0

Esperar = Callable[[float], None]


class ErrorDeArranque(RuntimeError):
    """Servet no puede arrancar o seguir en marcha; el mensaje dice por qué."""


class Parada(Exception):
    """Alguien ha pedido parar."""


@dataclass(frozen=True, slots=True)
class Ajustes:
    """Lo que el entorno decide sobre el arranque."""

    host: str
    puerto: int
    datos: Path
    modo: str
    url_externa: str

    @property
    def datos_postgres(self) -> Path:
        """Dónde vive el PostgreSQL embebido."""
        return self.datos / "postgres"


@dataclass(slots=True)
class Hijo:
    """Un proceso a nuestro cargo y cuándo se ha caído."""

    nombre: str
    modulo: tuple[str, ...]
    proceso: subprocess.Popen[bytes] | None = None
    inicio: str = ""
    caidas: list[float] = field(default_factory=list)


def principal(argumentos: list[str]) -> int:
    """Arranca y vigila hasta que se pide parar; con ``demo`` sólo prepara la base. Devuelve el código de salida."""
    esperar = escuchar_senales()
    try:
        ajustes = leer_ajustes()
        ajustes.datos.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        candado = ocupar(ajustes.datos)
        try:
            return cargar_demo(ajustes, esperar) if argumentos == ["demo"] else supervisar(ajustes, esperar)
        finally:
            os.close(candado)
    except (ErrorDeArranque, PostgresNoDisponible, OSError) as error:
        print(f"Servet no puede seguir: {error}", file=sys.stderr)
        return 1


def supervisar(ajustes: Ajustes, esperar: Esperar) -> int:
    """La vida entera de Servet: arrancar en orden, vigilar y parar en el orden contrario."""
    retirar_huerfanos(ajustes.datos)
    reserva = reservar_puerto(ajustes.host, ajustes.puerto)
    web = Hijo("web", ("app.servidor_web",))
    tareas = Hijo("tareas", ("flask", "--app", "app.consola", "servet", "tareas"))
    try:
        entorno = preparar_entorno(ajustes)
        preparar_base(ajustes, entorno, esperar)
        lanzar(web, entorno, ajustes.datos, [web, tareas])
        esperar_web(web, ajustes, esperar)
        presentar(ajustes, entorno)
        lanzar(tareas, entorno, ajustes.datos, [web, tareas])
        vigilar([web, tareas], ajustes, entorno, esperar)
    except Parada:
        print("\nDeteniendo Servet…", flush=True)
    finally:
        for hijo in (web, tareas):
            parar(hijo)
        (ajustes.datos / "procesos").unlink(missing_ok=True)
        if not ajustes.url_externa:
            detener(ajustes.datos_postgres)
        reserva.close()
    return 0


def cargar_demo(ajustes: Ajustes, esperar: Esperar) -> int:
    """Migra la base y vuelve a cargar la clínica de demostración, sin servir nada."""
    try:
        entorno = preparar_entorno(ajustes)
        (ajustes.datos / "base_preparada").unlink(missing_ok=True)
        preparar_base(ajustes, entorno, esperar)
        print(texto_demo(entorno), flush=True)
    except Parada:
        return 130
    finally:
        if not ajustes.url_externa:
            detener(ajustes.datos_postgres)
    return 0


def escuchar_senales() -> Esperar:
    """Instala los manejadores y devuelve con qué esperar: duerme hasta una señal y lanza ``Parada`` si es de parar."""
    lectura, escritura = os.pipe()
    os.set_blocking(lectura, False)
    os.set_blocking(escritura, False)
    signal.set_wakeup_fd(escritura, warn_on_full_buffer=False)
    pedidas: list[int] = []
    for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if senal != signal.SIGHUP or signal.getsignal(senal) is not signal.SIG_IGN:  # respeta nohup
            signal.signal(senal, lambda numero, _marco: pedidas.append(numero))
    signal.signal(signal.SIGCHLD, lambda _numero, _marco: None)

    def esperar(segundos: float) -> None:
        if not pedidas and select.select([lectura], [], [], segundos)[0]:
            os.read(lectura, 4096)
        if pedidas:
            pedidas.clear()
            raise Parada

    return esperar


def leer_ajustes() -> Ajustes:
    """Los ajustes del arranque; completa el entorno con los valores por defecto.

    Errores: ``ErrorDeArranque`` si alguno no vale.
    """
    numeros = {}
    for nombre, defecto, maximo in (("PORT", 8000, 65535), ("SERVET_WORKERS", 2, 64), ("SERVET_HILOS", 4, 256)):
        texto = os.environ.get(nombre) or str(defecto)
        if not (texto.isascii() and texto.isdigit() and 1 <= int(texto) <= maximo):
            raise ErrorDeArranque(f"{nombre}={texto!r} no es un número de 1 a {maximo}")
        numeros[nombre] = int(texto)
        os.environ[nombre] = texto
    modo = os.environ.get("SERVET_MODO") or "demo"
    if modo not in MODOS:
        raise ErrorDeArranque(f"SERVET_MODO={modo!r} no es ninguno de: {', '.join(MODOS)}")
    return Ajustes(
        host=os.environ.get("SERVET_HOST") or "127.0.0.1",
        puerto=numeros["PORT"],
        datos=Path(os.environ.get("SERVET_DATOS") or RAIZ / ".servet").resolve(),
        modo=modo,
        url_externa=os.environ.get("DATABASE_URL", ""),
    )


def ocupar(datos: Path) -> int:
    """Asegura que sólo un Servet usa estos datos a la vez; devuelve el descriptor que lo retiene.

    Errores: ``ErrorDeArranque`` si ya hay otro.
    """
    descriptor = os.open(datos / "candado", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(descriptor, 20).decode() or "desconocido"
        os.close(descriptor)
        raise ErrorDeArranque(f"ya hay uno en marcha con los datos de {datos} (proceso {pid})") from None
    os.truncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def reservar_puerto(host: str, puerto: int) -> socket.socket:
    """Comprueba que el puerto está libre y, en Linux, lo retiene: granian escucha encima con SO_REUSEPORT.

    Errores: ``ErrorDeArranque`` si está ocupado.
    """
    familia = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        for retener in (False, True):  # sin SO_REUSEPORT se ve también a quien escuche con él
            reserva = socket.socket(familia, socket.SOCK_STREAM)
            reserva.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if retener:
                reserva.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if not retener or sys.platform == "linux":
                reserva.bind((host, puerto))
            if not retener:
                reserva.close()
    except OSError as error:
        reserva.close()
        raise ErrorDeArranque(
            f"el puerto {puerto} de {host} no está disponible ({error.strerror}). "
            f"Pruebe con otro: PORT={puerto + 1} make run"
        ) from error
    return reserva


def preparar_entorno(ajustes: Ajustes) -> dict[str, str]:
    """Pone en marcha la base y devuelve el entorno de los procesos hijos."""
    entorno = dict(os.environ)
    entorno.pop("PYTHONDONTWRITEBYTECODE", None)  # sin compilados guardados, cada arranque tarda el doble
    if ajustes.url_externa:
        entorno.setdefault("SERVET_DATABASE_URL_PROPIETARIO", ajustes.url_externa)
    else:
        servidor = arrancar(ajustes.datos_postgres)
        entorno["DATABASE_URL"] = servidor.url()
        entorno["SERVET_DATABASE_URL_PROPIETARIO"] = servidor.url(usuario=PROPIETARIO)
    entorno["SERVET_MODO"] = ajustes.modo
    entorno["SERVET_DATOS"] = str(ajustes.datos)
    entorno["SERVET_HOST"] = ajustes.host
    entorno.setdefault("SERVET_URL_PUBLICA", f"http://localhost:{ajustes.puerto}")
    if not entorno.get("SERVET_SECRETO"):
        entorno["SERVET_SECRETO"] = secreto_guardado(ajustes.datos / "secreto", 48)
    if ajustes.modo == "demo" and not entorno.get("SERVET_DEMO_CONTRASENA"):
        entorno["SERVET_DEMO_CONTRASENA"] = secreto_guardado(ajustes.datos / "demo_contrasena", 12)
    return entorno


def secreto_guardado(ruta: Path, octetos: int) -> str:
    """Un secreto al azar que se genera una vez y queda en un fichero que sólo lee su dueño."""
    with suppress(FileNotFoundError):
        if texto := ruta.read_text().strip():
            return texto
    secreto = secrets.token_urlsafe(octetos)
    nuevo = ruta.with_name(f"{ruta.name}.nuevo")
    nuevo.unlink(missing_ok=True)
    descriptor = os.open(nuevo, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as fichero:
        fichero.write(secreto + "\n")
    nuevo.replace(ruta)
    return secreto


def preparar_base(ajustes: Ajustes, entorno: dict[str, str], esperar: Esperar) -> None:
    """Migra y carga la demostración, salvo que el sello diga que ya está hecho para este mismo código.

    De una base externa no hay sello que valga: siempre se comprueba.

    Errores: ``ErrorDeArranque`` si una orden falla.
    """
    sello = ajustes.datos / "base_preparada"
    huella = "" if ajustes.url_externa else huella_base(ajustes, entorno)
    with suppress(FileNotFoundError):
        if huella and sello.read_text() == huella:
            return
    print("Preparando la base de datos…", flush=True)
    for orden in ("migrar", "demo") if ajustes.modo == "demo" else ("migrar",):
        hijo = Hijo(orden, ("flask", "--app", "app.consola", "servet", orden))
        proceso = lanzar(hijo, entorno, ajustes.datos, [hijo])
        try:
            while proceso.poll() is None:
                esperar(60)
        finally:
            parar(hijo)
        if proceso.returncode != 0:
            raise ErrorDeArranque(f"«servet {orden}» ha fallado (código {proceso.returncode})")
    sello.write_text(huella)


def huella_base(ajustes: Ajustes, entorno: dict[str, str]) -> str:
    """Huella de cuanto decide el contenido inicial de la base, y de la base misma."""
    resumen = hashlib.sha256(identificador(ajustes.datos_postgres).encode())
    resumen.update(f"\0{ajustes.modo}\0{entorno.get('SERVET_DEMO_CONTRASENA', '')}\0".encode())
    for fuente in FUENTES_BASE:
        ruta = RAIZ / fuente
        for fichero in sorted(ruta.rglob("*")) if ruta.is_dir() else [ruta]:
            if fichero.is_file() and fichero.suffix != ".pyc":
                resumen.update(f"{fichero.relative_to(RAIZ)}\0".encode() + fichero.read_bytes())
    return resumen.hexdigest()


def lanzar(hijo: Hijo, entorno: dict[str, str], datos: Path, anotados: list[Hijo]) -> subprocess.Popen[bytes]:
    """Lanza un hijo en su propia sesión (el Ctrl-C del terminal sólo nos llega a nosotros) y lo deja anotado."""
    padre = os.getpid()
    hijo.proceso = subprocess.Popen(
        [sys.executable, "-m", *hijo.modulo],
        cwd=RAIZ,
        env=entorno,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: ligar_al_padre(padre),  # sin riesgo: aquí no hay más hilos
    )
    hijo.inicio = instante_inicio(hijo.proceso.pid)
    vivos = [f"{otro.proceso.pid} {otro.inicio}\n" for otro in anotados if otro.proceso]
    (datos / "procesos").write_text("".join(vivos))
    return hijo.proceso


def retirar_huerfanos(datos: Path) -> None:
    """Termina los procesos que dejara vivos un supervisor muerto de golpe."""
    with suppress(FileNotFoundError):
        for linea in (datos / "procesos").read_text().splitlines():
            pid, _, inicio = linea.partition(" ")
            if pid.isdigit():
                terminar_grupo(int(pid), inicio, SEGUNDOS_GRACIA)


def parar(hijo: Hijo) -> None:
    """Termina un hijo: con orden y, si no atiende, por la fuerza."""
    if hijo.proceso is None or hijo.proceso.poll() is not None:
        return
    hijo.proceso.terminate()
    try:
        hijo.proceso.wait(SEGUNDOS_GRACIA)
    except subprocess.TimeoutExpired:
        matar_grupo(hijo.proceso.pid)
        hijo.proceso.wait()


def esperar_web(web: Hijo, ajustes: Ajustes, esperar: Esperar) -> None:
    """Espera a que el servidor responda.

    Errores: ``ErrorDeArranque`` si se cae o tarda demasiado.
    """
    limite = time.monotonic() + ESPERA_WEB
    while not responde(ajustes):
        if web.proceso is None or web.proceso.poll() is not None:
            raise ErrorDeArranque("el servidor web no ha podido arrancar; el motivo está más arriba")
        if time.monotonic() > limite:
            raise ErrorDeArranque(f"el servidor web no responde tras {ESPERA_WEB:.0f} segundos")
        esperar(0.01)


def responde(ajustes: Ajustes) -> bool:
    """Si ``GET /salud/viva`` contesta 200."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(ajustes.host, ajustes.host)  # noqa: S104 - se compara, no se abre
    try:
        with socket.create_connection((host, ajustes.puerto), timeout=5) as conexion:
            conexion.sendall(b"GET /salud/viva HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b" 200 " in conexion.recv(64)
    except OSError:
        return False


def vigilar(hijos: list[Hijo], ajustes: Ajustes, entorno: dict[str, str], esperar: Esperar) -> None:
    """Releva lo que se caiga, hasta que se pida parar.

    Errores: ``ErrorDeArranque`` si algo se cae una y otra vez.
    """
    base = Hijo("PostgreSQL", ())
    while True:
        esperar(30)
        if not ajustes.url_externa and not esta_vivo(ajustes.datos_postgres):
            anotar_caida(base, esperar)
            arrancar(ajustes.datos_postgres)
        for hijo in hijos:
            if hijo.proceso and hijo.proceso.poll() is not None:
                matar_grupo(hijo.proceso.pid)
                anotar_caida(hijo, esperar)
                lanzar(hijo, entorno, ajustes.datos, hijos)


def anotar_caida(hijo: Hijo, esperar: Esperar) -> None:
    """Cuenta una caída y espera un poco más cuanto más seguidas son."""
    ahora = time.monotonic()
    hijo.caidas = [*(caida for caida in hijo.caidas if caida > ahora - VENTANA_CAIDAS), ahora]
    if len(hijo.caidas) > CAIDAS_MAXIMAS:
        raise ErrorDeArranque(f"{hijo.nombre} se ha caído {len(hijo.caidas)} veces en un minuto")
    print(f"Se ha caído {hijo.nombre}: se vuelve a lanzar", file=sys.stderr, flush=True)
    esperar(len(hijo.caidas) - 1)


def presentar(ajustes: Ajustes, entorno: dict[str, str]) -> None:
    """Dice por pantalla dónde está cada cosa y cómo entrar."""
    publica = entorno["SERVET_URL_PUBLICA"]
    base = "la de DATABASE_URL" if ajustes.url_externa else f"PostgreSQL embebido en {ajustes.datos_postgres}"
    print(f"\n  Servet está en marcha (modo {ajustes.modo})\n")
    print(f"  Documentación  {publica}/documentacion\n  API            {publica}/api/v1\n  Base de datos  {base}")
    if ajustes.modo == "demo":
        print(texto_demo(entorno))
    print("\n  Ctrl-C para detenerlo.\n", flush=True)


def texto_demo(entorno: dict[str, str]) -> str:
    """Los usuarios de demostración y su contraseña."""
    usuarios = "\n".join(f"    {email:<24} {papel}" for email, papel in USUARIOS_DEMO)
    return f"\n  Usuarios de demostración, todos con la contraseña {entorno['SERVET_DEMO_CONTRASENA']}\n{usuarios}"


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
