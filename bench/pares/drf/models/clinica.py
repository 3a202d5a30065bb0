"""Lo clínico: consultas y vacunas."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bench.pares.drf.models.base import DeOrganizacion, fk, tabla


class Consulta(DeOrganizacion):
    cita = fk("Cita", "consultas", null=True)
    paciente = fk("Paciente")
    estado = models.TextField()
    Meta = tabla("consultas")


class ProtocoloVacunal(DeOrganizacion):
    codigo = models.TextField()
    nombre = models.TextField()
    especies = ArrayField(models.TextField())
    tipo = models.TextField()
    edad_min_semanas = models.SmallIntegerField()
    intervalo_min_dias = models.SmallIntegerField()
    intervalo_objetivo_dias = models.SmallIntegerField()
    fin_serie_semanas = models.SmallIntegerField()
    refuerzo_1_semanas = models.SmallIntegerField()
    dosis_adulto = models.SmallIntegerField()
    refuerzo_adulto_meses = models.SmallIntegerField(null=True)
    dosis_iniciales = models.SmallIntegerField()
    refuerzo_1_meses = models.SmallIntegerField()
    periodo_meses = models.SmallIntegerField(null=True)
    caducidad_meses = models.SmallIntegerField(null=True)
    activo = models.BooleanField()
    Meta = tabla("protocolos_vacunales")


class RequisitoTerritorial(DeOrganizacion):
    territorio = models.TextField()
    especie = models.TextField()
    protocolo = models.TextField()
    obligatoria = models.BooleanField()
    dosis_iniciales = models.SmallIntegerField(null=True)
    periodicidad_meses = models.SmallIntegerField(null=True)
    vigente_desde = models.DateField()
    vigente_hasta = models.DateField(null=True)
    activo = models.BooleanField()
    Meta = tabla("requisitos_territoriales")


class ProductoVacuna(DeOrganizacion):
    producto_id = models.UUIDField(unique=True)
    protocolos = ArrayField(models.TextField())
    validez_meses = models.SmallIntegerField(null=True)
    Meta = tabla("productos_vacuna")


class Vacunacion(DeOrganizacion):
    paciente = fk("Paciente")
    vacuna = fk("ProductoVacuna", to_field="producto_id", db_column="producto_id")
    sede = fk("Sede", null=True)
    fecha = models.DateField()
    proxima_manual = models.DateField(null=True)
    anulado_en = models.DateTimeField(null=True)
    Meta = tabla("vacunaciones")
