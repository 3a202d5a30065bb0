"""Documentos impresos: lo que dicen, como bloques, y cómo se dibujan en un PDF."""

from app.utils.documentos.bloques import Documento


def dibujar(documento: Documento) -> bytes:
    """El PDF de un documento: la misma entrada da siempre los mismos bytes."""
    # La biblioteca de PDF tarda en cargarse: sólo la paga quien imprime.
    from app.utils.documentos.dibujo import dibujar as en_pdf

    return en_pdf(documento)
