"""Entorno de Alembic: migra con la conexión que le pasa ``app.config.migraciones``."""

from alembic import context

from app.api.models.esquema import metadata

config = context.config
conexion = config.attributes.get("connection")
if conexion is None:
    raise SystemExit("Use «flask --app app.app servet migrar»")


def _incluir(_objeto: object, nombre: str | None, tipo: str, _reflejado: bool, _comparado: object) -> bool:
    return not (tipo == "table" and nombre == "alembic_version")


context.configure(
    connection=conexion,
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=False,
    include_object=_incluir,
)
with context.begin_transaction():
    context.run_migrations()
