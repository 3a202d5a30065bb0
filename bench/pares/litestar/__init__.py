"""El contendiente afinado a mano: Litestar, msgspec y asyncpg, con una ida a la base por lectura."""
