"""Una receta por cada ruta que escribe: sobre qué se pide, cuántas sentencias cuesta y a cuántos alcanza."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.escrituras import DESDE, HOY, PASADAS, Taller
from tests.factories import crear_clinica, poner_contrasena


class Escritura(NamedTuple):
    """Una petición preparada: sobre qué, qué cambia del cuerpo de ejemplo, quién, cuándo y a cuántos alcanza.

    Si no se dice a cuántos, es que lee y escribe lo mismo por mucho que haya alrededor.
    """

    id: Any
    cambios: dict[str, Any]
    como: str | None
    reloj: str | None
    alcanza: int


def sobre(
    id: Any = "", *, como: str | None = None, reloj: str | None = None, alcanza: int = 0, **cambios: Any
) -> Escritura:
    return Escritura(id, cambios, como, reloj, alcanza)


def recuperar(t: Taller) -> Escritura:
    """El mismo correo en varias organizaciones; más de cinco no se miran."""
    clave, cuantas = t.persona(), min(t.cuantos, 5)
    for _ in range(cuantas - 1):
        poner_contrasena(crear_clinica(t.clinica.flask), "recepcion", email=t.correo(clave))
    return sobre(email=t.correo(clave), organizacion=..., alcanza=cuantas)


def entrar_con_factor(t: Taller) -> Escritura:
    suyo = t.factor()
    return sobre(token_parcial=t.sesion(suyo["como"])["token_parcial"], codigo=suyo["codigo"])


def fundir_clientes(t: Taller) -> Escritura:
    animales = t.animales(t.cuantos)
    return sobre(t.cliente(animales), con_id=t.cliente(animales), alcanza=t.cuantos)


def acceder_integracion(t: Taller) -> Escritura:
    suya = t.integracion()
    return sobre(cliente_id=suya["cliente_id"], secreto=suya["secreto"])


def editar_producto(t: Taller) -> Any:
    """Una vacuna puesta a muchos animales, que pasa a cubrir otros protocolos."""
    producto = t.producto()
    for uno in t.animales(t.cuantos):
        t.poner("vacunaciones", paciente_id=uno, producto_id=producto, externa=True, fecha=HOY.date())
    return producto


def apuntar(t: Taller) -> Escritura:
    return sobre(sede_id=t.sede_id, cliente_id=t.cliente_id, paciente_id=t.paciente(), tipo_cita_id=t.tipo())


# Cuántas sentencias cuesta cada escritura con uno solo de lo que recorra, y cómo se logra. Lo fijo es la organización,
# leer bloqueando, escribir, releer la ficha y el asiento de auditoría; con Idempotency-Key, cuatro más.
RECETAS: dict[str, tuple[int, Callable[[Taller], Escritura]]] = {
    "POST /administraciones": (
        22,
        lambda t: sobre(
            paciente_id=t.tratado(),
            medicamento_id=t.controlado(grupo="antibiotico", categoria="D"),
            finalidad_antimicrobiana="terapeutica",
            sede_id=t.sede_id,
            alcanza=t.cuantos,
        ),
    ),
    "POST /adjuntos": (6, lambda t: sobre(paciente_id=t.paciente())),
    "DELETE /adjuntos/{id}": (4, lambda t: sobre(f"{t.adjunto()}?motivo=Repetido")),
    "POST /adjuntos/{id}/enlace": (3, lambda t: sobre(t.adjunto())),
    "POST /adjuntos/{id}/publicacion": (5, lambda t: sobre(t.adjunto())),
    "POST /adjuntos/{id}/retirada": (5, lambda t: sobre(t.adjunto(publicado_en=HOY))),
    "DELETE /alergias/{id}": (4, lambda t: sobre(t.de_paciente("alergias"))),
    "PATCH /alergias/{id}": (5, lambda t: sobre(t.de_paciente("alergias"))),
    "DELETE /alertas/{id}": (4, lambda t: sobre(t.de_paciente("alertas"))),
    "PATCH /alertas/{id}": (5, lambda t: sobre(t.de_paciente("alertas"))),
    "POST /alertas-medicacion/evaluacion": (
        9,
        lambda t: sobre(paciente_id=t.paciente(), lineas=t.lineas(), alcanza=t.cuantos),
    ),
    "POST /calculos/conversion": (0, lambda t: sobre()),
    "POST /calculos/dosis": (
        9,
        lambda t: sobre(paciente_id=t.paciente(), medicamento_id=t.medicamento(), dosis="50", alcanza=t.cuantos),
    ),
    "POST /calculos/edad": (1, lambda t: sobre(fecha_nacimiento=..., paciente_id=t.paciente(fecha_nacimiento=DESDE))),
    "POST /calculos/fluidos": (6, lambda t: sobre(paciente_id=t.paciente(), alcanza=t.cuantos)),
    "POST /calculos/rer": (6, lambda t: sobre(paciente_id=t.paciente(), alcanza=t.cuantos)),
    "POST /calculos/superficie-corporal": (6, lambda t: sobre(paciente_id=t.paciente(), alcanza=t.cuantos)),
    "POST /medicamentos": (8, lambda t: sobre(**t.llevan(), alcanza=t.en_una_cita)),
    "DELETE /medicamentos/{id}": (4, lambda t: sobre(t.medicamento())),
    "PATCH /medicamentos/{id}": (10, lambda t: sobre(t.medicamento(), **t.llevan(), alcanza=t.en_una_cita)),
    "POST /principios-activos": (5, lambda t: sobre()),
    "DELETE /principios-activos/{id}": (4, lambda t: sobre(t.principios(1)[0])),
    "PATCH /principios-activos/{id}": (6, lambda t: sobre(t.principios(1)[0])),
    "POST /reglas-alerta": (5, lambda t: sobre()),
    "DELETE /reglas-alerta/{id}": (4, lambda t: sobre(t.regla())),
    "PATCH /reglas-alerta/{id}": (5, lambda t: sobre(t.regla(), parametros=...)),
    "POST /autenticacion/acceso": (13, lambda t: sobre(email=t.correo(t.persona()), organizacion=...)),
    "POST /autenticacion/acceso-integracion": (8, acceder_integracion),
    "POST /autenticacion/doble-factor": (16, entrar_con_factor),
    "POST /autenticacion/recuperacion": (9, recuperar),
    "POST /autenticacion/renovacion": (6, lambda t: sobre(token_renovacion=t.sesion()["token_renovacion"])),
    "POST /autenticacion/restablecimiento": (8, lambda t: sobre(token=t.secreto(), alcanza=t.cuantos)),
    "POST /autenticacion/salida": (3, lambda t: sobre(como=t.persona())),
    "DELETE /autorizados/{id}": (4, lambda t: sobre(t.uno_de("autorizados", cliente_id=t.cliente()))),
    "PATCH /autorizados/{id}": (6, lambda t: sobre(t.uno_de("autorizados", cliente_id=t.cliente()))),
    "POST /citas": (26, lambda t: sobre(paciente_id=..., **t.reserva(), alcanza=t.en_una_cita)),
    "PATCH /citas/{id}": (6, lambda t: sobre(t.cita())),
    "POST /citas/{id}/cancelacion": (32, lambda t: sobre(t.cita(), alcanza=t.cuantos)),
    "POST /citas/{id}/confirmacion": (
        23,
        lambda t: sobre(t.cita(origen="web", tipo_cita_id=t.agenda.tipos["especialidad"]), alcanza=t.en_una_cita),
    ),
    "POST /citas/{id}/finalizacion": (
        11,  # dos son el turno y de quiénes: antes soltaba el hueco sin esperarlo
        lambda t: sobre(t.cita("llegada", "inicio"), reloj=PASADAS, alcanza=t.en_una_cita),
    ),
    "POST /citas/{id}/inicio": (25, lambda t: sobre(t.cita("llegada"), profesional_id=t.vet(), alcanza=t.en_una_cita)),
    "POST /citas/{id}/llegada": (22, lambda t: sobre(t.cita("no-presentacion"), reloj=PASADAS, alcanza=t.en_una_cita)),
    "POST /citas/{id}/no-presentacion": (10, lambda t: sobre(t.cita(), reloj=PASADAS, alcanza=t.en_una_cita)),
    "POST /citas/{id}/reprogramacion": (
        50,
        lambda t: sobre(t.cita(), inicio=PASADAS, recursos=t.salas(1), alcanza=t.cuantos),
    ),
    "POST /clientes": (7, lambda t: sobre()),
    "DELETE /clientes/{id}": (4, lambda t: sobre(t.cliente())),
    "PATCH /clientes/{id}": (6, lambda t: sobre(t.cliente())),
    "POST /clientes/{id}/anonimizacion": (23, lambda t: sobre(t.cliente(), alcanza=t.cuantos)),
    "POST /clientes/{id}/autorizados": (7, lambda t: sobre(t.cliente(), cliente_autorizado_id=t.cliente())),
    "POST /clientes/{id}/consentimientos-datos": (5, lambda t: sobre(t.cliente())),
    "POST /clientes/{id}/exportacion": (10, lambda t: sobre(t.cliente(), alcanza=t.cuantos)),
    "POST /clientes/{id}/fusion": (28, fundir_clientes),
    "POST /clientes/{id}/invitacion-portal": (8, lambda t: sobre(t.cliente(), alcanza=t.cuantos)),
    "PATCH /clientes/{id}/notas-internas": (5, lambda t: sobre(t.cliente())),
    "POST /clientes/{id}/reactivacion": (5, lambda t: sobre(t.cliente(estado="inactivo"))),
    "POST /desparasitaciones/{id}/anulacion": (8, lambda t: sobre(t.de_paciente("desparasitaciones"))),
    "DELETE /excepciones/{id}": (
        5,
        lambda t: sobre(t.uno_de("excepciones_horario", profesional_id=t.con_agenda(vet=t.vet()))),
    ),
    "PATCH /excepciones/{id}": (
        11,
        lambda t: sobre(
            t.uno_de("excepciones_horario", profesional_id=t.con_agenda(vet=t.vet())), hasta=None, alcanza=t.cuantos
        ),
    ),
    "DELETE /horarios/{id}": (5, lambda t: sobre(t.uno_de("horarios", profesional_id=t.con_agenda(vet=t.vet())))),
    "PATCH /horarios/{id}": (
        14,
        lambda t: sobre(t.uno_de("horarios", profesional_id=t.con_agenda(vet=t.vet())), alcanza=t.cuantos),
    ),
    "POST /integraciones": (6, lambda t: sobre(sedes=t.sedes, alcanza=t.cuantos)),
    "DELETE /integraciones/{id}": (4, lambda t: sobre(t.integracion()["id"])),
    "PATCH /integraciones/{id}": (
        10,
        lambda t: sobre(t.integracion()["id"], sedes=[t.sede(), *t.sedes], alcanza=t.cuantos),
    ),
    "POST /integraciones/{id}/rotacion": (5, lambda t: sobre(t.integracion()["id"])),
    "POST /lista-espera": (8, apuntar),
    "DELETE /lista-espera/{id}": (27, lambda t: sobre(t.ofertada(), alcanza=t.cuantos)),
    "PATCH /lista-espera/{id}": (6, lambda t: sobre(t.en_espera(), profesional_id=t.vet())),
    "POST /lista-espera/{id}/aceptacion": (26, lambda t: sobre(t.ofertada(), alcanza=t.en_una_cita)),
    "POST /lista-espera/{id}/oferta": (
        17,
        lambda t: sobre(t.en_espera(), recursos=t.salas(t.en_una_cita), alcanza=t.en_una_cita),
    ),
    "POST /lista-espera/{id}/rechazo": (28, lambda t: sobre(t.ofertada(), alcanza=t.cuantos)),
    "POST /comunicaciones-antibioticos/acuse": (
        3,
        lambda t: sobre(comunicaciones=t.comunicaciones(exportadas=True), alcanza=t.cuantos),
    ),
    "POST /comunicaciones-antibioticos/exportacion": (
        4,
        lambda t: sobre(maximo=len(t.comunicaciones()), alcanza=t.cuantos),
    ),
    "PATCH /constantes/{id}": (8, lambda t: sobre(t.de_consulta("constantes"))),
    "PATCH /consultas/{id}": (6, lambda t: sobre(t.consulta(), veterinario_id=t.colegiado())),
    "POST /consultas/{id}/anulacion": (6, lambda t: sobre(t.consulta())),
    "POST /consultas/{id}/cierre": (7, lambda t: sobre(t.consulta())),
    "POST /consultas/{id}/constantes": (6, lambda t: sobre(t.consulta())),
    "POST /consultas/{id}/diagnosticos": (4, lambda t: sobre(t.consulta())),
    "POST /consultas/{id}/enmiendas": (7, lambda t: sobre(t.consulta(cerrada=True))),
    "PUT /consultas/{id}/exploracion": (4, lambda t: sobre(t.consulta())),
    "POST /consultas/{id}/publicacion": (5, lambda t: sobre(t.consulta(cerrada=True))),
    "PATCH /diagnosticos/{id}": (6, lambda t: sobre(t.de_consulta("diagnosticos"))),
    "PATCH /organizacion": (5, lambda t: sobre()),
    "POST /pacientes": (12, lambda t: sobre(cliente_id=t.cliente(), peso_inicial={"peso_kg": "12.400"})),
    "DELETE /pacientes/{id}": (53, lambda t: sobre(t.paciente(), alcanza=t.cuantos)),
    "PATCH /pacientes/{id}": (10, lambda t: sobre(t.paciente(), microchip=..., alcanza=t.cuantos)),
    "POST /pacientes/{id}/alergias": (5, lambda t: sobre(t.paciente())),
    "POST /pacientes/{id}/alertas": (5, lambda t: sobre(t.paciente())),
    "POST /pacientes/{id}/cambio-titular": (
        24,
        lambda t: sobre(t.paciente(), cliente_id=t.cliente(), alcanza=t.cuantos),
    ),
    "POST /pacientes/{id}/consultas": (
        6,
        lambda t: sobre(t.paciente(), veterinario_id=t.colegiado(), sede_id=t.sede_id),
    ),
    "POST /pacientes/{id}/cotitulares": (13, lambda t: sobre(t.paciente(), cliente_id=t.cliente(), alcanza=t.cuantos)),
    "POST /pacientes/{id}/desparasitaciones": (8, lambda t: sobre(t.paciente(), producto_id=t.vacuna)),
    "POST /pacientes/{id}/fallecimiento": (59, lambda t: sobre(t.paciente(), alcanza=t.cuantos)),
    "POST /pacientes/{id}/fusion": (80, lambda t: sobre(t.paciente(), con_id=t.paciente(), alcanza=t.cuantos)),
    "POST /pacientes/{id}/hallazgo": (7, lambda t: sobre(t.paciente(estado="perdido"), alcanza=t.cuantos)),
    "POST /pacientes/{id}/perdida": (7, lambda t: sobre(t.paciente())),
    "POST /pacientes/{id}/pesos": (9, lambda t: sobre(t.paciente())),
    "POST /pacientes/{id}/problemas": (4, lambda t: sobre(t.paciente())),
    "POST /pacientes/{id}/reactivacion": (5, lambda t: sobre(t.paciente(estado="inactivo"))),
    "POST /pacientes/{id}/reversion-fallecimiento": (
        11,
        lambda t: sobre(t.paciente(estado="fallecido", fecha_fallecimiento=HOY), alcanza=t.cuantos),
    ),
    "POST /pacientes/{id}/validacion": (5, lambda t: sobre(t.paciente(estado="pendiente_validacion"))),
    "POST /pacientes/{id}/vacunaciones": (
        16,
        lambda t: sobre(t.vacunado(), producto_id=t.vacuna, veterinario_id=t.vet(), alcanza=t.cuantos),
    ),
    "POST /pesos/{id}/anulacion": (8, lambda t: sobre(t.de_paciente("pesos"))),
    "DELETE /problemas/{id}": (3, lambda t: sobre(t.de_paciente("problemas"))),
    "PATCH /problemas/{id}": (5, lambda t: sobre(t.de_paciente("problemas"))),
    "POST /productos": (7, lambda t: sobre()),
    "DELETE /productos/{id}": (4, lambda t: sobre(t.producto())),
    "PATCH /productos/{id}": (15, lambda t: sobre(editar_producto(t), alcanza=t.cuantos)),
    "POST /profesionales": (6, lambda t: sobre(usuario_id=t.usuario(rol="veterinario"))),
    "PATCH /profesionales/{id}": (7, lambda t: sobre(t.con_agenda(vet=t.vet()), documento_identidad="12345678Z")),
    "POST /profesionales/{id}/excepciones": (11, lambda t: sobre(t.con_agenda(vet=t.vet()), alcanza=t.cuantos)),
    "POST /profesionales/{id}/horarios": (
        14,
        lambda t: sobre(t.con_agenda(vet=t.vet()), sede_id=t.sede_id, alcanza=t.cuantos),
    ),
    "POST /protocolos-vacunales": (5, lambda t: sobre()),
    "DELETE /protocolos-vacunales/{id}": (8, lambda t: sobre(t.protocolo(), alcanza=t.cuantos)),
    "PATCH /protocolos-vacunales/{id}": (11, lambda t: sobre(t.protocolo(), alcanza=t.cuantos)),
    "POST /recursos": (5, lambda t: sobre(sede_id=t.sede_id)),
    "POST /recetas": (
        18,
        lambda t: sobre(paciente_id=t.tratado(), lineas=t.lineas_receta(), sede_id=t.sede_id, alcanza=t.cuantos),
    ),
    "PATCH /recetas/{id}": (17, lambda t: sobre(t.receta(), lineas=t.lineas_receta(), alcanza=t.cuantos)),
    "POST /recetas/{id}/anulacion": (11, lambda t: sobre(t.receta("emision"), alcanza=t.cuantos)),
    "POST /recetas/{id}/dispensaciones": (19, lambda t: sobre(t.receta("emision"), alcanza=t.cuantos)),
    "POST /recetas/{id}/emision": (23, lambda t: sobre(t.receta(), alcanza=t.cuantos)),
    "DELETE /recursos/{id}": (6, lambda t: sobre(t.con_agenda(sala=t.salas(1)[0]))),
    "PATCH /recursos/{id}": (7, lambda t: sobre(t.con_agenda(sala=t.salas(1)[0]), codigo="C2", capacidad=1)),
    "POST /recursos/{id}/excepciones": (11, lambda t: sobre(t.con_agenda(sala=t.salas(1)[0]), alcanza=t.cuantos)),
    "POST /recursos/{id}/horarios": (14, lambda t: sobre(t.con_agenda(sala=t.salas(1)[0]), alcanza=t.cuantos)),
    "POST /registro-controlados": (7, lambda t: sobre(medicamento_id=t.controlado(), sede_id=t.sede_id)),
    "POST /registro-controlados/recuentos": (
        11,
        lambda t: sobre(medicamento_id=t.controlado(), testigo_id=t.clinica.usuarios["auxiliar"], sede_id=t.sede_id),
    ),
    "POST /requisitos-territoriales": (
        11,
        lambda t: sobre(protocolo=t.codigo_de(t.protocolo()), alcanza=t.cuantos),
    ),
    "DELETE /requisitos-territoriales/{id}": (9, lambda t: sobre(t.requisito(), alcanza=t.cuantos)),
    "PATCH /requisitos-territoriales/{id}": (10, lambda t: sobre(t.requisito(), alcanza=t.cuantos)),
    "POST /sedes": (5, lambda t: sobre()),
    "DELETE /sedes/{id}": (7, lambda t: sobre(t.con_agenda(sede=t.sede(), estado="finalizada"), alcanza=t.cuantos)),
    # Cambiar su territorio, además, rehace las fechas de todas las vacunas.
    "PATCH /sedes/{id}": (6, lambda t: sobre(t.con_agenda(sede=t.sede()), codigo="SE2", territorio_sanitario=...)),
    "POST /sedes/{id}/excepciones": (11, lambda t: sobre(t.con_agenda(sede=t.sede()), alcanza=t.cuantos)),
    "POST /sedes/{id}/horarios": (14, lambda t: sobre(t.con_agenda(sede=t.sede()), alcanza=t.cuantos)),
    "POST /sistemas-codificacion": (3, lambda t: sobre()),
    "DELETE /sistemas-codificacion/{id}": (3, lambda t: sobre(t.sistema())),
    "PATCH /sistemas-codificacion/{id}": (4, lambda t: sobre(t.sistema())),
    "POST /sucesos-adversos": (5, lambda t: sobre(sede_id=t.sede_id)),
    "DELETE /sucesos-adversos/{id}": (3, lambda t: sobre(t.suceso())),
    "PATCH /sucesos-adversos/{id}": (4, lambda t: sobre(t.suceso())),
    "POST /tareas/{id}/realizacion": (5, lambda t: sobre(t.de_paciente("tareas"))),
    "POST /tipos-cita": (6, lambda t: sobre()),
    "DELETE /tipos-cita/{id}": (4, lambda t: sobre(t.tipo())),
    "PATCH /tipos-cita/{id}": (7, lambda t: sobre(t.tipo())),
    "POST /titularidades/{id}/cierre": (
        13,
        lambda t: sobre(t.de_paciente("titularidades", rol="cotitular"), alcanza=t.cuantos),
    ),
    "POST /usuarios": (9, lambda t: sobre(sedes=t.sedes, alcanza=t.cuantos)),
    "DELETE /usuarios/{id}": (8, lambda t: sobre(t.usuario(), alcanza=t.cuantos)),
    "PATCH /usuarios/{id}": (11, lambda t: sobre(t.usuario(), sedes=[t.sede(), *t.sedes], alcanza=t.cuantos)),
    "POST /usuarios/{id}/activacion": (5, lambda t: sobre(t.usuario(estado="bloqueado"))),
    "POST /usuarios/{id}/bloqueo": (8, lambda t: sobre(t.usuario(), alcanza=t.cuantos)),
    "POST /usuarios/{id}/restablecimiento": (7, lambda t: sobre(t.usuario(), alcanza=t.cuantos)),
    "PATCH /vacunaciones/{id}": (13, lambda t: sobre(t.una_vacuna(), alcanza=t.cuantos)),
    "POST /vacunaciones/{id}/anulacion": (13, lambda t: sobre(t.una_vacuna(), alcanza=t.cuantos)),
    "PATCH /yo": (7, lambda t: sobre(como=t.persona())),
    "POST /yo/contrasena": (
        14,
        lambda t: sobre(como=t.persona(), nueva="cuatro perros en el jardín", alcanza=t.cuantos),
    ),
    "POST /yo/doble-factor": (4, lambda t: sobre(como=t.persona())),
    "POST /yo/doble-factor/confirmacion": (9, lambda t: sobre(**t.factor(activo=False))),
    "POST /yo/doble-factor/retirada": (12, lambda t: sobre(como=t.factor()["como"])),
}

# Lo que cuesta cada uno de más donde recorrerlos es parte de lo que se pide. Las demás no tienen nada por unidad.
CANDIDATO = 7  # a quien espera el hueco se le miran las reglas de reservar enteras; a lo sumo MAXIMO_CANDIDATOS
OFERTA = 9 + CANDIDATO  # cada hueco que se suelta pasa al siguiente, y a quién depende de a quién fue el anterior
CITA = 4 + OFERTA  # cada cita que se cancela: lo que ocupa, soltarlo, su paso en la historia, su estado y su hueco
POR_CADA = {
    "POST /autenticacion/recuperacion": 6,  # cada cuenta es de otra organización: su transacción; cinco como mucho
    "POST /citas/{id}/cancelacion": CANDIDATO,
    "POST /citas/{id}/reprogramacion": CANDIDATO,
    "DELETE /lista-espera/{id}": CANDIDATO,
    "POST /lista-espera/{id}/rechazo": CANDIDATO,
    "DELETE /pacientes/{id}": OFERTA + CITA,  # la preparación le pone una oferta por cada cita
    "POST /pacientes/{id}/fallecimiento": OFERTA + CITA,
    "POST /pacientes/{id}/fusion": OFERTA,  # las esperas repetidas sobran: el hueco que tenía una se ofrece
}
