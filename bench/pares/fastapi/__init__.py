"""Contendiente: FastAPI con el ORM asíncrono de SQLAlchemy sobre asyncpg, como lo escribe su documentación."""
