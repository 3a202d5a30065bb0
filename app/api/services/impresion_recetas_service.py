"""La receta impresa: de lo que se firmó, un documento."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.api.services.documento_receta_service import documento_receta
from app.api.services.verificacion_service import RECETA, sellar
from app.utils.context import identidad
from app.utils.documentos import dibujar
from app.utils.documentos.bloques import Bloque, Documento, Ficha, Firma, Parrafo, Tabla
from app.utils.documentos.textos import PIE_VERIFICACION, SEXOS, fecha, membrete, numero
from app.utils.ficheros import Descarga
from app.utils.posologia import en_unidades

_CLASES = {"ordinaria": "ordinaria", "excepcional": "excepcional (prescripción fuera de la ficha técnica)"}
_DISPENSACION = {
    "dispensacion": "Para dispensar",
    "no_dispensacion": "No se dispensa: lo administra el veterinario",
    "botiquin": "Del botiquín de la clínica",
}
_FINALIDADES = {"terapeutica": "Terapéutica", "metafilaxis": "Metafilaxis", "profilaxis": "Profilaxis"}
_PRODUCTOS = {"carne": "carne", "leche": "leche", "huevos": "huevos"}


def leer(id: UUID) -> dict[str, Any]:
    """Lo que dice la receta, con la dirección de su código. Errores: los de ``documento_receta``."""
    receta = documento_receta(id)
    dia = date.fromisoformat(receta["fecha_emision"])
    return {**receta, "qr": sellar(RECETA, identidad().organizacion_id, id, receta["numero"], dia, receta["huella"])}


def imprimir(id: UUID) -> Descarga:
    """La receta en PDF."""
    receta = leer(id)
    return Descarga(
        f"receta-{receta['numero']}.pdf",
        "application/pdf",
        dibujar(componer(receta)),
        f"{receta['huella']}-{receta['estado']}",
    )


def componer(receta: Mapping[str, Any]) -> Documento:
    """Los bloques de una receta: todo lo que pide el anexo, y nada que no se firmara."""
    animal, sede = receta["animal"], receta["sede"]
    de_quien = animal["nombre"] or animal["identificacion"] or ""
    anulada = receta["anulacion"]
    return Documento(
        titulo=f"Receta veterinaria {_CLASES.get(receta['clase'], receta['clase'])}",
        numero=receta["numero"],
        de_quien=de_quien,
        fecha=date.fromisoformat(receta["fecha_emision"]),
        membrete=membrete(receta["organizacion"], sede),
        bloques=(*_para_quien(receta), *_tratamiento(receta), _firma(receta)),
        qr=receta["qr"],
        pie=f"{receta['aviso_legal']} {PIE_VERIFICACION}",
        marca="ANULADA" if anulada else "",
    )


def _para_quien(receta: Mapping[str, Any]) -> tuple[Bloque, ...]:
    titular, animal = receta["titular"], receta["animal"]
    cuantos = animal["numero_animales"]
    return (
        Ficha(
            "Receta",
            (
                ("Fecha de emisión", fecha(receta["fecha_emision"])),
                ("Válida hasta", fecha(receta["valida_hasta"])),
                ("Dispensación", _DISPENSACION.get(receta["tipo_dispensacion"])),
                ("Finalidad del antimicrobiano", _FINALIDADES.get(receta["finalidad_antimicrobiana"] or "")),
            ),
        ),
        Ficha(
            "Titular",
            (
                ("Nombre", titular["nombre"]),
                ("Teléfono", titular["telefono"]),
                ("Identificador fiscal", titular["identificador_fiscal"]),
                ("REGA", titular["rega"] or animal["rega"]),
            ),
        ),
        Ficha(
            "Animal" if animal["nombre"] else "Grupo de animales",
            (
                ("Nombre", animal["nombre"]),
                ("Identificación", animal["identificacion"]),
                ("Especie", animal["especie_nombre"] or animal["especie"]),
                ("Raza", animal["raza_nombre"]),
                ("Sexo", SEXOS.get(animal["sexo"] or "")),
                ("Nacimiento", fecha(animal["fecha_nacimiento"])),
                ("Número de animales", str(cuantos) if cuantos and cuantos != 1 else None),
            ),
        ),
    )


def _tratamiento(receta: Mapping[str, Any]) -> tuple[Bloque, ...]:
    filas = tuple((_medicamento(una), _pauta(una), _cantidad(una)) for una in receta["lineas"])
    return (
        Tabla("Tratamiento", ("Medicamento", "Posología", "Cantidad"), (42, 34, 24), filas),
        Parrafo("Indicación", receta["indicacion"] or ""),
        Parrafo("Advertencias", receta["advertencias"] or ""),
    )


def _medicamento(linea: Mapping[str, Any]) -> str:
    principios = "; ".join(
        " ".join(filter(None, [uno["nombre"], numero(uno["concentracion"]), uno["unidad"]]))
        for uno in linea["principios"]
    )
    registro = f"N.º de registro {linea['num_registro']}" if linea["num_registro"] else None
    presentacion = " · ".join(filter(None, [linea["forma"], linea["formato"]]))
    return "\n".join(filter(None, [linea["medicamento"], principios, presentacion, registro]))


def _pauta(linea: Mapping[str, Any]) -> str:
    dosis = f"Dosis: {numero(linea['dosis'])} {_unidad(linea['unidad_dosis'])}".strip() if linea["dosis"] else None
    peso = f"calculada para {numero(linea['peso_usado_kg'])} kg" if linea["peso_usado_kg"] else None
    return "\n".join(filter(None, [linea["posologia"], ", ".join(filter(None, [dosis, peso])), _espera(linea)]))


def _unidad(codigo: str | None) -> str:
    """«mg_kg» se lee «mg/kg»."""
    return (codigo or "").replace("_", "/")


def _espera(linea: Mapping[str, Any]) -> str | None:
    tiempos = linea["tiempo_espera"]
    if not tiempos:
        return None
    dichos = [f"{_PRODUCTOS.get(uno['producto'], uno['producto'])} {uno['valor']} {uno['unidad']}" for uno in tiempos]
    return f"Tiempo de espera: {', '.join(dichos)}"


def _cantidad(linea: Mapping[str, Any]) -> str:
    cuanto = linea["cantidad_total"]
    total = en_unidades(Decimal(cuanto), linea["unidad"]) if cuanto else None
    envases = f"{linea['envases']} envases ({linea['envases_en_letra']})" if linea["envases"] else None
    if linea["envases"] == 1:
        envases = "1 envase (uno)"
    parte = f"Se usará el {numero(linea['porcentaje_envase'])} % del envase" if linea["porcentaje_envase"] else None
    sustituible = None if linea["sustituible"] is not False else "No sustituible"
    return "\n".join(filter(None, [total, envases, parte, sustituible]))


def _firma(receta: Mapping[str, Any]) -> Firma:
    quien, sede = receta["veterinario"], receta["sede"]
    colegiado = " · ".join(filter(None, [f"N.º de colegiado {quien['num_colegiado']}", quien["colegio"]]))
    contacto = " · ".join(filter(None, [quien["telefono"], quien["email"]]))
    municipio = (sede["direccion"] or {}).get("municipio") or sede["nombre"]
    return Firma(
        tuple(filter(None, [quien["nombre"], colegiado, contacto])), f"{municipio}, {fecha(receta['fecha_emision'])}"
    )
