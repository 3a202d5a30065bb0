"""Lo que en producción impide arrancar: secretos de ejemplo, usuarios de demostración, roles sin freno."""

from sqlalchemy import Engine, text

from app.config.settings import SECRETO_DE_EJEMPLO, Modo, Settings

_ROL = text(
    "SELECT s.rolsuper OR s.rolbypassrls OR c.rolsuper OR c.rolbypassrls OR EXISTS ("
    "  SELECT FROM pg_class t WHERE t.relname = 'clientes' AND pg_has_role(session_user, t.relowner, 'MEMBER'))"
    " FROM pg_roles s, pg_roles c WHERE s.rolname = session_user AND c.rolname = current_user"
)
_DEMOSTRACION = text("SELECT EXISTS (SELECT FROM organizaciones_activas() WHERE codigo IN ('demo', 'vecina'))")


class ConfiguracionInsegura(RuntimeError):
    """Así no se arranca en producción."""


def comprobar_produccion(ajustes: Settings, motor: Engine) -> None:
    """Falla con todas las razones a la vez. Fuera de producción no comprueba nada."""
    if ajustes.modo is not Modo.PRODUCCION:
        return
    razones = []
    secreto = ajustes.secreto.get_secret_value()
    if secreto == SECRETO_DE_EJEMPLO or len(secreto) < 32:
        razones.append("SERVET_SECRETO es el de ejemplo o tiene menos de 32 caracteres")
    if not ajustes.database_url:
        razones.append("falta DATABASE_URL")
    else:
        with motor.connect() as conexion:
            if conexion.execute(_ROL).scalar_one():
                razones.append("el rol de DATABASE_URL se salta las políticas de fila: use el rol servet_app")
            if conexion.execute(_DEMOSTRACION).scalar_one():
                razones.append("la base tiene las organizaciones de demostración")
        motor.dispose()  # el servidor se divide después: ninguna conexión puede compartirse entre procesos
    if razones:
        raise ConfiguracionInsegura("No se puede arrancar en producción: " + "; ".join(razones))
