"""Los ejemplos del documento OpenAPI, deducidos de cada esquema para que nunca lo contradigan."""

from typing import Any

from app.config.demostracion import EJEMPLARES

PREFIJO_REF = "#/components/schemas/"
_PROFUNDIDAD = 8
_TIPOS = {"string": str, "integer": int, "array": list}
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
    "avisos": [],
    "zona_horaria": "Europe/Madrid",
    "idioma": "es",
    "motivo": "A petición del titular",
    "notas": "Prefiere las citas por la mañana",
    "telefono": "+34600123123",
    "email": "lucia.romero@example.com",
    "organizacion": "demo",
}
_POR_RECURSO: dict[tuple[str, str], Any] = {
    ("Paciente", "codigo"): "PAC-000123",
    ("Paciente", "estado"): "activo",
    ("Cliente", "codigo"): "CLI-000045",
    ("Cliente", "estado"): "activo",
    ("Cita", "codigo"): "CIT-000456",
    ("Cita", "estado"): "confirmada",
}
# Los ids de la demostración: los ejemplos de la página se pueden ejecutar tal cual sobre ella.
_POR_NOMBRE |= {
    "cliente_id": str(EJEMPLARES["clientes"]),
    "paciente_id": str(EJEMPLARES["pacientes"]),
    "producto_id": str(EJEMPLARES["productos"]),
    "profesional_id": str(EJEMPLARES["profesionales"]),
    "sede_id": str(EJEMPLARES["sedes"]),
    "sede_habitual_id": str(EJEMPLARES["sedes"]),
    "tipo_cita_id": str(EJEMPLARES["tipos-cita"]),
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
        self._escritos = dict(_POR_RECURSO)
        for nombre, esquema in sorted(esquemas.items()):
            for campo, propiedad in esquema.get("properties", {}).items():
                propio = _propio(propiedad) or [propiedad.get("default")]
                if propio[0] is not None:
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
        if (recurso, campo) in self._escritos:
            return self._escritos[recurso, campo]
        if "$ref" in esquema:
            nombre = esquema["$ref"].removeprefix(PREFIJO_REF)
            if nivel > _PROFUNDIDAD or nombre not in self._esquemas:
                return None
            return esquema.get("default") or self._valor(self._esquemas[nombre], _raiz(nombre), campo, nivel + 1)
        opciones = esquema.get("anyOf", esquema.get("oneOf", []))
        if {"type": "null"} in opciones and campo not in _POR_NOMBRE:
            return None  # admite vacío y nadie ha dicho qué poner
        if opciones:
            return self._valor(opciones[0], recurso, campo, nivel)
        if "enum" in esquema:
            return esquema.get("default", esquema["enum"][0])
        tipo = esquema.get("type", "")
        if _TIPOS.get(tipo) is type(_POR_NOMBRE.get(campo)):
            return _POR_NOMBRE[campo]
        return self._compuesto(esquema, recurso, nivel) if tipo in ("object", "array") else _simple(esquema)

    def _compuesto(self, esquema: dict[str, Any], recurso: str, nivel: int) -> Any:
        if esquema["type"] == "array":
            elemento = self._valor(esquema.get("items", {}), recurso, "", nivel + 1)
            return [] if elemento is None else [elemento] * max(1, esquema.get("minItems", 1))
        propiedades = esquema.get("properties", {})
        # De una entrada, lo obligatorio y lo que tiene ejemplo; de una salida, donde todo es obligatorio, todo.
        elegidas = [uno for uno in propiedades if uno in esquema.get("required", []) or _propio(propiedades[uno])]
        return {
            nombre: self._valor(propiedades[nombre], recurso, nombre, nivel + 1)
            for nombre in elegidas or list(propiedades)[:1]
        }


def _simple(esquema: dict[str, Any]) -> Any:
    tipo = esquema.get("type")
    if esquema.get("default") is not None:
        return esquema["default"]
    if esquema.get("format") in _POR_FORMATO:
        return _POR_FORMATO[esquema["format"]]
    if tipo in ("integer", "number"):
        return max(1, esquema.get("minimum", 1))
    if tipo == "boolean":
        return False
    if tipo != "string":
        return None
    return "texto".ljust(esquema.get("minLength", 0), "o")[: esquema.get("maxLength", 100)]
