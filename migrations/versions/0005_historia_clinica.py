"""Cimientos de la historia clínica: consultas, productos y medicamentos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

POLITICA = "organizacion_id = nullif(current_setting('app.organizacion_id', true), '')::uuid"
# Tabla -> lo que el rol de la aplicación puede hacer con ella.
TABLAS = {
    "principios_activos": "SELECT, INSERT, UPDATE",
    "productos": "SELECT, INSERT, UPDATE",
    "medicamentos": "SELECT, INSERT, UPDATE",
    "productos_vacuna": "SELECT, INSERT, UPDATE",
    "medicamentos_principios": "SELECT, INSERT, UPDATE, DELETE",
    "consultas": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    op.create_table(
        "principios_activos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=60), nullable=False),
        sa.Column("nombre_dci", sa.String(length=120), nullable=False),
        sa.Column("grupo", sa.String(length=40), nullable=True),
        sa.Column("familia", sa.String(length=40), nullable=True),
        sa.Column("componentes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("expresion", sa.String(length=120), nullable=True),
        sa.Column(
            "categoria_ema",
            sa.Enum("A", "B", "C", "D", name="categoria_ema", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "control",
            sa.Enum(
                "ninguno",
                "estupefaciente",
                "psicotropo",
                "por_revisar",
                name="control",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pautas", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("fuente", sa.String(length=40), nullable=True),
        sa.Column(
            "estado_validacion",
            sa.Enum(
                "verificado",
                "orientativo",
                "por_revisar",
                name="estado_validacion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("principios_activos_pk")),
        sa.UniqueConstraint("organizacion_id", "codigo", name="principios_activos_codigo_uq"),
    )
    op.create_index(
        op.f("principios_activos_organizacion_id_nombre_dci_id_ix"),
        "principios_activos",
        ["organizacion_id", "nombre_dci", "id"],
        unique=False,
    )
    op.create_table(
        "productos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "medicamento",
                "vacuna",
                "alimento",
                "material",
                "accesorio",
                "servicio_externo",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unidad_base", sa.String(length=20), nullable=False),
        sa.Column("requiere_frio", sa.Boolean(), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("productos_pk")),
        sa.UniqueConstraint("organizacion_id", "sku", name="productos_sku_uq"),
    )
    op.create_index(
        op.f("productos_organizacion_id_nombre_id_ix"), "productos", ["organizacion_id", "nombre", "id"], unique=False
    )
    op.create_table(
        "medicamentos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("producto_id", sa.Uuid(), nullable=True),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("forma", sa.String(length=60), nullable=False),
        sa.Column(
            "unidad_base",
            sa.Enum(
                "ml",
                "comprimido",
                "capsula",
                "sobre",
                "pipeta",
                "collar",
                "gramo",
                "unidad",
                name="unidad_base",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fracciones", postgresql.ARRAY(sa.Numeric(precision=4, scale=3)), nullable=False),
        sa.Column("unidades_envase", sa.Numeric(precision=10, scale=3), nullable=False),
        sa.Column("num_registro", sa.String(length=40), nullable=True),
        sa.Column("prescripcion", sa.Boolean(), nullable=False),
        sa.Column("uso_exclusivo_veterinario", sa.Boolean(), nullable=False),
        sa.Column("especies_autorizadas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tiempos_espera", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("dias_validez_abierto", sa.SmallInteger(), nullable=True),
        sa.Column("conservacion", sa.String(length=200), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("cardinality(fracciones) > 0", name=op.f("medicamentos_fracciones_ck")),
        sa.CheckConstraint("unidades_envase > 0", name=op.f("medicamentos_envase_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "producto_id"],
            ["productos.organizacion_id", "productos.id"],
            name=op.f("medicamentos_organizacion_id_producto_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("medicamentos_pk")),
    )
    op.create_index(
        op.f("medicamentos_organizacion_id_nombre_id_ix"),
        "medicamentos",
        ["organizacion_id", "nombre", "id"],
        unique=False,
    )
    op.create_index(
        "medicamentos_producto_uq",
        "medicamentos",
        ["organizacion_id", "producto_id"],
        unique=True,
        postgresql_where="producto_id IS NOT NULL",
    )
    op.create_table(
        "productos_vacuna",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("producto_id", sa.Uuid(), nullable=False),
        sa.Column("fabricante", sa.String(length=120), nullable=True),
        sa.Column("antigenos", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("protocolos", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "tipo_vacuna",
            sa.Enum(
                "viva",
                "inactivada",
                "recombinante",
                name="tipo_vacuna",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("especies", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "via",
            sa.Enum(
                "subcutanea",
                "intramuscular",
                "intranasal",
                "oral",
                name="via",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("edad_min_semanas", sa.SmallInteger(), nullable=True),
        sa.Column("validez_meses", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("edad_min_semanas >= 0", name=op.f("productos_vacuna_edad_ck")),
        sa.CheckConstraint("validez_meses > 0", name=op.f("productos_vacuna_validez_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "producto_id"],
            ["productos.organizacion_id", "productos.id"],
            name=op.f("productos_vacuna_organizacion_id_producto_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("productos_vacuna_pk")),
        sa.UniqueConstraint(
            "organizacion_id", "producto_id", name=op.f("productos_vacuna_organizacion_id_producto_id_uq")
        ),
    )
    op.create_table(
        "medicamentos_principios",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("medicamento_id", sa.Uuid(), nullable=False),
        sa.Column("principio_id", sa.Uuid(), nullable=False),
        sa.Column("orden", sa.SmallInteger(), nullable=False),
        sa.Column("concentracion", sa.Numeric(precision=12, scale=5), nullable=False),
        sa.Column(
            "unidad",
            sa.Enum("mg", "ug", "ui", name="unidad", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("concentracion > 0", name=op.f("medicamentos_principios_concentracion_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "medicamento_id"],
            ["medicamentos.organizacion_id", "medicamentos.id"],
            name=op.f("medicamentos_principios_organizacion_id_medicamento_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "principio_id"],
            ["principios_activos.organizacion_id", "principios_activos.id"],
            name=op.f("medicamentos_principios_organizacion_id_principio_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("medicamentos_principios_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "medicamento_id",
            "orden",
            name=op.f("medicamentos_principios_organizacion_id_medicamento_id_orden_uq"),
        ),
        sa.UniqueConstraint(
            "organizacion_id",
            "medicamento_id",
            "principio_id",
            name=op.f("medicamentos_principios_organizacion_id_medicamento_id_principio_id_uq"),
        ),
    )
    op.create_index(
        op.f("medicamentos_principios_organizacion_id_principio_id_ix"),
        "medicamentos_principios",
        ["organizacion_id", "principio_id"],
        unique=False,
    )
    op.create_table(
        "consultas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("veterinario_id", sa.Uuid(), nullable=False),
        sa.Column("cita_id", sa.Uuid(), nullable=True),
        sa.Column(
            "tipo",
            sa.Enum(
                "consulta",
                "revision",
                "urgencia",
                "telefonica",
                "domicilio",
                "preventiva",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "estado",
            sa.Enum(
                "abierta", "cerrada", "anulada", name="estado", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("motivo", sa.String(length=500), nullable=False),
        sa.Column("motivo_codigo", sa.String(length=10), nullable=True),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subjetivo", sa.String(length=20000), nullable=True),
        sa.Column("objetivo", sa.String(length=20000), nullable=True),
        sa.Column("valoracion", sa.String(length=20000), nullable=True),
        sa.Column("plan", sa.String(length=20000), nullable=True),
        sa.Column("recomendaciones_cliente", sa.String(length=20000), nullable=True),
        sa.Column("exploracion", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("notas_clinicas_privadas", sa.String(length=20000), nullable=True),
        sa.Column("proxima_revision", sa.Date(), nullable=True),
        sa.Column("cerrada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publicada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulacion_motivo", sa.String(length=500), nullable=True),
        sa.Column("huella", sa.String(length=64), nullable=True),
        sa.Column("firma", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(estado = 'anulada') = (anulacion_motivo IS NOT NULL)", name=op.f("consultas_anulacion_ck")
        ),
        sa.CheckConstraint("(estado = 'cerrada') = (cerrada_en IS NOT NULL)", name=op.f("consultas_cierre_ck")),
        sa.CheckConstraint(
            "(estado = 'cerrada') = (huella IS NOT NULL AND firma IS NOT NULL)", name=op.f("consultas_firma_ck")
        ),
        sa.CheckConstraint("publicada_en IS NULL OR estado = 'cerrada'", name=op.f("consultas_publicacion_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cita_id"],
            ["citas.organizacion_id", "citas.id"],
            name=op.f("consultas_organizacion_id_cita_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("consultas_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("consultas_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "veterinario_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("consultas_organizacion_id_veterinario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("consultas_pk")),
    )
    op.create_index(
        "consultas_cita_uq",
        "consultas",
        ["organizacion_id", "cita_id", "paciente_id"],
        unique=True,
        postgresql_where=sa.text("cita_id IS NOT NULL AND estado = 'abierta'"),
    )
    op.create_index(
        "consultas_de_cita_ix",
        "consultas",
        ["organizacion_id", "cita_id"],
        unique=False,
        postgresql_where=sa.text("cita_id IS NOT NULL"),
    )
    op.create_index(
        op.f("consultas_organizacion_id_paciente_id_inicio_id_ix"),
        "consultas",
        ["organizacion_id", "paciente_id", "inicio", "id"],
        unique=False,
    )
    op.create_index(
        op.f("consultas_organizacion_id_sede_id_inicio_id_ix"),
        "consultas",
        ["organizacion_id", "sede_id", "inicio", "id"],
        unique=False,
    )
    op.create_index(
        op.f("consultas_organizacion_id_veterinario_id_inicio_id_ix"),
        "consultas",
        ["organizacion_id", "veterinario_id", "inicio", "id"],
        unique=False,
    )
    op.create_index(
        op.f("consultas_organizacion_id_inicio_id_ix"), "consultas", ["organizacion_id", "inicio", "id"], unique=False
    )
    op.create_index(
        op.f("consultas_organizacion_id_estado_inicio_id_ix"),
        "consultas",
        ["organizacion_id", "estado", "inicio", "id"],
        unique=False,
    )

    for tabla, operaciones in TABLAS.items():
        op.execute(f"GRANT {operaciones} ON {tabla} TO servet_app")
        op.execute(f"ALTER TABLE {tabla} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {tabla}_organizacion ON {tabla} TO servet_app USING ({POLITICA}) WITH CHECK ({POLITICA})"
        )


def downgrade() -> None:
    for tabla in reversed(TABLAS):
        op.drop_table(tabla)
