"""Ayudas transversales que no conocen el dominio."""
