"""Reservar: de lo que se pide a una cita con su hueco, o a la razón por la que no cabe."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import NotFound
from uuid_utils.compat import uuid7

from bench.pares.comun import agenda
from bench.pares.drf import auditoria
from bench.pares.drf.calendario import SIEMPRE, atendido
from bench.pares.drf.models import (
    Autorizado,
    Cita,
    CitaCambio,
    CitaRecurso,
    Cliente,
    Ocupacion,
    Paciente,
    Profesional,
    Recurso,
    Sede,
    TipoCita,
    Titularidad,
)
from bench.pares.drf.problemas import Problema

_NO_AUDITADOS = {"organizacion", "id", "version", "creado_en", "creado_por", "actualizado_en", "actualizado_por"}
_COPIADOS = ("sede_id", "tipo_cita_id", "cliente_id", "paciente_id", "profesional_id", "auxiliar_id", "origen",
             "prioridad", "motivo", "notas_internas")  # fmt: skip


def reservar(request: Any, datos: dict[str, Any]) -> tuple[UUID, list[dict[str, str]]]:
    """Reserva la cita y su hueco, o nada. Devuelve su id y los avisos."""
    quien, ahora = request.user, timezone.now()
    organizacion = quien.organizacion_id
    personas = [uno for uno in (datos["profesional_id"], datos["auxiliar_id"]) if uno]
    if quien.sedes is not None and datos["sede_id"] not in quien.sedes:
        raise Problema(404, "NO_ENCONTRADO", "No existe")
    try:
        _bloquear(organizacion, datos)
        sede, tipo = _reglas(organizacion, datos, personas)
    except NotFound:
        raise Problema(404, "NO_ENCONTRADO", "No existe") from None
    inicio, fin = datos["inicio"], datos["fin"] or datos["inicio"] + timedelta(minutes=tipo.duracion_min)
    if not timedelta(0) < fin - inicio <= agenda.DIA:
        titulo = "El final debe ser posterior al inicio y en las 24 horas siguientes"
        raise Problema(422, "INTERVALO_INVALIDO", titulo, campo="/fin")
    recursos = _recursos(organizacion, datos)
    if inicio < ahora - timedelta(hours=1):
        raise Problema(422, "CITA_EN_EL_PASADO", "No se puede reservar una hora que ya pasó", campo="/inicio")
    dia = inicio.astimezone(UTC).date()
    libre = atendido(
        organizacion,
        sede,
        personas,
        datos["recursos"],
        dia - agenda.DIA,
        fin.astimezone(UTC).date() + agenda.DIA,
        SIEMPRE,
    )
    if not all(agenda.cabe(libre[uno], inicio, fin) for uno in [*personas, *datos["recursos"]] or [None]):
        raise Problema(422, "FUERA_DE_HORARIO", "Está fuera del horario de la agenda", campo="/inicio")
    autoria = {"creado_en": ahora, "creado_por": quien.id, "actualizado_en": ahora, "actualizado_por": quien.id}
    cita = Cita.objects.create(
        id=uuid7(), organizacion_id=organizacion, codigo=_codigo(organizacion, datos["sede_id"]), inicio=inicio,
        fin=fin, estado="confirmada", forzada=False, **autoria, **{campo: datos[campo] for campo in _COPIADOS},
    )  # fmt: skip
    enlaces = CitaRecurso.objects.bulk_create(
        CitaRecurso(id=uuid7(), organizacion_id=organizacion, cita=cita, recurso=uno) for uno in recursos
    )
    _ocupar(cita, tipo, sede, personas, recursos)
    zona = timezone.get_current_timezone()
    CitaCambio.objects.create(
        id=uuid7(), organizacion_id=organizacion, cita=cita, en=ahora, por=quien.id, accion="alta", estado=cita.estado,
        detalle={"inicio": inicio.astimezone(zona).isoformat(), "fin": fin.astimezone(zona).isoformat()},
    )  # fmt: skip
    campos = {f.column: (None, getattr(cita, f.attname)) for f in cita._meta.fields if f.name not in _NO_AUDITADOS}
    auditoria.anotar(
        auditoria.asiento(request, "crear", "citas", cita.id, campos),
        *(
            auditoria.asiento(request, "crear", "citas_recursos", uno.id,
                              {"cita_id": (None, cita.id), "recurso_id": (None, uno.recurso_id)})
            for uno in enlaces
        ),
    )  # fmt: skip
    sin_profesional = tipo.requiere_veterinario and datos["profesional_id"] is None
    aviso = {"codigo": "SIN_PROFESIONAL", "mensaje": "La cita no tiene profesional asignado"}
    return cita.id, [aviso] if sin_profesional else []


def _bloquear(organizacion: UUID, datos: dict[str, Any]) -> None:
    """Nadie cierra la sede, ni fusiona, ni da por muerto a quien reserva: siempre en este orden."""
    de = (("sedes", datos["sede_id"]), ("clientes", datos["cliente_id"]), ("pacientes", datos["paciente_id"]))
    with connection.cursor() as cursor:
        for tabla, id_ in de:
            # El ORM no sabe pedir FOR KEY SHARE, y bloquear más pondría en fila a toda la sede.
            cursor.execute(
                f"SELECT 1 FROM {tabla} WHERE organizacion_id = %s AND id = %s FOR KEY SHARE",
                [organizacion, id_],
            )
            if cursor.fetchone() is None:
                raise NotFound


def _reglas(organizacion: UUID, datos: dict[str, Any], personas: list[UUID]) -> tuple[Sede, TipoCita]:
    de = {"organizacion_id": organizacion}
    sede = Sede.objects.select_related("organizacion").filter(**de, id=datos["sede_id"], activo=True).first()
    tipo = TipoCita.objects.filter(**de, id=datos["tipo_cita_id"], activo=True).first()
    activos = Profesional.objects.filter(**de, id__in=personas, activo=True, agendable=True)
    categorias = list(activos.values_list("categoria", flat=True))
    if sede is None or tipo is None:
        raise NotFound
    paciente = Paciente.objects.only("estado", "especie").get(**de, id=datos["paciente_id"])
    cliente = Cliente.objects.only("estado").get(**de, id=datos["cliente_id"])
    if paciente.estado == "fallecido":
        raise Problema(422, "PACIENTE_FALLECIDO", "El paciente consta como fallecido", campo="/paciente_id")
    if paciente.estado in ("fusionado", "inactivo"):
        raise Problema(409, "PACIENTE_NO_ACTIVO", "El paciente no está activo", campo="/paciente_id")
    if cliente.estado != "activo":
        raise Problema(409, "CLIENTE_NO_ACTIVO", "El cliente no está activo", campo="/cliente_id")
    if not _vinculado(organizacion, datos):
        titulo = "Ese cliente no es titular ni autorizado del paciente"
        raise Problema(422, "PACIENTE_DE_OTRO_CLIENTE", titulo, campo="/paciente_id")
    if tipo.especies and paciente.especie_id not in tipo.especies:
        raise Problema(422, "ESPECIE_NO_ADMITIDA", "Este tipo de cita no atiende a esa especie", campo="/tipo_cita_id")
    if len(categorias) < len(set(personas)):
        raise NotFound
    if tipo.requiere_veterinario and datos["profesional_id"] and "veterinario" not in categorias:
        titulo = "Ese profesional no puede atender este tipo de cita"
        raise Problema(422, "PROFESIONAL_INADECUADO", titulo, campo="/profesional_id")
    return sede, tipo


def _vinculado(organizacion: UUID, datos: dict[str, Any]) -> bool:
    hoy = timezone.localdate()
    titulares = Titularidad.objects.filter(organizacion_id=organizacion, paciente_id=datos["paciente_id"], hasta=None)
    if titulares.filter(cliente_id=datos["cliente_id"]).exists():
        return True
    return Autorizado.objects.filter(
        Q(hasta=None) | Q(hasta__gte=hoy), organizacion_id=organizacion, cliente_autorizado_id=datos["cliente_id"],
        cliente_id__in=titulares.values("cliente_id"), activo=True, puede_pedir_cita=True, desde__lte=hoy,
    ).exists()  # fmt: skip


def _recursos(organizacion: UUID, datos: dict[str, Any]) -> list[Recurso]:
    pedidos = datos["recursos"]
    titulo = "Ese recurso no está disponible en esta sede"
    if len(set(pedidos)) < len(pedidos):
        raise Problema(422, "RECURSO_INADECUADO", titulo, "Un recurso está repetido", campo="/recursos")
    hallados = list(Recurso.objects.filter(organizacion_id=organizacion, id__in=pedidos).order_by("id"))
    if len(hallados) < len(pedidos):
        raise Problema(404, "NO_ENCONTRADO", "No existe")
    if any(not uno.activo or uno.sede_id != datos["sede_id"] for uno in hallados):
        raise Problema(422, "RECURSO_INADECUADO", titulo, campo="/recursos")
    return hallados


def _codigo(organizacion: UUID, sede: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contadores (organizacion_id, nombre, valor) VALUES (%s, %s, 1)"
            " ON CONFLICT (organizacion_id, nombre) DO UPDATE SET valor = contadores.valor + 1 RETURNING valor",
            [organizacion, f"CIT-{sede}"],
        )
        return f"CIT-{cursor.fetchone()[0]:06d}"


def _ocupar(cita: Cita, tipo: TipoCita, sede: Sede, personas: list[UUID], recursos: list[Recurso]) -> None:
    """Por turno, comprueba que todos estén libres y los ocupa; la restricción de la base tiene la última palabra."""
    antes, despues = timedelta(minutes=tipo.buffer_antes_min), timedelta(minutes=tipo.buffer_despues_min)
    piden = [("paciente", cita.paciente_id, 1, cita.inicio, cita.fin)]
    piden += [("profesional", uno, 1, cita.inicio - antes, cita.fin + despues) for uno in personas]
    piden += [("recurso", uno.id, uno.capacidad, cita.inicio - antes, cita.fin + despues) for uno in recursos]
    ids = [uno[1] for uno in piden]
    turnos = sorted(int.from_bytes(uno.bytes[8:], "big", signed=True) for uno in ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(clave) FROM unnest(%s::bigint[]) clave", [turnos])
    suyas = Ocupacion.objects.filter(organizacion_id=cita.organizacion_id, ocupante_id__in=ids)
    suyas.filter(hasta__gt=timezone.now(), cita__estado="solicitada", cita__caduca_en__lte=timezone.now()).delete()
    cogidas = list(suyas.filter(hasta__gt=cita.inicio - antes, desde__lt=cita.fin + despues))
    filas, conflictos = [], []
    for clase, id_, plazas, desde, hasta in sorted(piden, key=lambda uno: str(uno[1])):
        choques = [uno for uno in cogidas if uno.ocupante_id == id_ and uno.desde < hasta and uno.hasta > desde]
        usadas = {uno.plaza for uno in choques}
        plaza = next((n for n in range(1, plazas + 1) if n not in usadas), None)
        if plaza is None or (plazas == 1 and usadas):
            conflictos += choques
        filas.append(
            Ocupacion(id=uuid7(), organizacion_id=cita.organizacion_id, cita=cita, tipo=clase, ocupante_id=id_,
                      plaza=plaza, desde=desde, hasta=hasta)
        )  # fmt: skip
    if not conflictos:
        try:
            with transaction.atomic():
                Ocupacion.objects.bulk_create(filas)
            return
        except IntegrityError:
            conflictos = []
    raise _solapada(conflictos, sede.zona_horaria)


def _solapada(conflictos: list[Ocupacion], zona: str) -> Problema:
    tz = ZoneInfo(zona)

    def local(instante: datetime) -> str:
        return instante.astimezone(tz).isoformat().replace("+00:00", "Z")

    return Problema(
        409, "CITA_SOLAPADA", "La cita se solapa", "El intervalo solicitado no está libre", campo="/inicio",
        conflictos=[
            {"tipo": uno.tipo, "id": str(uno.ocupante_id), "inicio": local(uno.desde), "fin": local(uno.hasta)}
            for uno in conflictos
        ],
    )  # fmt: skip
