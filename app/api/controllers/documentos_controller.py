"""Documentos: la receta y la cartilla impresas, la curva de peso, y cómo se comprueba que son auténticas."""

from typing import Any
from uuid import UUID

from app.api.schemas.documento_schema import (
    Claves,
    Formato,
    FormatoQuery,
    RecetaImpresa,
    Verificacion,
    VerificacionQuery,
)
from app.api.services import impresion_cartilla_service as cartilla
from app.api.services import impresion_recetas_service as recetas
from app.api.services import verificacion_service as verificacion
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.config.permissions import Acceso, Permiso
from app.utils.descargas import admite
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.tokens import jwks

PDF = "application/pdf"
api = Resource("documentos", path="", tag="Documentos")


@api.get(
    "/recetas/<uuid:id>/documento",
    permission=Permiso.RECETAS_LEER,
    output=RecetaImpresa,
    portal=RecetaImpresa,
    produces=(PDF,),
    errors=(MotivoRequerido, TransicionInvalida),
)
def imprimir_receta(id: UUID, query: FormatoQuery) -> Any:
    """Imprime una receta, en PDF o en JSON

    Su código QR lleva firmado qué documento es: `GET /documentos/verificacion` dice si es auténtico y si vale.
    """
    en_pdf = query.formato is Formato.PDF if query.formato else admite(PDF, "application/json")
    return recetas.imprimir(id) if en_pdf else recetas.leer(id)


@api.get("/pacientes/<uuid:id>/cartilla", permission=Permiso.VACUNACIONES_LEER, produces=(PDF,))
def imprimir_cartilla(id: UUID) -> Any:
    """Imprime la cartilla de un animal en PDF"""
    return cartilla.imprimir(id)


@api.get("/pacientes/<uuid:id>/pesos/curva", permission=Permiso.PACIENTES_LEER, produces=("image/svg+xml",))
def dibujar_curva(id: UUID) -> Any:
    """Dibuja la curva de peso de un animal en SVG"""
    return cartilla.curva_de_peso(id)


@api.get("/documentos/verificacion", permission=Acceso.PUBLICO, output=Verificacion)
def verificar(query: VerificacionQuery) -> Any:
    """Dice si un documento impreso es auténtico y si sigue vigente

    Sin red: el sello es un JWS (EdDSA) que se comprueba con las claves de `GET /documentos/claves`; su contenido es
    `t` tipo, `n` número, `f` fecha, `h` huella, `o` organización e `i` identificador.
    """
    return verificacion.verificar(query.d)


@api.get("/documentos/claves", permission=Acceso.PUBLICO, output=Claves)
def listar_claves() -> Any:
    """Publica las claves que comprueban los documentos sin conexión

    A diferencia de `/.well-known/jwks.json`, también las retiradas: un papel vive más que su clave.
    """
    return jwks(retiradas=True)
