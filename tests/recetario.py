"""Medicamentos y recetas de prueba: lo que hace falta para recetar, dar o apuntar."""

from decimal import Decimal
from itertools import count
from typing import Any

from werkzeug.test import TestResponse

from tests.factories import Clinica, crear_paciente

_numero = count(1)


def poner(clinica: Clinica, *filas: Any) -> None:
    """Escribe unas entidades en la clínica, sin pasar por la API."""
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import add

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        for fila in filas:
            add(fila)
    iniciar(Contexto())


def crear_medicamento(
    clinica: Clinica,
    nombre: str = "Cefalexina 250 mg comprimidos",
    *,
    grupo: str | None = None,
    categoria: str | None = None,
    control: str = "ninguno",
    **campos: Any,
) -> str:
    """Un medicamento con un principio activo de ese grupo, categoría y control; devuelve su id."""
    from app.api.models.medicamento import CategoriaEma, Control, Medicamento, MedicamentoPrincipio, PrincipioActivo
    from app.utils.entities import nuevo_id

    medicamento, principio, n = nuevo_id(), nuevo_id(), next(_numero)
    datos = {"forma": "comprimido", "unidad_base": "comprimido", "unidades_envase": Decimal(10), **campos}
    poner(
        clinica,
        PrincipioActivo(
            id=principio, codigo=f"principio-{n}", nombre_dci=f"principio {n}", grupo=grupo,
            categoria_ema=CategoriaEma(categoria) if categoria else None, control=Control(control),
        ),
        Medicamento(id=medicamento, nombre=nombre, **datos),
        MedicamentoPrincipio(
            medicamento_id=medicamento, principio_id=principio, orden=0, concentracion=Decimal(250), unidad="mg"
        ),
    )  # fmt: skip
    return str(medicamento)


def con_telefono(clinica: Clinica) -> None:
    """El teléfono profesional sale de la sede: sin él, una receta española no está completa."""
    admin = clinica.como("administrador")
    for sede in (clinica.sede_id, clinica.sede2_id):
        respuesta = admin.patch(f"/sedes/{sede}", {"telefono": "+34910000000"}, version=1)
        assert respuesta.status_code == 200, respuesta.text


def ejemplares(clinica: Clinica, paciente: str) -> dict[str, str]:
    """Un ejemplar de cada recurso de este dominio; la sede con teléfono es la segunda, que nadie más toca."""
    veterinario, sede = clinica.como("veterinario"), str(clinica.sede2_id)
    clinica.como("administrador").patch(f"/sedes/{sede}", {"telefono": "+34910000000"}, version=1)
    antibiotico = crear_medicamento(clinica, "Amoxicilina", grupo="antibiotico", categoria="D")
    controlado = crear_medicamento(clinica, "Metadona", control="estupefaciente", unidad_base="ml")
    cuerpo = datos_receta(paciente, linea(antibiotico), finalidad_antimicrobiana="terapeutica", sede_id=sede)
    ids = {"recetas": emitida(clinica, cuerpo)["id"]}
    comunicacion = veterinario.get("/comunicaciones-antibioticos").json["datos"][0]
    ids["comunicaciones-antibioticos"] = comunicacion["id"]
    entrada = {"medicamento_id": controlado, "tipo": "entrada", "cantidad": "20", "sede_id": sede}
    suceso = {"tipo": "sospecha", "descripcion": "Vómitos", "fecha": "2026-11-20", "producto_texto": "Pipeta"}
    altas = {
        "registro-controlados": entrada,
        "administraciones": datos_administracion(paciente, antibiotico, finalidad_antimicrobiana="terapeutica"),
        "sucesos-adversos": suceso,
    }
    entrega = veterinario.post(f"/recetas/{ids['recetas']}/dispensaciones", {"origen": "farmacia"})
    ids["dispensaciones"] = entrega.json["id"]
    for recurso, uno in altas.items():
        respuesta = veterinario.post(f"/{recurso}", uno, clave=True)
        assert respuesta.status_code == 201, respuesta.text
        ids[recurso] = respuesta.json["id"]
    return ids


def datos_administracion(paciente: str, medicamento: str, **cambios: Any) -> dict[str, Any]:
    """Cuerpo de una administración: media unidad por vía oral."""
    base = {
        "paciente_id": paciente, "medicamento_id": medicamento, "cantidad": "0.5", "via": "oral", "lote": "L-1",
        "caducidad_lote": "2027-06-30", "indicacion": "Dolor agudo",
    }  # fmt: skip
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def paciente_pesado(clinica: Clinica, peso: str = "23.000", **cambios: Any) -> str:
    """Un paciente recién pesado en báscula; devuelve su id."""
    paciente = crear_paciente(clinica, **cambios)["id"]
    pesada = {"peso_kg": peso, "metodo": "bascula"}
    respuesta = clinica.como("veterinario").post(f"/pacientes/{paciente}/pesos", pesada)
    assert respuesta.status_code == 201, respuesta.text
    return str(paciente)


def linea(medicamento: str | None, **cambios: Any) -> dict[str, Any]:
    """Una línea de receta: comprimido y medio cada 12 horas, 7 días."""
    base = {
        "medicamento_id": medicamento, "dosis": "12.5", "unidad_dosis": "mg_kg", "cantidad_por_toma": "1.5",
        "via": "oral", "intervalo_h": 12, "duracion_dias": 7,
    }  # fmt: skip
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def datos_receta(paciente: str, *lineas: dict[str, Any], **cambios: Any) -> dict[str, Any]:
    """Cuerpo de una receta que se puede emitir: de seguimiento, para no necesitar consulta."""
    base = {
        "paciente_id": paciente, "tratamiento": "seguimiento", "indicacion": "Pioderma superficial",
        "advertencias": "Dar con comida", "lineas": list(lineas),
    }  # fmt: skip
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def recetar(clinica: Clinica, cuerpo: dict[str, Any], *, como: str = "veterinario", **opciones: Any) -> TestResponse:
    """Escribe un borrador y devuelve la respuesta."""
    return clinica.como(como).post("/recetas", cuerpo, **opciones)


def emitida(clinica: Clinica, cuerpo: dict[str, Any], *, como: str = "veterinario", **opciones: Any) -> dict[str, Any]:
    """Escribe y emite una receta, que tiene que salir bien; devuelve su ficha."""
    borrador = recetar(clinica, cuerpo, como=como, **opciones)
    assert borrador.status_code == 201, borrador.text
    respuesta = clinica.como(como).post(f"/recetas/{borrador.json['id']}/emision", **opciones)
    assert respuesta.status_code == 200, respuesta.text
    ficha: dict[str, Any] = respuesta.json
    return ficha


def numero_de(receta: dict[str, Any]) -> int:
    """El correlativo de un número de receta."""
    return int(receta["numero"].rsplit("-", 1)[1])
