"""Cuántos viajes a la base cuesta cada ruta que escribe, con uno solo de lo que recorra."""

# Lo normal: leer bloqueando (y lo que haga falta para comprobar), y escribir, releer, auditar y confirmar.
MAXIMO = 2
# Las demás, exactas: quien baje un número lo baja también aquí, y quien suba uno, que diga por qué.
VIAJES = {
    # Con Idempotency-Key la respuesta se guarda antes de confirmar: uno más. Y otro si una sala tiene varias plazas,
    # como aquí: hay que mirar cuáles están libres (con una, tres: ``test_citas_viajes``).
    "POST /citas": 4,
    # Lo que va suelto (credenciales, intentos, claves) tiene sus propias conexiones y confirma por su cuenta.
    "POST /autenticacion/acceso": 10,
    "POST /autenticacion/acceso-integracion": 7,
    "POST /autenticacion/doble-factor": 13,
    "POST /autenticacion/recuperacion": 5,
    "POST /autenticacion/renovacion": 4,
    "POST /autenticacion/restablecimiento": 3,
    "POST /yo/contrasena": 7,
    "POST /yo/doble-factor/confirmacion": 7,
    "POST /yo/doble-factor/retirada": 7,
    # Mover o soltar un hueco: se bloquea por orden, se lee quieto y el hueco se ofrece a quien espera.
    "POST /citas/{id}/cancelacion": 9,
    "POST /citas/{id}/confirmacion": 6,
    "POST /citas/{id}/inicio": 6,
    "POST /citas/{id}/llegada": 6,
    "POST /citas/{id}/reprogramacion": 11,
    "POST /lista-espera/{id}/aceptacion": 7,
    "POST /lista-espera/{id}/oferta": 6,
    "POST /lista-espera/{id}/rechazo": 9,
    "DELETE /lista-espera/{id}": 9,
    "DELETE /pacientes/{id}": 19,
    "POST /pacientes/{id}/fallecimiento": 21,
    # Fusiones, supresiones y cambios de titular: lo que hay que bloquear depende de lo que se va leyendo.
    "POST /clientes/{id}/anonimizacion": 12,
    "POST /clientes/{id}/fusion": 8,
    "POST /pacientes/{id}/fusion": 23,
    "POST /pacientes/{id}/cambio-titular": 12,
    "POST /pacientes/{id}/cotitulares": 7,
    "POST /titularidades/{id}/cierre": 7,
    # El calendario vacunal se rehace: lo que cuenta se lee ya cambiado, se calcula y se escribe.
    "PATCH /pacientes/{id}": 4,  # el ejemplo cambia el nacimiento; sin tocar las vacunas, dos
    "POST /pacientes/{id}/reversion-fallecimiento": 5,
    "POST /pacientes/{id}/vacunaciones": 4,
    "PATCH /vacunaciones/{id}": 4,
    "POST /vacunaciones/{id}/anulacion": 4,
    "PATCH /productos/{id}": 7,
    "PATCH /protocolos-vacunales/{id}": 6,
    "DELETE /protocolos-vacunales/{id}": 4,
    "POST /requisitos-territoriales": 6,
    "PATCH /requisitos-territoriales/{id}": 5,
    "DELETE /requisitos-territoriales/{id}": 5,
    # Medicar: de quién es, qué toma, qué reglas saltan y quién firma; y el libro, que se numera al escribirlo.
    "POST /administraciones": 5,
    "POST /recetas": 3,
    "PATCH /recetas/{id}": 3,
    "POST /recetas/{id}/anulacion": 3,
    "POST /recetas/{id}/dispensaciones": 6,
    "POST /recetas/{id}/emision": 6,
    "POST /registro-controlados": 3,
    "POST /registro-controlados/recuentos": 6,
    "POST /comunicaciones-antibioticos/exportacion": 3,
    # De quién es la agenda, qué horario le queda y a cuántas citas deja fuera.
    "POST /profesionales/{id}/horarios": 5,
    "POST /recursos/{id}/horarios": 5,
    "POST /sedes/{id}/horarios": 5,
    "PATCH /horarios/{id}": 5,
    "POST /profesionales/{id}/excepciones": 4,
    "POST /recursos/{id}/excepciones": 4,
    "POST /sedes/{id}/excepciones": 4,
    "PATCH /excepciones/{id}": 4,
    # Se comprueba, ya bloqueado, que nadie lo esté usando o que quien pide pueda darlo.
    "DELETE /sedes/{id}": 4,
    "PATCH /integraciones/{id}": 4,
    "PATCH /usuarios/{id}": 4,
    "POST /clientes/{id}/invitacion-portal": 3,
    "POST /clientes/{id}/exportacion": 4,
}
