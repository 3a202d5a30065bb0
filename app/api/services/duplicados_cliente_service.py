"""Clientes que se parecen a otro: la búsqueda tolerante y el aviso de posible duplicado."""

from typing import Any

from sqlalchemy import TableValuedAlias, func, or_, select, union

from app.api.models.cliente import CERRADOS, Cliente
from app.utils.context import avisar
from app.utils.records import Rows, rows

CANDIDATOS = 20
AVISADOS = 3


def parecidos(escrito: str, maximo: int, nombre: str) -> TableValuedAlias:
    """Los clientes que mejor casan con un texto: ``id`` y ``puntuacion``."""
    return func.buscar_clientes(escrito, maximo).table_valued("id", "puntuacion", name=nombre)


def pedir_parecidos(cliente: Cliente) -> Rows:
    """Pone en camino la lectura de los clientes con el mismo correo o teléfono, o con un nombre casi igual."""
    numeros = [uno["numero"] for uno in cliente.telefonos]
    textos = [cliente.nombre_completo[:120], *numeros, *([cliente.email] if cliente.email else [])]
    fuentes = [parecidos(texto, CANDIDATOS, f"parecidos_{n}") for n, texto in enumerate(textos)]
    candidatos = union(*(select(fuente.c.id) for fuente in fuentes)).subquery("candidatos")
    iguales: list[Any] = [func.casi_igual(func.servet_normalizar(cliente.nombre_completo), Cliente.nombre_orden)]
    iguales += [Cliente.telefonos_texto.contains(numero) for numero in numeros]
    if cliente.email:
        iguales.append(Cliente.email == cliente.email)
    consulta = (
        select(Cliente.codigo)
        .join(candidatos, candidatos.c.id == Cliente.id)
        .where(Cliente.id != cliente.id, Cliente.estado.not_in(CERRADOS), or_(*iguales))
        .order_by(Cliente.codigo)
        .limit(AVISADOS)
    )
    return rows(consulta)


def avisar_parecidos(parecidos: Rows) -> None:
    """Avisa de esos clientes."""
    for fila in parecidos:
        avisar("CLIENTE_POSIBLE_DUPLICADO", f"Se parece mucho al cliente {fila.codigo}")
