"""Motor asíncrono y la sesión de cada petición, encerrada en su organización."""

import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.pares.fastapi.acceso import Identidad, identidad

motor = create_async_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
    pool_size=8,
    max_overflow=0,
    connect_args={"server_settings": {"timezone": "UTC", "lock_timeout": "8000"}},
)
Sesion = async_sessionmaker(motor, expire_on_commit=False, autoflush=False)


@event.listens_for(motor.sync_engine, "connect")
def _asumir_rol(conexion, _registro) -> None:
    cursor = conexion.cursor()
    cursor.execute("SET ROLE servet_app")
    cursor.close()


async def sesion(quien: Annotated[Identidad, Depends(identidad)]) -> AsyncIterator[AsyncSession]:
    """Una transacción con las políticas de fila fijadas; quien escribe, confirma."""
    async with Sesion() as abierta:
        await abierta.execute(text("SELECT fijar_organizacion(:o)"), {"o": str(quien.organizacion_id)})
        yield abierta


ConSesion = Annotated[AsyncSession, Depends(sesion)]
