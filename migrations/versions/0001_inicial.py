"""Esquema inicial: tablas, auditoría encadenada y políticas de fila."""

from pathlib import Path

from alembic import op

from app.api.models.esquema import metadata
from app.config.seguridad_filas import sentencias

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    _ejecutar("0001_antes.sql")
    metadata.create_all(op.get_bind())
    _ejecutar("0001_despues.sql")
    for sentencia in sentencias():
        op.execute(sentencia)


def _ejecutar(fichero: str) -> None:
    # Sin preparar: un guion con varias órdenes va por el protocolo simple.
    op.get_bind().connection.driver_connection.execute((SQL / fichero).read_text("utf-8"), prepare=False)


def downgrade() -> None:
    raise NotImplementedError("La primera migración no se deshace: se restaura la copia de seguridad")
