"""Las reglas de alerta de medicación de cada organización: qué comprueban, con qué gravedad y de dónde salen."""

from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.medicamento import EstadoValidacion
from app.utils.alertas_medicacion import TipoRegla
from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, texto
from app.utils.errors import BusinessRule, Conflict, restriccion
from app.utils.medicacion import Gravedad


class ReglaDuplicada(Conflict):
    """Ya hay una regla con ese código y esa variante."""


class ReglaDeBloqueo(BusinessRule):
    """Una regla que bloquea no se rebaja ni, si es de fábrica, se apaga o se cambia."""


for _restriccion in ("reglas_alerta_sin_rebaja", "reglas_alerta_bloqueo_ck"):
    restriccion(_restriccion, ReglaDeBloqueo)


class ReglaAlerta(DeOrganizacion, Archivable, Entity, Base):
    """Una regla: los datos con los que el motor decide si salta. Un código puede tener varias variantes."""

    __tablename__ = "reglas_alerta"
    __table_args__ = (
        UniqueConstraint(
            "organizacion_id", "codigo", "variante", name=restriccion("reglas_alerta_codigo_uq", ReglaDuplicada)
        ),
        CheckConstraint("variante > 0", name="variante"),
        # Un bloqueo de fábrica no se apaga; que ninguno se rebaje lo vigila un disparador.
        CheckConstraint("NOT (semilla AND gravedad = 'bloqueo') OR (activa AND activo)", name="bloqueo"),
    )

    codigo: Mapped[str] = mapped_column(texto(20))
    variante: Mapped[int] = mapped_column(SmallInteger(), default=1)
    tipo: Mapped[TipoRegla] = mapped_column(opcion(TipoRegla, "tipo"))
    gravedad: Mapped[Gravedad] = mapped_column(opcion(Gravedad, "gravedad"))
    mensaje: Mapped[str] = mapped_column(texto(300))
    parametros: Mapped[dict[str, Any]] = mapped_column(default=dict)
    activa: Mapped[bool] = mapped_column(default=True)
    semilla: Mapped[bool] = mapped_column(default=False)
    fuente: Mapped[str | None] = mapped_column(texto(40))
    estado_validacion: Mapped[EstadoValidacion] = mapped_column(
        opcion(EstadoValidacion, "estado_validacion"), default=EstadoValidacion.POR_REVISAR
    )
