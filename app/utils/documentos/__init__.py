"""Documentos impresos: lo que dicen, como bloques, y cómo se dibujan en un PDF."""
