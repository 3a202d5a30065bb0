"""Las vacunas de la demostración: qué hay en la nevera y qué se ha puesto a quién."""

from datetime import date

from app.api.models.desparasitacion import Desparasitacion, TipoDesparasitacion
from app.api.models.producto import Producto, ProductoVacuna, TipoProducto, TipoVacuna, ViaVacuna
from app.api.models.vacunacion import Vacunacion
from app.api.services.demo_pasos_service import Identificador, asegurar
from app.api.services.recalculo_vacunal_service import rehacer
from app.utils.edad import sumar_meses
from app.utils.records import add

# Código, nombre, antígenos, protocolos, tipo, especies, edad mínima en semanas y validez en meses.
VACUNAS = (
    ("VAC-TRI-C", "Trivalente canina", "moquillo adenovirus parvovirus", "perro_esencial", "viva", "perro", 6, 36),
    ("VAC-LEP", "Leptospirosis canina", "leptospira", "leptospira", "inactivada", "perro", 8, 12),
    ("VAC-RAB", "Rabia", "rabia", "rabia", "inactivada", "perro gato huron", 12, 36),
    ("VAC-TRI-F", "Trivalente felina", "panleucopenia herpesvirus_felino calicivirus", "gato_esencial", "viva", "gato",
     8, 36),
    ("VAC-FELV", "Leucemia felina", "leucemia_felina", "leucemia_felina", "recombinante", "gato", 8, 12),
)  # fmt: skip
OTROS = (
    ("MAT-GAS", "Gasas estériles 10 × 10", TipoProducto.MATERIAL, "caja"),
    ("ALI-REN", "Dieta renal felina 2 kg", TipoProducto.ALIMENTO, "saco"),
)
# Paciente -> vacuna y los días en que se puso.
PUESTAS = (
    ("luna", "VAC-TRI-C", "2021-06-20 2021-07-18 2021-08-22 2021-11-07 2024-11-05"),
    ("luna", "VAC-LEP", "2021-07-18 2021-08-15 2022-08-20 2023-08-22 2024-11-05 2025-11-04 2026-11-10"),
    ("luna", "VAC-RAB", "2021-08-22 2022-08-20 2025-08-18"),
    ("kira", "VAC-TRI-F", "2018-11-12 2018-12-10 2019-01-07 2019-03-18 2022-03-21"),
    ("kira", "VAC-RAB", "2022-03-21"),
    ("simba", "VAC-TRI-F", "2020-05-25 2020-06-22 2020-07-20 2020-09-28 2023-09-29"),
    ("simba", "VAC-FELV", "2020-06-22 2020-07-20 2021-07-21"),
)
TOMAS = (
    ("luna", "2025-07-10"),
    ("luna", "2025-10-12"),
    ("luna", "2026-04-14"),
    ("luna", "2026-08-20"),
    ("kira", "2025-11-20"),
)


def llenar(identificador: Identificador) -> None:
    """Productos, vacunas y desparasitaciones que falten; repetirla no cambia nada."""
    for sku, nombre, antigenos, protocolos, tipo, especies, edad, validez in VACUNAS:
        id = identificador("productos", sku)
        comun = {"sku": sku, "nombre": nombre, "tipo": TipoProducto.VACUNA, "unidad_base": "dosis"}
        if asegurar(Producto, id, **comun, requiere_frio=True):
            add(
                ProductoVacuna(
                    id=identificador("productos_vacuna", sku), producto_id=id, fabricante="Laboratorios Ejemplo",
                    antigenos=antigenos.split(), protocolos=protocolos.split(), tipo_vacuna=TipoVacuna(tipo),
                    especies=especies.split(), via=ViaVacuna.SUBCUTANEA, edad_min_semanas=edad, validez_meses=validez,
                )
            )  # fmt: skip
    for sku, nombre, clase, unidad in OTROS:
        asegurar(Producto, identificador("productos", sku), sku=sku, nombre=nombre, tipo=clase, unidad_base=unidad)
    nuevos = {
        identificador("pacientes", quien) for quien, sku, dias in PUESTAS if _poner(identificador, quien, sku, dias)
    }
    if nuevos:
        rehacer(sorted(nuevos))
    for quien, dia in TOMAS:
        fecha = date.fromisoformat(dia)
        asegurar(
            Desparasitacion, identificador("desparasitaciones", quien, dia), tipo=TipoDesparasitacion.INTERNA,
            paciente_id=identificador("pacientes", quien), sede_id=identificador("sedes", "MAD"), fecha=fecha,
            principios=["praziquantel", "milbemicina"], dosis="1 comprimido", fecha_proxima=sumar_meses(fecha, 3),
        )  # fmt: skip


def _poner(identificador: Identificador, quien: str, sku: str, dias: str) -> bool:
    """Las de un paciente; dice si alguna es nueva."""
    puestas = [
        asegurar(
            Vacunacion, identificador("vacunaciones", quien, sku, dia), paciente_id=identificador("pacientes", quien),
            producto_id=identificador("productos", sku), sede_id=identificador("sedes", "MAD"),
            fecha=date.fromisoformat(dia), lote=f"{sku[4:7]}{dia[2:4]}{dia[5:7]}", via=ViaVacuna.SUBCUTANEA,
            caducidad_lote=date(int(dia[:4]) + 1, 12, 31),
            veterinario_id=identificador("profesionales", "veterinaria@demo.test"),
        )
        for dia in dias.split()
    ]  # fmt: skip
    return any(puestas)
