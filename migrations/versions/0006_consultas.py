"""Consultas: constantes, diagnósticos, enmiendas y problemas; lo cerrado no se toca."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
SQL = Path(__file__).resolve().parents[1] / "sql"

POLITICA = "organizacion_id = nullif(current_setting('app.organizacion_id', true), '')::uuid"
# Tabla -> lo que el rol de la aplicación puede hacer con ella.
TABLAS = {
    "constantes": "SELECT, INSERT, UPDATE",
    "diagnosticos": "SELECT, INSERT, UPDATE",
    "enmiendas": "SELECT, INSERT",
    "problemas": "SELECT, INSERT, UPDATE",
    "sistemas_codificacion": "SELECT, INSERT, UPDATE",
}

DE_CONSULTA = ("constantes", "diagnosticos", "pesos")


def upgrade() -> None:
    op.create_table(
        "sistemas_codificacion",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("version_sistema", sa.String(length=40), nullable=False),
        sa.Column("licencia", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("codigo <> 'propio'", name=op.f("sistemas_codificacion_propio_ck")),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("sistemas_codificacion_pk")),
        sa.UniqueConstraint("organizacion_id", "codigo", name="sistemas_codificacion_codigo_uq"),
    )
    op.create_table(
        "problemas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("texto", sa.String(length=500), nullable=False),
        sa.Column("sistema_codigo", sa.String(length=40), nullable=True),
        sa.Column("codigo", sa.String(length=40), nullable=True),
        sa.Column("version_sistema", sa.String(length=40), nullable=True),
        sa.Column("fecha_inicio", sa.Date(), nullable=False),
        sa.Column("fecha_fin", sa.Date(), nullable=True),
        sa.Column("notas", sa.String(length=2000), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(codigo IS NULL) = (sistema_codigo IS NULL)", name=op.f("problemas_codigo_ck")),
        sa.CheckConstraint("fecha_fin >= fecha_inicio", name=op.f("problemas_fechas_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("problemas_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("problemas_pk")),
    )
    op.create_index(
        op.f("problemas_organizacion_id_paciente_id_fecha_inicio_id_ix"),
        "problemas",
        ["organizacion_id", "paciente_id", "fecha_inicio", "id"],
        unique=False,
    )
    op.create_table(
        "constantes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consulta_id", sa.Uuid(), nullable=False),
        sa.Column("tomadas_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("temperatura", sa.Numeric(precision=3, scale=1), nullable=True),
        sa.Column("frecuencia_cardiaca", sa.SmallInteger(), nullable=True),
        sa.Column("frecuencia_respiratoria", sa.SmallInteger(), nullable=True),
        sa.Column("trc", sa.Numeric(precision=3, scale=1), nullable=True),
        sa.Column("pas", sa.SmallInteger(), nullable=True),
        sa.Column("pad", sa.SmallInteger(), nullable=True),
        sa.Column("pam", sa.SmallInteger(), nullable=True),
        sa.Column("spo2", sa.SmallInteger(), nullable=True),
        sa.Column("glucemia", sa.SmallInteger(), nullable=True),
        sa.Column("deshidratacion_pct", sa.Numeric(precision=3, scale=1), nullable=True),
        sa.Column(
            "mucosas",
            sa.Enum(
                "rosadas",
                "palidas",
                "congestivas",
                "cianoticas",
                "ictericas",
                "secas",
                name="mucosas",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("dolor", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("referencias", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("deshidratacion_pct BETWEEN 0 AND 15", name=op.f("constantes_deshidratacion_ck")),
        sa.CheckConstraint("frecuencia_cardiaca BETWEEN 10 AND 600", name=op.f("constantes_frecuencia_cardiaca_ck")),
        sa.CheckConstraint(
            "frecuencia_respiratoria BETWEEN 2 AND 400", name=op.f("constantes_frecuencia_respiratoria_ck")
        ),
        sa.CheckConstraint("glucemia BETWEEN 5 AND 1500", name=op.f("constantes_glucemia_ck")),
        sa.CheckConstraint("pad BETWEEN 20 AND 350", name=op.f("constantes_pad_ck")),
        sa.CheckConstraint("pam BETWEEN 20 AND 350", name=op.f("constantes_pam_ck")),
        sa.CheckConstraint("pas BETWEEN 20 AND 350", name=op.f("constantes_pas_ck")),
        sa.CheckConstraint("spo2 BETWEEN 0 AND 100", name=op.f("constantes_spo2_ck")),
        sa.CheckConstraint("temperatura BETWEEN 25 AND 45", name=op.f("constantes_temperatura_ck")),
        sa.CheckConstraint("trc BETWEEN 0 AND 10", name=op.f("constantes_trc_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "consulta_id"],
            ["consultas.organizacion_id", "consultas.id"],
            name=op.f("constantes_organizacion_id_consulta_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("constantes_pk")),
    )
    op.create_index(
        op.f("constantes_organizacion_id_consulta_id_tomadas_en_id_ix"),
        "constantes",
        ["organizacion_id", "consulta_id", "tomadas_en", "id"],
        unique=False,
    )
    op.create_table(
        "diagnosticos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consulta_id", sa.Uuid(), nullable=False),
        sa.Column(
            "certeza",
            sa.Enum(
                "presuntivo",
                "diferencial",
                "definitivo",
                "descartado",
                name="certeza",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("texto", sa.String(length=500), nullable=False),
        sa.Column("sistema_codigo", sa.String(length=40), nullable=True),
        sa.Column("codigo", sa.String(length=40), nullable=True),
        sa.Column("version_sistema", sa.String(length=40), nullable=True),
        sa.Column("publicado", sa.Boolean(), nullable=False),
        sa.Column("sustituye_a_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(codigo IS NULL) = (sistema_codigo IS NULL)", name=op.f("diagnosticos_codigo_ck")),
        sa.CheckConstraint("sustituye_a_id <> id", name=op.f("diagnosticos_sustitucion_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "consulta_id"],
            ["consultas.organizacion_id", "consultas.id"],
            name=op.f("diagnosticos_organizacion_id_consulta_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sustituye_a_id"],
            ["diagnosticos.organizacion_id", "diagnosticos.id"],
            name=op.f("diagnosticos_organizacion_id_sustituye_a_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("diagnosticos_pk")),
    )
    op.create_index(
        op.f("diagnosticos_organizacion_id_consulta_id_id_ix"),
        "diagnosticos",
        ["organizacion_id", "consulta_id", "id"],
        unique=False,
    )
    op.create_table(
        "enmiendas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consulta_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.SmallInteger(), nullable=False),
        sa.Column(
            "seccion",
            sa.Enum(
                "motivo",
                "subjetivo",
                "objetivo",
                "constantes",
                "exploracion",
                "valoracion",
                "diagnosticos",
                "plan",
                "recomendaciones_cliente",
                "proxima_revision",
                "notas_clinicas_privadas",
                name="seccion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("texto", sa.String(length=20000), nullable=False),
        sa.Column("motivo", sa.String(length=500), nullable=False),
        sa.Column("autor_id", sa.Uuid(), nullable=False),
        sa.Column("autor", sa.String(length=120), nullable=False),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("huella_anterior", sa.String(length=64), nullable=False),
        sa.CheckConstraint("numero > 0", name=op.f("enmiendas_numero_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "consulta_id"],
            ["consultas.organizacion_id", "consultas.id"],
            name=op.f("enmiendas_organizacion_id_consulta_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("enmiendas_pk")),
        sa.UniqueConstraint("organizacion_id", "consulta_id", "huella_anterior", name="enmiendas_eslabon_uq"),
        sa.UniqueConstraint("organizacion_id", "consulta_id", "numero", name="enmiendas_numero_uq"),
    )
    op.add_column("pesos", sa.Column("consulta_id", sa.Uuid(), nullable=True))
    op.create_index(
        "pesos_consulta_ix",
        "pesos",
        ["organizacion_id", "consulta_id"],
        unique=False,
        postgresql_where=sa.text("consulta_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("pesos_organizacion_id_consulta_id_fk"),
        "pesos",
        "consultas",
        ["organizacion_id", "consulta_id"],
        ["organizacion_id", "id"],
    )

    for tabla, operaciones in TABLAS.items():
        op.execute(f"GRANT {operaciones} ON {tabla} TO servet_app")
        op.execute(f"ALTER TABLE {tabla} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {tabla}_organizacion ON {tabla} TO servet_app USING ({POLITICA}) WITH CHECK ({POLITICA})"
        )
    # Sin preparar: un guion con varias órdenes va por el protocolo simple.
    op.get_bind().connection.driver_connection.execute((SQL / "0006_consultas.sql").read_text("utf-8"), prepare=False)
    for tabla in DE_CONSULTA:
        op.execute(
            f"CREATE TRIGGER {tabla}_inmutables BEFORE INSERT OR UPDATE OR DELETE ON {tabla} "
            "FOR EACH ROW EXECUTE FUNCTION de_consulta_inmutables()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER consultas_inmutables ON consultas")
    op.execute("DROP TRIGGER pesos_inmutables ON pesos")
    op.drop_column("pesos", "consulta_id")
    for tabla in reversed(TABLAS):
        op.drop_table(tabla)
    for funcion in (
        "consultas_inmutables()",
        "de_consulta_inmutables()",
        "enmiendas_de_cerrada()",
        "consulta_abierta(uuid, uuid)",
        "solo_cambia_lo_libre(jsonb, jsonb)",
    ):
        op.execute(f"DROP FUNCTION {funcion}")
