"""Disponibilidad: los huecos que se pueden reservar."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from bench.pares.comun import agenda
from bench.pares.drf.base import Estricto, Vista
from bench.pares.drf.calendario import Libre, atendido, ocupado
from bench.pares.drf.models import ExcepcionHorario, Horario, Profesional, Recurso, Sede, TipoCita
from bench.pares.drf.problemas import Problema

MINUTO = timedelta(minutes=1)


class DisponibilidadFiltro(Estricto):
    """Qué se quiere reservar, dónde y entre qué días, ambos incluidos."""

    tipo_cita_id = serializers.UUIDField()
    sede_id = serializers.UUIDField()
    desde = serializers.DateField()
    hasta = serializers.DateField()
    profesional_id = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=50)


class HuecoLectura(serializers.Serializer):
    """Un inicio posible, con quién y con qué."""

    inicio = serializers.DateTimeField()
    fin = serializers.DateTimeField()
    dia = serializers.DateField()
    profesional_id = serializers.UUIDField()
    profesional = serializers.CharField()
    auxiliar_id = serializers.UUIDField()
    recursos = serializers.ListField(child=serializers.UUIDField())


class Busqueda:
    """Lo leído para una búsqueda: la cita, lo libre y lo cogido."""

    def __init__(self, cita: agenda.Cita, zona: str, libre: Libre, cogido: dict[UUID, list[Any]]) -> None:
        self.cita, self.zona, self.libre, self.cogido = cita, zona, libre, cogido

    def inicios(self, id_: UUID | None, plazas: int = 1) -> set[datetime]:
        """Cuándo puede empezar por lo que toca a un ocupante; sin ninguno, por la sede."""
        cogido = self.cogido[id_] if id_ else []
        return agenda.libres_en_plazas(self.libre[id_], cogido, plazas, self.cita, self.zona)

    def asignar(self, candidatos: list[tuple[UUID, int]], posibles: set[datetime]) -> dict[datetime, UUID]:
        """El primer candidato libre en cada inicio."""
        salida: dict[datetime, UUID] = {}
        for id_, plazas in candidatos:
            salida |= dict.fromkeys((posibles - salida.keys()) & self.inicios(id_, plazas), id_)
        return salida


class Disponibilidad(Vista):
    """Los huecos."""

    permisos = {"GET": "disponibilidad:leer"}

    def get(self, request: Any) -> Response:
        """Busca huecos libres para un tipo de cita."""
        filtro, organizacion = self.consulta(DisponibilidadFiltro), request.user.organizacion_id
        if filtro["hasta"] < filtro["desde"]:
            texto = "No puede ser anterior al primer día"
            raise Problema(422, "FECHAS_INCOHERENTES", "Las fechas se contradicen", texto, campo="/hasta")
        if (filtro["hasta"] - filtro["desde"]).days >= 31:
            raise Problema(422, "RANGO_EXCESIVO", "Sólo se pueden pedir 31 días de una vez", campo="/hasta")
        tipo = TipoCita.objects.filter(organizacion_id=organizacion, id=filtro["tipo_cita_id"], activo=True).first()
        sede = (
            Sede.objects.select_related("organizacion")
            .filter(organizacion_id=organizacion, id=filtro["sede_id"], activo=True)
            .first()
        )
        if tipo is None or sede is None:
            raise NotFound
        datos = _huecos(organizacion, tipo, sede, filtro)
        # El filtro puede traer sólo texto; la lectura es la misma que la de cualquier serializador.
        with timezone.override(sede.zona_horaria):
            huecos = HuecoLectura(datos, many=True).data
        return Response({
            "tipo_cita_id": tipo.id, "sede_id": sede.id, "zona_horaria": sede.zona_horaria,
            "duracion_min": tipo.duracion_min, "datos": huecos, "siguiente": None,
        })  # fmt: skip

    def consulta(self, esquema: type[Estricto]) -> dict[str, Any]:
        """Los parámetros; ``profesional_id`` se puede repetir."""
        consulta: QueryDict = self.request.query_params
        datos: dict[str, Any] = consulta.dict()
        if "profesional_id" in consulta:
            datos["profesional_id"] = consulta.getlist("profesional_id")
        leido = esquema(data=datos)
        leido.is_valid(raise_exception=True)
        return leido.validated_data


def _cita(tipo: TipoCita, sede: Sede, filtro: dict[str, Any]) -> agenda.Cita:
    parametros, ahora = sede.organizacion.config | sede.config, timezone.now()
    return agenda.Cita(
        duracion=tipo.duracion_min * MINUTO,
        antes=tipo.buffer_antes_min * MINUTO,
        despues=tipo.buffer_despues_min * MINUTO,
        paso=parametros.get("granularidad_agenda_min", 5) * MINUTO,
        primero=max(
            agenda.limites(filtro["desde"], sede.zona_horaria)[0], ahora + timedelta(hours=tipo.antelacion_min_h)
        ),
        ultimo=min(
            agenda.limites(filtro["hasta"], sede.zona_horaria)[1] - MINUTO,
            ahora + timedelta(days=tipo.antelacion_max_dias),
        ),
    )


def _personas(organizacion: UUID, tipo: TipoCita, filtro: dict[str, Any]) -> Sequence[Profesional]:
    """Los profesionales que hacen falta y trabajan en la sede, por nombre."""
    hacen_falta = (("veterinario", tipo.requiere_veterinario), ("auxiliar", tipo.requiere_auxiliar))
    categorias = [categoria for categoria, hace_falta in hacen_falta if hace_falta]
    pedidos = filtro.get("profesional_id")
    if not categorias and not pedidos:
        return []
    de_la_sede = {"organizacion_id": organizacion, "sede_id": filtro["sede_id"], "profesional_id__isnull": False}
    con_horario = Horario.objects.filter(**de_la_sede).values("profesional_id")
    de_guardia = ExcepcionHorario.objects.filter(
        **de_la_sede, tipo__in=agenda.SUMAN, hasta__gte=filtro["desde"] - agenda.DIA
    ).values("profesional_id")
    consulta = Profesional.objects.filter(
        Q(id__in=con_horario) | Q(id__in=de_guardia), organizacion_id=organizacion, activo=True, agendable=True
    )
    if categorias:
        consulta = consulta.filter(categoria__in=categorias)
    if pedidos:
        elegidos = Q(id__in=pedidos)
        consulta = consulta.filter(elegidos | Q(categoria="auxiliar") if len(categorias) == 2 else elegidos)
    return list(consulta.order_by("nombre", "id"))


def _huecos(organizacion: UUID, tipo: TipoCita, sede: Sede, filtro: dict[str, Any]) -> list[dict[str, Any]]:
    personas = _personas(organizacion, tipo, filtro)
    clases = [uno for uno in dict.fromkeys((tipo.sala_tipo, tipo.equipo_tipo)) if uno]
    recursos = list(
        Recurso.objects.filter(organizacion_id=organizacion, sede_id=sede.id, activo=True, tipo__in=clases)
        .order_by("nombre", "id")
    ) if clases else []  # fmt: skip
    cita = _cita(tipo, sede, filtro)
    quienes, ques = [uno.id for uno in personas], [uno.id for uno in recursos]
    libre = atendido(organizacion, sede, quienes, ques, filtro["desde"], filtro["hasta"] + agenda.DIA)
    cogido = ocupado(
        organizacion, [*quienes, *ques], cita.primero - cita.antes, cita.ultimo + cita.duracion + cita.despues
    )
    busqueda = Busqueda(cita, sede.zona_horaria, libre, cogido)
    de_clase = {clase: [(uno.id, uno.capacidad) for uno in recursos if uno.tipo == clase] for clase in clases}
    con_auxiliar = tipo.requiere_veterinario and tipo.requiere_auxiliar
    if tipo.requiere_veterinario or tipo.requiere_auxiliar or filtro.get("profesional_id"):
        atienden = [uno for uno in personas if not (con_auxiliar and uno.categoria == "auxiliar")]
        ofertas = [(uno.id, uno.nombre, busqueda.inicios(uno.id)) for uno in atienden]
    elif clases:
        ofertas = [(None, None, set().union(*(busqueda.inicios(*uno) for uno in de_clase[clases[0]])))]
    else:
        ofertas = [(None, None, busqueda.inicios(None))]
    posibles: set[datetime] = set().union(*(inicios for _, _, inicios in ofertas))
    auxiliares: dict[datetime, UUID] = {}
    if con_auxiliar:
        auxiliares = busqueda.asignar([(uno.id, 1) for uno in personas if uno.categoria == "auxiliar"], posibles)
        posibles = set(auxiliares)
    salas = []
    for clase in clases:
        salas.append(busqueda.asignar(de_clase[clase], posibles))
        posibles = set(salas[-1])
    tz = ZoneInfo(sede.zona_horaria)
    return [
        {
            "inicio": inicio, "fin": inicio + cita.duracion, "dia": inicio.astimezone(tz).date(), "profesional_id": id_,
            "profesional": nombre, "auxiliar_id": auxiliares.get(inicio), "recursos": [sala[inicio] for sala in salas],
        }
        for inicio in sorted(posibles) for id_, nombre, inicios in ofertas if inicio in inicios
    ]  # fmt: skip
