"""Encontrar las solicitudes caducadas sin recorrer las citas: la disponibilidad las descarta en cada petición."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NOMBRE = "citas_caducan_ix"


def upgrade() -> None:
    op.create_index(
        NOMBRE, "citas", ["organizacion_id", "caduca_en"], unique=False, postgresql_where="caduca_en IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index(NOMBRE, table_name="citas", postgresql_where="caduca_en IS NOT NULL")
