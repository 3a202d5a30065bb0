"""Cómo se lee y se pide una cita."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework import serializers

from bench.pares.drf.base import Estricto, PaginaFiltro
from bench.pares.drf.models import Cita, CitaCambio


class CitaFiltro(PaginaFiltro):
    """Filtros de la lista."""

    fecha = serializers.DateField(required=False)
    profesional_id = serializers.UUIDField(required=False)


class CitaCrear(Estricto):
    """Reserva para un animal con ficha, en un instante."""

    sede_id = serializers.UUIDField()
    tipo_cita_id = serializers.UUIDField()
    cliente_id = serializers.UUIDField()
    paciente_id = serializers.UUIDField()
    inicio = serializers.DateTimeField()
    fin = serializers.DateTimeField(required=False, allow_null=True, default=None)
    profesional_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    auxiliar_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    recursos = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=10)
    origen = serializers.ChoiceField(["recepcion", "telefono"], default="recepcion")
    prioridad = serializers.ChoiceField(["normal", "preferente", "urgente"], default="normal")
    motivo = serializers.CharField(required=False, allow_null=True, default=None, max_length=500)
    notas_internas = serializers.CharField(required=False, allow_null=True, default=None, max_length=2000)


class HoraDeSede(serializers.DateTimeField):
    """Un instante, en la hora de la sede de su cita."""

    def get_attribute(self, instance: Cita) -> datetime | None:
        """El instante en la zona de la sede."""
        valor = super().get_attribute(instance)
        return valor and valor.astimezone(ZoneInfo(instance.sede.zona_horaria))

    def enforce_timezone(self, value: datetime) -> datetime:
        """Ya está en la suya."""
        return value


class CambioLectura(serializers.ModelSerializer):
    """Un paso de la historia de la cita."""

    class Meta:
        model = CitaCambio
        fields = ("en", "por", "accion", "estado", "detalle")


class CitaLectura(serializers.ModelSerializer):
    """La cita completa, para la clínica."""

    sede = serializers.CharField(source="sede.nombre")
    zona_horaria = serializers.CharField(source="sede.zona_horaria")
    tipo_cita = serializers.CharField(source="tipo_cita.nombre")
    instrucciones = serializers.CharField(source="tipo_cita.instrucciones")
    color = serializers.CharField(source="tipo_cita.color")
    paciente = serializers.CharField(source="paciente.nombre")
    cliente = serializers.CharField(source="cliente.nombre_completo")
    profesional = serializers.CharField(source="profesional.nombre", default=None)
    pacientes = serializers.SerializerMethodField()
    consulta_id = serializers.SerializerMethodField()
    recursos = serializers.SerializerMethodField()
    cancelacion = serializers.SerializerMethodField()
    historial_cambios = serializers.SerializerMethodField()
    avisos = serializers.SerializerMethodField()
    inicio, fin, caduca_en, llegada_en, inicio_real, fin_real = (HoraDeSede() for _ in range(6))

    class Meta:
        model = Cita
        fields = (
            "id", "codigo", "sede_id", "sede", "tipo_cita_id", "tipo_cita", "instrucciones", "paciente_id", "paciente",
            "pacientes", "consulta_id", "profesional_id", "profesional", "inicio", "fin", "zona_horaria", "estado",
            "origen", "motivo", "version", "cliente_id", "cliente", "auxiliar_id", "recursos", "color", "prioridad",
            "notas_internas", "forzada", "motivo_forzado", "caduca_en", "llegada_en", "inicio_real", "fin_real",
            "cancelacion", "historial_cambios", "creado_en", "actualizado_en", "avisos",
        )  # fmt: skip

    def get_pacientes(self, cita: Cita) -> list[dict[str, Any]]:
        """Los animales que vienen, el primero delante."""
        todos, abiertas = [cita.paciente, *(uno.paciente for uno in cita.acompanantes.all())], _abiertas(cita)
        return [{"id": uno.id, "nombre": uno.nombre, "consulta_id": abiertas.get(uno.id)} for uno in todos]

    def get_consulta_id(self, cita: Cita) -> UUID | None:
        """La consulta del primer animal."""
        return _abiertas(cita).get(cita.paciente_id)

    def get_recursos(self, cita: Cita) -> list[Any]:
        """Los recursos que reserva."""
        return [uno.recurso_id for uno in cita.reservados.all()]

    def get_cancelacion(self, cita: Cita) -> dict[str, Any] | None:
        """Quién canceló, cuándo y por qué."""
        if cita.cancelada_en is None:
            return None
        en = cita.cancelada_en.astimezone(ZoneInfo(cita.sede.zona_horaria))
        return {"en": en, "por": cita.cancelada_por, "motivo": cita.cancelacion_motivo}

    def get_historial_cambios(self, cita: Cita) -> Any:
        """La historia, sólo cuando se lee una."""
        if not self.context.get("con_historial"):
            return None
        return CambioLectura(cita.cambios.order_by("en", "id"), many=True).data

    def get_avisos(self, cita: Cita) -> list[dict[str, str]]:
        """Lo que conviene saber de lo que se acaba de hacer."""
        return self.context.get("avisos", [])


def _abiertas(cita: Cita) -> dict[UUID, UUID]:
    """La última consulta que la cita abrió a cada animal."""
    return {una.paciente_id: una.id for una in cita.consultas.all()}
