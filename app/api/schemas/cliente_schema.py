"""El contrato de los clientes: su ficha, lo que ve el portal y cómo se buscan."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.api.models.cliente import Canal, EstadoCliente, RegimenFiscal, TipoCliente
from app.api.models.usuario import EstadoUsuario
from app.utils.correos import Correo
from app.utils.schemas import (
    Aviso,
    DecimalLeido,
    Importe,
    Instante,
    PageQuery,
    Partial,
    Porcentaje,
    Query,
    Schema,
)

Pais = Annotated[
    str,
    BeforeValidator(lambda valor: valor.strip().upper() if isinstance(valor, str) else valor),
    Field(pattern=r"^[A-Z]{2}$"),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2}$", "examples": ["ES"]}),
]


class Telefono(Schema):
    """Un teléfono; sin prefijo internacional, es del país de la organización."""

    numero: str = Field(min_length=3, max_length=30, examples=["612 345 678"])
    etiqueta: str | None = Field(default=None, max_length=40, examples=["móvil"])
    principal: bool = Field(default=False, examples=[True])


class Direccion(Schema):
    """Dirección postal."""

    calle: str | None = Field(default=None, max_length=120, examples=["Calle Mayor"])
    numero: str | None = Field(default=None, max_length=20, examples=["12"])
    piso: str | None = Field(default=None, max_length=40)
    cp: str | None = Field(default=None, max_length=12, examples=["28013"])
    municipio: str | None = Field(default=None, max_length=80, examples=["Madrid"])
    provincia: str | None = Field(default=None, max_length=80)
    pais: Pais | None = None


class PorCanal(Schema):
    """Si quiere recibir algo, canal a canal; lo que no consta no se ha dicho."""

    email: bool | None = None
    sms: bool | None = None
    whatsapp: bool | None = None
    push: bool | None = None
    telefono: bool | None = None
    carta: bool | None = None


class Preferencias(Schema):
    """Qué quiere recibir, por finalidad."""

    cita: PorCanal | None = None
    clinico: PorCanal | None = None
    preventivo: PorCanal | None = None
    marketing: PorCanal | None = None


class ClienteCampos(Schema):
    """Lo que se puede escribir de un cliente."""

    tipo: TipoCliente = Field(examples=["persona"])
    nombre: str | None = Field(default=None, min_length=1, max_length=120, examples=["Lucía"])
    apellidos: str | None = Field(default=None, min_length=1, max_length=120, examples=["Romero Gil"])
    razon_social: str | None = Field(default=None, min_length=1, max_length=120)
    identificador_fiscal: str | None = Field(default=None, min_length=1, max_length=30)
    tipo_identificador: str | None = Field(default=None, min_length=2, max_length=10, pattern=r"^[A-Za-z_]+$")
    pais_identificador: Pais | None = None
    telefonos: list[Telefono] = Field(default=[], max_length=10, examples=[[{"numero": "612 345 678"}]])
    email: Correo | None = Field(default=None, examples=["lucia.romero@example.com"])
    direccion: Direccion | None = None
    idioma: str = Field(default="es", max_length=10, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", examples=["es"])
    canal_preferido: Canal = Canal.EMAIL
    preferencias: Preferencias = Field(default=Preferencias(), examples=[{"marketing": {"email": False}}])
    sede_habitual_id: UUID | None = None
    descuento_pct: Porcentaje = Field(default=Decimal("0.00"), examples=["5.00"])
    regimen_fiscal: RegimenFiscal = RegimenFiscal.CONSUMIDOR
    codigo_rega: str | None = Field(default=None, min_length=1, max_length=20)
    limite_credito: Importe | None = None
    bloqueo_morosidad: bool = False
    notas_internas: str | None = Field(default=None, max_length=10_000)
    id_externo: str | None = Field(default=None, min_length=1, max_length=80)


class ClienteCrear(ClienteCampos):
    """Alta de un cliente."""


class ClienteEditar(Partial, ClienteCampos):
    """Cambios en la ficha; el titular, en el portal, sólo los de contacto y preferencias."""


class NotasInternas(Partial):
    """Lo que la clínica anota para sí; nunca llega al portal."""

    notas_internas: str | None = Field(
        default=None, max_length=10_000, examples=["Prefiere que le llamen por la tarde"]
    )


class ClientePortal(Schema):
    """Lo que el cliente ve de sí mismo: lista blanca."""

    id: UUID
    codigo: str
    tipo: str
    nombre: str | None
    apellidos: str | None
    razon_social: str | None
    nombre_completo: str
    identificador_fiscal: str | None
    tipo_identificador: str | None
    pais_identificador: str | None
    telefonos: list[Telefono]
    email: str | None
    direccion: Direccion | None
    idioma: str
    canal_preferido: str
    preferencias: dict[str, dict[str, bool]]
    sede_habitual_id: UUID | None
    version: int


class ClienteLectura(ClientePortal):
    """La ficha completa, para la clínica."""

    descuento_pct: DecimalLeido
    regimen_fiscal: str
    codigo_rega: str | None
    limite_credito: DecimalLeido | None
    bloqueo_morosidad: bool
    notas_internas: str | None
    estado: EstadoCliente
    fusionado_en_id: UUID | None
    baja_en: Instante | None
    baja_motivo: str | None
    id_externo: str | None
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class ClienteFiltro(PageQuery):
    """Filtros de la lista de clientes."""

    q: str | None = Field(
        default=None, min_length=2, max_length=60,
        description="Nombre, razón social, teléfono o correo; tolera una errata", examples=["romero"],
    )  # fmt: skip
    telefono: str | None = Field(default=None, min_length=6, max_length=30, pattern=r"^[+\d][\d\s().\-]*$")
    email: str | None = Field(default=None, max_length=254)
    identificador_fiscal: str | None = Field(default=None, min_length=1, max_length=30)
    estado: list[EstadoCliente] = Field(default=[], max_length=10)
    sede_id: UUID | None = Field(default=None, description="Su sede habitual")


class FusionCliente(Schema):
    """El cliente que queda."""

    con_id: UUID


class FusionClienteConsulta(Query):
    """El cliente que quedaría."""

    con_id: UUID


class Diferencia(Schema):
    """Un campo que no es igual en las dos fichas; queda el del destino."""

    campo: str
    origen: str | None
    destino: str | None


class FusionPrevia(Schema):
    """Lo que haría la fusión."""

    origen_id: UUID
    destino_id: UUID
    mueve: dict[str, int]
    diferencias: list[Diferencia]
    avisos: list[Aviso] = []


class Invitacion(Schema):
    """La cuenta del portal que se ha invitado."""

    usuario_id: UUID
    email: str
    estado: EstadoUsuario
    expira_en: Instante
