"""En qué sede se hace lo que se apunta: la que se dice o la primera de quien lo apunta."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from app.api.models.sede import Sede
from app.api.services.limite_sedes_service import exigir_propias, manda_en_todas
from app.utils.context import identidad
from app.utils.records import ask, rows


def pedir_sede_de_trabajo(pedida: UUID | None) -> Callable[[], UUID | None]:
    """Pone en camino la sede pedida, si es de las suyas, o su primera; se exige al llamarlo.

    Errores: ``NoEncontrado``, ``FueraDeSusSedes``.
    """
    if pedida:
        leer_sede = ask(Sede, pedida)

        def esperar() -> UUID:
            leer_sede()
            exigir_propias([pedida], "/sede_id")
            return pedida

        return esperar
    consulta = select(Sede.id).where(Sede.activo).order_by(Sede.creado_en, Sede.id).limit(1)
    if not manda_en_todas():
        consulta = consulta.where(Sede.id.in_(identidad().sedes))
    principales = rows(consulta)
    return lambda: next(iter(principales.scalars()), None)
