"""Varios animales en una misma cita."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

POLITICA = "organizacion_id = nullif(current_setting('app.organizacion_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "citas_pacientes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cita_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cita_id"],
            ["citas.organizacion_id", "citas.id"],
            name=op.f("citas_pacientes_organizacion_id_cita_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("citas_pacientes_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("citas_pacientes_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "cita_id",
            "paciente_id",
            name=op.f("citas_pacientes_organizacion_id_cita_id_paciente_id_uq"),
        ),
    )
    op.create_index(
        op.f("citas_pacientes_organizacion_id_paciente_id_ix"),
        "citas_pacientes",
        ["organizacion_id", "paciente_id"],
        unique=False,
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON citas_pacientes TO servet_app")
    op.execute("ALTER TABLE citas_pacientes ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY citas_pacientes_organizacion ON citas_pacientes TO servet_app "
        f"USING ({POLITICA}) WITH CHECK ({POLITICA})"
    )


def downgrade() -> None:
    op.drop_table("citas_pacientes")
