"""Los casos resueltos del calendario vacunal (dominio §3.6), para las pruebas de unidad y las que van por HTTP."""

from dataclasses import dataclass
from datetime import date

from app.utils.calendario_vacunal import Protocolo

HOY = date(2026, 11, 23)
PROTOCOLOS = {
    "perro_esencial": Protocolo("perro_esencial", "serie", 6, periodo_meses=36),
    "gato_esencial": Protocolo("gato_esencial", "serie", 6, periodo_meses=36),
    "rabia": Protocolo("rabia", "dosis", 12),
    "leptospira": Protocolo("leptospira", "dosis", 8, dosis_iniciales=2, periodo_meses=12, caducidad_meses=18),
    "leucemia_felina": Protocolo("leucemia_felina", "dosis", 8, dosis_iniciales=2, periodo_meses=24),
}


@dataclass(frozen=True)
class Caso:
    """Un caso: con qué nacimiento y dosis, y cuándo y en qué fase toca la próxima."""

    nombre: str
    protocolo: str
    especie: str
    nacimiento: date | None
    dosis: tuple[str, ...]
    fecha: str
    fase: str
    numero: int
    estado: str
    regla: str
    hoy: date = HOY
    no_cuentan: tuple[int, ...] = ()
    validez: int | None = None
    territorio: int | None = None


def _caso(nombre, protocolo, especie, nacimiento, dosis, fecha, fase, numero, estado, regla, **mas) -> Caso:
    nacio = date.fromisoformat(nacimiento) if nacimiento else None
    return Caso(nombre, protocolo, especie, nacio, tuple(dosis.split()), fecha, fase, numero, estado, regla, **mas)


PRIMO, UNO, MAS = "primovacunacion", "refuerzo_1", "refuerzo"
CASOS = [
    _caso("V1", "perro_esencial", "perro", "2026-10-05", "", "2026-11-23", PRIMO, 1, "pendiente", "3.ya"),
    _caso("V2", "perro_esencial", "perro", "2026-09-01", "2026-10-27", "2026-11-24", PRIMO, 2, "vigente", "4a.serie"),
    _caso("V3", "perro_esencial", "perro", "2026-07-20", "2026-09-14 2026-10-12 2026-11-09", "2027-01-18", UNO, 4,
          "vigente", "4a.refuerzo_1"),
    _caso("V4", "perro_esencial", "perro", "2026-04-06", "2026-06-01 2026-06-29 2026-07-27 2026-10-05", "2029-10-05",
          MAS, 5, "vigente", "4a.refuerzo"),
    _caso("V5", "perro_esencial", "perro", "2022-03-10", "2026-11-23", "2026-12-21", PRIMO, 2, "vigente", "4b.serie"),
    _caso("V6", "perro_esencial", "perro", "2022-03-10", "2026-10-20 2026-11-17", "2027-11-17", UNO, 3, "vigente",
          "4b.refuerzo_1"),
    _caso("V7", "perro_esencial", "perro", "2026-09-01", "2026-10-06 2026-10-27", "2026-11-24", PRIMO, 2, "vigente",
          "4a.serie", no_cuentan=(0,)),
    _caso("V8", "perro_esencial", "perro", "2026-09-01", "2026-10-27 2026-11-05", "2026-11-24", PRIMO, 2, "vigente",
          "4a.serie", no_cuentan=(1,)),
    _caso("V9", "perro_esencial", "perro", "2026-07-06", "2026-11-16 2026-12-14", "2027-01-11", UNO, 3, "vigente",
          "4b.refuerzo_1_joven", hoy=date(2026, 12, 15)),
    _caso("V10", "leptospira", "perro", "2026-09-01", "2026-10-27 2026-11-23", "2027-11-23", UNO, 3, "vigente",
          "5.refuerzo_1"),
    _caso("V11", "leptospira", "perro", "2022-09-01", "2023-03-01 2023-03-29 2024-03-30", "2026-11-23", PRIMO, 1,
          "pendiente", "3.ya", no_cuentan=(0, 1, 2)),
    _caso("V12", "rabia", "perro", "2026-09-07", "", "2026-11-30", PRIMO, 1, "pendiente", "3.espera_edad"),
    _caso("V13", "rabia", "perro", "2023-09-01", "2024-06-01 2025-05-28", "2026-05-28", MAS, 3, "vencida", "5.refuerzo",
          validez=36, territorio=12),
    _caso("V14", "rabia", "perro", "2023-09-01", "2024-06-01 2025-05-28", "2028-05-28", MAS, 3, "vigente", "5.refuerzo",
          validez=36),
    _caso("V15", "rabia", "perro", "2023-09-01", "2024-02-29", "2025-02-28", UNO, 2, "vencida", "5.refuerzo_1"),
    _caso("V16", "gato_esencial", "gato", "2026-06-15", "2026-08-17 2026-09-14 2026-10-12", "2026-12-14", UNO, 4,
          "vigente", "4a.refuerzo_1"),
    _caso("V17", "gato_esencial", "gato", "2026-07-20", "2026-11-16", "2026-12-14", PRIMO, 2, "vigente", "4b.serie"),
    _caso("V18", "leucemia_felina", "gato", "2026-06-15", "2026-08-17 2026-09-14", "2027-09-14", UNO, 3, "vigente",
          "5.refuerzo_1"),
    _caso("V19", "rabia", "perro", "2024-05-02", "2026-11-23", "2027-11-23", UNO, 2, "vigente", "5.refuerzo_1"),
    _caso("V20", "gato_esencial", "gato", "2026-05-11", "2026-07-13 2026-08-10 2026-09-07", "2026-11-09", UNO, 4,
          "vencida", "4a.refuerzo_1"),
]  # fmt: skip
