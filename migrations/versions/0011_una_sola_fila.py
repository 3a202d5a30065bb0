"""Una función con la que una lectura falla en la propia base si no da exactamente una fila."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Los mismos códigos que SELECT … INTO STRICT: con ellos se distingue que no esté de que sobren.
    op.execute("""
        CREATE FUNCTION exigir_una(filas bigint) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF filas = 0 THEN
                RAISE EXCEPTION 'No hay ninguna fila' USING ERRCODE = 'no_data_found';
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
