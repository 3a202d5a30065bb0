"""Nada ocupa a nadie más de un día y sus márgenes: la base lo asegura y las lecturas se apoyan en ello."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOMBRE = "ocupaciones_duracion_ck"


def upgrade() -> None:
    op.create_check_constraint(op.f(NOMBRE), "ocupaciones", "hasta <= desde + interval '32 hours'")


def downgrade() -> None:
    op.drop_constraint(op.f(NOMBRE), "ocupaciones")
