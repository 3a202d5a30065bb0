"""Las direcciones."""

from django.urls import path

from bench.pares.drf.problemas import no_hallada
from bench.pares.drf.vistas_citas import Citas
from bench.pares.drf.vistas_disponibilidad import Disponibilidad
from bench.pares.drf.vistas_pacientes import Pacientes, UnPaciente

urlpatterns = [
    path("api/v1/pacientes", Pacientes.as_view()),
    path("api/v1/pacientes/<uuid:id>", UnPaciente.as_view()),
    path("api/v1/citas", Citas.as_view()),
    path("api/v1/disponibilidad", Disponibilidad.as_view()),
]
handler404 = no_hallada
