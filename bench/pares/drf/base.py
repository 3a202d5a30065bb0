"""Lo que comparten las vistas: la organización fijada, la consulta validada y las páginas por clave."""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from bench.pares.drf.problemas import Problema


class Vista(APIView):
    """Toda vista corre en una transacción con la organización de quien pide."""

    permisos: dict[str, str] = {}

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Autentica, comprueba el permiso y fija la organización y la hora local."""
        super().initial(request, *args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT fijar_organizacion(%s)", [str(request.user.organizacion_id)])
        timezone.activate(request.user.zona)

    def consulta(self, esquema: type["Estricto"]) -> dict[str, Any]:
        """Los parámetros de la consulta, validados."""
        for clave, valores in self.request.query_params.lists():
            if len(valores) > 1:
                titulo = "Un parámetro se repite y sólo se admite una vez"
                raise Problema(422, "PARAMETRO_REPETIDO", titulo, "Sólo se admite una vez", campo=f"/{clave}")
        leido = esquema(data=self.request.query_params.dict())
        leido.is_valid(raise_exception=True)
        return leido.validated_data


class Estricto(serializers.Serializer):
    """Lo que no se conoce se rechaza."""

    def to_internal_value(self, data: Any) -> Any:
        """Los datos, si todas sus claves existen."""
        if sobran := [clave for clave in data if clave not in self.fields]:
            mensajes = {clave: serializers.ErrorDetail("Este campo no existe", "desconocido") for clave in sobran}
            raise serializers.ValidationError(mensajes)
        return super().to_internal_value(data)


class SinConsulta(Estricto):
    """Una ruta que no admite parámetros."""


class PaginaFiltro(Estricto):
    """Lo que toda lista admite."""

    limite = serializers.IntegerField(default=25, min_value=1, max_value=100)
    cursor = serializers.CharField(required=False, max_length=1000)


class PorClave(BasePagination):
    """Páginas por clave, con el cursor firmado por Django."""

    def __init__(self, *orden: str) -> None:
        self.orden = orden
        self.siguiente: str | None = None

    def paginar(self, consulta: QuerySet, filtro: dict[str, Any], request: Any) -> list[Any]:
        """Las filas de una página, en el orden pedido (con «-», descendente)."""
        campos = [uno.removeprefix("-") for uno in self.orden]
        if valores := self.desde(filtro, request):
            tras = "lt" if self.orden[0].startswith("-") else "gt"
            consulta = consulta.filter(
                Q(**{f"{campos[0]}__{tras}e": valores[0]}),
                Q(**{f"{campos[0]}__{tras}": valores[0]})
                | Q(**{campos[0]: valores[0], f"{campos[1]}__{tras}": valores[1]}),
            )
        filas = list(consulta.order_by(*self.orden)[: filtro["limite"] + 1])
        return self.cortar(filas, filtro["limite"], lambda fila: [getattr(fila, campo) for campo in campos])

    def desde(self, filtro: dict[str, Any], request: Any) -> list[Any] | None:
        """Los valores del cursor, si vino. Errores: ``CURSOR_INVALIDO``."""
        self._enlace, self._sal = request.build_absolute_uri, f"{request.path}|{request.user.organizacion_id}"
        if "cursor" not in filtro:
            return None
        try:
            return signing.loads(filtro["cursor"], salt=self._sal)
        except (signing.BadSignature, ValueError):
            raise Problema(422, "CURSOR_INVALIDO", "El cursor no vale para esta lista", campo="/cursor") from None

    def cortar(self, filas: list[Any], limite: int, valores_de: Callable[[Any], list[Any]]) -> list[Any]:
        """Las filas de la página; si sobra alguna, apunta dónde sigue."""
        if len(filas) > limite:
            filas = filas[:limite]
            valores = [v if isinstance(v, int | str) else str(v) for v in valores_de(filas[-1])]
            self.siguiente = signing.dumps(valores, salt=self._sal)
        return filas

    def get_paginated_response(self, data: Any) -> Response:
        """La página y, si hay más, dónde sigue."""
        respuesta = Response({"datos": data, "siguiente": self.siguiente})
        if self.siguiente:
            respuesta["Link"] = f'<{replace_query_param(self._enlace(), "cursor", self.siguiente)}>; rel="next"'
        return respuesta
