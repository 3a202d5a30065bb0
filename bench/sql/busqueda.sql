-- Lo que los disparadores de búsqueda habrían escrito, de una vez y con sus mismas funciones.
ANALYZE pacientes, clientes, titularidades;
INSERT INTO busqueda_pacientes (organizacion_id, paciente_id, nombre, titulares, documento)
SELECT a.organizacion_id, a.id, a.nombre_orden, c.nombre_orden,
       servet_palabras(concat_ws(' ', a.nombre_orden, c.nombre_orden, reverse(translate(c.telefonos_texto, '+', ''))))
  FROM pacientes a
  JOIN titularidades t ON t.organizacion_id = a.organizacion_id AND t.paciente_id = a.id AND t.hasta IS NULL
  JOIN clientes c ON c.organizacion_id = t.organizacion_id AND c.id = t.cliente_id;

INSERT INTO busqueda_claves (organizacion_id, clave, orden, nombre, paciente_id)
SELECT b.organizacion_id, c.clave, c.orden, b.nombre, b.paciente_id
  FROM busqueda_pacientes b, claves_de_paciente(b.nombre, b.titulares) c;

INSERT INTO palabras (organizacion_id, palabra)
SELECT DISTINCT organizacion_id, una
  FROM (SELECT DISTINCT organizacion_id, nombre_orden FROM pacientes
        UNION SELECT DISTINCT organizacion_id, nombre_orden FROM clientes) x,
       unnest(tsvector_to_array(servet_palabras(x.nombre_orden))) una;
