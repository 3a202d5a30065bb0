"""Las organizaciones que ya había reciben sus calendarios al instalar, una sola vez."""

from uuid import UUID

from app.api.services import instalacion_service
from app.config.demostracion import id_demo

ANTIGUA = UUID("019abcde-0000-7000-8000-0000000000aa")


def test_instalar_siembra_donde_falta_y_repetirlo_no_cambia_nada(app, propietario):
    propietario.execute(
        "INSERT INTO organizaciones (id, codigo, nombre, razon_social, pais, moneda, idioma, identificador_fiscal,"
        " config, version, creado_en, actualizado_en)"
        " VALUES (%s, 'de-antes', 'De antes', 'De antes', 'MX', 'MXN', 'es', 'X', '{}', 1, now(), now())",
        [ANTIGUA],
    )
    try:
        for _ in range(2):
            instalacion_service.instalar()
            suyos = propietario.execute(
                "SELECT id, codigo FROM protocolos_vacunales WHERE organizacion_id = %s ORDER BY codigo", [ANTIGUA]
            ).fetchall()
            assert [codigo for _, codigo in suyos] == [
                "gato_esencial", "leishmania", "leptospira", "leucemia_felina", "perro_esencial", "rabia",
            ]  # fmt: skip
            assert all(id == id_demo("de-antes", "protocolos_vacunales", codigo) for id, codigo in suyos)
            requisitos = "SELECT count(*) FROM requisitos_territoriales WHERE organizacion_id = %s"
            assert propietario.execute(requisitos, [ANTIGUA]).fetchone() == (0,)
    finally:
        propietario.execute("DELETE FROM protocolos_vacunales WHERE organizacion_id = %s", [ANTIGUA])
        propietario.execute("DELETE FROM organizaciones WHERE id = %s", [ANTIGUA])
