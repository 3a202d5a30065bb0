"""Búsqueda acotada: cada animal, apuntado por sus palabras y por parejas de ellas, en el orden del resultado."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
SQL = Path(__file__).resolve().parents[1] / "sql"

POLITICA = "organizacion_id = nullif(current_setting('app.organizacion_id', true), '')::uuid"
# Las que esta revisión sustituye y las que añade.
SUSTITUIDAS = ("indexar_paciente", "buscar_pacientes")
NUEVAS = ("pacientes_por_claves", "claves_posibles", "palabras_posibles", "claves_de_paciente")
# Los documentos que ya hay: con qué nombres se hicieron.
NOMBRES = """
    UPDATE busqueda_pacientes b SET nombre = a.nombre_orden, titulares = coalesce((
        SELECT string_agg(c.nombre_orden, ' ' ORDER BY c.id)
          FROM titularidades t JOIN clientes c ON c.organizacion_id = t.organizacion_id AND c.id = t.cliente_id
         WHERE t.organizacion_id = a.organizacion_id AND t.paciente_id = a.id AND t.hasta IS NULL), '')
      FROM pacientes a WHERE a.organizacion_id = b.organizacion_id AND a.id = b.paciente_id AND a.estado <> 'fusionado'
"""
CLAVES = """
    INSERT INTO busqueda_claves (organizacion_id, clave, orden, nombre, paciente_id)
    SELECT b.organizacion_id, c.clave, c.orden, b.nombre, b.paciente_id
      FROM busqueda_pacientes b, claves_de_paciente(b.nombre, b.titulares) c
"""


def _ejecutar(guiones: str) -> None:
    op.get_bind().connection.driver_connection.execute(guiones, prepare=False)


def upgrade() -> None:
    for columna in ("nombre", "titulares"):
        op.add_column("busqueda_pacientes", sa.Column(columna, sa.Text(), nullable=False, server_default=""))
        op.alter_column("busqueda_pacientes", columna, server_default=None)
    op.create_table(
        "busqueda_claves",
        sa.Column("organizacion_id", sa.Uuid(), nullable=False),
        sa.Column("clave", sa.Text(collation="C"), nullable=False),
        sa.Column("orden", sa.SmallInteger(), nullable=False),
        sa.Column("nombre", sa.Text(collation="C"), nullable=False),
        sa.Column("paciente_id", sa.Uuid(), nullable=False),
    )
    _ejecutar((SQL / "0011_busqueda.sql").read_text("utf-8"))
    op.execute(NOMBRES)
    op.execute(CLAVES)
    op.create_primary_key(
        op.f("busqueda_claves_pk"), "busqueda_claves", ["organizacion_id", "clave", "orden", "nombre", "paciente_id"]
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON busqueda_claves TO servet_app")
    op.execute("ALTER TABLE busqueda_claves ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY busqueda_claves_organizacion ON busqueda_claves TO servet_app"
        f" USING ({POLITICA}) WITH CHECK ({POLITICA})"
    )
    op.execute("ANALYZE busqueda_claves")


def downgrade() -> None:
    primera = (SQL / "0001_despues.sql").read_text("utf-8")
    for funcion in SUSTITUIDAS:
        de_antes = re.search(rf"CREATE (FUNCTION {funcion}\(.*?^END \$\$;)", primera, re.DOTALL | re.MULTILINE)
        _ejecutar(f"CREATE OR REPLACE {de_antes.group(1)}")
    op.execute("DROP TRIGGER paciente_fusionado ON pacientes")
    for funcion in NUEVAS:
        op.execute(f"DROP FUNCTION {funcion}")
    op.drop_table("busqueda_claves")
    for columna in ("nombre", "titulares"):
        op.drop_column("busqueda_pacientes", columna)
