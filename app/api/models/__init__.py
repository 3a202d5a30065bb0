"""El diccionario de datos: columnas, enumeraciones, restricciones y transiciones."""
