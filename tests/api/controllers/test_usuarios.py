"""Usuarios: invitarlos, editarlos, retirarles el acceso y quién los ve."""

import pytest

from app.utils.authentication import forget_identities
from tests.factories import Api, acceder, crear_cliente, leer_buzon, poner_contrasena

pytestmark = pytest.mark.usefixtures("sin_intentos")
CONTRASENA = "cuatro perros en el jardín"


def datos(clinica, **cambios):
    base = {
        "email": "Ana.Ruiz@Ejemplo.test",
        "nombre": "Ana Ruiz",
        "roles": ["veterinario"],
        "sedes": [str(clinica.sede_id)],
    }
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


@pytest.fixture
def admin(clinica):
    return clinica.como("administrador")


@pytest.fixture
def ana(clinica, admin):
    respuesta = admin.post("/usuarios", datos(clinica))
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def test_el_alta_invita_y_la_invitacion_activa(clinica, admin, ana):
    assert (ana["email"], ana["estado"], ana["sedes"]) == ("ana.ruiz@ejemplo.test", "invitado", [str(clinica.sede_id)])
    assert acceder(clinica, ana["email"], CONTRASENA).status_code == 401
    (correo,) = leer_buzon(clinica)
    assert (correo.tipo, correo.destinatario) == ("invitacion", ana["email"])
    token = correo.cuerpo.partition("#")[2].strip()
    aceptar = clinica.anonimo.post("/autenticacion/restablecimiento", {"token": token, "contrasena": CONTRASENA})
    assert aceptar.status_code == 200, aceptar.text
    dentro = acceder(clinica, ana["email"], CONTRASENA).json
    assert Api(clinica.flask, dentro["token_acceso"]).get("/yo").json["roles"] == ["veterinario"]
    assert admin.get(f"/usuarios/{ana['id']}").json["estado"] == "activo"


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"email": "no es un correo"}, "/email"),
        ({"roles": []}, "/roles"),
        ({"roles": ["integracion"]}, "/roles/0"),
        ({"roles": ["jefe"]}, "/roles/0"),
        ({"roles": ["cliente"]}, "/roles"),
        ({"contrasena": CONTRASENA}, "/contrasena"),
        ({"estado": "activo"}, "/estado"),
        ({"sedes": ["x"]}, "/sedes/0"),
    ],
)
def test_altas_que_no_valen(clinica, admin, cambios, campo):
    respuesta = admin.post("/usuarios", datos(clinica, **cambios))
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, campo)


def test_el_rol_cliente_va_solo_y_con_su_titular(clinica, admin):
    ana = crear_cliente(clinica)["id"]
    del_titular = {"roles": ["cliente"], "sedes": [], "cliente_id": ana}
    portal = admin.post("/usuarios", datos(clinica, **del_titular))
    assert (portal.status_code, portal.json["cliente_id"]) == (201, ana)
    for cambios in ({**del_titular, "roles": ["cliente", "recepcion"]}, {**del_titular, "roles": ["recepcion"]}):
        respuesta = admin.post("/usuarios", datos(clinica, email="otra@ejemplo.test", **cambios))
        assert respuesta.json["codigo"] == "ROLES_INCOMPATIBLES"
    ascenso = admin.patch(
        f"/usuarios/{portal.json['id']}", {"roles": ["administrador"]}, version=portal.json["version"]
    )
    assert ascenso.json["codigo"] == "ROLES_INCOMPATIBLES"


def test_un_titular_tiene_una_sola_cuenta_y_la_que_se_da_de_baja_no_cuenta(clinica, admin):
    ana = crear_cliente(clinica)["id"]
    otra = datos(clinica, roles=["cliente"], sedes=[], cliente_id=ana)
    primera = admin.post("/usuarios", otra).json
    repetida = admin.post("/usuarios", {**otra, "email": "ana2@ejemplo.test"})
    assert (repetida.status_code, repetida.json["codigo"]) == (409, "PORTAL_YA_ACTIVO")
    assert admin.delete(f"/usuarios/{primera['id']}", version=primera["version"]).status_code == 204
    assert admin.post("/usuarios", otra).status_code == 201


def test_quien_no_los_gestiona_no_ve_correos_lo_pida_quien_lo_pida_antes(clinica, admin):
    assert admin.get("/usuarios").json["datos"][0]["email"]
    vistos = clinica.como("recepcion").get("/usuarios").json["datos"]
    assert {uno["email"] for uno in vistos} == {None}
    assert not any("cliente" in uno["roles"] for uno in vistos)
    assert any(uno["email"] for uno in admin.get("/usuarios").json["datos"])


def test_ni_sede_ni_titular_de_otra_organizacion(clinica, vecina, admin):
    assert admin.post("/usuarios", datos(clinica, sedes=[str(vecina.sede_id)])).status_code == 404
    ajeno = datos(clinica, roles=["cliente"], sedes=[], cliente_id=str(vecina.cliente_id))
    assert admin.post("/usuarios", ajeno).status_code == 404
    assert leer_buzon(clinica) == []


def test_un_correo_una_cuenta_salvo_que_la_anterior_sea_baja(clinica, vecina, admin, ana):
    assert admin.post("/usuarios", datos(clinica)).json["codigo"] == "EMAIL_DUPLICADO"
    assert vecina.como("administrador").post("/usuarios", datos(vecina)).status_code == 201
    assert admin.delete(f"/usuarios/{ana['id']}", version=ana["version"]).status_code == 204
    assert admin.post("/usuarios", datos(clinica)).status_code == 201


@pytest.mark.parametrize("rol", ["veterinario", "auxiliar", "recepcion"])
def test_la_clinica_ve_solo_quien_es_quien(clinica, como, ana, rol):
    lista = como(rol).get("/usuarios?limite=100").json["datos"]
    llenos = {clave for uno in lista for clave, valor in uno.items() if valor is not None}
    assert llenos == {"id", "nombre", "roles", "estado", "version"}
    assert "Persona cliente" not in {uno["nombre"] for uno in lista}
    assert como(rol).get(f"/usuarios/{ana['id']}").json["email"] is None
    assert como(rol).get(f"/usuarios/{clinica.usuarios['cliente']}").status_code == 404
    assert como(rol).post("/usuarios", {}).status_code == 403
    assert como("cliente").get("/usuarios").status_code == 403


def test_filtros_de_la_lista(clinica, admin, ana):
    def nombres(consulta):
        return [uno["nombre"] for uno in admin.get(f"/usuarios?{consulta}").json["datos"]]

    assert nombres("q=RUÍZ") == ["Ana Ruiz"]
    assert nombres("estado=invitado") == ["Ana Ruiz"]
    assert nombres("rol=veterinario") == ["Ana Ruiz", "Persona veterinario", "Persona veterinario2"]
    assert nombres(f"cliente_id={clinica.cliente_id}") == ["Persona cliente"]
    assert "Ana Ruiz" not in nombres(f"sede_id={clinica.sede2_id}")
    primera = admin.get("/usuarios?limite=3").json
    resto = admin.get(f"/usuarios?limite=100&cursor={primera['siguiente']}").json["datos"]
    assert len({uno["id"] for uno in primera["datos"] + resto}) == 7


def test_editar_roles_y_sedes_se_nota_sin_cerrar_la_sesion(clinica, admin):
    id = clinica.usuarios["recepcion"]
    suya = clinica.como("recepcion")
    assert suya.get("/yo").json["roles"] == ["recepcion"]
    ficha = admin.get(f"/usuarios/{id}").json
    cambios = {"roles": ["recepcion", "auxiliar"], "sedes": [str(clinica.sede2_id)]}
    editada = admin.patch(f"/usuarios/{id}", cambios, version=ficha["version"])
    assert editada.status_code == 200, editada.text
    assert editada.json["version"] > ficha["version"]
    assert (editada.json["roles"], editada.json["sedes"]) == (["auxiliar", "recepcion"], [str(clinica.sede2_id)])
    mio = suya.get("/yo").json
    assert (mio["roles"], mio["sedes"]) == (["auxiliar", "recepcion"], [str(clinica.sede2_id)])


def test_bloquear_cierra_el_paso_y_activar_lo_abre(clinica, admin):
    email = poner_contrasena(clinica, "recepcion")
    sesion = acceder(clinica, email).json
    id = clinica.usuarios["recepcion"]
    assert admin.post(f"/usuarios/{id}/bloqueo").json["estado"] == "bloqueado"
    assert Api(clinica.flask, sesion["token_acceso"]).get("/yo").status_code == 401
    assert acceder(clinica, email).status_code == 401
    repetido = admin.post(f"/usuarios/{id}/bloqueo")
    assert (repetido.status_code, repetido.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert admin.post(f"/usuarios/{id}/activacion").json["estado"] == "activo"
    # Las sesiones de antes no resucitan.
    assert Api(clinica.flask, sesion["token_acceso"]).get("/yo").status_code == 401
    assert acceder(clinica, email).status_code == 200


def test_de_la_baja_no_se_vuelve(clinica, admin, ana):
    assert admin.delete(f"/usuarios/{ana['id']}").status_code == 428
    assert admin.delete(f"/usuarios/{ana['id']}", version=ana["version"]).status_code == 204
    assert admin.get(f"/usuarios/{ana['id']}").json["estado"] == "baja"
    assert admin.post(f"/usuarios/{ana['id']}/activacion").status_code == 409
    token = leer_buzon(clinica)[0].cuerpo.partition("#")[2].strip()
    aceptar = clinica.anonimo.post("/autenticacion/restablecimiento", {"token": token, "contrasena": CONTRASENA})
    assert aceptar.json["codigo"] == "ENLACE_INVALIDO"


def test_el_administrador_puede_enviar_un_enlace_nuevo(clinica, admin, ana):
    assert admin.post(f"/usuarios/{ana['id']}/restablecimiento").status_code == 200
    assert admin.post(f"/usuarios/{clinica.usuarios['recepcion']}/restablecimiento").status_code == 200
    assert [uno.tipo for uno in leer_buzon(clinica)] == ["invitacion", "invitacion", "restablecimiento"]
    admin.post(f"/usuarios/{clinica.usuarios['auxiliar']}/bloqueo")
    assert admin.post(f"/usuarios/{clinica.usuarios['auxiliar']}/restablecimiento").status_code == 409


def test_nadie_se_quita_a_si_mismo_la_administracion(clinica, admin):
    id = clinica.usuarios["administrador"]
    assert admin.patch(f"/usuarios/{id}", {"roles": ["recepcion"]}, version=1).json["codigo"] == "NO_SOBRE_UNO_MISMO"
    assert admin.post(f"/usuarios/{id}/bloqueo").json["codigo"] == "NO_SOBRE_UNO_MISMO"
    assert admin.delete(f"/usuarios/{id}", version=1).json["codigo"] == "NO_SOBRE_UNO_MISMO"
    assert (
        admin.patch(
            f"/usuarios/{id}", {"nombre": "Otra", "roles": ["administrador", "veterinario"]}, version=1
        ).status_code
        == 200
    )


@pytest.mark.parametrize("como_se_pierde", ["roles", "bloqueo", "baja"])
def test_no_se_pierde_al_ultimo_administrador(clinica, admin, como_se_pierde):
    segundo, primero = clinica.usuarios["recepcion"], clinica.usuarios["administrador"]
    assert admin.patch(f"/usuarios/{segundo}", {"roles": ["administrador"], "sedes": []}, version=1).status_code == 200
    forget_identities()
    suya = clinica.como("recepcion")
    assert suya.get("/yo").json["roles"] == ["administrador"]
    # La degradan por debajo: durante unos segundos este proceso aún la cree administradora.
    poner_contrasena(clinica, "recepcion", roles=["recepcion"])
    perdida = {
        "roles": lambda: suya.patch(f"/usuarios/{primero}", {"roles": ["recepcion"]}, version=1),
        "bloqueo": lambda: suya.post(f"/usuarios/{primero}/bloqueo"),
        "baja": lambda: suya.delete(f"/usuarios/{primero}", version=1),
    }[como_se_pierde]()
    assert (perdida.status_code, perdida.json["codigo"]) == (409, "ULTIMO_ADMINISTRADOR")


def test_un_administrador_de_una_sede_no_sale_de_ella(clinica, admin):
    limitada = clinica.usuarios["auxiliar"]
    cambios = {"roles": ["administrador"], "sedes": [str(clinica.sede_id)]}
    assert admin.patch(f"/usuarios/{limitada}", cambios, version=1).status_code == 200
    forget_identities()
    suya = clinica.como("auxiliar")
    version = suya.get("/yo").json["version"]
    fuera = [
        suya.patch(f"/usuarios/{limitada}", {"sedes": []}, version=version),
        suya.patch(f"/usuarios/{limitada}", {"sedes": [str(clinica.sede2_id)]}, version=version),
        suya.post("/usuarios", datos(clinica, sedes=[])),
        suya.post("/usuarios", datos(clinica, sedes=[str(clinica.sede2_id)])),
        suya.post(f"/usuarios/{clinica.usuarios['administrador']}/bloqueo"),
        suya.post(f"/usuarios/{clinica.usuarios['recepcion']}/bloqueo"),
    ]
    assert {(uno.status_code, uno.json["codigo"]) for uno in fuera} == {(403, "FUERA_DE_SUS_SEDES")}
    assert suya.post("/usuarios", datos(clinica)).status_code == 201


def test_no_se_sabe_de_usuarios_ajenos(clinica, vecina):
    ajena = vecina.como("administrador")
    id = clinica.usuarios["recepcion"]
    assert ajena.get(f"/usuarios/{id}").status_code == 404
    for accion in ("activacion", "bloqueo", "restablecimiento"):
        assert ajena.post(f"/usuarios/{id}/{accion}").status_code == 404
    assert leer_buzon(clinica) == leer_buzon(vecina) == []


def test_los_cambios_de_roles_y_sedes_quedan_auditados(clinica, admin, propietario):
    id = clinica.usuarios["recepcion"]
    admin.patch(f"/usuarios/{id}", {"roles": ["auxiliar"], "sedes": []}, version=1)
    filas = propietario.execute(
        "SELECT cambios FROM auditoria WHERE organizacion_id = %s AND recurso = 'usuarios' AND recurso_id = %s"
        " AND accion = 'editar'", [clinica.id, id],
    ).fetchall()  # fmt: skip
    cambios = {campo: valor for (uno,) in filas for campo, valor in uno.items()}
    assert cambios["roles"] == [["recepcion"], ["auxiliar"]]
    assert (set(cambios["sedes"][0]), cambios["sedes"][1]) == ({str(clinica.sede_id), str(clinica.sede2_id)}, [])
