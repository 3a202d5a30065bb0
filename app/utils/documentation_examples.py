"""Los ejemplos del documento OpenAPI, deducidos de cada esquema para que nunca lo contradigan."""

from typing import Any

PREFIJO_REF = "#/components/schemas/"
_PROFUNDIDAD = 8
_POR_FORMATO = {
    "uuid": "019a9f3e-7c41-7b52-9d1a-3f5c8e2b6a10",
    "date": "2026-12-01",
    "date-time": "2026-12-01T09:00:00+01:00",
    "time": "09:00",
    "email": "lucia.romero@example.com",
    "uri": "https://example.com/",
}
# Los campos que significan lo mismo en todos los recursos.
_POR_NOMBRE: dict[str, Any] = {
    "version": 1,
    "siguiente": None,
    "codigo": "PAC-000123",
    "zona_horaria": "Europe/Madrid",
    "idioma": "es",
    "motivo": "A petición del titular",
    "notas": "Prefiere las citas por la mañana",
    "telefono": "+34600123123",
    "email": "lucia.romero@example.com",
    "organizacion": "demo",
}
_SUFIJOS = ("Campos", "Crear", "Editar", "Lectura", "Portal", "Resumen", "Detalle")
Esquemas = dict[str, Any]


def _raiz(nombre: str) -> str:
    """El recurso del que habla un esquema: ``PacienteLectura`` y ``PacienteCrear`` son de ``Paciente``."""
    for sufijo in _SUFIJOS:
        nombre = nombre.removesuffix("-Input").removesuffix("-Output").removesuffix(sufijo)
    return nombre


def _propio(esquema: dict[str, Any]) -> list[Any]:
    """El ejemplo que el esquema trae escrito, si trae alguno."""
    if "example" in esquema:
        return [esquema["example"]]
    if esquema.get("examples"):
        return [esquema["examples"][0]]
    if "const" in esquema:
        return [esquema["const"]]
    for opcion in esquema.get("anyOf", []):
        if propio := _propio(opcion):
            return propio
    return []


class Ejemplos:
    """Construye ejemplos de los esquemas dados; una lectura toma los valores del alta de su mismo recurso."""

    def __init__(self, esquemas: Esquemas) -> None:
        self._esquemas = esquemas
        self._escritos: dict[tuple[str, str], Any] = {}
        for nombre, esquema in sorted(esquemas.items()):
            for campo, propiedad in esquema.get("properties", {}).items():
                if propio := _propio(propiedad):
                    self._escritos.setdefault((_raiz(nombre), campo), propio[0])

    def de(self, nombre: str) -> Any:
        """El ejemplo de un esquema con nombre."""
        return self._valor({"$ref": PREFIJO_REF + nombre}, "", "", 0)

    def de_parametro(self, nombre: str, esquema: dict[str, Any]) -> Any:
        """El ejemplo de un parámetro suelto."""
        return self._valor(esquema, "", nombre, 0)

    def _valor(self, esquema: dict[str, Any], recurso: str, campo: str, nivel: int) -> Any:
        propio = _propio(esquema)
        if propio:
            return propio[0]
        if "$ref" in esquema:
            nombre = esquema["$ref"].removeprefix(PREFIJO_REF)
            if nivel > _PROFUNDIDAD or nombre not in self._esquemas:
                return None
            return esquema.get("default") or self._valor(self._esquemas[nombre], _raiz(nombre), campo, nivel + 1)
        opciones = [uno for uno in esquema.get("anyOf", esquema.get("oneOf", [])) if uno.get("type") != "null"]
        if opciones:
            return self._opcional(esquema, opciones[0], recurso, campo, nivel)
        if "enum" in esquema:
            return esquema.get("default", esquema["enum"][0])
        if esquema.get("type") in ("object", "array"):
            return self._compuesto(esquema, recurso, nivel)
        return self._simple(esquema, recurso, campo)

    def _opcional(self, esquema: dict[str, Any], opcion: dict[str, Any], recurso: str, campo: str, nivel: int) -> Any:
        """Un campo que admite vacío: vacío, salvo que se sepa qué poner o sea de otro esquema."""
        if (recurso, campo) in self._escritos or campo in _POR_NOMBRE or len(esquema.get("anyOf", [])) == 1:
            return self._valor(opcion, recurso, campo, nivel)
        return self._valor(opcion, recurso, campo, nivel) if opcion.get("format") in _POR_FORMATO else None

    def _compuesto(self, esquema: dict[str, Any], recurso: str, nivel: int) -> Any:
        if esquema["type"] == "array":
            elemento = self._valor(esquema.get("items", {}), recurso, "", nivel + 1)
            return [] if elemento is None else [elemento] * max(1, esquema.get("minItems", 1))
        return {
            nombre: self._valor(propiedad, recurso, nombre, nivel + 1)
            for nombre, propiedad in esquema.get("properties", {}).items()
        }

    def _simple(self, esquema: dict[str, Any], recurso: str, campo: str) -> Any:
        tipo = esquema.get("type")
        if (recurso, campo) in self._escritos:
            return self._escritos[recurso, campo]
        if esquema.get("default") is not None:
            return esquema["default"]
        if esquema.get("format") in _POR_FORMATO:
            return _POR_FORMATO[esquema["format"]]
        if campo in _POR_NOMBRE and isinstance(_POR_NOMBRE[campo], int) == (tipo == "integer"):
            return _POR_NOMBRE[campo]
        if tipo in ("integer", "number"):
            return max(1, esquema.get("minimum", 1))
        if tipo == "boolean":
            return False
        if tipo != "string":
            return None
        return "texto".ljust(esquema.get("minLength", 0), "o")[: esquema.get("maxLength", 100)]
