"""Servet: API REST para gestionar clínicas veterinarias."""

__version__ = "0.1.0"
