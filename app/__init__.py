"""Servet: API REST para gestionar clínicas veterinarias."""
