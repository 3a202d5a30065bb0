"""Importar un fichero entero en una transacción: leerlo por lotes, planear cada fila y escribir."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import ModuleType
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from app.api.models.sede import Sede
from app.api.schemas.importacion_schema import Mapa
from app.api.services import importacion_clientes, importacion_pacientes
from app.api.services import importacion_lectura as lectura
from app.api.services import importacion_mapa as mapas
from app.api.services.altas_service import SedeDesconocida
from app.api.services.importacion_campos import traducir
from app.api.services.importacion_escritura import avisos_de, cambiar, dar_de_alta
from app.api.services.importacion_informe import Informe, Linea, Resultado, errores_de
from app.api.services.importacion_pasos import Alta, Cambio, Importacion, Leida, exigir_unica
from app.utils.audit import anotar, auditoria
from app.utils.context import contexto, hoy, organizacion_id
from app.utils.errors import BusinessRule, Conflict, DomainError
from app.utils.records import first

LOTE = 500
RECURSO = "importaciones"
_MODULOS: dict[str, ModuleType] = {"clientes": importacion_clientes, "pacientes": importacion_pacientes}


class SinIdentificador(BusinessRule):
    """Falta el identificador externo."""


class EnsayoRequerido(Conflict):
    """Ese fichero, con ese mapa, no se ha ensayado."""


class FicheroCambiado(Conflict):
    """El fichero ha cambiado mientras se leía."""


def preparar(fichero: Path, ruta_mapa: Path, sede: str | None, *, ensayo: bool) -> Importacion:
    """La importación pedida. Errores: ``MapaInvalido``, ``SedeDesconocida``."""
    mapa = mapas.leer_mapa(ruta_mapa)
    donde = select(Sede.id, Sede.zona_horaria).where(Sede.activo).order_by(Sede.id)
    hallada = first(donde.where(Sede.codigo == sede) if sede else donde)
    if sede and hallada is None:
        raise SedeDesconocida
    return Importacion(
        fichero=fichero,
        mapa=mapa,
        equivalencias=mapas.leer_equivalencias(mapa, ruta_mapa.parent),
        huella=_huella(fichero, ruta_mapa, mapa, sede),
        ensayo=ensayo,
        hoy=hoy(hallada.zona_horaria if hallada else None),
        sede_id=hallada.id if sede and hallada else None,
    )


def exigir_ensayo(importacion: Importacion, huella: str) -> None:
    """Que lo que se va a aplicar es justo lo que se ensayó. Errores: ``EnsayoRequerido``."""
    if huella != huella_corta(importacion):
        raise EnsayoRequerido(
            "La huella no corresponde a este fichero, este mapa, esta sede y esta organización: ensaye de nuevo"
        )
    if not _anotado(importacion, "ensayar"):
        raise EnsayoRequerido("Todavía no se ha ensayado en esta organización: ejecute antes la orden sin --aplicar")


def importar(importacion: Importacion, informe: Informe, avance: Callable[[int], None]) -> None:
    """Importa el fichero en la transacción en curso; la confirma o la deshace quien llama.

    Errores: ``FicheroIlegible`` y los que impiden el fichero entero; los de cada fila van al informe.
    """
    antes = mapas.huella([importacion.fichero])
    if importacion.mapa.titular_unico is not None:
        informe.anotar(_asegurar_titular(importacion))
    filas = lectura.leer_filas(importacion.fichero, importacion.mapa)
    for lote in _lotes(filas):
        informe.anotar(_importar_lote(importacion, lote))
        avance(len(lote))
    if mapas.huella([importacion.fichero]) != antes:
        raise FicheroCambiado


def anotar_ensayo(importacion: Importacion, informe: Informe) -> None:
    """Deja constancia del ensayo, sin la que no se puede aplicar; repetirlo no añade nada."""
    if not _anotado(importacion, "ensayar"):
        _anotar("ensayar", importacion, informe)


def anotar_aplicacion(importacion: Importacion, informe: Informe) -> None:
    """Deja constancia de lo aplicado, si cambió algo."""
    if informe.totales[Resultado.CREAR] or informe.totales[Resultado.ACTUALIZAR]:
        _anotar("aplicar", importacion, informe)


def huella_corta(importacion: Importacion) -> str:
    """La huella que el ensayo enseña y que hay que repetir para aplicar."""
    return importacion.huella.hex()[:16]


def _huella(fichero: Path, ruta_mapa: Path, mapa: Mapa, sede: str | None) -> bytes:
    equivalencias = mapas.ruta_equivalencias(mapa, ruta_mapa.parent)
    ficheros = [fichero, ruta_mapa, *([equivalencias] if equivalencias else [])]
    return mapas.huella(ficheros, str(organizacion_id()), sede or "")


def _recurso_id(importacion: Importacion) -> UUID:
    return UUID(bytes=importacion.huella[:16])


def _anotado(importacion: Importacion, accion: str) -> bool:
    consulta = select(auditoria.c.id).where(
        auditoria.c.organizacion_id == organizacion_id(),
        auditoria.c.recurso == RECURSO,
        auditoria.c.recurso_id == _recurso_id(importacion),
        auditoria.c.accion == accion,
    )
    return first(consulta.limit(1)) is not None


def _anotar(accion: str, importacion: Importacion, informe: Informe) -> None:
    totales = {resultado.value: (None, cuantas) for resultado, cuantas in sorted(informe.totales.items())}
    anotar(accion, RECURSO, _recurso_id(importacion), {"fichero": (None, importacion.fichero.name), **totales})


def _lotes(filas: Iterator[lectura.Fila]) -> Iterator[list[lectura.Fila]]:
    while lote := list(islice(filas, LOTE)):
        yield lote


def _asegurar_titular(importacion: Importacion) -> list[Linea]:
    alta = importacion_clientes.titular_unico(importacion)
    if alta is None:
        return []
    titular = Leida(0, str(alta.filas[0][1]["id_externo"]), {})
    lineas = dar_de_alta(importacion, [(titular, alta)], importacion_clientes.PREFIJO)
    if lineas[0].resultado is Resultado.ERROR:
        raise mapas.MapaInvalido(f"titular_unico: {lineas[0].motivo}")
    return lineas


def _importar_lote(importacion: Importacion, filas: Sequence[lectura.Fila]) -> list[Linea]:
    modulo = _MODULOS[importacion.mapa.entidad]
    leidas: list[Leida] = []
    lineas: list[Linea] = []
    for fila in filas:
        try:
            leidas.append(_leer(importacion, fila))
        except DomainError as error:
            lineas += errores_de(fila.numero, fila.celdas.get("id_externo", ""), error)
    lote = modulo.cargar(importacion, leidas)
    altas: list[tuple[Leida, Alta]] = []
    cambios: list[tuple[Leida, Cambio]] = []
    for leida in leidas:
        contexto().avisos.clear()
        try:
            paso = modulo.planear(lote, leida)
        except (DomainError, ValidationError) as error:
            lineas += errores_de(leida.fila, leida.id_externo, error)
            continue
        lineas += avisos_de(leida)
        if isinstance(paso, Alta):
            altas.append((leida, paso))
        elif paso is not None:
            cambios.append((leida, paso))
        else:
            lineas.append(Linea(leida.fila, leida.id_externo, Resultado.SIN_CAMBIOS))
    return lineas + dar_de_alta(importacion, altas, modulo.PREFIJO) + cambiar(cambios)


def _leer(importacion: Importacion, fila: lectura.Fila) -> Leida:
    if fila.defecto:
        raise lectura.FicheroIlegible(fila.defecto)
    id_externo = fila.celdas["id_externo"]
    if not id_externo:
        raise SinIdentificador(campo="/id_externo")
    exigir_unica(importacion, "id_externo", id_externo, fila.numero)
    return Leida(fila.numero, id_externo, traducir(fila.celdas, importacion.mapa))
