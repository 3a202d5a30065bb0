"""El cliente: quien trae al animal y responde de él; sus autorizados y sus consentimientos."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.utils.context import ahora
from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion
from app.utils.transiciones import siguiente


class TipoCliente(StrEnum):
    """Qué clase de titular es."""

    PERSONA = "persona"
    EMPRESA = "empresa"
    PROTECTORA = "protectora"
    ADMINISTRACION = "administracion"
    EXPLOTACION = "explotacion"


class Canal(StrEnum):
    """Por dónde prefiere que le avisen."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PUSH = "push"
    TELEFONO = "telefono"
    CARTA = "carta"
    NINGUNO = "ninguno"


class RegimenFiscal(StrEnum):
    """Cómo tributa lo que se le factura."""

    CONSUMIDOR = "consumidor"
    EMPRESARIO = "empresario"
    EXENTO = "exento"
    EXPLOTACION_AGRARIA = "explotacion_agraria"


class EstadoCliente(StrEnum):
    """Vida de la ficha del cliente."""

    ACTIVO = "activo"
    INACTIVO = "inactivo"
    FUSIONADO = "fusionado"
    ANONIMIZADO = "anonimizado"


# Estado -> acción (el nombre de su ruta) -> estado al que lleva.
TRANSICIONES: dict[EstadoCliente, dict[str, EstadoCliente]] = {
    EstadoCliente.ACTIVO: {
        "baja": EstadoCliente.INACTIVO,
        "fusion": EstadoCliente.FUSIONADO,
        "anonimizacion": EstadoCliente.ANONIMIZADO,
    },
    EstadoCliente.INACTIVO: {
        "reactivacion": EstadoCliente.ACTIVO,
        "fusion": EstadoCliente.FUSIONADO,
        "anonimizacion": EstadoCliente.ANONIMIZADO,
    },
    EstadoCliente.FUSIONADO: {},
    EstadoCliente.ANONIMIZADO: {},
}
CERRADOS = frozenset({EstadoCliente.FUSIONADO, EstadoCliente.ANONIMIZADO})


class Finalidad(StrEnum):
    """Para qué se consiente el tratamiento de datos."""

    ASISTENCIA = "asistencia"
    COMUNICACIONES_COMERCIALES = "comunicaciones_comerciales"
    IMAGENES_REDES = "imagenes_redes"
    CESION_SEGURO = "cesion_seguro"
    INVESTIGACION = "investigacion"


class BaseLegal(StrEnum):
    """En qué se apoya el tratamiento."""

    CONSENTIMIENTO = "consentimiento"
    CONTRATO = "contrato"
    OBLIGACION_LEGAL = "obligacion_legal"
    INTERES_LEGITIMO = "interes_legitimo"


class CanalConsentimiento(StrEnum):
    """Por dónde se manifestó el cliente."""

    PRESENCIAL = "presencial"
    TELEFONO = "telefono"
    EMAIL = "email"
    WEB = "web"
    PORTAL = "portal"


class IdentificadorFiscalDuplicado(Conflict):
    """Otro cliente tiene ya ese identificador fiscal."""


class IdExternoDuplicado(Conflict):
    """Otro registro tiene ya ese identificador externo."""


class Cliente(DeOrganizacion, Archivable, Entity, Base):
    """Titular: persona o entidad que trae y paga."""

    __tablename__ = "clientes"
    __table_args__ = (
        UniqueConstraint("organizacion_id", "codigo"),
        UniqueConstraint(
            "organizacion_id", "id_externo", name=restriccion("clientes_id_externo_uq", IdExternoDuplicado)
        ),
        Index(
            restriccion("clientes_identificador_fiscal_uq", IdentificadorFiscalDuplicado),
            "organizacion_id",
            "identificador_fiscal",
            "pais_identificador",
            unique=True,
            postgresql_where="estado NOT IN ('fusionado', 'anonimizado')",
        ),
        CheckConstraint(
            "email IS NOT NULL OR jsonb_array_length(telefonos) > 0 OR estado IN ('anonimizado', 'fusionado')",
            name="con_contacto",
        ),
        CheckConstraint(
            "(tipo = 'persona' AND nombre IS NOT NULL) OR (tipo <> 'persona' AND razon_social IS NOT NULL)",
            name="con_nombre",
        ),
        CheckConstraint("descuento_pct BETWEEN 0 AND 100", name="descuento"),
        CheckConstraint("(estado = 'fusionado') = (fusionado_en_id IS NOT NULL)", name="fusion"),
        referencia("sede_habitual_id", "sedes"),
        referencia("fusionado_en_id", "clientes"),
        Index(None, "organizacion_id", "nombre_orden", "id"),
        Index(None, "organizacion_id", "creado_en", "id"),
        Index(None, "organizacion_id", "email"),
        Index(None, "organizacion_id", "identificador_fiscal"),
        Index(None, "organizacion_id", "fusionado_en_id"),
        Index(
            "clientes_busqueda_ix",
            "nombre_orden",
            postgresql_using="gin",
            postgresql_ops={"nombre_orden": "gin_trgm_ops"},
        ),
        Index(
            "clientes_telefonos_ix",
            "telefonos_texto",
            postgresql_using="gin",
            postgresql_ops={"telefonos_texto": "gin_trgm_ops"},
        ),
    )

    codigo: Mapped[str] = mapped_column(texto(20))
    tipo: Mapped[TipoCliente] = mapped_column(opcion(TipoCliente, "tipo"))
    nombre: Mapped[str | None] = mapped_column(texto(120))
    apellidos: Mapped[str | None] = mapped_column(texto(120))
    razon_social: Mapped[str | None] = mapped_column(texto(120))
    nombre_orden: Mapped[str] = mapped_column(
        texto(400),
        Computed(
            "servet_normalizar(coalesce(razon_social, coalesce(nombre, '') || ' ' || coalesce(apellidos, '')))",
            persisted=True,
        ),
    )
    identificador_fiscal: Mapped[str | None] = mapped_column(texto(30))
    tipo_identificador: Mapped[str | None] = mapped_column(texto(10))
    pais_identificador: Mapped[str | None] = mapped_column(texto(2))
    telefonos: Mapped[list[Any]] = mapped_column(default=list)
    telefonos_texto: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(texto(254))
    direccion: Mapped[dict[str, Any] | None]
    idioma: Mapped[str] = mapped_column(texto(10), default="es")
    canal_preferido: Mapped[Canal] = mapped_column(opcion(Canal, "canal_preferido"), default=Canal.EMAIL)
    preferencias: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sede_habitual_id: Mapped[UUID | None]
    descuento_pct: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal("0.00"))
    regimen_fiscal: Mapped[RegimenFiscal] = mapped_column(
        opcion(RegimenFiscal, "regimen_fiscal"), default=RegimenFiscal.CONSUMIDOR
    )
    codigo_rega: Mapped[str | None] = mapped_column(texto(20))
    limite_credito: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    bloqueo_morosidad: Mapped[bool] = mapped_column(default=False)
    notas_internas: Mapped[str | None]
    estado: Mapped[EstadoCliente] = mapped_column(opcion(EstadoCliente, "estado"), default=EstadoCliente.ACTIVO)
    fusionado_en_id: Mapped[UUID | None]
    id_externo: Mapped[str | None] = mapped_column(texto(80))

    def pasar_por(self, accion: str) -> None:
        """Aplica una acción, o dice cuáles caben. Errores: ``TransicionInvalida``."""
        self.estado = siguiente(TRANSICIONES, self.estado, accion)

    @validates("telefonos")
    def _indexar_telefonos(self, _clave: str, telefonos: list[Any]) -> list[Any]:
        self.telefonos_texto = " ".join(uno["numero"] for uno in telefonos)
        return telefonos

    @property
    def nombre_completo(self) -> str:
        """Cómo se le llama: nombre y apellidos, o razón social."""
        return self.razon_social or " ".join(parte for parte in (self.nombre, self.apellidos) if parte)


class ConsentimientoDatos(DeOrganizacion, Base):
    """Lo que el cliente consintió o retiró, y cuándo; el vigente es el último de cada finalidad."""

    __tablename__ = "consentimientos_datos"
    __table_args__ = (
        referencia("cliente_id", "clientes"),
        Index(None, "organizacion_id", "cliente_id", "finalidad", "en"),
    )

    cliente_id: Mapped[UUID]
    finalidad: Mapped[Finalidad] = mapped_column(opcion(Finalidad, "finalidad"))
    base_legal: Mapped[BaseLegal] = mapped_column(opcion(BaseLegal, "base_legal"))
    otorgado: Mapped[bool]
    texto_version: Mapped[str] = mapped_column(texto(40))
    canal: Mapped[CanalConsentimiento] = mapped_column(opcion(CanalConsentimiento, "canal"))
    en: Mapped[datetime] = mapped_column(default=ahora)
    registrado_por: Mapped[UUID | None]


class Autorizado(DeOrganizacion, Archivable, Entity, Base):
    """Persona a la que el titular concede permisos concretos."""

    __tablename__ = "autorizados"
    __table_args__ = (
        referencia("cliente_id", "clientes"),
        referencia("cliente_autorizado_id", "clientes"),
        Index(None, "organizacion_id", "cliente_id"),
        Index(None, "organizacion_id", "cliente_autorizado_id"),
        CheckConstraint("hasta IS NULL OR hasta >= desde", name="fechas"),
        CheckConstraint("cliente_autorizado_id IS DISTINCT FROM cliente_id", name="otro"),
    )

    cliente_id: Mapped[UUID]
    cliente_autorizado_id: Mapped[UUID | None]
    nombre: Mapped[str] = mapped_column(texto(120))
    documento: Mapped[str | None] = mapped_column(texto(30))
    telefono: Mapped[str | None] = mapped_column(texto(20))
    puede_ver_historial: Mapped[bool] = mapped_column(default=False)
    puede_pedir_cita: Mapped[bool] = mapped_column(default=False)
    puede_autorizar_tratamientos: Mapped[bool] = mapped_column(default=False)
    puede_ver_facturas: Mapped[bool] = mapped_column(default=False)
    limite_importe: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    desde: Mapped[date]
    hasta: Mapped[date | None]
