"""Las vacunas que le tocan a un paciente: los protocolos de su especie y las dosis que lleva puestas."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject

from app.utils.calendario_vacunal import Requisito
from bench.pares.comun import vacunas
from bench.pares.drf.models import Paciente, ProtocoloVacunal, RequisitoTerritorial, Sede, Vacunacion


def proximas(paciente: Paciente, hoy: date) -> list[dict[str, Any]]:
    """Lo que toca de cada protocolo; de quien ha muerto, nada."""
    if paciente.estado in vacunas.SIN_CALENDARIO:
        return []
    puestas = Vacunacion.objects.filter(
        organizacion_id=paciente.organizacion_id, paciente_id=paciente.id, anulado_en=None
    )
    exigido = RequisitoTerritorial.objects.filter(
        Q(vigente_hasta=None) | Q(vigente_hasta__gte=hoy), organizacion_id=paciente.organizacion_id, activo=True,
        vigente_desde__lte=hoy, especie=paciente.especie_id, protocolo=OuterRef("codigo"),
        territorio=_territorio(paciente, puestas),
    ).values(
        exige=JSONObject(
            obligatoria="obligatoria", dosis_iniciales="dosis_iniciales", periodicidad_meses="periodicidad_meses"
        )
    )  # fmt: skip
    protocolos = ProtocoloVacunal.objects.filter(
        organizacion_id=paciente.organizacion_id, activo=True, especies__contains=[paciente.especie_id]
    ).annotate(exige=exigido)
    dosis = puestas.filter(vacuna__organizacion_id=paciente.organizacion_id).annotate(
        protocolos=F("vacuna__protocolos"), validez_meses=F("vacuna__validez_meses")
    )
    return vacunas.proximas(
        [(uno, Requisito(**uno.exige) if uno.exige else None) for uno in protocolos], dosis,
        paciente.organizacion.config, paciente.fecha_nacimiento, hoy,
    )  # fmt: skip


def _territorio(paciente: Paciente, puestas: QuerySet[Vacunacion]) -> QuerySet:
    """El de la sede que lo vacunó; si no, de la suya; y si no tiene, de la primera."""
    sedes = Sede.objects.filter(organizacion_id=paciente.organizacion_id)
    ultima = puestas.exclude(sede_id=None).order_by("-fecha", "-id").values("sede_id")[:1]
    suya = Value(paciente.titular_sede_id or paciente.sede_alta_id)
    primera = sedes.filter(activo=True).order_by("creado_en", "id").values("id")[:1]
    return sedes.filter(id=Coalesce(ultima, suya, primera)).values("territorio_sanitario")[:1]
