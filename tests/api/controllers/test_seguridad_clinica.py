"""Lo que alguien de la clínica intenta donde no le toca: otra sede, un testigo que no vale, la auditoría de lo clínico."""

import pytest

from tests.api.controllers.test_adjuntos import subir
from tests.clinica import abrir
from tests.factories import crear_paciente
from tests.muestras import foto
from tests.recetario import (
    con_telefono,
    crear_medicamento,
    datos_administracion,
    datos_receta,
    linea,
    paciente_pesado,
    recetar,
)


@pytest.fixture
def solo_madrid(clinica):
    """La segunda veterinaria, la auxiliar y recepción trabajan sólo en la primera sede."""
    quitar_sedes(clinica, ("veterinario2", "auxiliar", "recepcion"), clinica.sede2_id)
    return clinica


@pytest.fixture
def sin_sedes(clinica):
    """La segunda veterinaria no trabaja en ninguna."""
    quitar_sedes(clinica, ("veterinario2",), clinica.sede_id, clinica.sede2_id)


def quitar_sedes(clinica, quienes, *sedes) -> None:
    from sqlalchemy import delete

    from app.api.models.usuario import UsuarioSede
    from app.config.database import transaction
    from app.utils.authentication import forget_identities
    from app.utils.context import Contexto, iniciar
    from app.utils.records import execute

    suyos = [clinica.usuarios[uno] for uno in quienes]
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        execute(delete(UsuarioSede).where(UsuarioSede.usuario_id.in_(suyos), UsuarioSede.sede_id.in_(sedes)))
    iniciar(Contexto())
    forget_identities()


def test_en_otra_sede_no_se_escribe_ni_se_firma_nada(solo_madrid, como):
    clinica, ajena = solo_madrid, str(solo_madrid.sede2_id)
    con_telefono(clinica)
    paciente, pastilla = paciente_pesado(clinica), crear_medicamento(clinica)
    controlado = crear_medicamento(clinica, control="estupefaciente")
    consulta = abrir(clinica, paciente, sede_id=ajena)["id"]
    borrador = recetar(clinica, datos_receta(paciente, linea(pastilla), sede_id=ajena)).json["id"]
    otra = como("veterinario2")
    # Para que no falle por no atender al paciente.
    assert otra.post(f"/pacientes/{paciente}/pesos", {"peso_kg": "22.9", "metodo": "bascula"}).status_code == 201
    asiento = {"medicamento_id": controlado, "tipo": "entrada", "cantidad": "5", "sede_id": ajena}
    suceso = {"tipo": "sospecha", "descripcion": "Vómitos", "fecha": "2026-11-20", "producto_texto": "Pipeta"}
    dada = datos_administracion(paciente, pastilla, sede_id=ajena)
    intentos = {
        "cerrar": otra.post(f"/consultas/{consulta}/cierre", {}),
        "editar": otra.patch(f"/consultas/{consulta}", {"plan": "x"}, version="*"),
        "anular": otra.post(f"/consultas/{consulta}/anulacion", {"motivo": "Por error"}),
        "constantes": otra.post(f"/consultas/{consulta}/constantes", {"temperatura": "38.5"}),
        "diagnostico": otra.post(f"/consultas/{consulta}/diagnosticos", {"texto": "a", "certeza": "presuntivo"}),
        "abrir": otra.post(f"/pacientes/{paciente}/consultas", {"sede_id": ajena, "motivo": "Tos"}),
        "recetar": otra.post("/recetas", datos_receta(paciente, linea(pastilla), sede_id=ajena)),
        "emitir": otra.post(f"/recetas/{borrador}/emision"),
        "controlados": otra.post("/registro-controlados", asiento, clave=True),
        "recontar": otra.post("/registro-controlados/recuentos", {
            "medicamento_id": controlado, "contado": "0", "sede_id": ajena,
            "testigo_id": str(clinica.usuarios["auxiliar"]),
        }, clave=True),
        "administrar": otra.post("/administraciones", dada, clave=True),
        "suceso": otra.post("/sucesos-adversos", {**suceso, "sede_id": ajena}, clave=True),
        "adjunto": subir(otra, consulta_id=consulta),
        "peso": otra.post(f"/pacientes/{paciente}/pesos", {
            "peso_kg": "22.8", "metodo": "bascula", "consulta_id": consulta
        }),
        "peso de recepción": como("recepcion").post(f"/pacientes/{paciente}/pesos", {
            "peso_kg": "22.8", "metodo": "bascula", "consulta_id": consulta
        }),
    }  # fmt: skip
    hechos = {que: respuesta.text for que, respuesta in intentos.items() if respuesta.status_code not in (403, 404)}
    assert hechos == {}


def test_no_tener_ninguna_sede_no_es_tenerlas_todas(clinica, como, sin_sedes):
    consulta = abrir(clinica)
    raiz, otra = f"/consultas/{consulta['id']}", como("veterinario2")
    peso = {"peso_kg": "22.9", "metodo": "bascula"}
    assert otra.post(f"/pacientes/{consulta['paciente_id']}/pesos", peso).status_code == 201
    assert otra.patch(raiz, {"plan": "x"}, version="*").status_code == 403
    assert otra.post(f"{raiz}/cierre", {}).status_code == 403
    assert subir(otra, consulta_id=consulta["id"]).status_code == 403
    toma = {"tipo": "interna", "fecha": "2026-01-20", "principios": ["praziquantel"]}
    raiz = f"/pacientes/{consulta['paciente_id']}/desparasitaciones"
    assert otra.post(raiz, {**toma, "sede_id": str(clinica.sede_id)}).status_code == 403


def test_lo_puesto_en_otra_sede_no_se_anula(solo_madrid, como):
    clinica, ajena = solo_madrid, str(solo_madrid.sede2_id)
    paciente, otra = paciente_pesado(clinica), como("veterinario2")
    vacuna = {"sku": "V-9", "nombre": "Vacuna", "tipo": "vacuna", "unidad_base": "dosis",
              "vacuna": {"via": "subcutanea", "antigenos": ["moquillo"]}}  # fmt: skip
    producto = como("administrador").post("/productos", vacuna)
    assert producto.status_code == 201, producto.text
    dosis = {"producto_id": producto.json["id"], "fecha": "2026-01-20", "lote": "A1", "caducidad_lote": "2027-06-30",
             "sede_id": ajena}  # fmt: skip
    puesta = como("veterinario").post(f"/pacientes/{paciente}/vacunaciones", dosis)
    assert puesta.status_code == 201, puesta.text
    raiz = f"/vacunaciones/{puesta.json['id']}"
    assert otra.post(f"{raiz}/anulacion", {"motivo": "No era suya"}).status_code == 403
    assert otra.patch(raiz, {"fecha_proxima": "2027-05-05", "motivo": "Por un viaje"}, version="*").status_code == 403
    assert otra.get(raiz).status_code == 200


@pytest.mark.parametrize("testigo", ["recepcion", "administrador"])
def test_el_testigo_de_una_merma_es_del_equipo_clinico(clinica, como, testigo):
    controlado = crear_medicamento(clinica, control="estupefaciente")
    base = {"medicamento_id": controlado, "cantidad": "1", "sede_id": str(clinica.sede_id)}
    entrada = como("veterinario").post("/registro-controlados", {**base, "tipo": "entrada"}, clave=True)
    assert entrada.status_code == 201
    merma = {**base, "tipo": "merma", "testigo_id": str(clinica.usuarios[testigo])}
    respuesta = como("veterinario").post("/registro-controlados", merma, clave=True)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "TESTIGO_REQUERIDO")


def test_la_auditoria_no_cuenta_lo_clinico_a_quien_no_lee_historias(clinica, como):
    paciente = crear_paciente(clinica)["id"]
    como("veterinario").post(f"/pacientes/{paciente}/pesos", {"peso_kg": "20", "metodo": "bascula"})
    subido = subir(como("veterinario"), foto(), "SECRETO-tumor.jpg", paciente_id=paciente, etiquetas="SECRETO-tumor")
    assert subido.status_code == 201, subido.text
    leida = como("administrador").get(f"/auditoria?recurso=adjuntos&recurso_id={subido.json['id']}")
    assert leida.json["datos"]
    assert "SECRETO" not in leida.text


def test_la_auditoria_no_cuenta_por_que_se_justifico_una_alerta(clinica, como):
    from tests.factories import preparar_medicacion

    principios = preparar_medicacion(clinica)
    paciente = paciente_pesado(clinica)
    alergia = {"agente_tipo": "principio_activo", "agente_ref": "meloxicam", "gravedad": "moderada"}
    assert como("veterinario").post(f"/pacientes/{paciente}/alergias", alergia).status_code == 201

    medicamento = como("administrador").post("/medicamentos", {
        "nombre": "Meloxicam", "forma": "suspensión", "unidad_base": "ml", "unidades_envase": "10",
        "principios": [{"principio_id": principios["meloxicam"], "concentracion": "1.5", "unidad": "mg"}],
    })  # fmt: skip
    assert medicamento.status_code == 201, medicamento.text
    suya = linea(medicamento.json["id"], dosis="0.9", cantidad_por_toma="1")
    falta = recetar(clinica, datos_receta(paciente, suya))
    graves = {una["codigo"] for una in falta.json["alertas_medicacion"] if una["justificable"]}
    assert graves, falta.text
    motivos = [{"codigo": uno, "motivo": "SECRETO de la historia"} for uno in graves]
    hecha = recetar(clinica, datos_receta(paciente, suya, justificaciones=motivos))
    assert hecha.status_code == 201, hecha.text
    leida = como("administrador").get("/auditoria?accion=justificar_alertas")
    assert leida.json["datos"]
    assert "SECRETO" not in leida.text


def test_las_imagenes_en_cola_no_ocupan_a_quien_atiende_lo_demas(clinica, como, monkeypatch):
    from contextlib import ExitStack

    from app.utils import imagenes

    monkeypatch.setattr(imagenes, "ESPERA_S", 0.01)
    paciente = crear_paciente(clinica)["id"]
    with ExitStack() as ocupado:
        ocupado.enter_context(imagenes._COLA)
        ocupado.enter_context(imagenes._COLA)
        respuesta = subir(como("veterinario"), foto(), "a.jpg", paciente_id=paciente)
        assert (respuesta.status_code, respuesta.headers["Retry-After"]) == (503, "5")
        assert subir(como("veterinario"), paciente_id=paciente).status_code == 201
    assert subir(como("veterinario"), foto(), "a.jpg", paciente_id=paciente).status_code == 201
    # Ni lo que no se puede abrir se queda con el turno.
    for _ in range(4):
        assert subir(como("veterinario"), foto()[:40], "a.jpg", paciente_id=paciente).status_code == 422


def jpeg_de_pasadas(cuantas: int) -> bytes:
    """Un JPEG progresivo con su última pasada repetida."""
    jpeg = foto("JPEG", (400, 400), progressive=True)
    ultima = jpeg.rindex(b"\xff\xda")
    return jpeg[:ultima] + jpeg[ultima:-2] * cuantas + jpeg[-2:]


def test_un_jpeg_con_miles_de_pasadas_no_se_descomprime(clinica, como):
    paciente = crear_paciente(clinica)["id"]
    respuesta = subir(como("veterinario"), jpeg_de_pasadas(5_000), "a.jpg", paciente_id=paciente)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "FICHERO_NO_ADMITIDO")
    assert subir(como("veterinario"), jpeg_de_pasadas(1), "a.jpg", paciente_id=paciente).status_code == 201
    # Lo que va detrás del final no es suyo: los móviles pegan ahí un vídeo.
    con_video = foto() + b"\xff\xda\x00\x02" * 1000
    assert subir(como("veterinario"), con_video, "a.jpg", paciente_id=paciente).status_code == 201


def test_un_video_de_millones_de_cajas_no_se_recorre():
    from app.utils.contenidos import NoAdmitido, examinar
    from tests.muestras import caja, video

    assert examinar(video(), "a.mp4").tipo.mime == "video/mp4"
    with pytest.raises(NoAdmitido):
        examinar(video() + caja(b"free") * 20_000, "a.mp4")


@pytest.mark.parametrize(("motivo", "estado"), [("%20", 403), ("%20%20%09", 403), ("%ff", 400), ("Relevo", 200)])
def test_un_motivo_en_blanco_no_es_un_motivo(clinica, como, motivo, estado):
    consulta = abrir(clinica)["id"]
    otra = como("veterinario2")
    # Sin sedes ni turno que la relacionen con el paciente.
    quitar_sedes(clinica, ("veterinario2",), clinica.sede_id, clinica.sede2_id)
    assert otra.get(f"/consultas/{consulta}", headers={"X-Motivo-Acceso": motivo}).status_code == estado
