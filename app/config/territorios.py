"""Países, monedas y territorios fiscales en los que Servet sabe trabajar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Territorio:
    """Ámbito en el que rige un impuesto sobre las ventas."""

    codigo: str
    pais: str
    nombre: str


# Fuente: dominio §2.1 y §5.9.
TERRITORIOS = (
    Territorio("ES-IVA", "ES", "España: península y Baleares (IVA)"),
    Territorio("ES-IGIC", "ES", "España: Canarias (IGIC)"),
    Territorio("ES-IPSI", "ES", "España: Ceuta y Melilla (IPSI)"),
    Territorio("MX", "MX", "México"),
    Territorio("MX-FRONTERA", "MX", "México: región fronteriza"),
    Territorio("CO", "CO", "Colombia"),
    Territorio("AR", "AR", "Argentina"),
    Territorio("CL", "CL", "Chile"),
    Territorio("PE", "PE", "Perú"),
)
CODIGOS_TERRITORIO = frozenset(uno.codigo for uno in TERRITORIOS)

# País admitido -> moneda con la que nace una organización si no se dice otra.
MONEDAS = {"ES": "EUR", "MX": "MXN", "CO": "COP", "AR": "ARS", "CL": "CLP", "PE": "PEN"}
PAISES = {"ES": "España", "MX": "México", "CO": "Colombia", "AR": "Argentina", "CL": "Chile", "PE": "Perú"}
