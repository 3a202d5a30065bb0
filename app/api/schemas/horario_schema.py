"""El contrato de los horarios y de sus excepciones."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.api.models.agenda import TipoExcepcion
from app.utils.schemas import Aviso, Fecha, Hora, Instante, PageQuery, Partial, Schema


class HorarioCampos(Schema):
    """Una franja semanal; si ``hora_fin`` no es posterior, acaba al día siguiente."""

    dia_semana: int = Field(ge=1, le=7, examples=[1], description="1, lunes; 7, domingo")
    hora_inicio: Hora = Field(examples=["09:00"])
    hora_fin: Hora = Field(examples=["14:00"])
    desde: Fecha = Field(examples=["2026-12-01"], description="Primer día en que vale")
    hasta: Fecha | None = Field(default=None, description="Último día en que vale; sin él, no caduca")


class HorarioCrear(HorarioCampos):
    """Una franja nueva de la sede o del recurso de la ruta."""


class HorarioProfesionalCrear(HorarioCampos):
    """Una franja nueva de un profesional en una sede."""

    sede_id: UUID


class HorarioEditar(Partial, HorarioCampos):
    """Cambios en una franja; su dueño y su sede no cambian."""


class HorarioLectura(Schema):
    """Una franja semanal, en la hora local de su sede."""

    id: UUID
    sede_id: UUID
    profesional_id: UUID | None
    recurso_id: UUID | None
    dia_semana: int
    hora_inicio: str
    hora_fin: str
    desde: date
    hasta: date | None
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class HorarioFiltro(PageQuery):
    """Filtros de la lista de horarios."""

    sede_id: UUID | None = None
    dia_semana: int | None = Field(default=None, ge=1, le=7)
    vigente_en: Fecha | None = Field(default=None, description="Sólo las franjas que valen ese día")


class ExcepcionCampos(Schema):
    """Días en que el horario cambia; sin horas, el día entero."""

    tipo: TipoExcepcion = Field(examples=["festivo"])
    desde: Fecha = Field(examples=["2026-12-25"])
    hasta: Fecha | None = Field(default=None, description="Último día, incluido; sin él, sólo el primero")
    hora_inicio: Hora | None = Field(default=None, description="Con `hora_fin`, sólo esas horas de cada día")
    hora_fin: Hora | None = None
    descripcion: str | None = Field(default=None, max_length=120, examples=["Navidad"])


class ExcepcionCrear(ExcepcionCampos):
    """Una excepción nueva de la sede o del recurso de la ruta."""


class ExcepcionProfesionalCrear(ExcepcionCrear):
    """Una excepción nueva de un profesional; sin ``sede_id``, en todas sus sedes."""

    sede_id: UUID | None = None


class ExcepcionEditar(Partial, ExcepcionCampos):
    """Cambios en una excepción; su dueño y su sede no cambian."""


class ExcepcionLectura(Schema):
    """Una excepción del horario, en la hora local de su sede."""

    id: UUID
    sede_id: UUID | None
    profesional_id: UUID | None
    recurso_id: UUID | None
    tipo: str
    desde: date
    hasta: date
    hora_inicio: str | None
    hora_fin: str | None
    descripcion: str | None
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class ExcepcionFiltro(PageQuery):
    """Filtros de la lista de excepciones; las fechas se incluyen."""

    sede_id: UUID | None = None
    tipo: list[TipoExcepcion] = Field(default=[], max_length=10)
    desde: Fecha | None = None
    hasta: Fecha | None = None
