"""Adjuntos: ficheros que se suben, se publican y se descargan."""

from typing import Any
from uuid import UUID

from app.api.models.consulta import ConsultaAnulada
from app.api.schemas.adjunto_schema import (
    AdjuntoCrear,
    AdjuntoDePacienteFiltro,
    AdjuntoFiltro,
    AdjuntoLectura,
    AdjuntoPortal,
    Baja,
    Enlace,
)
from app.api.services import adjuntos_service as adjuntos
from app.api.services import descargas_service as descargas
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.clientes_service import ClienteCerrado
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.api.services.pacientes_service import PacienteNoActivo
from app.api.services.reglas_reserva_service import CampoDeLaClinica
from app.config.permissions import Permiso
from app.utils.contenidos import MIMES
from app.utils.routing import PREFIJO, Resource
from app.utils.schemas import Pagina

api = Resource("adjuntos", path="", tag="Adjuntos")
LECTURA = (MotivoRequerido,)


@api.get(
    "/adjuntos",
    permission=Permiso.ADJUNTOS_LEER,
    output=Pagina[AdjuntoLectura],
    portal=Pagina[AdjuntoPortal],
    errors=LECTURA,
)
def listar(query: AdjuntoFiltro) -> Any:
    """Lista los adjuntos"""
    return adjuntos.listar(query)


@api.get(
    "/pacientes/<uuid:id>/adjuntos",
    permission=Permiso.ADJUNTOS_LEER,
    output=Pagina[AdjuntoLectura],
    portal=Pagina[AdjuntoPortal],
    errors=LECTURA,
)
def listar_de_paciente(id: UUID, query: AdjuntoDePacienteFiltro) -> Any:
    """Lista los adjuntos de un paciente y de sus consultas"""
    return adjuntos.listar_de_paciente(id, query)


@api.post(
    "/adjuntos",
    permission=Permiso.ADJUNTOS_CREAR,
    output=AdjuntoLectura,
    portal=AdjuntoPortal,
    status=201,
    errors=(
        adjuntos.FicheroNoAdmitido,
        adjuntos.ImagenDemasiadoGrande,
        adjuntos.ClaseNoPermitida,
        adjuntos.ClaseInadecuada,
        ConsultaAnulada,
        PacienteNoActivo,
        ClienteCerrado,
        CampoDeLaClinica,
        FueraDeSusSedes,
    ),
)
def crear(body: AdjuntoCrear) -> Any:
    """Sube un fichero

    Se admiten JPEG, PNG, WebP, PDF, DICOM, DOCX, XLSX, MP4, MOV, CSV y texto, y lo que es lo dice su contenido.
    Las fotos se guardan derechas y sin metadatos: ni dónde ni con qué se hicieron.
    """
    return adjuntos.crear(body)


@api.get(
    "/adjuntos/<uuid:id>", permission=Permiso.ADJUNTOS_LEER, output=AdjuntoLectura, portal=AdjuntoPortal, errors=LECTURA
)
def obtener(id: UUID) -> Any:
    """Lee los datos de un adjunto"""
    return adjuntos.obtener(id)


@api.delete("/adjuntos/<uuid:id>", permission=Permiso.ADJUNTOS_ELIMINAR, errors=(adjuntos.BajaSinMotivo,))
def eliminar(id: UUID, query: Baja) -> Any:
    """Da de baja un adjunto"""
    return adjuntos.eliminar(id, query.motivo)


@api.get("/adjuntos/<uuid:id>/contenido", permission=Permiso.ADJUNTOS_LEER, produces=MIMES, signed=True, errors=LECTURA)
def descargar(id: UUID) -> Any:
    """Descarga el contenido de un adjunto

    Con el token, o con la `firma` de un enlace de `POST /adjuntos/{id}/enlace`. Admite `Range`.
    """
    return descargas.contenido(id)


@api.get(
    "/adjuntos/<uuid:id>/miniatura",
    permission=Permiso.ADJUNTOS_LEER,
    produces=("image/webp",),
    errors=(descargas.SinMiniatura, *LECTURA),
)
def descargar_miniatura(id: UUID) -> Any:
    """Descarga la miniatura de una imagen"""
    return descargas.miniatura(id)


@api.post("/adjuntos/<uuid:id>/enlace", permission=Permiso.ADJUNTOS_LEER, output=Enlace, portal=Enlace, errors=LECTURA)
def firmar_enlace(id: UUID) -> Any:
    """Firma un enlace de descarga que dura cinco minutos

    Al usarlo se vuelve a mirar quién lo pidió y qué puede ver: quien deja de poder verlo lo pierde al instante.
    """
    return descargas.firmar_enlace(id, f"{PREFIJO}/adjuntos/{id}/contenido")


@api.post("/adjuntos/<uuid:id>/publicacion", permission=Permiso.ADJUNTOS_PUBLICAR, output=AdjuntoLectura)
def publicar(id: UUID) -> Any:
    """Publica un adjunto en el portal"""
    return adjuntos.publicar(id)


@api.post("/adjuntos/<uuid:id>/retirada", permission=Permiso.ADJUNTOS_PUBLICAR, output=AdjuntoLectura)
def retirar(id: UUID) -> Any:
    """Retira un adjunto del portal"""
    return adjuntos.retirar(id)
