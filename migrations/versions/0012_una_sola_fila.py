"""Una función con la que una lectura falla en la propia base si no da exactamente una fila."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Un código propio: un INTO STRICT que falle en otra función es un error interno, y no algo que no se encuentra.
    op.execute("""
        CREATE FUNCTION exigir_una(filas bigint) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF filas = 0 THEN
                RAISE EXCEPTION 'No hay ninguna fila' USING ERRCODE = 'SV404';
            ELSIF filas > 1 THEN
                RAISE EXCEPTION 'Se esperaba una sola fila' USING ERRCODE = 'too_many_rows';
            END IF;
            RETURN true;
        END $$
    """)
    op.execute("REVOKE EXECUTE ON FUNCTION exigir_una(bigint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION exigir_una(bigint) TO servet_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION exigir_una(bigint)")
