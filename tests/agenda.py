"""Montar una agenda y preguntar por sus huecos, para las pruebas de disponibilidad."""

from tests.factories import preparar_agenda

VIERNES = "2027-01-15"


def agenda_de_mananas(clinica, propietario):
    """La agenda de siempre, con V1 y el auxiliar de 9 a 14 en Madrid y nadie más."""
    montada = preparar_agenda(clinica, pacientes=2)
    propietario.execute("DELETE FROM horarios WHERE organizacion_id = %s", (clinica.id,))
    for persona in ("veterinario", "auxiliar"):
        poner_horario(montada, persona, "sede_id", range(1, 8), "09:00", "14:00")
    return montada


def poner_horario(agenda, persona, sede, dias, inicio, fin, desde="2026-01-01"):
    """Una franja por día para esa persona en esa sede."""
    for dia in dias:
        respuesta = agenda.clinica.como("administrador").post(
            f"/profesionales/{agenda.clinica.profesionales[persona]}/horarios",
            {"sede_id": str(getattr(agenda.clinica, sede)), "dia_semana": dia, "hora_inicio": inicio,
             "hora_fin": fin, "desde": desde},
        )  # fmt: skip
        assert respuesta.status_code == 201, respuesta.text


def excepcion(agenda, ruta, **cuerpo):
    """Una excepción en la ruta dada: ``sedes``, ``recursos`` o ``profesionales``, con su id."""
    respuesta = agenda.clinica.como("administrador").post(f"/{ruta}/excepciones", {"desde": VIERNES, **cuerpo})
    assert respuesta.status_code == 201, respuesta.text


def pedir(agenda, rol="recepcion", tipo="consulta_general", dia=VIERNES, sede="sede_id", reloj=None, **parametros):
    """La respuesta de la disponibilidad de un día."""
    consulta = {"tipo_cita_id": agenda.tipos[tipo], "sede_id": str(getattr(agenda.clinica, sede)),
                "desde": dia, "hasta": dia, **parametros}  # fmt: skip
    return agenda.clinica.como(rol).get("/disponibilidad", query_string=consulta, reloj=reloj)


def horas(respuesta):
    """Los inicios ofrecidos, como HH:MM."""
    assert respuesta.status_code == 200, respuesta.text
    return [hueco["inicio"][11:16] for hueco in respuesta.json["datos"]]
