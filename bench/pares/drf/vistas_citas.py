"""Citas: las de un día y la reserva."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from rest_framework.response import Response

from bench.pares.drf.base import PorClave, SinConsulta, Vista
from bench.pares.drf.esquemas_cita import CitaCrear, CitaFiltro, CitaLectura
from bench.pares.drf.idempotencia import una_sola_vez
from bench.pares.drf.models import Cita, CitaPaciente, CitaRecurso, Consulta
from bench.pares.drf.problemas import Problema
from bench.pares.drf.reservas import reservar


def lectura(organizacion: UUID) -> QuerySet[Cita]:
    """Las citas, con lo que se lee con ellas."""
    acompanantes = CitaPaciente.objects.filter(organizacion_id=organizacion).select_related("paciente").order_by("id")
    recursos = CitaRecurso.objects.filter(organizacion_id=organizacion).order_by("recurso_id")
    consultas = Consulta.objects.filter(organizacion_id=organizacion).exclude(estado="anulada").order_by("id")
    return (
        Cita.objects.filter(organizacion_id=organizacion)
        .select_related("sede", "tipo_cita", "paciente", "cliente", "profesional")
        .prefetch_related(
            Prefetch("acompanantes", acompanantes), Prefetch("reservados", recursos), Prefetch("consultas", consultas)
        )
    )


class Citas(Vista):
    """La agenda."""

    permisos = {"GET": "citas:leer", "POST": "citas:crear"}

    def get(self, request: Any) -> Response:
        """Lista las citas, por hora de inicio."""
        filtro, quien = self.consulta(CitaFiltro), request.user
        citas = lectura(quien.organizacion_id)
        if quien.sedes is not None:
            citas = citas.filter(sede_id__in=quien.sedes)
        if "fecha" in filtro:
            inicio = datetime.combine(filtro["fecha"], time(), ZoneInfo(quien.zona))
            citas = citas.filter(inicio__gte=inicio, inicio__lt=inicio + timedelta(days=1))
        if "profesional_id" in filtro:
            citas = citas.filter(profesional_id=filtro["profesional_id"])
        paginas = PorClave("inicio", "id")
        filas = paginas.paginar(citas, filtro, request)
        return paginas.get_paginated_response(CitaLectura(filas, many=True).data)

    def post(self, request: Any) -> Response | HttpResponse:
        """Reserva una cita."""
        clave = request.headers.get("Idempotency-Key")
        if clave is None:
            raise Problema(400, "FALTA_IDEMPOTENCY_KEY", "Falta la cabecera Idempotency-Key")
        self.consulta(SinConsulta)
        leido = CitaCrear(data=request.data)
        leido.is_valid(raise_exception=True)
        return una_sola_vez(request, clave, lambda: self._reservada(request, leido.validated_data))

    def _reservada(self, request: Any, datos: dict[str, Any]) -> Response:
        id_, avisos = reservar(request, datos)
        cita = lectura(request.user.organizacion_id).get(id=id_)
        cuerpo = CitaLectura(cita, context={"con_historial": True, "avisos": avisos}).data
        return Response(cuerpo, 201, headers={"ETag": '"1"', "Location": f"{request.path}/{id_}"})
