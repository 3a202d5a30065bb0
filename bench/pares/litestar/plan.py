"""De lo pedido y lo leído a lo que se va a ocupar, o la razón por la que no cabe."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from bench.pares.litestar.horario import SIEMPRE, Calendario, Excepcion, Franja
from bench.pares.litestar.problemas import Problema

MARGEN_PREVIO = 1000
_DIA = timedelta(days=1)
_franjas = msgspec.json.Decoder(list[Franja])
_excepciones = msgspec.json.Decoder(list[Excepcion])
_personas = msgspec.json.Decoder(list[tuple[str, str, str]])
_recursos = msgspec.json.Decoder(list[tuple[str, int, bool]])
_cogidas = msgspec.json.Decoder(list[tuple[str, str, int, datetime, datetime]])


class Ocupante(Struct):
    """Quién o qué queda ocupado, cuánto y en qué plaza."""

    tipo: str
    id: Any
    desde: datetime
    hasta: datetime
    plazas: int = 1
    serie: int = 0
    plaza: int = 0


class Plan(Struct):
    """Una reserva con sus reglas leídas y comprobadas."""

    reglas: Any
    inicio: datetime
    fin: datetime
    origen: str
    nombres: dict[str | None, str]
    capacidades: dict[str, int]


def comprobar(datos: Any, reglas: Any, en: datetime) -> Plan:
    """El plan, con todas las reglas cumplidas; las comprueba en el mismo orden que Servet."""
    _persona(reglas)
    personas = _personas.decode(reglas["personas"]) if reglas["personas"] else []
    pedidas = {str(uno) for uno in (datos.profesional_id, datos.auxiliar_id) if uno}
    if len(personas) < len(pedidas):
        raise Problema("NO_ENCONTRADO")
    if reglas["requiere_veterinario"] and datos.profesional_id and "veterinario" not in {uno[1] for uno in personas}:
        raise Problema("PROFESIONAL_INADECUADO", campo="/profesional_id")
    inicio = datos.inicio
    fin = datos.fin or inicio + timedelta(minutes=reglas["duracion_min"])
    if not timedelta(0) < fin - inicio <= _DIA:
        raise Problema("INTERVALO_INVALIDO", campo="/fin")
    if len(set(datos.recursos)) < len(datos.recursos):
        raise Problema("RECURSO_INADECUADO", "Un recurso está repetido", campo="/recursos")
    recursos = _recursos.decode(reglas["recursos"]) if reglas["recursos"] else []
    if not all(vale for _, _, vale in recursos):
        raise Problema("RECURSO_INADECUADO", campo="/recursos")
    if inicio < en - timedelta(hours=1):
        raise Problema("CITA_EN_EL_PASADO", campo="/inicio")
    _horario(datos, reglas, inicio, fin)
    return Plan(
        reglas=reglas, inicio=inicio, fin=fin, origen=datos.origen or "recepcion",
        nombres={id_: nombre for id_, _, nombre in personas},
        capacidades={id_: capacidad for id_, capacidad, _ in recursos},
    )  # fmt: skip


def _persona(reglas: Any) -> None:
    estado = reglas["paciente_estado"]
    if estado == "fallecido":
        raise Problema("PACIENTE_FALLECIDO", campo="/paciente_id")
    if estado in ("fusionado", "inactivo"):
        raise Problema("PACIENTE_NO_ACTIVO", campo="/paciente_id")
    if reglas["cliente_estado"] != "activo":
        raise Problema("CLIENTE_NO_ACTIVO", campo="/cliente_id")
    if not reglas["vinculado"]:
        raise Problema("PACIENTE_DE_OTRO_CLIENTE", campo="/paciente_id")
    if reglas["especies"] and reglas["especie"] not in reglas["especies"]:
        raise Problema("ESPECIE_NO_ADMITIDA", campo="/tipo_cita_id")


def _horario(datos: Any, reglas: Any, inicio: datetime, fin: datetime) -> None:
    desde = inicio.astimezone(UTC).toordinal() - 1
    calendario = Calendario(
        _franjas.decode(reglas["franjas"]), _excepciones.decode(reglas["excepciones"]), reglas["zona_horaria"], desde,
        fin.astimezone(UTC).toordinal() + 1,
    )  # fmt: skip
    atienden = [calendario.profesional(str(uno), SIEMPRE) for uno in (datos.profesional_id, datos.auxiliar_id) if uno]
    atienden += [calendario.recurso(str(uno)) for uno in datos.recursos]
    primero, ultimo = inicio.timestamp(), fin.timestamp()
    for suyo in atienden or [calendario.recurso(None)]:
        if not any(a <= primero and ultimo <= b for a, b in suyo):
            raise Problema("FUERA_DE_HORARIO", campo="/inicio")


def ocupantes(datos: Any, plan: Plan) -> list[Ocupante]:
    """A quién y qué bloquea la cita: profesionales y recursos con sus márgenes, paciente sin ellos."""
    reglas, inicio, fin = plan.reglas, plan.inicio, plan.fin
    antes, despues = timedelta(minutes=reglas["buffer_antes_min"]), timedelta(minutes=reglas["buffer_despues_min"])
    quienes = [("profesional", uno, 1) for uno in (datos.profesional_id, datos.auxiliar_id) if uno]
    quienes += [("recurso", uno, plan.capacidades[str(uno)]) for uno in datos.recursos]
    salida = [Ocupante("paciente", datos.paciente_id, inicio, fin)]
    for tipo, id_, plazas_ in quienes:
        if reglas["compartidos"]:
            salida.append(Ocupante(tipo, id_, inicio, fin + despues, plazas_))
            salida.append(Ocupante(tipo, id_, inicio - antes, fin, plazas_, MARGEN_PREVIO))
        else:
            salida.append(Ocupante(tipo, id_, inicio - antes, fin + despues, plazas_))
    return sorted(salida, key=lambda uno: (str(uno.id), uno.serie))


def plazas(piden: list[Ocupante], plan: Plan) -> list[Ocupante]:
    """Los mismos, cada uno con su plaza. Errores: ``CITA_SOLAPADA`` con quien choca."""
    texto = plan.reglas["cogidas"]
    cogidas = _cogidas.decode(texto) if texto else []
    choques: list[Any] = []
    for uno in piden:
        suyos = [
            fila for fila in cogidas
            if fila[0] == str(uno.id) and (fila[2] > MARGEN_PREVIO) == (uno.serie > 0)
            and fila[3] < uno.hasta and fila[4] > uno.desde
        ]  # fmt: skip
        usadas = {fila[2] - uno.serie for fila in suyos}
        libre = next((n for n in range(1, uno.plazas + 1) if n not in usadas), 0)
        if not libre or (uno.plazas == 1 and usadas):
            choques += suyos
        uno.plaza = libre + uno.serie
    if choques:
        zona = ZoneInfo(plan.reglas["zona_horaria"])
        conflictos = [
            {"tipo": tipo, "id": id_, "inicio": desde.astimezone(zona), "fin": hasta.astimezone(zona)}
            for id_, tipo, _, desde, hasta in choques
        ]
        raise Problema("CITA_SOLAPADA", "El intervalo solicitado no está libre", campo="/inicio", conflictos=conflictos)
    return piden
