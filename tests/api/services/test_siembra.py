"""Las organizaciones que ya había reciben sus catálogos clínicos al instalar, una sola vez."""

from uuid import UUID

from app.api.services import instalacion_service

ANTIGUA = UUID("019abcde-0000-7000-8000-0000000000aa")
SEMBRADAS = ("protocolos_vacunales", "requisitos_territoriales", "principios_activos", "reglas_alerta")


def test_instalar_siembra_donde_falta_y_repetirlo_no_cambia_nada(app, propietario):
    propietario.execute(
        "INSERT INTO organizaciones (id, codigo, nombre, razon_social, pais, moneda, idioma, identificador_fiscal,"
        " config, version, creado_en, actualizado_en)"
        " VALUES (%s, 'de-antes', 'De antes', 'De antes', 'MX', 'MXN', 'es', 'X', '{}', 1, now(), now())",
        [ANTIGUA],
    )
    try:
        instalacion_service.instalar()
        primera = {tabla: _filas(propietario, tabla) for tabla in SEMBRADAS}
        assert [codigo for _, codigo in _filas(propietario, "protocolos_vacunales", "codigo")] == [
            "gato_esencial", "leishmania", "leptospira", "leucemia_felina", "perro_esencial", "rabia",
        ]  # fmt: skip
        assert primera["requisitos_territoriales"] == [], "en México no hay ninguno sembrado"
        assert len(primera["principios_activos"]) > 50
        assert len(primera["reglas_alerta"]) >= 22

        instalacion_service.instalar()
        assert {tabla: _filas(propietario, tabla) for tabla in SEMBRADAS} == primera
    finally:
        for tabla in SEMBRADAS:
            propietario.execute(f"DELETE FROM {tabla} WHERE organizacion_id = %s", [ANTIGUA])
        propietario.execute("DELETE FROM organizaciones WHERE id = %s", [ANTIGUA])


def _filas(propietario, tabla, *columnas):
    nombres = ", ".join(("id", *columnas))
    return propietario.execute(
        f"SELECT {nombres} FROM {tabla} WHERE organizacion_id = %s ORDER BY {nombres.split(', ')[-1]}", [ANTIGUA]
    ).fetchall()
