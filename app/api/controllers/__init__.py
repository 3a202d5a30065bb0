"""Rutas HTTP: cada módulo es la tabla de rutas de un recurso."""
