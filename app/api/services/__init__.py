"""Lógica de la clínica y trabajo con la base de datos, a través de los modelos."""
