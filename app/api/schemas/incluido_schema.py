"""Las fichas que se pueden pedir junto a una cita o a una espera."""

from app.api.schemas.cliente_schema import ClienteLectura
from app.api.schemas.paciente_schema import PacienteLectura, PacientePortal
from app.api.schemas.profesional_schema import ProfesionalLectura, ProfesionalPortal
from app.api.schemas.sede_schema import SedeLectura, SedePortal
from app.api.schemas.tipo_cita_schema import TipoCitaLectura, TipoCitaPortal
from app.utils.schemas import Schema, si_se_pide


class IncluidoEnAgendaPortal(Schema):
    """Lo que se pidió con `incluir`; nulo lo que no existe o no se puede ver."""

    paciente: PacientePortal | None = si_se_pide()
    profesional: ProfesionalPortal | None = si_se_pide()
    sede: SedePortal | None = si_se_pide()
    tipo_cita: TipoCitaPortal | None = si_se_pide()


class IncluidoEnAgenda(IncluidoEnAgendaPortal):
    """Lo que se pidió con `incluir`; nulo lo que no existe o no se puede ver."""

    cliente: ClienteLectura | None = si_se_pide()
    paciente: PacienteLectura | None = si_se_pide()
    profesional: ProfesionalLectura | None = si_se_pide()
    sede: SedeLectura | None = si_se_pide()
    tipo_cita: TipoCitaLectura | None = si_se_pide()
