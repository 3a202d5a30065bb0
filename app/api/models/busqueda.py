"""El índice de palabras con que se busca; lo mantienen disparadores de la base, nadie más escribe en él."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.utils.entities import Base, referencia

# Con qué palabras se encuentra a cada paciente: las suyas y las de sus titulares.
busqueda_pacientes = Table(
    "busqueda_pacientes",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("paciente_id", Uuid(), nullable=False),
    Column("documento", TSVECTOR(), nullable=False),
    # Con qué se hicieron sus claves: al cambiar, dicen cuáles sobran.
    Column("nombre", Text(), nullable=False),
    Column("titulares", Text(), nullable=False),
    PrimaryKeyConstraint("organizacion_id", "paciente_id"),
    referencia("paciente_id", "pacientes"),
    Index("busqueda_pacientes_documento_ix", "organizacion_id", "documento", postgresql_using="gin"),
)
# Cada paciente bajo cada una de esas palabras y cada pareja de ellas, en el orden del resultado: se leen los primeros.
busqueda_claves = Table(
    "busqueda_claves",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("clave", Text(collation="C"), nullable=False),
    Column("orden", SmallInteger(), nullable=False),
    Column("nombre", Text(collation="C"), nullable=False),
    Column("paciente_id", Uuid(), nullable=False),
    PrimaryKeyConstraint("organizacion_id", "clave", "orden", "nombre", "paciente_id"),
)
# Todas las palabras que han aparecido: entre ellas se busca la que quiso escribir quien se equivocó.
palabras = Table(
    "palabras",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("palabra", Text(collation="C"), nullable=False),
    PrimaryKeyConstraint("organizacion_id", "palabra"),
    Index(
        "palabras_parecidas_ix",
        "organizacion_id",
        "palabra",
        postgresql_using="gin",
        postgresql_ops={"palabra": "gin_trgm_ops"},
    ),
)
