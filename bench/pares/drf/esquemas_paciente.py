"""Cómo se lee y se escribe un paciente."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from bench.pares.comun import ficha
from bench.pares.drf import vacunas
from bench.pares.drf.base import Estricto, PaginaFiltro
from bench.pares.drf.models import Paciente

EDITABLES = (
    "nombre", "especie", "raza", "raza_texto", "sexo", "esterilizado", "fecha_esterilizacion", "fecha_nacimiento",
    "precision_nacimiento", "capa", "tamanio", "senias", "fecha_microchip", "microchip_lugar", "verificado_lector",
    "destino", "apto_consumo", "gestante_desde", "lactante_desde", "mdr1", "grupo_sanguineo", "temperamento",
)  # fmt: skip
_OPCIONES = {
    "sexo": ("macho", "hembra", "desconocido", "hermafrodita"),
    "esterilizado": ("si", "no", "desconocido"),
    "precision_nacimiento": ("exacta", "mes", "anio", "estimada"),
    "destino": ("compania", "produccion", "trabajo", "zoologico"),
    "mdr1": ("no_testado", "normal", "portador", "afectado"),
}


class PacienteFiltro(PaginaFiltro):
    """Filtros de la lista."""

    q = serializers.CharField(required=False, min_length=2, max_length=60)
    nombre = serializers.CharField(required=False, min_length=1, max_length=60)


class PesoActual(serializers.Serializer):
    """La última pesada no anulada."""

    peso_kg = serializers.DecimalField(max_digits=7, decimal_places=3)
    medido_en = serializers.DateTimeField()
    metodo = serializers.CharField()


class Identificador(serializers.Serializer):
    """Otra identificación del animal."""

    tipo = serializers.CharField()
    valor = serializers.CharField()


class Ppp(serializers.Serializer):
    """Datos de perro potencialmente peligroso."""

    es_ppp = serializers.BooleanField()
    licencia = serializers.CharField(default=None)
    licencia_caduca = serializers.CharField(default=None)
    seguro = serializers.CharField(default=None)
    seguro_caduca = serializers.CharField(default=None)


class Seguro(serializers.Serializer):
    """Seguro del animal."""

    compania = serializers.CharField()
    poliza = serializers.CharField()


class PacienteLectura(serializers.ModelSerializer):
    """La ficha completa; el paciente trae su titular, su último peso y lo que su especie y su raza piden."""

    edad = serializers.SerializerMethodField()
    peso_actual = serializers.SerializerMethodField()
    titular = serializers.SerializerMethodField()
    cliente_id = serializers.UUIDField(source="titular_id")
    microchip_detalle = serializers.SerializerMethodField()
    gestante = serializers.SerializerMethodField()
    lactante = serializers.SerializerMethodField()
    identificadores = Identificador(many=True)
    ppp = Ppp()
    seguro = Seguro()
    avisos = serializers.SerializerMethodField()

    class Meta:
        model = Paciente
        fields = (
            "id", "codigo", "nombre", "especie", "raza", "raza_texto", "sexo", "esterilizado", "fecha_esterilizacion",
            "fecha_nacimiento", "precision_nacimiento", "edad", "capa", "senias", "microchip", "pasaporte_ue",
            "peso_actual", "estado", "fecha_fallecimiento", "version", "cliente_id", "titular", "tamanio",
            "fecha_microchip", "microchip_lugar", "microchip_detalle", "verificado_lector", "identificadores",
            "motivo_sin_identificacion", "destino", "apto_consumo", "gestante", "gestante_desde", "lactante",
            "lactante_desde", "mdr1", "grupo_sanguineo", "temperamento", "ppp", "seguro", "perdido_desde",
            "causa_fallecimiento", "eutanasia", "destino_restos", "fusionado_en_id", "id_externo", "creado_en",
            "actualizado_en", "avisos",
        )  # fmt: skip

    def get_edad(self, p: Paciente) -> Any:
        """La edad hoy o, si murió, la que tenía."""
        return ficha.edad_de(p.fecha_nacimiento, p.fecha_fallecimiento, p.precision_nacimiento, timezone.localdate())

    def get_peso_actual(self, p: Paciente) -> Any:
        """La última pesada."""
        return PesoActual(p.ultimos_pesos[0]).data if p.ultimos_pesos else None

    def get_titular(self, p: Paciente) -> Any:
        """El titular vigente."""
        if p.titular_id is None:
            return None
        nombre = p.titular_razon or " ".join(filter(None, (p.titular_nombre, p.titular_apellidos)))
        return {"id": p.titular_id, "nombre": nombre}

    def get_microchip_detalle(self, p: Paciente) -> Any:
        """Lo que dice el prefijo."""
        return ficha.chip(p.microchip)[0]

    def get_gestante(self, p: Paciente) -> bool:
        """Si la gestación sigue vigente."""
        return ficha.reciente(p.gestante_desde, timezone.localdate())

    def get_lactante(self, p: Paciente) -> bool:
        """Si la lactancia sigue vigente."""
        return ficha.reciente(p.lactante_desde, timezone.localdate())

    def get_avisos(self, p: Paciente) -> Any:
        """De qué conviene avisar."""
        return ficha.chip(p.microchip)[1] + ficha.avisos(
            _ParaAvisar(p), p.especie.identificacion, p.raza_mdr1, p.raza_ppp, p.organizacion.pais,
            p.organizacion.config, timezone.localdate(),
        )  # fmt: skip


class ProximaVacuna(serializers.Serializer):
    """La próxima dosis de un protocolo."""

    protocolo = serializers.CharField()
    nombre = serializers.CharField()
    fecha_proxima = serializers.DateField()
    fase = serializers.CharField()
    numero_en_serie = serializers.IntegerField()
    estado = serializers.CharField()


class PacienteFicha(PacienteLectura):
    """La ficha completa, con las vacunas que le tocan."""

    proximas_vacunas = serializers.SerializerMethodField()

    class Meta(PacienteLectura.Meta):
        fields = (*PacienteLectura.Meta.fields, "proximas_vacunas")

    def get_proximas_vacunas(self, p: Paciente) -> Any:
        """Lo que toca de cada protocolo."""
        return ProximaVacuna(vacunas.proximas(p, timezone.localdate()), many=True).data


class _ParaAvisar:
    """Un paciente cuya especie es su código y no la fila del catálogo."""

    def __init__(self, paciente: Paciente) -> None:
        self._paciente, self.especie = paciente, paciente.especie_id

    def __getattr__(self, nombre: str) -> Any:
        return getattr(self._paciente, nombre)


class PacienteEditar(Estricto, serializers.ModelSerializer):
    """Cambios en la ficha; el que edita comprueba que exista la especie."""

    especie = serializers.RegexField(r"^[a-z0-9_]+$", max_length=60, source="especie_id")
    verificado_lector = serializers.BooleanField()

    class Meta:
        model = Paciente
        fields = EDITABLES
        extra_kwargs = {"raza": {"allow_null": True}}

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Los campos de opciones sólo admiten las suyas."""
        clase, opciones = super().build_standard_field(field_name, model_field)
        if field_name in _OPCIONES:
            return serializers.ChoiceField, {"choices": _OPCIONES[field_name], "allow_null": model_field.null}
        if clase is serializers.CharField:
            opciones["allow_blank"] = field_name != "nombre"
        return clase, opciones
