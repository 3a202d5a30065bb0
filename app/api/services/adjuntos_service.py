"""Los ficheros de un paciente, de una consulta o de un cliente: subirlos, leerlos, publicarlos y darlos de baja."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, union_all

from app.api.models import alcance_adjuntos  # noqa: F401 - declara qué adjuntos ve cada cual
from app.api.models.adjunto import VINCULOS, Adjunto, ClaseAdjunto
from app.api.models.cliente import CERRADOS, Cliente
from app.api.models.consulta import Consulta, ConsultaAnulada, EstadoConsulta
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.schemas.adjunto_schema import AdjuntoCrear, AdjuntoDePacienteFiltro, AdjuntoFiltro
from app.api.services import almacen_service as almacen
from app.api.services.acceso_clinico_service import de_consulta, exigir_relacion
from app.api.services.clientes_service import ClienteCerrado
from app.api.services.limite_sedes_service import exigir_propias
from app.api.services.pacientes_service import PacienteNoActivo
from app.api.services.reglas_reserva_service import CampoDeLaClinica
from app.config.permissions import Alcance, Permiso
from app.config.settings import get_settings
from app.utils.contenidos import Examinado, NoAdmitido, examinar
from app.utils.context import ahora, avisar, identidad
from app.utils.errors import BusinessRule, DemasiadoGrande, Forbidden, NoDisponible, NoEncontrado
from app.utils.ficheros import Fichero, sanear_nombre
from app.utils.imagenes import ImagenEnorme, ImagenesEnCola
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, dato, fetch, find, remove

# Lo que dicen los programas cuando no saben qué envían.
_SIN_TIPO = frozenset({"", "application/octet-stream"})
REINTENTO_S = 5


class FicheroNoAdmitido(BusinessRule):
    """Ese tipo de fichero no se admite, o está dañado."""


class ImagenDemasiadoGrande(BusinessRule):
    """La imagen tiene demasiados píxeles: redúzcala antes de subirla."""


class ClaseNoPermitida(Forbidden):
    """No puede subir adjuntos clínicos."""


class ClaseInadecuada(BusinessRule):
    """Lo que es de un cliente es administrativo."""


class BajaSinMotivo(BusinessRule):
    """Hay que decir por qué se da de baja."""


def listar(filtro: AdjuntoFiltro) -> Page:
    """Los adjuntos que quien pide puede ver, del último al primero.

    Los clínicos se piden por su paciente o su consulta, que es donde se mira por qué los lee.
    """
    donde = [getattr(Adjunto, vinculo) == buscado for vinculo in VINCULOS if (buscado := getattr(filtro, vinculo))]
    if filtro.paciente_id:
        _exigir_relacion(filtro.paciente_id)
    elif filtro.consulta_id:
        _exigir_relacion(de_consulta(filtro.consulta_id))
    elif not identidad().es_cliente:
        donde.append(Adjunto.clase == ClaseAdjunto.ADMINISTRATIVO)
    return _pagina(filtro, *donde)


def listar_de_paciente(paciente_id: UUID, filtro: AdjuntoDePacienteFiltro) -> Page:
    """Los de un paciente, también los de sus consultas."""
    fetch(select(Paciente.id).where(Paciente.id == paciente_id))
    _exigir_relacion(paciente_id)
    return _pagina(filtro, Adjunto.id.in_(_suyos(paciente_id)))


def _suyos(paciente_id: UUID) -> Any:
    """Los de la ficha y los de sus consultas, cada uno por su índice: juntos en una condición se leerían todos."""
    propios, ajenos = (Adjunto.__table__.alias(nombre) for nombre in ("adjuntos_propios", "adjuntos_de_consulta"))
    consultas, org = Consulta.__table__.alias("consultas_del_paciente"), dato("organizacion_actual")
    de_consulta_suya = and_(ajenos.c.organizacion_id == org, ajenos.c.consulta_id == consultas.c.id)
    return union_all(
        select(propios.c.id).where(propios.c.organizacion_id == org, propios.c.paciente_id == paciente_id),
        select(ajenos.c.id)
        .join(consultas, de_consulta_suya)
        .where(consultas.c.organizacion_id == org, consultas.c.paciente_id == paciente_id),
    )


def _pagina(filtro: AdjuntoDePacienteFiltro, *donde: Any) -> Page:
    consulta = select(*columns(Adjunto)).where(Adjunto.activo, *donde)
    if filtro.clase:
        consulta = consulta.where(Adjunto.clase == filtro.clase)
    if filtro.etiqueta:
        consulta = consulta.where(Adjunto.etiquetas.contains([filtro.etiqueta]))
    return paginate(consulta, filtro, {"creado_en": Adjunto.creado_en}, "-creado_en", Adjunto.id)


def obtener(id: UUID) -> Any:
    """Lo que se sabe de un adjunto, sin su contenido. Errores: ``MotivoRequerido``, si es clínico."""
    fila = _leer(id)
    if fila.clase == ClaseAdjunto.CLINICO:
        exigir_relacion(fila.paciente_id or de_consulta(fila.consulta_id), "adjuntos", id)
    return fila


def _leer(id: UUID) -> Any:
    return fetch(select(*columns(Adjunto)).where(Adjunto.id == id, Adjunto.activo))


def _exigir_relacion(paciente: Any) -> None:
    """Quien sólo ve lo administrativo no tiene que decir por qué lo mira."""
    if identidad().alcance(Permiso.ADJUNTOS_CLINICOS) is not Alcance.NADA:
        exigir_relacion(paciente, "adjuntos")


def crear(datos: AdjuntoCrear) -> Reread:
    """Comprueba un fichero, lo guarda y apunta de qué es.

    Primero el contenido y luego la fila: si algo falla en medio sobra un contenido, que se limpia, y nunca falta.
    """
    clase = _clase(datos)
    examinado = _examinar(datos.fichero)
    _exigir_vinculo(datos)
    actual = identidad()
    huella = sha256(examinado.contenido).hexdigest()
    imagen = examinado.imagen
    almacen.guardar(actual.organizacion_id, huella, examinado.contenido, imagen.miniatura if imagen else None)
    adjunto = Adjunto(
        **{vinculo: getattr(datos, vinculo) for vinculo in VINCULOS},
        clase=clase,
        nombre=sanear_nombre(datos.fichero.nombre, examinado.tipo.extensiones),
        tipo_mime=examinado.tipo.mime,
        bytes=len(examinado.contenido),
        sha256=huella,
        ancho=imagen.ancho if imagen else None,
        alto=imagen.alto if imagen else None,
        etiquetas=datos.etiquetas,
        subido_por_cliente_id=actual.cliente_id,
    )
    return Reread(_leer, add(adjunto).id)


def publicar(id: UUID) -> Reread:
    """El titular pasa a verlo en el portal."""
    adjunto = _activo(id)
    change(adjunto, {"publicado_en": adjunto.publicado_en or ahora()})
    return Reread(_leer, id)


def retirar(id: UUID) -> Reread:
    """El titular deja de verlo en el portal."""
    change(_activo(id), {"publicado_en": None})
    return Reread(_leer, id)


def eliminar(id: UUID, motivo: str | None) -> None:
    """Baja lógica: deja de verse y de descargarse, y su contenido se conserva. Errores: ``BajaSinMotivo``."""
    adjunto = _activo(id)
    if motivo is None:
        raise BajaSinMotivo(campo="/motivo")
    remove(adjunto, motivo)


def _activo(id: UUID) -> Adjunto:
    adjunto = find(Adjunto, id)
    if not adjunto.activo:
        raise NoEncontrado
    return adjunto


def _clase(datos: AdjuntoCrear) -> ClaseAdjunto:
    """La que se dice o, si no, la que corresponde a quién lo sube y de qué es."""
    if datos.cliente_id is not None:
        if datos.clase is ClaseAdjunto.CLINICO:
            raise ClaseInadecuada(campo="/clase")
        return ClaseAdjunto.ADMINISTRATIVO
    actual = identidad()
    clinico = actual.es_cliente or actual.tipo == "integracion"
    clinico = clinico or actual.alcance(Permiso.ADJUNTOS_CLINICOS) is not Alcance.NADA
    if datos.clase is ClaseAdjunto.CLINICO and not clinico:
        raise ClaseNoPermitida(campo="/clase")
    return datos.clase or (ClaseAdjunto.CLINICO if clinico else ClaseAdjunto.ADMINISTRATIVO)


def _examinar(fichero: Fichero) -> Examinado:
    if len(fichero.contenido) > get_settings().limite_adjunto:
        raise DemasiadoGrande
    try:
        examinado = examinar(fichero.contenido, fichero.nombre)
    except NoAdmitido:
        raise FicheroNoAdmitido(campo="/fichero") from None
    except ImagenEnorme:
        raise ImagenDemasiadoGrande(campo="/fichero") from None
    except ImagenesEnCola:
        raise NoDisponible("Se están procesando otras imágenes: vuelva a intentarlo", retry_after=REINTENTO_S) from None
    if fichero.tipo not in _SIN_TIPO and fichero.tipo != examinado.tipo.mime:
        avisar("TIPO_DISTINTO", f"El fichero no es del tipo que se decía: se guarda como {examinado.tipo.mime}")
    return examinado


def _exigir_vinculo(datos: AdjuntoCrear) -> None:
    """Que aquello de lo que es exista y admita adjuntos; nadie lo cierra hasta que esto acabe."""
    if datos.paciente_id and find(Paciente, datos.paciente_id, compartida=True).estado is EstadoPaciente.FUSIONADO:
        raise PacienteNoActivo(campo="/paciente_id")
    if datos.cliente_id and find(Cliente, datos.cliente_id, compartida=True).estado in CERRADOS:
        raise ClienteCerrado(campo="/cliente_id")
    if datos.consulta_id:
        if identidad().es_cliente:
            raise CampoDeLaClinica(campo="/consulta_id")
        consulta = find(Consulta, datos.consulta_id, compartida=True)
        exigir_propias([consulta.sede_id], "/consulta_id")
        if consulta.estado is EstadoConsulta.ANULADA:
            raise ConsultaAnulada(campo="/consulta_id")
