"""Siembra una clínica en la base del entorno y escribe en JSON lo que hace falta para usarla."""

import json

from app.api.services import instalacion_service
from app.app import create_app
from tests.factories import crear_clinica, crear_paciente, preparar_agenda

if __name__ == "__main__":
    instalacion_service.instalar()
    clinica = crear_clinica(create_app(), nombre="Caídas")
    agenda = preparar_agenda(clinica, pacientes=1)
    pacientes = [crear_paciente(clinica, nombre=f"Superviviente {n}")["id"] for n in range(8)]
    datos = agenda.datos()
    print("\n" + json.dumps({"token": clinica.tokens["recepcion"], "datos": datos, "pacientes": pacientes}))
