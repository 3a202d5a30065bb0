"""Recetas, administraciones, antibióticos, controlados y farmacovigilancia."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[1] / "sql"
DISPARADORES = (
    "recetas_emitida", "lineas_receta_emitida", "administraciones_inmutable", "registro_controlados_inmutable",
)  # fmt: skip
POLITICA = "organizacion_id = nullif(current_setting('app.organizacion_id', true), '')::uuid"
# Tabla -> lo que el rol de la aplicación puede hacer con ella.
TABLAS = {
    "recetas": "SELECT, INSERT, UPDATE",
    "lineas_receta": "SELECT, INSERT, UPDATE, DELETE",
    "dispensaciones": "SELECT, INSERT",
    "lineas_dispensacion": "SELECT, INSERT",
    "administraciones": "SELECT, INSERT, UPDATE",
    "comunicaciones_antibiotico": "SELECT, INSERT, UPDATE",
    "registro_controlados": "SELECT, INSERT",
    "sucesos_adversos": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    op.create_table(
        "sucesos_adversos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=True),
        sa.Column("veterinario_id", sa.Uuid(), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "sospecha",
                "falta_eficacia",
                "defecto_calidad",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("medicamento_id", sa.Uuid(), nullable=True),
        sa.Column("producto_id", sa.Uuid(), nullable=True),
        sa.Column("vacunacion_id", sa.Uuid(), nullable=True),
        sa.Column("producto_texto", sa.String(length=160), nullable=True),
        sa.Column("lote", sa.String(length=40), nullable=True),
        sa.Column("descripcion", sa.String(length=4000), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("fecha_limite", sa.Date(), nullable=True),
        sa.Column("fecha_notificacion", sa.Date(), nullable=True),
        sa.Column("referencia_notificacion", sa.String(length=120), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(tipo = 'falta_eficacia') = (fecha_limite IS NOT NULL)", name=op.f("sucesos_adversos_plazo_ck")
        ),
        sa.CheckConstraint("fecha_notificacion >= fecha", name=op.f("sucesos_adversos_notificacion_ck")),
        sa.CheckConstraint(
            "num_nonnulls(medicamento_id, producto_id, producto_texto) >= 1", name=op.f("sucesos_adversos_de_que_ck")
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "medicamento_id"],
            ["medicamentos.organizacion_id", "medicamentos.id"],
            name=op.f("sucesos_adversos_organizacion_id_medicamento_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("sucesos_adversos_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "producto_id"],
            ["productos.organizacion_id", "productos.id"],
            name=op.f("sucesos_adversos_organizacion_id_producto_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("sucesos_adversos_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "vacunacion_id"],
            ["vacunaciones.organizacion_id", "vacunaciones.id"],
            name=op.f("sucesos_adversos_organizacion_id_vacunacion_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "veterinario_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("sucesos_adversos_organizacion_id_veterinario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("sucesos_adversos_pk")),
    )
    op.create_index(
        op.f("sucesos_adversos_organizacion_id_fecha_id_ix"),
        "sucesos_adversos",
        ["organizacion_id", "fecha", "id"],
        unique=False,
    )
    op.create_index(
        op.f("sucesos_adversos_organizacion_id_paciente_id_fecha_ix"),
        "sucesos_adversos",
        ["organizacion_id", "paciente_id", "fecha"],
        unique=False,
    )
    op.create_index(
        op.f("sucesos_adversos_organizacion_id_vacunacion_id_ix"),
        "sucesos_adversos",
        ["organizacion_id", "vacunacion_id"],
        unique=False,
        postgresql_where=sa.text("vacunacion_id IS NOT NULL"),
    )
    op.create_table(
        "administraciones",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("consulta_id", sa.Uuid(), nullable=True),
        sa.Column("veterinario_id", sa.Uuid(), nullable=False),
        sa.Column("medicamento_id", sa.Uuid(), nullable=False),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column(
            "clase",
            sa.Enum("ordinaria", "excepcional", name="clase", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("indicacion", sa.String(length=500), nullable=False),
        sa.Column("dosis", sa.Numeric(precision=12, scale=5), nullable=True),
        sa.Column("unidad_dosis", sa.String(length=20), nullable=True),
        sa.Column("peso_usado_kg", sa.Numeric(precision=7, scale=3), nullable=True),
        sa.Column("cantidad", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("unidad", sa.String(length=20), nullable=False),
        sa.Column("envases", sa.Integer(), nullable=True),
        sa.Column("porcentaje_envase", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("via", sa.String(length=30), nullable=False),
        sa.Column("lote", sa.String(length=40), nullable=False),
        sa.Column("caducidad_lote", sa.Date(), nullable=False),
        sa.Column("tiempo_espera", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column(
            "finalidad_antimicrobiana",
            sa.Enum(
                "terapeutica",
                "metafilaxis",
                "profilaxis",
                name="finalidad_antimicrobiana",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("justificacion_categoria", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("justificaciones", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("advertencias", sa.String(length=2000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("caducidad_lote >= fecha", name=op.f("administraciones_lote_ck")),
        sa.CheckConstraint("cantidad > 0", name=op.f("administraciones_cantidad_ck")),
        sa.CheckConstraint(
            "porcentaje_envase > 0 AND porcentaje_envase <= 100", name=op.f("administraciones_porcentaje_ck")
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "consulta_id"],
            ["consultas.organizacion_id", "consultas.id"],
            name=op.f("administraciones_organizacion_id_consulta_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "medicamento_id"],
            ["medicamentos.organizacion_id", "medicamentos.id"],
            name=op.f("administraciones_organizacion_id_medicamento_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("administraciones_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("administraciones_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "veterinario_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("administraciones_organizacion_id_veterinario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("administraciones_pk")),
    )
    op.create_index(
        op.f("administraciones_organizacion_id_medicamento_id_en_id_ix"),
        "administraciones",
        ["organizacion_id", "medicamento_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("administraciones_organizacion_id_paciente_id_en_id_ix"),
        "administraciones",
        ["organizacion_id", "paciente_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("administraciones_organizacion_id_sede_id_en_id_ix"),
        "administraciones",
        ["organizacion_id", "sede_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("administraciones_organizacion_id_en_id_ix"),
        "administraciones",
        ["organizacion_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("administraciones_organizacion_id_veterinario_id_en_id_ix"),
        "administraciones",
        ["organizacion_id", "veterinario_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("administraciones_organizacion_id_lote_en_id_ix"),
        "administraciones",
        ["organizacion_id", "lote", "en", "id"],
        unique=False,
    )
    op.create_table(
        "recetas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("veterinario_id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=True),
        sa.Column("grupo", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("consulta_id", sa.Uuid(), nullable=True),
        sa.Column(
            "estado",
            sa.Enum(
                "borrador",
                "emitida",
                "dispensada_parcial",
                "dispensada",
                "anulada",
                "caducada",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "tipo_dispensacion",
            sa.Enum(
                "dispensacion",
                "no_dispensacion",
                "botiquin",
                name="tipo_dispensacion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "clase",
            sa.Enum("ordinaria", "excepcional", name="clase", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "tratamiento",
            sa.Enum(
                "general",
                "cronico",
                "preventivo",
                "seguimiento",
                name="tratamiento",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("indicacion", sa.String(length=500), nullable=True),
        sa.Column(
            "finalidad_antimicrobiana",
            sa.Enum(
                "terapeutica",
                "metafilaxis",
                "profilaxis",
                name="finalidad_antimicrobiana",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("justificacion_categoria", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("justificaciones", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("advertencias", sa.String(length=2000), nullable=True),
        sa.Column("numero", sa.String(length=60), nullable=True),
        sa.Column("fecha_emision", sa.Date(), nullable=True),
        sa.Column("emitida_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valida_hasta", sa.Date(), nullable=True),
        sa.Column("contenido", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("huella", sa.String(length=64), nullable=True),
        sa.Column("firma", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("anulada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulacion_motivo", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(estado = 'anulada') = (anulacion_motivo IS NOT NULL)", name=op.f("recetas_anulacion_ck")),
        sa.CheckConstraint(
            "num_nulls(numero, fecha_emision, emitida_en, contenido, huella, firma)"
            " = CASE estado WHEN 'borrador' THEN 6 ELSE 0 END",
            name=op.f("recetas_emision_ck"),
        ),
        sa.CheckConstraint("estado <> 'caducada'", name=op.f("recetas_caducidad_ck")),
        sa.CheckConstraint("(paciente_id IS NULL) <> (grupo IS NULL)", name=op.f("recetas_para_quien_ck")),
        sa.CheckConstraint("valida_hasta >= fecha_emision", name=op.f("recetas_plazo_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("recetas_organizacion_id_cliente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "consulta_id"],
            ["consultas.organizacion_id", "consultas.id"],
            name=op.f("recetas_organizacion_id_consulta_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("recetas_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("recetas_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "veterinario_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("recetas_organizacion_id_veterinario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("recetas_pk")),
        sa.UniqueConstraint("organizacion_id", "numero", name=op.f("recetas_organizacion_id_numero_uq")),
    )
    op.create_index(
        op.f("recetas_organizacion_id_cliente_id_creado_en_id_ix"),
        "recetas",
        ["organizacion_id", "cliente_id", "creado_en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("recetas_organizacion_id_consulta_id_ix"), "recetas", ["organizacion_id", "consulta_id"], unique=False
    )
    op.create_index(
        op.f("recetas_organizacion_id_paciente_id_creado_en_id_ix"),
        "recetas",
        ["organizacion_id", "paciente_id", "creado_en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("recetas_organizacion_id_sede_id_creado_en_id_ix"),
        "recetas",
        ["organizacion_id", "sede_id", "creado_en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("recetas_organizacion_id_veterinario_id_creado_en_id_ix"),
        "recetas",
        ["organizacion_id", "veterinario_id", "creado_en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("recetas_organizacion_id_creado_en_id_ix"), "recetas", ["organizacion_id", "creado_en", "id"], unique=False
    )
    op.create_index(
        op.f("recetas_organizacion_id_estado_creado_en_id_ix"),
        "recetas",
        ["organizacion_id", "estado", "creado_en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("recetas_organizacion_id_fecha_emision_ix"), "recetas", ["organizacion_id", "fecha_emision"], unique=False
    )
    op.create_table(
        "dispensaciones",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receta_id", sa.Uuid(), nullable=False),
        sa.Column(
            "origen",
            sa.Enum("clinica", "farmacia", name="origen", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("establecimiento", sa.String(length=160), nullable=True),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.Uuid(), nullable=True),
        sa.Column("observaciones", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "receta_id"],
            ["recetas.organizacion_id", "recetas.id"],
            name=op.f("dispensaciones_organizacion_id_receta_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("dispensaciones_pk")),
    )
    op.create_index(
        op.f("dispensaciones_organizacion_id_receta_id_en_id_ix"),
        "dispensaciones",
        ["organizacion_id", "receta_id", "en", "id"],
        unique=False,
    )
    op.create_table(
        "lineas_receta",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receta_id", sa.Uuid(), nullable=False),
        sa.Column("orden", sa.SmallInteger(), nullable=False),
        sa.Column("medicamento_id", sa.Uuid(), nullable=True),
        sa.Column("formula_magistral", sa.String(length=1000), nullable=True),
        sa.Column("dosis", sa.Numeric(precision=12, scale=5), nullable=True),
        sa.Column("unidad_dosis", sa.String(length=20), nullable=True),
        sa.Column("peso_usado_kg", sa.Numeric(precision=7, scale=3), nullable=True),
        sa.Column("cantidad_por_toma", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("unidad", sa.String(length=20), nullable=True),
        sa.Column("via", sa.String(length=30), nullable=True),
        sa.Column("intervalo_h", sa.SmallInteger(), nullable=True),
        sa.Column("pauta_texto", sa.String(length=500), nullable=True),
        sa.Column("duracion_dias", sa.SmallInteger(), nullable=True),
        sa.Column("cantidad_total", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("envases", sa.Integer(), nullable=True),
        sa.Column("porcentaje_envase", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("tiempo_espera", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("sustituible", sa.Boolean(), nullable=False),
        sa.Column("envases_dispensados", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(medicamento_id IS NULL) <> (formula_magistral IS NULL)", name=op.f("lineas_receta_que_ck")
        ),
        sa.CheckConstraint(
            "cantidad_por_toma > 0 AND cantidad_total > 0 AND envases > 0", name=op.f("lineas_receta_cantidades_ck")
        ),
        sa.CheckConstraint("duracion_dias > 0 AND intervalo_h > 0 AND dosis > 0", name=op.f("lineas_receta_pauta_ck")),
        sa.CheckConstraint(
            "envases_dispensados BETWEEN 0 AND coalesce(envases, 0)", name=op.f("lineas_receta_envases_ck")
        ),
        sa.CheckConstraint(
            "porcentaje_envase > 0 AND porcentaje_envase <= 100", name=op.f("lineas_receta_porcentaje_ck")
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "medicamento_id"],
            ["medicamentos.organizacion_id", "medicamentos.id"],
            name=op.f("lineas_receta_organizacion_id_medicamento_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "receta_id"],
            ["recetas.organizacion_id", "recetas.id"],
            name=op.f("lineas_receta_organizacion_id_receta_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("lineas_receta_pk")),
        sa.UniqueConstraint(
            "organizacion_id", "receta_id", "orden", name=op.f("lineas_receta_organizacion_id_receta_id_orden_uq")
        ),
    )
    op.create_index(
        op.f("lineas_receta_organizacion_id_medicamento_id_ix"),
        "lineas_receta",
        ["organizacion_id", "medicamento_id"],
        unique=False,
    )
    op.create_table(
        "comunicaciones_antibiotico",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("veterinario_id", sa.Uuid(), nullable=False),
        sa.Column("linea_receta_id", sa.Uuid(), nullable=True),
        sa.Column("administracion_id", sa.Uuid(), nullable=True),
        sa.Column(
            "estado",
            sa.Enum(
                "pendiente",
                "exportada",
                "comunicada",
                "error",
                "anulada",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("num_receta", sa.String(length=60), nullable=True),
        sa.Column(
            "tipo_dispensacion",
            sa.Enum(
                "dispensacion",
                "no_dispensacion",
                "botiquin",
                name="tipo_dispensacion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "clase",
            sa.Enum("ordinaria", "excepcional", name="clase", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "finalidad_antimicrobiana",
            sa.Enum(
                "terapeutica",
                "metafilaxis",
                "profilaxis",
                name="finalidad_antimicrobiana",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("prescriptor", sa.String(length=120), nullable=False),
        sa.Column("num_colegiado", sa.String(length=20), nullable=False),
        sa.Column("especie", sa.String(length=40), nullable=False),
        sa.Column("medicamento", sa.String(length=1000), nullable=False),
        sa.Column("num_registro", sa.String(length=40), nullable=True),
        sa.Column("principios", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("forma", sa.String(length=60), nullable=True),
        sa.Column("formato", sa.String(length=60), nullable=True),
        sa.Column("envases", sa.SmallInteger(), nullable=True),
        sa.Column("porcentaje_envase", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("exportada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remesa_id", sa.Uuid(), nullable=True),
        sa.Column("acuse_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("referencia", sa.String(length=120), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(estado = 'error') = (error IS NOT NULL)", name=op.f("comunicaciones_antibiotico_error_ck")
        ),
        sa.CheckConstraint(
            "(estado IN ('comunicada', 'error')) = (acuse_en IS NOT NULL)",
            name=op.f("comunicaciones_antibiotico_acuse_ck"),
        ),
        sa.CheckConstraint(
            "(estado IN ('exportada', 'comunicada', 'error')) = (exportada_en IS NOT NULL AND remesa_id IS NOT NULL)",
            name=op.f("comunicaciones_antibiotico_exportacion_ck"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(linea_receta_id, administracion_id) = 1", name=op.f("comunicaciones_antibiotico_origen_ck")
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "administracion_id"],
            ["administraciones.organizacion_id", "administraciones.id"],
            name=op.f("comunicaciones_antibiotico_organizacion_id_administracion_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "linea_receta_id"],
            ["lineas_receta.organizacion_id", "lineas_receta.id"],
            name=op.f("comunicaciones_antibiotico_organizacion_id_linea_receta_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("comunicaciones_antibiotico_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "veterinario_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("comunicaciones_antibiotico_organizacion_id_veterinario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("comunicaciones_antibiotico_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "administracion_id",
            name=op.f("comunicaciones_antibiotico_organizacion_id_administracion_id_uq"),
        ),
        sa.UniqueConstraint(
            "organizacion_id",
            "linea_receta_id",
            name=op.f("comunicaciones_antibiotico_organizacion_id_linea_receta_id_uq"),
        ),
    )
    op.create_index(
        op.f("comunicaciones_antibiotico_organizacion_id_estado_fecha_id_ix"),
        "comunicaciones_antibiotico",
        ["organizacion_id", "estado", "fecha", "id"],
        unique=False,
    )
    op.create_index(
        op.f("comunicaciones_antibiotico_organizacion_id_sede_id_fecha_id_ix"),
        "comunicaciones_antibiotico",
        ["organizacion_id", "sede_id", "fecha", "id"],
        unique=False,
    )
    op.create_index(
        op.f("comunicaciones_antibiotico_organizacion_id_fecha_id_ix"),
        "comunicaciones_antibiotico",
        ["organizacion_id", "fecha", "id"],
        unique=False,
    )
    op.create_index(
        "comunicaciones_antibiotico_veterinario_ix",
        "comunicaciones_antibiotico",
        ["organizacion_id", "veterinario_id", "fecha", "id"],
        unique=False,
    )
    op.create_index(
        "comunicaciones_antibiotico_remesa_ix",
        "comunicaciones_antibiotico",
        ["organizacion_id", "remesa_id", "fecha", "id"],
        unique=False,
        postgresql_where=sa.text("remesa_id IS NOT NULL"),
    )
    op.create_table(
        "lineas_dispensacion",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispensacion_id", sa.Uuid(), nullable=False),
        sa.Column("orden", sa.SmallInteger(), nullable=False),
        sa.Column("linea_receta_id", sa.Uuid(), nullable=False),
        sa.Column("envases", sa.Integer(), nullable=False),
        sa.Column("lote", sa.String(length=40), nullable=True),
        sa.Column("caducidad_lote", sa.Date(), nullable=True),
        sa.CheckConstraint("envases > 0", name=op.f("lineas_dispensacion_envases_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "dispensacion_id"],
            ["dispensaciones.organizacion_id", "dispensaciones.id"],
            name=op.f("lineas_dispensacion_organizacion_id_dispensacion_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "linea_receta_id"],
            ["lineas_receta.organizacion_id", "lineas_receta.id"],
            name=op.f("lineas_dispensacion_organizacion_id_linea_receta_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("lineas_dispensacion_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "dispensacion_id",
            "orden",
            name=op.f("lineas_dispensacion_organizacion_id_dispensacion_id_orden_uq"),
        ),
    )
    op.create_index(
        op.f("lineas_dispensacion_organizacion_id_linea_receta_id_ix"),
        "lineas_dispensacion",
        ["organizacion_id", "linea_receta_id"],
        unique=False,
    )
    op.create_table(
        "registro_controlados",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("medicamento_id", sa.Uuid(), nullable=False),
        sa.Column("asiento", sa.Integer(), nullable=False),
        sa.Column("asiento_anterior", sa.Integer(), nullable=True),
        sa.Column(
            "tipo",
            sa.Enum(
                "entrada",
                "administracion",
                "dispensacion",
                "merma",
                "devolucion",
                "recuento",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cantidad", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("variacion", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("saldo_anterior", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("saldo", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("contado", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("diferencia", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("lote", sa.String(length=40), nullable=True),
        sa.Column("paciente_id", sa.Uuid(), nullable=True),
        sa.Column("proveedor", sa.String(length=160), nullable=True),
        sa.Column("num_documento", sa.String(length=60), nullable=True),
        sa.Column("administracion_id", sa.Uuid(), nullable=True),
        sa.Column("dispensacion_id", sa.Uuid(), nullable=True),
        sa.Column("corrige_id", sa.Uuid(), nullable=True),
        sa.Column("recuento_id", sa.Uuid(), nullable=True),
        sa.Column("responsable_id", sa.Uuid(), nullable=False),
        sa.Column("testigo_id", sa.Uuid(), nullable=True),
        sa.Column("observaciones", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN tipo = 'recuento' THEN cantidad = 0 AND variacion = 0 ELSE cantidad > 0 AND variacion = CASE WHEN (tipo = 'entrada') = (corrige_id IS NULL) THEN cantidad ELSE -cantidad END END",
            name=op.f("registro_controlados_signo_ck"),
        ),
        sa.CheckConstraint(
            "CASE WHEN tipo = 'recuento' THEN contado >= 0 AND diferencia = contado - saldo_anterior ELSE num_nonnulls(contado, diferencia) = 0 END",
            name=op.f("registro_controlados_recuento_ck"),
        ),
        sa.CheckConstraint(
            "testigo_id <> responsable_id AND (tipo NOT IN ('merma', 'recuento') OR testigo_id IS NOT NULL)",
            name=op.f("registro_controlados_testigo_ck"),
        ),
        sa.CheckConstraint(
            "CASE WHEN asiento = 1 THEN asiento_anterior IS NULL AND saldo_anterior = 0 ELSE asiento_anterior IS NOT NULL AND asiento_anterior = asiento - 1 END",
            name=op.f("registro_controlados_cadena_ck"),
        ),
        sa.CheckConstraint(
            "diferencia = 0 OR observaciones IS NOT NULL", name=op.f("registro_controlados_observaciones_ck")
        ),
        sa.CheckConstraint("saldo = saldo_anterior + variacion", name=op.f("registro_controlados_saldo_ck")),
        sa.CheckConstraint("saldo >= 0", name=op.f("registro_controlados_negativo_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "administracion_id"],
            ["administraciones.organizacion_id", "administraciones.id"],
            name=op.f("registro_controlados_organizacion_id_administracion_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "corrige_id"],
            ["registro_controlados.organizacion_id", "registro_controlados.id"],
            name=op.f("registro_controlados_organizacion_id_corrige_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "dispensacion_id"],
            ["dispensaciones.organizacion_id", "dispensaciones.id"],
            name=op.f("registro_controlados_organizacion_id_dispensacion_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "medicamento_id"],
            ["medicamentos.organizacion_id", "medicamentos.id"],
            name=op.f("registro_controlados_organizacion_id_medicamento_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("registro_controlados_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "recuento_id"],
            ["registro_controlados.organizacion_id", "registro_controlados.id"],
            name=op.f("registro_controlados_organizacion_id_recuento_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "responsable_id"],
            ["usuarios.organizacion_id", "usuarios.id"],
            name=op.f("registro_controlados_organizacion_id_responsable_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id", "medicamento_id", "asiento_anterior", "saldo_anterior"],
            [
                "registro_controlados.organizacion_id",
                "registro_controlados.sede_id",
                "registro_controlados.medicamento_id",
                "registro_controlados.asiento",
                "registro_controlados.saldo",
            ],
            name="registro_controlados_cadena_fk",
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("registro_controlados_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "testigo_id"],
            ["usuarios.organizacion_id", "usuarios.id"],
            name=op.f("registro_controlados_organizacion_id_testigo_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("registro_controlados_pk")),
        sa.UniqueConstraint("organizacion_id", "corrige_id", name="registro_controlados_corrige_uq"),
        sa.UniqueConstraint(
            "organizacion_id", "recuento_id", name=op.f("registro_controlados_organizacion_id_recuento_id_uq")
        ),
        sa.UniqueConstraint(
            "organizacion_id", "sede_id", "medicamento_id", "asiento", "saldo", name="registro_controlados_saldo_uq"
        ),
        sa.UniqueConstraint(
            "organizacion_id", "sede_id", "medicamento_id", "asiento", name="registro_controlados_asiento_uq"
        ),
    )
    op.create_index(
        op.f("registro_controlados_organizacion_id_medicamento_id_en_id_ix"),
        "registro_controlados",
        ["organizacion_id", "medicamento_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("registro_controlados_organizacion_id_sede_id_en_id_ix"),
        "registro_controlados",
        ["organizacion_id", "sede_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("registro_controlados_organizacion_id_en_id_ix"),
        "registro_controlados",
        ["organizacion_id", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("registro_controlados_organizacion_id_tipo_en_id_ix"),
        "registro_controlados",
        ["organizacion_id", "tipo", "en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("registro_controlados_organizacion_id_fecha_ix"),
        "registro_controlados",
        ["organizacion_id", "fecha"],
        unique=False,
    )
    op.create_index(
        "registro_controlados_paciente_ix",
        "registro_controlados",
        ["organizacion_id", "paciente_id", "en", "id"],
        unique=False,
        postgresql_where=sa.text("paciente_id IS NOT NULL"),
    )
    op.create_index(
        "registro_controlados_lote_ix",
        "registro_controlados",
        ["organizacion_id", "lote", "en", "id"],
        unique=False,
        postgresql_where=sa.text("lote IS NOT NULL"),
    )

    for tabla, operaciones in TABLAS.items():
        op.execute(f"GRANT {operaciones} ON {tabla} TO servet_app")
        op.execute(f"ALTER TABLE {tabla} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {tabla}_organizacion ON {tabla} TO servet_app USING ({POLITICA}) WITH CHECK ({POLITICA})"
        )
    guiones = (SQL / "0009_recetas.sql").read_text("utf-8")
    op.get_bind().connection.driver_connection.execute(guiones, prepare=False)


def downgrade() -> None:
    for tabla in reversed(TABLAS):
        op.drop_table(tabla)
    for funcion in DISPARADORES:
        op.execute(f"DROP FUNCTION {funcion}()")
