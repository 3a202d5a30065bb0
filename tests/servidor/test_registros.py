"""Los registros del servidor de verdad no contienen contraseñas, tokens ni secretos, ni los rechazados."""

import json
import re
from uuid import uuid4

from tests.factories import CONTRASENA as BUENA
from tests.factories import RELOJ, crear_clinica, datos_cliente, poner_contrasena

MALA, NUEVA = "Contrasena-mala-2026", "corta-2026"


def test_los_registros_no_guardan_secretos(app, servidor):
    clinica = crear_clinica(app, nombre="Registros")
    correo = poner_contrasena(clinica, "recepcion")
    secretos = [BUENA, MALA, NUEVA]
    with servidor.cliente() as http:
        acceso = http.post("/autenticacion/acceso", json={"email": correo, "contrasena": BUENA}).json()
        assert acceso["token_acceso"], acceso
        secretos += [acceso["token_acceso"], acceso["token_renovacion"]]
        http.post("/autenticacion/acceso", json={"email": correo, "contrasena": MALA})
        http.post("/autenticacion/acceso", json={"email": correo, "contrasena": {"anidada": MALA}})
        http.post("/autenticacion/acceso", content=json.dumps({"email": correo, "contrasena": MALA})[:-3])
        renovada = http.post("/autenticacion/renovacion", json={"token_renovacion": acceso["token_renovacion"]}).json()
        secretos += [renovada["token_acceso"], renovada["token_renovacion"]]
        http.post("/autenticacion/recuperacion", json={"email": correo})
        http.headers["Authorization"] = f"Bearer {renovada['token_acceso']}"
        http.get("/pacientes", params={"contrasena": MALA, "token": renovada["token_acceso"]})
        http.post("/yo/contrasena", json={"actual": MALA, "nueva": NUEVA})
        http.post("/clientes", json=datos_cliente(contrasena=MALA), headers={"Idempotency-Key": str(uuid4())})
        http.get("/pacientes", headers={"Authorization": f"Bearer {MALA}"})
        http.get("/pacientes", headers={"X-Request-Id": "a\tb", "X-Servet-Reloj": RELOJ})
    with servidor.cliente(clinica.tokens["administrador"]) as http:
        alta = http.post("/integraciones", json={"nombre": "Programa", "ambitos": ["citas:leer"]}).json()
        secretos.append(alta["secreto"])
        http.post(
            "/autenticacion/acceso-integracion", json={"cliente_id": alta["cliente_id"], "secreto": alta["secreto"]}
        )
        http.post("/autenticacion/acceso-integracion", json={"cliente_id": alta["cliente_id"], "secreto": MALA})
    registro = servidor.registro.read_text("utf-8")
    lineas = [json.loads(linea) for linea in registro.splitlines() if linea.startswith("{")]
    assert sum(linea.get("organizacion") == str(clinica.id) for linea in lineas) >= 5, (
        "el registro no es el de esta carrera"
    )
    assert [secreto for secreto in secretos if secreto in registro] == []
    assert not re.search(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]+", registro), "hay un token en el registro"
    assert not re.search(r"\$argon2", registro)
    for linea in lineas:
        if linea.get("evento") == "peticion":
            assert {"en", "nivel", "id_peticion", "metodo", "ruta", "estado", "ms"} <= set(linea)
            # Sin plantilla, si la dirección no existe; nunca lo que viajaba en la consulta.
            assert "?" not in (linea["ruta"] or "")
