"""Quién se mide y cómo se arranca cada uno. El contrato que cumplen está en ``bench/pares/README.md``."""

from dataclasses import dataclass, field

PYTHON = ".venv-bench/bin/python"
DE_PYTHON = ("python", "-m", "pip", "install", "-r", "bench/requirements.txt")


@dataclass(frozen=True, slots=True)
class Par:
    """Un contendiente: su orden (desde la raíz del proyecto), su entorno y lo que hay que instalar antes.

    En la orden, ``{puerto}`` es el puerto y ``{trabajadores}``, cuántos procesos.
    """

    nombre: str
    titulo: str
    orden: tuple[str, ...]
    entorno: dict[str, str] = field(default_factory=dict)
    instalar: str = "python"  # «python»: bench/requirements.txt en .venv-bench; «node»: npm ci en su carpeta; «»: nada
    trabajos: tuple[str, ...] = ()  # vacío: todos

    @property
    def carpeta(self) -> str:
        """Dónde vive, desde la raíz."""
        return f"bench/pares/{self.nombre}"


SERVET = Par("servet", "Servet", (".venv/bin/python", "-m", "app.servidor_web"), instalar="")
HOLA = Par(
    "hola", "Flask «hola»", (".venv/bin/python", "-m", "bench.pares.hola.servidor"), instalar="", trabajos=("hola",)
)  # fmt: skip
PARES = (
    SERVET,
    HOLA,
    Par("fastapi", "FastAPI + SQLAlchemy async", (
        PYTHON, "-m", "uvicorn", "bench.pares.fastapi.app:app", "--host", "127.0.0.1", "--port", "{puerto}",
        "--workers", "{trabajadores}", "--no-access-log", "--no-server-header",
    )),
    Par("drf", "Django REST framework", (
        PYTHON, "-m", "gunicorn", "bench.pares.drf.wsgi:application", "--bind", "127.0.0.1:{puerto}",
        "--workers", "{trabajadores}", "--threads", "4", "--worker-class", "gthread", "--no-control-socket",
    )),
    Par("litestar", "Litestar + msgspec + asyncpg", (PYTHON, "-m", "bench.pares.litestar")),
    Par("fastify", "Fastify + pg", ("node", "bench/pares/fastify/servidor.js"), instalar="node"),
)  # fmt: skip
POR_NOMBRE = {par.nombre: par for par in PARES}
