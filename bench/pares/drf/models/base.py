"""Lo que comparten los modelos."""

from django.db import models


class DeOrganizacion(models.Model):
    """Fila de una organización."""

    id = models.UUIDField(primary_key=True)
    organizacion = models.ForeignKey("Organizacion", models.DO_NOTHING, related_name="+")

    class Meta:
        abstract = True


class Versionado(DeOrganizacion):
    """Registro con versión y autoría."""

    version = models.IntegerField(default=1)
    creado_en = models.DateTimeField()
    creado_por = models.UUIDField(null=True)
    actualizado_en = models.DateTimeField()
    actualizado_por = models.UUIDField(null=True)

    class Meta:
        abstract = True


def tabla(nombre: str) -> type:
    """Una tabla que ya existe."""
    return type("Meta", (), {"managed": False, "db_table": nombre})


def fk(a: str, relacion: str = "+", **opciones) -> models.ForeignKey:
    """Clave ajena que cuida la base."""
    return models.ForeignKey(a, models.DO_NOTHING, related_name=relacion, **opciones)
