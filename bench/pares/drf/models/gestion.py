"""La clínica: quién la lleva, a quién atiende y su agenda."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bench.pares.drf.models.base import DeOrganizacion, Versionado, fk, tabla


class Organizacion(models.Model):
    id = models.UUIDField(primary_key=True)
    pais = models.TextField()
    config = models.JSONField()
    Meta = tabla("organizaciones")


class Especie(models.Model):
    codigo = models.TextField(primary_key=True)
    identificacion = models.TextField(null=True)
    Meta = tabla("especies")


class Raza(models.Model):
    codigo = models.TextField(primary_key=True)
    especie = models.TextField()
    mdr1 = models.BooleanField()
    ppp = models.BooleanField()
    Meta = tabla("razas")


class Sede(DeOrganizacion):
    nombre = models.TextField()
    zona_horaria = models.TextField()
    territorio_sanitario = models.TextField(null=True)
    config = models.JSONField()
    activo = models.BooleanField()
    creado_en = models.DateTimeField()
    Meta = tabla("sedes")


class Cliente(DeOrganizacion):
    nombre = models.TextField(null=True)
    apellidos = models.TextField(null=True)
    razon_social = models.TextField(null=True)
    sede_habitual_id = models.UUIDField(null=True)
    estado = models.TextField()
    Meta = tabla("clientes")

    @property
    def nombre_completo(self) -> str:
        """Como se le llama."""
        return self.razon_social or " ".join(filter(None, (self.nombre, self.apellidos)))


class Paciente(Versionado):
    codigo = models.CharField(max_length=20)
    nombre = models.CharField(max_length=60)
    nombre_orden = models.GeneratedField(
        expression=models.Func("nombre", function="servet_normalizar"), output_field=models.TextField(), db_persist=True
    )
    especie = fk("Especie", db_column="especie")
    raza = models.CharField(max_length=60, null=True)
    raza_texto = models.CharField(max_length=120, null=True)
    sexo = models.CharField(max_length=40)
    esterilizado = models.CharField(max_length=40)
    fecha_esterilizacion = models.DateField(null=True)
    fecha_nacimiento = models.DateField(null=True)
    precision_nacimiento = models.CharField(max_length=40, null=True)
    capa = models.CharField(max_length=80, null=True)
    tamanio = models.CharField(max_length=20, null=True)
    senias = models.CharField(max_length=500, null=True)
    microchip = models.CharField(max_length=15, null=True)
    fecha_microchip = models.DateField(null=True)
    microchip_lugar = models.CharField(max_length=60, null=True)
    verificado_lector = models.BooleanField()
    identificadores = models.JSONField()
    pasaporte_ue = models.CharField(max_length=15, null=True)
    motivo_sin_identificacion = models.CharField(max_length=40, null=True)
    destino = models.CharField(max_length=40)
    apto_consumo = models.BooleanField(null=True)
    gestante_desde = models.DateField(null=True)
    lactante_desde = models.DateField(null=True)
    mdr1 = models.CharField(max_length=40)
    grupo_sanguineo = models.CharField(max_length=20, null=True)
    temperamento = models.CharField(max_length=120, null=True)
    ppp = models.JSONField(null=True)
    seguro = models.JSONField(null=True)
    estado = models.CharField(max_length=40)
    perdido_desde = models.DateField(null=True)
    fecha_fallecimiento = models.DateField(null=True)
    causa_fallecimiento = models.CharField(max_length=200, null=True)
    eutanasia = models.BooleanField(null=True)
    destino_restos = models.CharField(max_length=80, null=True)
    fusionado_en_id = models.UUIDField(null=True)
    id_externo = models.CharField(max_length=80, null=True)
    sede_alta_id = models.UUIDField(null=True)
    Meta = tabla("pacientes")


class Titularidad(DeOrganizacion):
    paciente = fk("Paciente", "titularidades")
    cliente = fk("Cliente", "titularidades")
    rol = models.TextField()
    hasta = models.DateField(null=True)
    Meta = tabla("titularidades")


class Autorizado(DeOrganizacion):
    cliente = fk("Cliente")
    cliente_autorizado = fk("Cliente")
    puede_pedir_cita = models.BooleanField()
    activo = models.BooleanField()
    desde = models.DateField()
    hasta = models.DateField(null=True)
    Meta = tabla("autorizados")


class Peso(DeOrganizacion):
    paciente = fk("Paciente", "pesos")
    peso_kg = models.DecimalField(max_digits=7, decimal_places=3)
    medido_en = models.DateTimeField()
    metodo = models.TextField()
    anulado_en = models.DateTimeField(null=True)
    Meta = tabla("pesos")


class TipoCita(DeOrganizacion):
    nombre = models.TextField()
    instrucciones = models.TextField(null=True)
    color = models.TextField(null=True)
    duracion_min = models.IntegerField()
    buffer_antes_min = models.IntegerField()
    buffer_despues_min = models.IntegerField()
    requiere_veterinario = models.BooleanField()
    requiere_auxiliar = models.BooleanField()
    sala_tipo = models.TextField(null=True)
    equipo_tipo = models.TextField(null=True)
    especies = ArrayField(models.TextField())
    antelacion_min_h = models.IntegerField()
    antelacion_max_dias = models.IntegerField()
    activo = models.BooleanField()
    Meta = tabla("tipos_cita")


class Profesional(DeOrganizacion):
    nombre = models.TextField()
    categoria = models.TextField()
    activo = models.BooleanField()
    agendable = models.BooleanField()
    Meta = tabla("profesionales")


class Recurso(DeOrganizacion):
    sede = fk("Sede")
    nombre = models.TextField()
    tipo = models.TextField()
    capacidad = models.IntegerField()
    activo = models.BooleanField()
    Meta = tabla("recursos")


class Horario(DeOrganizacion):
    sede_id = models.UUIDField()
    profesional_id = models.UUIDField(null=True)
    recurso_id = models.UUIDField(null=True)
    dia_semana = models.SmallIntegerField()
    hora_inicio = models.TimeField()
    hora_fin = models.TimeField()
    desde = models.DateField()
    hasta = models.DateField(null=True)
    Meta = tabla("horarios")


class ExcepcionHorario(DeOrganizacion):
    sede_id = models.UUIDField(null=True)
    profesional_id = models.UUIDField(null=True)
    recurso_id = models.UUIDField(null=True)
    tipo = models.TextField()
    desde = models.DateField()
    hasta = models.DateField()
    hora_inicio = models.TimeField(null=True)
    hora_fin = models.TimeField(null=True)
    Meta = tabla("excepciones_horario")


class Cita(Versionado):
    codigo = models.TextField()
    sede = fk("Sede")
    tipo_cita = fk("TipoCita")
    cliente = fk("Cliente")
    paciente = fk("Paciente")
    profesional = fk("Profesional", null=True)
    auxiliar_id = models.UUIDField(null=True)
    inicio = models.DateTimeField()
    fin = models.DateTimeField()
    estado = models.TextField()
    origen = models.TextField()
    prioridad = models.TextField()
    motivo = models.TextField(null=True)
    notas_internas = models.TextField(null=True)
    forzada = models.BooleanField()
    motivo_forzado = models.TextField(null=True)
    caduca_en = models.DateTimeField(null=True)
    llegada_en = models.DateTimeField(null=True)
    inicio_real = models.DateTimeField(null=True)
    fin_real = models.DateTimeField(null=True)
    cancelada_en = models.DateTimeField(null=True)
    cancelada_por = models.UUIDField(null=True)
    cancelacion_motivo = models.TextField(null=True)
    Meta = tabla("citas")


class CitaPaciente(DeOrganizacion):
    cita = fk("Cita", "acompanantes")
    paciente = fk("Paciente")
    Meta = tabla("citas_pacientes")


class CitaRecurso(DeOrganizacion):
    cita = fk("Cita", "reservados")
    recurso = fk("Recurso")
    Meta = tabla("citas_recursos")


class CitaCambio(DeOrganizacion):
    cita = fk("Cita", "cambios")
    en = models.DateTimeField()
    por = models.UUIDField(null=True)
    accion = models.TextField()
    estado = models.TextField()
    detalle = models.JSONField()
    Meta = tabla("citas_cambios")


class Ocupacion(DeOrganizacion):
    cita = fk("Cita", "ocupaciones")
    tipo = models.TextField()
    ocupante_id = models.UUIDField()
    plaza = models.SmallIntegerField()
    desde = models.DateTimeField()
    hasta = models.DateTimeField()
    Meta = tabla("ocupaciones")
