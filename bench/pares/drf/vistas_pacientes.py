"""Pacientes: la ficha de cada animal."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from bench.pares.drf import auditoria
from bench.pares.drf.base import PorClave, SinConsulta, Vista
from bench.pares.drf.esquemas_paciente import PacienteEditar, PacienteFicha, PacienteFiltro, PacienteLectura
from bench.pares.drf.models import Especie, Paciente, Peso, Raza
from bench.pares.drf.problemas import Problema

_NO_FUTURAS = ("fecha_nacimiento", "fecha_esterilizacion", "fecha_microchip", "gestante_desde", "lactante_desde")
_TRAS_NACER = ("fecha_esterilizacion", "fecha_microchip", "fecha_fallecimiento")


def lectura(organizacion: UUID) -> QuerySet[Paciente]:
    """Los pacientes, con lo que se lee con ellos."""
    raza = Raza.objects.filter(especie=OuterRef("especie_id"), codigo=OuterRef("raza"))
    vigente = Q(titularidades__rol="titular", titularidades__hasta=None, titularidades__organizacion_id=organizacion)
    pesos = Peso.objects.filter(organizacion_id=organizacion, anulado_en=None).order_by("-medido_en", "-id")[:1]
    return (
        Paciente.objects.filter(organizacion_id=organizacion)
        .select_related("especie", "organizacion")
        .annotate(
            vigente=FilteredRelation("titularidades", condition=vigente),
            titular_id=F("vigente__cliente__id"),
            titular_nombre=F("vigente__cliente__nombre"),
            titular_apellidos=F("vigente__cliente__apellidos"),
            titular_razon=F("vigente__cliente__razon_social"),
            titular_sede_id=F("vigente__cliente__sede_habitual_id"),
            raza_mdr1=Subquery(raza.values("mdr1")[:1]),
            raza_ppp=Subquery(raza.values("ppp")[:1]),
        )
        .prefetch_related(Prefetch("pesos", pesos, to_attr="ultimos_pesos"))
    )


def etiquetas(cabecera: str) -> set[str]:
    """Las versiones de un If-Match o If-None-Match."""
    return {una.strip().removeprefix("W/").strip('"') for una in cabecera.split(",")}


class Pacientes(Vista):
    """La lista y la búsqueda."""

    permisos = {"GET": "pacientes:leer"}

    def get(self, request: Any) -> Response:
        """Lista los pacientes."""
        filtro = self.consulta(PacienteFiltro)
        pacientes = lectura(request.user.organizacion_id).exclude(estado="fusionado")
        paginas = PorClave("nombre_orden", "id")
        if "nombre" in filtro:
            with connection.cursor() as cursor:
                cursor.execute("SELECT servet_normalizar(%s)", [filtro["nombre"]])
                (prefijo,) = cursor.fetchone()
            pacientes = pacientes.filter(nombre_orden__gte=prefijo, nombre_orden__lt=prefijo + "\U0010ffff")
        if "q" in filtro:
            filas = _buscar(pacientes, paginas, filtro, request)
        else:
            filas = paginas.paginar(pacientes, filtro, request)
        return paginas.get_paginated_response(PacienteLectura(filas, many=True).data)


def _buscar(pacientes: QuerySet[Paciente], paginas: PorClave, filtro: dict[str, Any], request: Any) -> list[Paciente]:
    """Los que más se parecen: los puntúa la base, y son doscientos como mucho."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT puntuacion, id::text FROM buscar_pacientes(%s, 200, NULL, NULL, NULL, NULL, NULL, NULL)",
            [filtro["q"]],
        )
        hallados = sorted(cursor.fetchall(), reverse=True)
    if desde := paginas.desde(filtro, request):
        hallados = [uno for uno in hallados if uno < tuple(desde)]
    pagina = paginas.cortar(hallados, filtro["limite"], list)
    leidos = pacientes.in_bulk([id_ for _, id_ in pagina])
    return [leidos[UUID(id_)] for _, id_ in pagina]


class UnPaciente(Vista):
    """La ficha."""

    permisos = {"GET": "pacientes:leer", "PATCH": "pacientes:editar"}

    def get(self, request: Any, id: UUID) -> Response:
        """Lee la ficha de un paciente."""
        self.consulta(SinConsulta)
        paciente = lectura(request.user.organizacion_id).filter(id=id).first()
        if paciente is None:
            raise NotFound
        etag = {"ETag": f'"{paciente.version}"'}
        condicion = request.headers.get("If-None-Match")
        if condicion and not {str(paciente.version), "*"}.isdisjoint(etiquetas(condicion)):
            return Response(status=304, headers=etag)
        return Response(PacienteFicha(paciente).data, headers=etag)

    def patch(self, request: Any, id: UUID) -> Response:
        """Edita la ficha de un paciente."""
        condicion = request.headers.get("If-Match")
        if condicion is None:
            raise Problema(428, "FALTA_IF_MATCH", "Falta la cabecera If-Match con la versión leída")
        self.consulta(SinConsulta)
        leido = PacienteEditar(data=request.data, partial=True)
        leido.is_valid(raise_exception=True)
        organizacion = request.user.organizacion_id
        paciente = Paciente.objects.select_for_update().filter(organizacion_id=organizacion, id=id).first()
        if paciente is None:
            raise NotFound
        if {str(paciente.version), "*"}.isdisjoint(etiquetas(condicion)):
            raise Problema(412, "VERSION_OBSOLETA", "El registro ha cambiado desde que lo leyó")
        if paciente.estado == "fusionado":
            raise Problema(409, "PACIENTE_NO_ACTIVO", "El paciente no está activo")
        _guardar(request, paciente, dict(leido.validated_data))
        return self._releida(organizacion, id)

    def _releida(self, organizacion: UUID, id: UUID) -> Response:
        paciente = lectura(organizacion).get(id=id)
        return Response(PacienteFicha(paciente).data, headers={"ETag": f'"{paciente.version}"'})


def _guardar(request: Any, paciente: Paciente, nuevos: dict[str, Any]) -> None:
    if "fecha_nacimiento" in nuevos and not nuevos.get("precision_nacimiento"):
        nuevos["precision_nacimiento"] = "exacta" if nuevos["fecha_nacimiento"] else None
    cambios = {
        campo: (getattr(paciente, campo), valor) for campo, valor in nuevos.items() if getattr(paciente, campo) != valor
    }
    for campo, valor in nuevos.items():
        setattr(paciente, campo, valor)
    _comprobar(paciente, nuevos)
    if not cambios:
        return
    paciente.version += 1
    paciente.actualizado_en, paciente.actualizado_por = Now(), request.user.id
    campos = [campo.removesuffix("_id") for campo in cambios]
    paciente.save(update_fields=[*campos, "version", "actualizado_en", "actualizado_por"])
    apuntado = {campo.removesuffix("_id"): valores for campo, valores in cambios.items()}
    auditoria.anotar(auditoria.asiento(request, "editar", "pacientes", paciente.id, apuntado))


def _comprobar(paciente: Paciente, nuevos: dict[str, Any]) -> None:
    """Lo que un campo exige de otro: raza de su especie y fechas en orden."""
    if paciente.raza is not None:
        if not Raza.objects.filter(especie=paciente.especie_id, codigo=paciente.raza).exists():
            raise Problema(422, "RAZA_DE_OTRA_ESPECIE", "Esa raza no es de esa especie", campo="/raza")
    elif not Especie.objects.filter(codigo=paciente.especie_id).exists():
        raise Problema(422, "ESPECIE_DESCONOCIDA", "Esa especie no está en el catálogo", campo="/especie")
    hoy, nacimiento = timezone.localdate(), paciente.fecha_nacimiento
    for campo in _NO_FUTURAS:
        if nuevos.get(campo) and nuevos[campo] > hoy:
            raise Problema(422, "FECHA_FUTURA", "La fecha no puede estar en el futuro", campo=f"/{campo}")
    incoherentes = (422, "FECHAS_INCOHERENTES", "Las fechas se contradicen")
    if paciente.precision_nacimiento and not nacimiento:
        raise Problema(*incoherentes, "La precisión lo es de una fecha, y falta", campo="/precision_nacimiento")
    for campo in _TRAS_NACER:
        if nacimiento and getattr(paciente, campo) and getattr(paciente, campo) < nacimiento:
            raise Problema(*incoherentes, "No puede ser anterior al nacimiento", campo=f"/{campo}")
