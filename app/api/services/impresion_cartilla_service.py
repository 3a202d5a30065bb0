"""La cartilla impresa y la curva de peso: lo que el titular se lleva de su animal."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, Uuid, and_, select

from app.api.models.catalogo import Especie, Raza
from app.api.models.cliente import Cliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import Paciente
from app.api.models.peso import Peso
from app.api.models.sede import Sede
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.services.cartilla_service import cartilla
from app.api.services.verificacion_service import CARTILLA, sellar
from app.config.semillas_vacunas import antigenos
from app.utils.context import hoy, identidad, zona_actual
from app.utils.documentos import dibujar
from app.utils.documentos.bloques import Documento, Ficha, Grafica, Tabla
from app.utils.documentos.curva import svg
from app.utils.documentos.textos import PIE_VERIFICACION, SEXOS, fecha, membrete
from app.utils.ficheros import Descarga
from app.utils.horas import fecha_local
from app.utils.records import AnySelect, dato, fetch, rows

MAXIMO_PESOS = 500
PIE = "Copia de lo que consta en la clínica el día de su fecha; no sustituye al pasaporte europeo."
_ANTIGENOS = {uno.codigo: uno.nombre for uno in antigenos()}
_TIPOS = {"interna": "Interna", "externa": "Externa", "mixta": "Interna y externa"}
_ESTERILIZADO = {("hembra", "si"): "esterilizada", ("macho", "si"): "castrado"}


def imprimir(paciente_id: UUID) -> Descarga:
    """La cartilla de un animal en PDF, con fecha de hoy. Errores: ``NoEncontrado``."""
    leida, donde = cartilla(paciente_id), fetch(_donde, id=paciente_id, preferida=next(iter(identidad().sedes), None))
    dia, actual = hoy(), identidad()
    huella = sha256(msgspec.json.encode({**leida, "edad": None, "fecha": dia}, enc_hook=_texto)).hexdigest()
    codigo = leida["paciente"]["codigo"]
    qr = sellar(CARTILLA, actual.organizacion_id, paciente_id, codigo, dia, huella)
    documento = componer(leida, donde._asdict(), dia, qr)
    return Descarga(f"cartilla-{codigo}.pdf", "application/pdf", dibujar(documento), huella)


def curva_de_peso(paciente_id: UUID) -> Descarga:
    """La curva de peso de un animal en SVG. Errores: ``NoEncontrado``."""
    paciente = fetch(_nombre, id=paciente_id)
    pesos = [(fecha_local(una.medido_en, zona_actual()), una.peso_kg) for una in rows(_pesos, id=paciente_id)]
    imagen = svg(f"Peso de {paciente.nombre}", pesos).encode()
    return Descarga(f"peso-{paciente.codigo}.svg", "image/svg+xml", imagen, sha256(imagen).hexdigest())


def componer(leida: Mapping[str, Any], donde: Mapping[str, Any], dia: date, qr: str) -> Documento:
    """Los bloques de la cartilla: quién es, qué se le ha puesto, qué le toca y cuánto pesa."""
    animal = leida["paciente"]
    zona = donde["zona_horaria"]
    return Documento(
        titulo="Cartilla sanitaria",
        numero=animal["codigo"],
        de_quien=animal["nombre"],
        fecha=dia,
        membrete=membrete(donde, {**donde, "nombre": donde["sede"]}),
        bloques=(
            _identidad(animal, donde),
            _proximas(leida, dia),
            _vacunas(leida),
            _desparasitaciones(leida),
            Grafica("Curva de peso", tuple((fecha_local(p.medido_en, zona), p.peso_kg) for p in leida["pesos"])),
        ),
        qr=qr,
        pie=f"{PIE} {PIE_VERIFICACION}",
    )


def _identidad(animal: Mapping[str, Any], donde: Mapping[str, Any]) -> Ficha:
    sexo = ", ".join(
        filter(None, [SEXOS.get(animal["sexo"]), _ESTERILIZADO.get((animal["sexo"], animal["esterilizado"]))])
    )
    return Ficha(
        "Animal",
        (
            ("Nombre", animal["nombre"]),
            ("Especie", donde["especie_nombre"]),
            ("Raza", donde["raza_nombre"] or animal["raza_texto"]),
            ("Sexo", sexo),
            ("Nacimiento", fecha(animal["fecha_nacimiento"])),
            ("Capa", animal["capa"]),
            ("Microchip", animal["microchip"]),
            ("Pasaporte europeo", animal["pasaporte_ue"]),
        ),
    )


def _proximas(leida: Mapping[str, Any], dia: date) -> Tabla:
    vacunas = [(uno["fecha_proxima"], f"Vacuna: {uno['nombre']}") for uno in leida["proximas_vacunas"]]
    otras = [(uno["fecha"], f"Desparasitación {uno['tipo']}") for uno in leida["proximas_desparasitaciones"]]
    filas = tuple(
        (_dia(cuando), que, "Ya se puede poner" if cuando <= dia else "") for cuando, que in sorted([*vacunas, *otras])
    )
    return Tabla("Lo que le toca", ("Fecha", "Qué", ""), (16, 58, 26), filas)


def _vacunas(leida: Mapping[str, Any]) -> Tabla:
    return Tabla(
        "Vacunas",
        ("Fecha", "Vacuna", "Lote", "Veterinario", "Próxima"),
        (13, 35, 14, 25, 13),
        tuple(
            (_dia(una["fecha"]), _vacuna(una), una["lote"] or "—", _quien(una), _dia(una["fecha_proxima"]))
            for una in leida["vacunas"]
        ),
        "No consta ninguna.",
    )


def _dia(cuando: date | None) -> str:
    return fecha(cuando) or "—"


def _vacuna(una: Mapping[str, Any]) -> str:
    contra = ", ".join(_ANTIGENOS.get(uno, uno) for uno in una["antigenos"])
    rabia = una["valida_ue_desde"] and f"Viajes UE: {fecha(una['valida_ue_desde'])}–{fecha(una['valida_ue_hasta'])}"
    fuera = "Puesta en otro centro" if una["externa"] else None
    return "\n".join(filter(None, [una["producto"], contra if contra != una["producto"] else None, rabia, fuera]))


def _quien(una: Mapping[str, Any]) -> str:
    colegiado = f"Col. {una['num_colegiado']}" if una["num_colegiado"] else None
    return "\n".join(filter(None, [una["veterinario"], colegiado])) or "—"


def _desparasitaciones(leida: Mapping[str, Any]) -> Tabla:
    return Tabla(
        "Desparasitaciones",
        ("Fecha", "Clase", "Producto", "Próxima"),
        (13, 20, 54, 13),
        tuple(
            (_dia(una.fecha), _TIPOS[una.tipo], una.producto or ", ".join(una.principios), _dia(una.fecha_proxima))
            for una in leida["desparasitaciones"]
        ),
        "No consta ninguna.",
    )


@cache
def _donde() -> Select[Any]:
    """Quién emite la cartilla y cómo se llaman especie y raza.

    La emite la sede de quien la pide o, en el portal, la habitual del titular; si no hay, la primera que se abrió.
    """
    habitual = (
        select(Cliente.sede_habitual_id)
        .join(
            Titularidad,
            and_(Titularidad.organizacion_id == Cliente.organizacion_id, Titularidad.cliente_id == Cliente.id),
        )
        .where(
            Titularidad.organizacion_id == Paciente.organizacion_id, Titularidad.paciente_id == Paciente.id,
            Titularidad.rol == RolTitular.TITULAR, Titularidad.hasta.is_(None),
        )
        .scalar_subquery()
    )  # fmt: skip
    return (
        select(
            Organizacion.nombre, Organizacion.razon_social, Organizacion.identificador_fiscal,
            Sede.nombre.label("sede"), Sede.direccion, Sede.telefono, Sede.email, Sede.num_registro_centro,
            Sede.zona_horaria, Especie.nombre.label("especie_nombre"), Raza.nombre.label("raza_nombre"),
        )
        .select_from(Paciente)
        .join(Organizacion, Organizacion.id == Paciente.organizacion_id)
        .join(Sede, and_(Sede.organizacion_id == Paciente.organizacion_id, Sede.activo))
        .join(Especie, Especie.codigo == Paciente.especie)
        .outerjoin(Raza, and_(Raza.especie == Paciente.especie, Raza.codigo == Paciente.raza))
        .where(Paciente.id == dato("id"))
        .order_by(
            Sede.id.is_distinct_from(dato("preferida", Uuid())), Sede.id.is_distinct_from(habitual), Sede.creado_en,
            Sede.id,
        )
        .limit(1)
    )  # fmt: skip


@cache
def _nombre() -> AnySelect:
    return select(Paciente.nombre, Paciente.codigo).where(Paciente.id == dato("id"))


@cache
def _pesos() -> AnySelect:
    de = select(Peso.peso_kg, Peso.medido_en).where(Peso.paciente_id == dato("id"), Peso.anulado_en.is_(None))
    return de.order_by(Peso.medido_en.desc(), Peso.id.desc()).limit(MAXIMO_PESOS)


def _texto(valor: Any) -> Any:
    return valor._asdict() if hasattr(valor, "_asdict") else str(valor)
