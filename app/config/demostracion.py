"""Los identificadores de la clínica de demostración: siempre los mismos, para que los ejemplos se puedan ejecutar."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

ORIGEN = datetime(2026, 1, 15, 9, tzinfo=UTC)


def id_demo(organizacion: str, *partes: str) -> UUID:
    """Un UUIDv7 que siempre es el mismo para el mismo nombre en la organización con ese código."""
    azar = sha256("/".join([organizacion, *partes]).encode()).digest()
    instante = int(ORIGEN.timestamp() * 1000).to_bytes(6, "big")
    return UUID(bytes=instante + bytes([0x70 | azar[0] & 0x0F, azar[1], 0x80 | azar[2] & 0x3F]) + azar[3:10])


# Recurso (el primer tramo de su dirección) -> el ejemplar de la demostración que usan los ejemplos.
EJEMPLARES: dict[str, UUID] = {
    "clientes": id_demo("demo", "clientes", "carmen"),
    "consultas": id_demo("demo", "consultas", "luna", "2025-08-18"),
    "desparasitaciones": id_demo("demo", "desparasitaciones", "luna", "2025-10-12"),
    "medicamentos": id_demo("demo", "medicamentos", "amoxicilina_clavulanico_250"),
    "pacientes": id_demo("demo", "pacientes", "luna"),
    "portal": id_demo("demo", "pacientes", "luna"),  # sus rutas son de un paciente
    "principios-activos": id_demo("demo", "principios_activos", "amoxicilina_clavulanico"),
    "problemas": id_demo("demo", "problemas", "luna", "D09"),
    "productos": id_demo("demo", "productos", "VAC-RAB"),
    "profesionales": id_demo("demo", "profesionales", "veterinaria@demo.test"),
    "protocolos-vacunales": id_demo("demo", "protocolos_vacunales", "rabia"),
    "recursos": id_demo("demo", "recursos", "MAD", "CONS1"),
    "reglas-alerta": id_demo("demo", "reglas_alerta", "AL04-1"),
    "requisitos-territoriales": id_demo("demo", "requisitos_territoriales", "ES-MD", "perro", "rabia"),
    "sedes": id_demo("demo", "sedes", "MAD"),
    "tipos-cita": id_demo("demo", "tipos_cita", "consulta_general"),
    "usuarios": id_demo("demo", "usuarios", "recepcion@demo.test"),
    "vacunaciones": id_demo("demo", "vacunaciones", "luna", "VAC-RAB", "2025-08-18"),
}
