"""La ficha entera de un paciente: la de las listas y, además, sus vacunas."""

from datetime import date

from pydantic import BaseModel

from bench.pares.fastapi.esquemas import PacienteLectura


class ProximaVacuna(BaseModel):
    protocolo: str
    nombre: str
    fecha_proxima: date
    fase: str
    numero_en_serie: int
    estado: str


class PacienteFicha(PacienteLectura):
    proximas_vacunas: list[ProximaVacuna]
