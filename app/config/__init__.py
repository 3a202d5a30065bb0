"""Configuración: ajustes, base de datos, política de permisos y semillas."""
