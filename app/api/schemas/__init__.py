"""El contrato de entrada y salida: qué campos viajan y con qué forma."""
