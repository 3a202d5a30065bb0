"""Esquema inicial: tablas, auditoría encadenada y políticas de fila."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    _ejecutar("0001_antes.sql")
    _crear_tablas()
    _ejecutar("0001_despues.sql")
    _ejecutar("0001_permisos.sql")


def downgrade() -> None:
    raise NotImplementedError("La primera migración no se deshace: se restaura la copia de seguridad")


def _ejecutar(fichero: str) -> None:
    # Sin preparar: un guion con varias órdenes va por el protocolo simple.
    op.get_bind().connection.driver_connection.execute((SQL / fichero).read_text("utf-8"), prepare=False)


def _crear_tablas() -> None:
    op.create_table(
        "auditoria",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.BigInteger(), nullable=False),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quien", sa.Uuid(), nullable=True),
        sa.Column("rol", sa.Text(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("accion", sa.Text(), nullable=False),
        sa.Column("recurso", sa.Text(), nullable=False),
        sa.Column("recurso_id", sa.Uuid(), nullable=True),
        sa.Column("cambios", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=True),
        sa.Column("id_peticion", sa.Text(), nullable=True),
        sa.Column("huella_anterior", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organizacion_id", "numero", name=op.f("auditoria_pk")),
    )
    op.create_index(op.f("auditoria_organizacion_id_en_ix"), "auditoria", ["organizacion_id", "en"], unique=False)
    op.create_index(
        op.f("auditoria_organizacion_id_quien_numero_ix"),
        "auditoria",
        ["organizacion_id", "quien", "numero"],
        unique=False,
    )
    op.create_index(
        op.f("auditoria_organizacion_id_recurso_recurso_id_numero_ix"),
        "auditoria",
        ["organizacion_id", "recurso", "recurso_id", "numero"],
        unique=False,
    )
    op.create_table(
        "auditoria_cadenas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.BigInteger(), nullable=False),
        sa.Column("huella", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organizacion_id", name=op.f("auditoria_cadenas_pk")),
    )
    op.create_table(
        "buzon_salida",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "restablecimiento",
                "invitacion",
                "oferta_espera",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("destinatario", sa.String(length=254), nullable=False),
        sa.Column("asunto", sa.String(length=200), nullable=False),
        sa.Column("cuerpo_cifrado", sa.LargeBinary(), nullable=True),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("intentar_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enviado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intentos", sa.Integer(), nullable=False),
        sa.Column("ultimo_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("buzon_salida_pk")),
    )
    op.create_index(
        "buzon_pendiente_ix",
        "buzon_salida",
        ["organizacion_id", "creado_en"],
        unique=False,
        postgresql_where="enviado_en IS NULL",
    )
    op.create_table(
        "claves_firma",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("publica", sa.LargeBinary(), nullable=False),
        sa.Column("privada_cifrada", sa.LargeBinary(), nullable=False),
        sa.Column("creada_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirada_en", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("claves_firma_pk")),
    )
    op.create_table(
        "contadores",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("valor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organizacion_id", "nombre", name=op.f("contadores_pk")),
    )
    op.create_table(
        "especies",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("nombre_cientifico", sa.Text(), nullable=True),
        sa.Column("grupo", sa.Text(), nullable=False),
        sa.Column("produccion", sa.Text(), nullable=False),
        sa.Column("peso_aviso_min_kg", sa.Numeric(precision=8, scale=4), nullable=False),
        sa.Column("peso_aviso_max_kg", sa.Numeric(precision=8, scale=4), nullable=False),
        sa.Column("identificacion", sa.Text(), nullable=True),
        sa.Column("fuente", sa.Text(), nullable=False),
        sa.Column("estado", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("especies_pk")),
    )
    op.create_table(
        "idempotencia",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("ruta", sa.Text(), nullable=False),
        sa.Column("clave", sa.Text(), nullable=False),
        sa.Column("huella", sa.LargeBinary(), nullable=False),
        sa.Column("estado", sa.Integer(), nullable=True),
        sa.Column("cuerpo", sa.LargeBinary(), nullable=True),
        sa.Column("cabeceras", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organizacion_id", "actor_id", "ruta", "clave", name=op.f("idempotencia_pk")),
    )
    op.create_index(op.f("idempotencia_creado_en_ix"), "idempotencia", ["creado_en"], unique=False)
    op.create_table(
        "integraciones",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("ambitos", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secreto_huella", sa.LargeBinary(), nullable=False),
        sa.Column("expira_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ultimo_uso_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valida_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("integraciones_pk")),
    )
    op.create_table(
        "intentos_acceso",
        sa.Column("clave", sa.LargeBinary(), nullable=False),
        sa.Column("fallos", sa.Integer(), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clave", name=op.f("intentos_acceso_pk")),
    )
    op.create_index(op.f("intentos_acceso_desde_ix"), "intentos_acceso", ["desde"], unique=False)
    op.create_table(
        "organizaciones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("razon_social", sa.String(length=160), nullable=False),
        sa.Column("identificador_fiscal", sa.String(length=30), nullable=False),
        sa.Column("pais", sa.String(length=2), nullable=False),
        sa.Column("moneda", sa.String(length=3), nullable=False),
        sa.Column("idioma", sa.String(length=10), nullable=False),
        sa.Column("config", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("organizaciones_pk")),
        sa.UniqueConstraint("codigo", name=op.f("organizaciones_codigo_uq")),
    )
    op.create_table(
        "palabras",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("palabra", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("organizacion_id", "palabra", name=op.f("palabras_pk")),
    )
    op.create_index(
        "palabras_parecidas_ix",
        "palabras",
        ["organizacion_id", "palabra"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"palabra": "gin_trgm_ops"},
    )
    op.create_table(
        "sedes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=10), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("direccion", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("telefono", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("zona_horaria", sa.String(length=60), nullable=False),
        sa.Column("territorio_fiscal", sa.String(length=20), nullable=False),
        sa.Column("territorio_sanitario", sa.String(length=40), nullable=True),
        sa.Column("num_registro_centro", sa.String(length=40), nullable=True),
        sa.Column("apertura", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("config", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("sedes_pk")),
        sa.UniqueConstraint("organizacion_id", "codigo", name="sedes_codigo_uq"),
    )
    op.create_table(
        "tipos_cita",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=80), nullable=False),
        sa.Column("duracion_min", sa.Integer(), nullable=False),
        sa.Column("buffer_antes_min", sa.Integer(), nullable=False),
        sa.Column("buffer_despues_min", sa.Integer(), nullable=False),
        sa.Column("requiere_veterinario", sa.Boolean(), nullable=False),
        sa.Column("requiere_auxiliar", sa.Boolean(), nullable=False),
        sa.Column(
            "sala_tipo",
            sa.Enum(
                "sala_consulta",
                "quirofano",
                "peluqueria",
                "ecografo",
                "radiologia",
                "jaula",
                "domicilio_vehiculo",
                name="sala_tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "equipo_tipo",
            sa.Enum(
                "sala_consulta",
                "quirofano",
                "peluqueria",
                "ecografo",
                "radiologia",
                "jaula",
                "domicilio_vehiculo",
                name="equipo_tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("especies", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reservable_portal", sa.Boolean(), nullable=False),
        sa.Column("requiere_confirmacion", sa.Boolean(), nullable=False),
        sa.Column("antelacion_min_h", sa.Integer(), nullable=False),
        sa.Column("antelacion_max_dias", sa.Integer(), nullable=False),
        sa.Column("precio_orientativo", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("instrucciones", sa.String(length=1000), nullable=True),
        sa.Column("permite_solape", sa.Boolean(), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "buffer_antes_min BETWEEN 0 AND 240 AND buffer_despues_min BETWEEN 0 AND 240",
            name=op.f("tipos_cita_buffers_ck"),
        ),
        sa.CheckConstraint("duracion_min BETWEEN 1 AND 1440", name=op.f("tipos_cita_duracion_ck")),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("tipos_cita_pk")),
        sa.UniqueConstraint("organizacion_id", "codigo", name="tipos_cita_codigo_uq"),
    )
    op.create_table(
        "clientes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=20), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "persona",
                "empresa",
                "protectora",
                "administracion",
                "explotacion",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("nombre", sa.String(length=120), nullable=True),
        sa.Column("apellidos", sa.String(length=120), nullable=True),
        sa.Column("razon_social", sa.String(length=120), nullable=True),
        sa.Column(
            "nombre_orden",
            sa.String(length=400),
            sa.Computed(
                "servet_normalizar(coalesce(razon_social, coalesce(nombre, '') || ' ' || coalesce(apellidos, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("identificador_fiscal", sa.String(length=30), nullable=True),
        sa.Column("tipo_identificador", sa.String(length=10), nullable=True),
        sa.Column("pais_identificador", sa.String(length=2), nullable=True),
        sa.Column("telefonos", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("telefonos_texto", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("direccion", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("idioma", sa.String(length=10), nullable=False),
        sa.Column(
            "canal_preferido",
            sa.Enum(
                "email",
                "sms",
                "whatsapp",
                "push",
                "telefono",
                "carta",
                "ninguno",
                name="canal_preferido",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("preferencias", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("sede_habitual_id", sa.Uuid(), nullable=True),
        sa.Column("descuento_pct", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column(
            "regimen_fiscal",
            sa.Enum(
                "consumidor",
                "empresario",
                "exento",
                "explotacion_agraria",
                name="regimen_fiscal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("codigo_rega", sa.String(length=20), nullable=True),
        sa.Column("limite_credito", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("bloqueo_morosidad", sa.Boolean(), nullable=False),
        sa.Column("notas_internas", sa.Text(), nullable=True),
        sa.Column(
            "estado",
            sa.Enum(
                "activo",
                "inactivo",
                "fusionado",
                "anonimizado",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fusionado_en_id", sa.Uuid(), nullable=True),
        sa.Column("id_externo", sa.String(length=80), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(estado = 'fusionado') = (fusionado_en_id IS NOT NULL)", name=op.f("clientes_fusion_ck")),
        sa.CheckConstraint(
            "(tipo = 'persona' AND nombre IS NOT NULL) OR (tipo <> 'persona' AND razon_social IS NOT NULL)",
            name=op.f("clientes_con_nombre_ck"),
        ),
        sa.CheckConstraint(
            "email IS NOT NULL OR jsonb_array_length(telefonos) > 0 OR estado IN ('anonimizado', 'fusionado')",
            name=op.f("clientes_con_contacto_ck"),
        ),
        sa.CheckConstraint("descuento_pct BETWEEN 0 AND 100", name=op.f("clientes_descuento_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "fusionado_en_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("clientes_organizacion_id_fusionado_en_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_habitual_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("clientes_organizacion_id_sede_habitual_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("clientes_pk")),
        sa.UniqueConstraint("organizacion_id", "codigo", name=op.f("clientes_organizacion_id_codigo_uq")),
        sa.UniqueConstraint("organizacion_id", "id_externo", name="clientes_id_externo_uq"),
    )
    op.create_index(
        "clientes_busqueda_ix",
        "clientes",
        ["nombre_orden"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"nombre_orden": "gin_trgm_ops"},
    )
    op.create_index(
        "clientes_identificador_fiscal_uq",
        "clientes",
        ["organizacion_id", "identificador_fiscal", "pais_identificador"],
        unique=True,
        postgresql_where="estado NOT IN ('fusionado', 'anonimizado')",
    )
    op.create_index(
        op.f("clientes_organizacion_id_creado_en_id_ix"),
        "clientes",
        ["organizacion_id", "creado_en", "id"],
        unique=False,
    )
    op.create_index(op.f("clientes_organizacion_id_email_ix"), "clientes", ["organizacion_id", "email"], unique=False)
    op.create_index(
        op.f("clientes_organizacion_id_fusionado_en_id_ix"),
        "clientes",
        ["organizacion_id", "fusionado_en_id"],
        unique=False,
    )
    op.create_index(
        op.f("clientes_organizacion_id_identificador_fiscal_ix"),
        "clientes",
        ["organizacion_id", "identificador_fiscal"],
        unique=False,
    )
    op.create_index(
        op.f("clientes_organizacion_id_nombre_orden_id_ix"),
        "clientes",
        ["organizacion_id", "nombre_orden", "id"],
        unique=False,
    )
    op.create_index(
        "clientes_telefonos_ix",
        "clientes",
        ["telefonos_texto"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"telefonos_texto": "gin_trgm_ops"},
    )
    op.create_table(
        "integraciones_sedes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("integracion_id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "integracion_id"],
            ["integraciones.organizacion_id", "integraciones.id"],
            name=op.f("integraciones_sedes_organizacion_id_integracion_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("integraciones_sedes_organizacion_id_sede_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("integraciones_sedes_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "integracion_id",
            "sede_id",
            name=op.f("integraciones_sedes_organizacion_id_integracion_id_sede_id_uq"),
        ),
    )
    op.create_table(
        "razas",
        sa.Column("especie", sa.String(length=40), nullable=False),
        sa.Column("codigo", sa.String(length=60), nullable=False),
        sa.Column("nombre", sa.Text(), nullable=False),
        sa.Column("talla", sa.Text(), nullable=True),
        sa.Column("mdr1", sa.Text(), nullable=True),
        sa.Column("ppp", sa.Boolean(), nullable=False),
        sa.Column("numero_fci", sa.Integer(), nullable=True),
        sa.Column("grupo_fci", sa.Text(), nullable=True),
        sa.Column("seccion_fci", sa.Text(), nullable=True),
        sa.Column("fuente", sa.Text(), nullable=False),
        sa.Column("estado", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["especie"], ["especies.codigo"], name=op.f("razas_especie_fk")),
        sa.PrimaryKeyConstraint("especie", "codigo", name=op.f("razas_pk")),
    )
    op.create_table(
        "recursos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=20), nullable=False),
        sa.Column("nombre", sa.String(length=80), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "sala_consulta",
                "quirofano",
                "peluqueria",
                "ecografo",
                "radiologia",
                "jaula",
                "domicilio_vehiculo",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("capacidad", sa.Integer(), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("capacidad BETWEEN 1 AND 200", name=op.f("recursos_capacidad_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("recursos_organizacion_id_sede_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("recursos_pk")),
        sa.UniqueConstraint("organizacion_id", "sede_id", "codigo", name="recursos_codigo_uq"),
    )
    op.create_table(
        "autorizados",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column("cliente_autorizado_id", sa.Uuid(), nullable=True),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("documento", sa.String(length=30), nullable=True),
        sa.Column("telefono", sa.String(length=20), nullable=True),
        sa.Column("puede_ver_historial", sa.Boolean(), nullable=False),
        sa.Column("puede_pedir_cita", sa.Boolean(), nullable=False),
        sa.Column("puede_autorizar_tratamientos", sa.Boolean(), nullable=False),
        sa.Column("puede_ver_facturas", sa.Boolean(), nullable=False),
        sa.Column("limite_importe", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("cliente_autorizado_id IS DISTINCT FROM cliente_id", name=op.f("autorizados_otro_ck")),
        sa.CheckConstraint("hasta IS NULL OR hasta >= desde", name=op.f("autorizados_fechas_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_autorizado_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("autorizados_organizacion_id_cliente_autorizado_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("autorizados_organizacion_id_cliente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("autorizados_pk")),
    )
    op.create_index(
        op.f("autorizados_organizacion_id_cliente_autorizado_id_ix"),
        "autorizados",
        ["organizacion_id", "cliente_autorizado_id"],
        unique=False,
    )
    op.create_index(
        op.f("autorizados_organizacion_id_cliente_id_ix"),
        "autorizados",
        ["organizacion_id", "cliente_id"],
        unique=False,
    )
    op.create_table(
        "consentimientos_datos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column(
            "finalidad",
            sa.Enum(
                "asistencia",
                "comunicaciones_comerciales",
                "imagenes_redes",
                "cesion_seguro",
                "investigacion",
                name="finalidad",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "base_legal",
            sa.Enum(
                "consentimiento",
                "contrato",
                "obligacion_legal",
                "interes_legitimo",
                name="base_legal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("otorgado", sa.Boolean(), nullable=False),
        sa.Column("texto_version", sa.String(length=40), nullable=False),
        sa.Column(
            "canal",
            sa.Enum(
                "presencial",
                "telefono",
                "email",
                "web",
                "portal",
                name="canal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("consentimientos_datos_organizacion_id_cliente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("consentimientos_datos_pk")),
    )
    op.create_index(
        op.f("consentimientos_datos_organizacion_id_cliente_id_finalidad_en_ix"),
        "consentimientos_datos",
        ["organizacion_id", "cliente_id", "finalidad", "en"],
        unique=False,
    )
    op.create_table(
        "datos_bloqueados",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column("contenido_cifrado", sa.LargeBinary(), nullable=False),
        sa.Column("borrar_desde", sa.Date(), nullable=False),
        sa.Column("bloqueado_en", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("datos_bloqueados_organizacion_id_cliente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("datos_bloqueados_pk")),
    )
    op.create_index(
        op.f("datos_bloqueados_organizacion_id_borrar_desde_ix"),
        "datos_bloqueados",
        ["organizacion_id", "borrar_desde"],
        unique=False,
    )
    op.create_index(
        op.f("datos_bloqueados_organizacion_id_cliente_id_ix"),
        "datos_bloqueados",
        ["organizacion_id", "cliente_id"],
        unique=False,
    )
    op.create_table(
        "pacientes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=20), nullable=False),
        sa.Column("nombre", sa.String(length=60), nullable=False),
        sa.Column(
            "nombre_orden",
            sa.String(length=120, collation="C"),
            sa.Computed("servet_normalizar(nombre)", persisted=True),
            nullable=False,
        ),
        sa.Column("especie", sa.String(length=40), nullable=False),
        sa.Column("raza", sa.String(length=60), nullable=True),
        sa.Column("raza_texto", sa.String(length=120), nullable=True),
        sa.Column(
            "sexo",
            sa.Enum(
                "macho",
                "hembra",
                "desconocido",
                "hermafrodita",
                name="sexo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "esterilizado",
            sa.Enum(
                "si", "no", "desconocido", name="esterilizado", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("fecha_esterilizacion", sa.Date(), nullable=True),
        sa.Column("fecha_nacimiento", sa.Date(), nullable=True),
        sa.Column(
            "precision_nacimiento",
            sa.Enum(
                "exacta",
                "mes",
                "anio",
                "estimada",
                name="precision_nacimiento",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("capa", sa.String(length=80), nullable=True),
        sa.Column("tamanio", sa.String(length=20), nullable=True),
        sa.Column("senias", sa.String(length=500), nullable=True),
        sa.Column("microchip", sa.String(length=15), nullable=True),
        sa.Column("fecha_microchip", sa.Date(), nullable=True),
        sa.Column("microchip_lugar", sa.String(length=60), nullable=True),
        sa.Column("verificado_lector", sa.Boolean(), nullable=False),
        sa.Column("identificadores", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("pasaporte_ue", sa.String(length=15), nullable=True),
        sa.Column(
            "motivo_sin_identificacion",
            sa.Enum(
                "recien_nacido",
                "comunitario",
                "abandonado",
                "exotico_sin_obligacion",
                "pendiente",
                name="motivo_sin_identificacion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "destino",
            sa.Enum(
                "compania",
                "produccion",
                "trabajo",
                "zoologico",
                name="destino",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("apto_consumo", sa.Boolean(), nullable=True),
        sa.Column("gestante_desde", sa.Date(), nullable=True),
        sa.Column("lactante_desde", sa.Date(), nullable=True),
        sa.Column(
            "mdr1",
            sa.Enum(
                "no_testado",
                "normal",
                "portador",
                "afectado",
                name="mdr1",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grupo_sanguineo", sa.String(length=20), nullable=True),
        sa.Column("temperamento", sa.String(length=120), nullable=True),
        sa.Column("ppp", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("seguro", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column(
            "estado",
            sa.Enum(
                "pendiente_validacion",
                "activo",
                "inactivo",
                "perdido",
                "fallecido",
                "fusionado",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("perdido_desde", sa.Date(), nullable=True),
        sa.Column("fecha_fallecimiento", sa.Date(), nullable=True),
        sa.Column("causa_fallecimiento", sa.String(length=200), nullable=True),
        sa.Column("eutanasia", sa.Boolean(), nullable=True),
        sa.Column("destino_restos", sa.String(length=80), nullable=True),
        sa.Column("fusionado_en_id", sa.Uuid(), nullable=True),
        sa.Column("sede_alta_id", sa.Uuid(), nullable=True),
        sa.Column("id_externo", sa.String(length=80), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(estado = 'fallecido') = (fecha_fallecimiento IS NOT NULL)", name=op.f("pacientes_fallecimiento_ck")
        ),
        sa.CheckConstraint("(estado = 'fusionado') = (fusionado_en_id IS NOT NULL)", name=op.f("pacientes_fusion_ck")),
        sa.CheckConstraint("fecha_esterilizacion >= fecha_nacimiento", name=op.f("pacientes_esterilizacion_ck")),
        sa.CheckConstraint("fecha_fallecimiento >= fecha_nacimiento", name=op.f("pacientes_fallecido_tras_nacer_ck")),
        sa.ForeignKeyConstraint(
            ["especie", "raza"], ["razas.especie", "razas.codigo"], name=op.f("pacientes_especie_raza_fk")
        ),
        sa.ForeignKeyConstraint(["especie"], ["especies.codigo"], name=op.f("pacientes_especie_fk")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "fusionado_en_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("pacientes_organizacion_id_fusionado_en_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_alta_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("pacientes_organizacion_id_sede_alta_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("pacientes_pk")),
        sa.UniqueConstraint("organizacion_id", "codigo", name=op.f("pacientes_organizacion_id_codigo_uq")),
        sa.UniqueConstraint("organizacion_id", "id_externo", name="pacientes_id_externo_uq"),
    )
    op.create_index(
        "pacientes_microchip_uq",
        "pacientes",
        ["organizacion_id", "microchip"],
        unique=True,
        postgresql_where="estado <> 'fusionado'",
    )
    op.create_index(
        op.f("pacientes_organizacion_id_creado_en_id_ix"),
        "pacientes",
        ["organizacion_id", "creado_en", "id"],
        unique=False,
    )
    op.create_index(
        op.f("pacientes_organizacion_id_especie_nombre_orden_id_ix"),
        "pacientes",
        ["organizacion_id", "especie", "nombre_orden", "id"],
        unique=False,
    )
    op.create_index(
        op.f("pacientes_organizacion_id_estado_nombre_orden_id_ix"),
        "pacientes",
        ["organizacion_id", "estado", "nombre_orden", "id"],
        unique=False,
    )
    op.create_index(
        op.f("pacientes_organizacion_id_nombre_orden_id_ix"),
        "pacientes",
        ["organizacion_id", "nombre_orden", "id"],
        unique=False,
    )
    op.create_table(
        "usuarios",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "estado",
            sa.Enum(
                "invitado",
                "activo",
                "bloqueado",
                "baja",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cliente_id", sa.Uuid(), nullable=True),
        sa.Column("acceso_clinico", sa.Boolean(), nullable=False),
        sa.Column("contrasena_huella", sa.Text(), nullable=True),
        sa.Column("doble_factor", sa.Boolean(), nullable=False),
        sa.Column("secreto_totp", sa.LargeBinary(), nullable=True),
        sa.Column("ultimo_paso_totp", sa.Integer(), nullable=True),
        sa.Column("codigos_recuperacion", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("ultimo_acceso_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valida_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(cliente_id IS NOT NULL) = ('cliente' = ANY(roles))", name=op.f("usuarios_portal_ck")),
        sa.CheckConstraint(
            "NOT 'cliente' = ANY(roles) OR cardinality(roles) = 1", name=op.f("usuarios_rol_cliente_solo_ck")
        ),
        sa.CheckConstraint(
            "roles <@ ARRAY['administrador','veterinario','auxiliar','recepcion','cliente']",
            name=op.f("usuarios_roles_conocidos_ck"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("usuarios_organizacion_id_cliente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("usuarios_pk")),
    )
    op.create_index(
        "usuarios_email_uq", "usuarios", ["organizacion_id", "email"], unique=True, postgresql_where="estado <> 'baja'"
    )
    op.create_index("usuarios_por_email_ix", "usuarios", ["email"], unique=False)
    op.create_index(
        "usuarios_portal_uq",
        "usuarios",
        ["organizacion_id", "cliente_id"],
        unique=True,
        postgresql_where="estado <> 'baja'",
    )
    op.create_table(
        "alergias",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column(
            "agente_tipo",
            sa.Enum(
                "principio_activo",
                "grupo",
                "alimento",
                "ambiental",
                "vacuna",
                name="agente_tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agente_ref", sa.String(length=80), nullable=False),
        sa.Column(
            "gravedad",
            sa.Enum(
                "leve",
                "moderada",
                "grave",
                "anafilaxia",
                name="gravedad",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reaccion", sa.String(length=500), nullable=True),
        sa.Column("confirmada", sa.Boolean(), nullable=False),
        sa.Column("desde", sa.Date(), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("alergias_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("alergias_pk")),
    )
    op.create_index(
        op.f("alergias_organizacion_id_paciente_id_ix"), "alergias", ["organizacion_id", "paciente_id"], unique=False
    )
    op.create_table(
        "alertas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "clinica", "manejo", "administrativa", name="tipo", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("texto", sa.String(length=500), nullable=False),
        sa.Column(
            "nivel",
            sa.Enum("info", "aviso", "grave", name="nivel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("vigente_hasta", sa.Date(), nullable=True),
        sa.Column("visible_en", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("alertas_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("alertas_pk")),
    )
    op.create_index(
        op.f("alertas_organizacion_id_paciente_id_ix"), "alertas", ["organizacion_id", "paciente_id"], unique=False
    )
    op.create_table(
        "busqueda_pacientes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("documento", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("busqueda_pacientes_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "paciente_id", name=op.f("busqueda_pacientes_pk")),
    )
    op.create_index(
        "busqueda_pacientes_documento_ix",
        "busqueda_pacientes",
        ["organizacion_id", "documento"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "enlaces",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("usuario_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proposito",
            sa.Enum(
                "restablecimiento",
                "invitacion",
                "doble_factor",
                name="proposito",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("huella", sa.LargeBinary(), nullable=False),
        sa.Column("expira_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usado_en", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "usuario_id"],
            ["usuarios.organizacion_id", "usuarios.id"],
            name=op.f("enlaces_organizacion_id_usuario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("enlaces_pk")),
        sa.UniqueConstraint("organizacion_id", "huella", name=op.f("enlaces_organizacion_id_huella_uq")),
    )
    op.create_table(
        "pesos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("peso_kg", sa.Numeric(precision=7, scale=3), nullable=False),
        sa.Column("medido_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "metodo",
            sa.Enum(
                "bascula",
                "estimado",
                "referido_cliente",
                name="metodo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("bcs", sa.Integer(), nullable=True),
        sa.Column(
            "mcs",
            sa.Enum(
                "normal", "leve", "moderada", "grave", name="mcs", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("anulado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulado_por", sa.Uuid(), nullable=True),
        sa.Column("anulacion_motivo", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(anulado_en IS NULL) = (anulacion_motivo IS NULL)", name=op.f("pesos_anulacion_ck")),
        sa.CheckConstraint("bcs BETWEEN 1 AND 9", name=op.f("pesos_bcs_ck")),
        sa.CheckConstraint("peso_kg > 0", name=op.f("pesos_positivo_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("pesos_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("pesos_pk")),
    )
    op.create_index(
        op.f("pesos_organizacion_id_paciente_id_medido_en_id_ix"),
        "pesos",
        ["organizacion_id", "paciente_id", "medido_en", "id"],
        unique=False,
    )
    op.create_table(
        "profesionales",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("usuario_id", sa.Uuid(), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column(
            "categoria",
            sa.Enum(
                "veterinario",
                "auxiliar",
                "peluqueria",
                name="categoria",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("num_colegiado", sa.String(length=20), nullable=True),
        sa.Column("colegio", sa.String(length=80), nullable=True),
        sa.Column("especialidades", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("documento_identidad", sa.LargeBinary(), nullable=True),
        sa.Column("color_agenda", sa.String(length=7), nullable=True),
        sa.Column("agendable", sa.Boolean(), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("baja_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baja_motivo", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "usuario_id"],
            ["usuarios.organizacion_id", "usuarios.id"],
            name=op.f("profesionales_organizacion_id_usuario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("profesionales_pk")),
        sa.UniqueConstraint("organizacion_id", "usuario_id", name="profesionales_usuario_uq"),
    )
    op.create_table(
        "sesiones",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("usuario_id", sa.Uuid(), nullable=False),
        sa.Column("creada_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expira_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revocada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "usuario_id"],
            ["usuarios.organizacion_id", "usuarios.id"],
            name=op.f("sesiones_organizacion_id_usuario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("sesiones_pk")),
    )
    op.create_index(
        op.f("sesiones_organizacion_id_usuario_id_ix"), "sesiones", ["organizacion_id", "usuario_id"], unique=False
    )
    op.create_table(
        "tareas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "comunicar_registro",
                "comunicar_perdida",
                "comunicar_fallecimiento",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("paciente_id", sa.Uuid(), nullable=True),
        sa.Column("texto", sa.String(length=300), nullable=False),
        sa.Column("vence", sa.Date(), nullable=True),
        sa.Column("hecha_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("tareas_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("tareas_pk")),
    )
    op.create_index(
        "tareas_pendientes_ix",
        "tareas",
        ["organizacion_id", "vence", "id"],
        unique=False,
        postgresql_where="hecha_en IS NULL",
    )
    op.create_table(
        "titularidades",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column(
            "rol",
            sa.Enum("titular", "cotitular", name="rol", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("porcentaje", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=True),
        sa.Column("documento", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("organizacion_id"), "="),
            (sa.column("paciente_id"), "="),
            (sa.text("daterange(desde, hasta)"), "&&"),
            where=sa.text("rol = 'titular'"),
            using="gist",
            name="titularidades_un_titular",
        ),
        sa.CheckConstraint("hasta IS NULL OR hasta >= desde", name=op.f("titularidades_fechas_ck")),
        sa.CheckConstraint("porcentaje > 0 AND porcentaje <= 100", name=op.f("titularidades_porcentaje_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("titularidades_organizacion_id_cliente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("titularidades_organizacion_id_paciente_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("titularidades_pk")),
    )
    op.create_index(
        op.f("titularidades_organizacion_id_cliente_id_paciente_id_ix"),
        "titularidades",
        ["organizacion_id", "cliente_id", "paciente_id"],
        unique=False,
    )
    op.create_index(
        "titularidades_persona_uq",
        "titularidades",
        ["organizacion_id", "paciente_id", "cliente_id"],
        unique=True,
        postgresql_where="hasta IS NULL",
    )
    op.create_index(
        "titularidades_vigente_uq",
        "titularidades",
        ["organizacion_id", "paciente_id"],
        unique=True,
        postgresql_where="rol = 'titular' AND hasta IS NULL",
    )
    op.create_table(
        "usuarios_sedes",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("usuario_id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("usuarios_sedes_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "usuario_id"],
            ["usuarios.organizacion_id", "usuarios.id"],
            name=op.f("usuarios_sedes_organizacion_id_usuario_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("usuarios_sedes_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "usuario_id",
            "sede_id",
            name=op.f("usuarios_sedes_organizacion_id_usuario_id_sede_id_uq"),
        ),
    )
    op.create_table(
        "citas",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("codigo", sa.String(length=20), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("tipo_cita_id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("profesional_id", sa.Uuid(), nullable=True),
        sa.Column("auxiliar_id", sa.Uuid(), nullable=True),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fin", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "estado",
            sa.Enum(
                "solicitada",
                "confirmada",
                "en_sala",
                "en_consulta",
                "finalizada",
                "cancelada",
                "no_presentado",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "origen",
            sa.Enum(
                "recepcion",
                "portal",
                "telefono",
                "web",
                "integracion",
                "sin_cita",
                name="origen",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "prioridad",
            sa.Enum(
                "normal",
                "preferente",
                "urgente",
                name="prioridad",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("motivo", sa.String(length=500), nullable=True),
        sa.Column("notas_internas", sa.String(length=2000), nullable=True),
        sa.Column("forzada", sa.Boolean(), nullable=False),
        sa.Column("motivo_forzado", sa.String(length=200), nullable=True),
        sa.Column("caduca_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("llegada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inicio_real", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fin_real", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelada_por", sa.Uuid(), nullable=True),
        sa.Column("cancelacion_motivo", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(estado = 'cancelada') = (cancelada_en IS NOT NULL)", name=op.f("citas_cancelacion_ck")),
        sa.CheckConstraint("NOT forzada OR motivo_forzado IS NOT NULL", name=op.f("citas_forzada_ck")),
        sa.CheckConstraint("fin > inicio", name=op.f("citas_intervalo_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "auxiliar_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("citas_organizacion_id_auxiliar_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("citas_organizacion_id_cliente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("citas_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "profesional_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("citas_organizacion_id_profesional_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("citas_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "tipo_cita_id"],
            ["tipos_cita.organizacion_id", "tipos_cita.id"],
            name=op.f("citas_organizacion_id_tipo_cita_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("citas_pk")),
        sa.UniqueConstraint(
            "organizacion_id", "sede_id", "codigo", name=op.f("citas_organizacion_id_sede_id_codigo_uq")
        ),
    )
    op.create_index(
        op.f("citas_organizacion_id_cliente_id_inicio_ix"),
        "citas",
        ["organizacion_id", "cliente_id", "inicio"],
        unique=False,
    )
    op.create_index(
        op.f("citas_organizacion_id_inicio_id_ix"), "citas", ["organizacion_id", "inicio", "id"], unique=False
    )
    op.create_index(
        op.f("citas_organizacion_id_paciente_id_inicio_ix"),
        "citas",
        ["organizacion_id", "paciente_id", "inicio"],
        unique=False,
    )
    op.create_index(
        op.f("citas_organizacion_id_profesional_id_inicio_ix"),
        "citas",
        ["organizacion_id", "profesional_id", "inicio"],
        unique=False,
    )
    op.create_index(
        op.f("citas_organizacion_id_sede_id_inicio_ix"), "citas", ["organizacion_id", "sede_id", "inicio"], unique=False
    )
    op.create_table(
        "excepciones_horario",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=True),
        sa.Column("profesional_id", sa.Uuid(), nullable=True),
        sa.Column("recurso_id", sa.Uuid(), nullable=True),
        sa.Column(
            "tipo",
            sa.Enum(
                "festivo",
                "vacaciones",
                "baja",
                "formacion",
                "guardia",
                "cierre",
                "apertura_extra",
                name="tipo",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=False),
        sa.Column("hora_inicio", sa.Time(), nullable=True),
        sa.Column("hora_fin", sa.Time(), nullable=True),
        sa.Column("descripcion", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(hora_inicio IS NULL) = (hora_fin IS NULL)", name=op.f("excepciones_horario_horas_ck")),
        sa.CheckConstraint("hasta >= desde", name=op.f("excepciones_horario_fechas_ck")),
        sa.CheckConstraint(
            "num_nonnulls(profesional_id, recurso_id) <= 1", name=op.f("excepciones_horario_de_quien_ck")
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "profesional_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("excepciones_horario_organizacion_id_profesional_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "recurso_id"],
            ["recursos.organizacion_id", "recursos.id"],
            name=op.f("excepciones_horario_organizacion_id_recurso_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("excepciones_horario_organizacion_id_sede_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("excepciones_horario_pk")),
    )
    op.create_index(
        op.f("excepciones_horario_organizacion_id_profesional_id_hasta_ix"),
        "excepciones_horario",
        ["organizacion_id", "profesional_id", "hasta"],
        unique=False,
    )
    op.create_index(
        op.f("excepciones_horario_organizacion_id_sede_id_hasta_ix"),
        "excepciones_horario",
        ["organizacion_id", "sede_id", "hasta"],
        unique=False,
    )
    op.create_table(
        "horarios",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("profesional_id", sa.Uuid(), nullable=True),
        sa.Column("recurso_id", sa.Uuid(), nullable=True),
        sa.Column("dia_semana", sa.SmallInteger(), nullable=False),
        sa.Column("hora_inicio", sa.Time(), nullable=False),
        sa.Column("hora_fin", sa.Time(), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("dia_semana BETWEEN 1 AND 7", name=op.f("horarios_dia_ck")),
        sa.CheckConstraint("hasta IS NULL OR hasta >= desde", name=op.f("horarios_fechas_ck")),
        sa.CheckConstraint("num_nonnulls(profesional_id, recurso_id) <= 1", name=op.f("horarios_de_quien_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "profesional_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("horarios_organizacion_id_profesional_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "recurso_id"],
            ["recursos.organizacion_id", "recursos.id"],
            name=op.f("horarios_organizacion_id_recurso_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("horarios_organizacion_id_sede_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("horarios_pk")),
    )
    op.create_index(
        op.f("horarios_organizacion_id_profesional_id_ix"),
        "horarios",
        ["organizacion_id", "profesional_id"],
        unique=False,
    )
    op.create_index(
        op.f("horarios_organizacion_id_sede_id_ix"), "horarios", ["organizacion_id", "sede_id"], unique=False
    )
    op.create_table(
        "renovaciones",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sesion_id", sa.Uuid(), nullable=False),
        sa.Column("huella", sa.LargeBinary(), nullable=False),
        sa.Column("expira_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usada_en", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sesion_id"],
            ["sesiones.organizacion_id", "sesiones.id"],
            name=op.f("renovaciones_organizacion_id_sesion_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("renovaciones_pk")),
        sa.UniqueConstraint("organizacion_id", "huella", name=op.f("renovaciones_organizacion_id_huella_uq")),
    )
    op.create_table(
        "citas_cambios",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cita_id", sa.Uuid(), nullable=False),
        sa.Column("en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.Uuid(), nullable=True),
        sa.Column("accion", sa.String(length=40), nullable=False),
        sa.Column(
            "estado",
            sa.Enum(
                "solicitada",
                "confirmada",
                "en_sala",
                "en_consulta",
                "finalizada",
                "cancelada",
                "no_presentado",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("detalle", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cita_id"],
            ["citas.organizacion_id", "citas.id"],
            name=op.f("citas_cambios_organizacion_id_cita_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("citas_cambios_pk")),
    )
    op.create_index(
        op.f("citas_cambios_organizacion_id_cita_id_en_ix"),
        "citas_cambios",
        ["organizacion_id", "cita_id", "en"],
        unique=False,
    )
    op.create_table(
        "citas_recursos",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cita_id", sa.Uuid(), nullable=False),
        sa.Column("recurso_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cita_id"],
            ["citas.organizacion_id", "citas.id"],
            name=op.f("citas_recursos_organizacion_id_cita_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "recurso_id"],
            ["recursos.organizacion_id", "recursos.id"],
            name=op.f("citas_recursos_organizacion_id_recurso_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("citas_recursos_pk")),
        sa.UniqueConstraint(
            "organizacion_id",
            "cita_id",
            "recurso_id",
            name=op.f("citas_recursos_organizacion_id_cita_id_recurso_id_uq"),
        ),
    )
    op.create_table(
        "lista_espera",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sede_id", sa.Uuid(), nullable=False),
        sa.Column("cliente_id", sa.Uuid(), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
        sa.Column("tipo_cita_id", sa.Uuid(), nullable=False),
        sa.Column("profesional_id", sa.Uuid(), nullable=True),
        sa.Column("ventanas", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "prioridad",
            sa.Enum(
                "normal",
                "preferente",
                "urgente",
                name="prioridad",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "estado",
            sa.Enum(
                "activa",
                "ofertada",
                "convertida",
                "rechazada",
                "caducada",
                "baja",
                name="estado",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("oferta_profesional_id", sa.Uuid(), nullable=True),
        sa.Column("oferta_inicio", sa.DateTime(timezone=True), nullable=True),
        sa.Column("oferta_fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("oferta_recursos", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("oferta_caduca_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cita_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.Uuid(), nullable=True),
        sa.Column("actualizado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actualizado_por", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(estado = 'convertida') = (cita_id IS NOT NULL)", name=op.f("lista_espera_convertida_ck")),
        sa.CheckConstraint(
            "(estado = 'ofertada') = (oferta_caduca_en IS NOT NULL)", name=op.f("lista_espera_oferta_ck")
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cita_id"],
            ["citas.organizacion_id", "citas.id"],
            name=op.f("lista_espera_organizacion_id_cita_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cliente_id"],
            ["clientes.organizacion_id", "clientes.id"],
            name=op.f("lista_espera_organizacion_id_cliente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "oferta_profesional_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("lista_espera_organizacion_id_oferta_profesional_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "paciente_id"],
            ["pacientes.organizacion_id", "pacientes.id"],
            name=op.f("lista_espera_organizacion_id_paciente_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "profesional_id"],
            ["profesionales.organizacion_id", "profesionales.id"],
            name=op.f("lista_espera_organizacion_id_profesional_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "sede_id"],
            ["sedes.organizacion_id", "sedes.id"],
            name=op.f("lista_espera_organizacion_id_sede_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "tipo_cita_id"],
            ["tipos_cita.organizacion_id", "tipos_cita.id"],
            name=op.f("lista_espera_organizacion_id_tipo_cita_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("lista_espera_pk")),
    )
    op.create_index(
        "lista_espera_oferta_uq",
        "lista_espera",
        ["organizacion_id", "oferta_profesional_id", "oferta_inicio"],
        unique=True,
        postgresql_where="estado = 'ofertada'",
    )
    op.create_index(
        op.f("lista_espera_organizacion_id_sede_id_estado_creado_en_ix"),
        "lista_espera",
        ["organizacion_id", "sede_id", "estado", "creado_en"],
        unique=False,
    )
    op.create_index(
        "lista_espera_una_uq",
        "lista_espera",
        ["organizacion_id", "paciente_id", "tipo_cita_id", "sede_id"],
        unique=True,
        postgresql_where="estado IN ('activa', 'ofertada')",
    )
    op.create_table(
        "ocupaciones",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cita_id", sa.Uuid(), nullable=False),
        sa.Column(
            "tipo",
            sa.Enum(
                "profesional", "recurso", "paciente", name="tipo", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("ocupante_id", sa.Uuid(), nullable=False),
        sa.Column("plaza", sa.SmallInteger(), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "intervalo", postgresql.TSTZRANGE(), sa.Computed("tstzrange(desde, hasta)", persisted=True), nullable=False
        ),
        postgresql.ExcludeConstraint(
            (sa.column("organizacion_id"), "="),
            (sa.column("ocupante_id"), "="),
            (sa.column("plaza"), "="),
            (sa.column("intervalo"), "&&"),
            using="gist",
            name="ocupaciones_sin_solape",
        ),
        sa.CheckConstraint("hasta > desde", name=op.f("ocupaciones_intervalo_ck")),
        sa.ForeignKeyConstraint(
            ["organizacion_id", "cita_id"],
            ["citas.organizacion_id", "citas.id"],
            name=op.f("ocupaciones_organizacion_id_cita_id_fk"),
        ),
        sa.PrimaryKeyConstraint("organizacion_id", "id", name=op.f("ocupaciones_pk")),
    )
    op.create_index(
        op.f("ocupaciones_organizacion_id_cita_id_ix"), "ocupaciones", ["organizacion_id", "cita_id"], unique=False
    )
    op.create_index(
        op.f("ocupaciones_organizacion_id_ocupante_id_hasta_ix"),
        "ocupaciones",
        ["organizacion_id", "ocupante_id", "hasta"],
        unique=False,
    )
