-- Búsqueda acotada. Cada animal que no se haya fundido en otro se apunta, con su nombre, bajo cada palabra suya o de
-- sus titulares y bajo cada pareja de ellas, en el orden en que interesa: así «luna garcía» lee los primeros y para,
-- haya los que haya.

-- `orden`: mil por cada palabra que sólo es del titular, más el largo del nombre: «luna» va antes que «luna bella».
-- En parejas, sólo las treinta primeras: nadie se llama con más y, si no, un nombre absurdo dejaría miles de filas.
CREATE FUNCTION claves_de_paciente(nombre text, titulares text) RETURNS TABLE (clave text, orden smallint)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH palabras AS (
        SELECT palabra, min(ajena) AS ajena, row_number() OVER (ORDER BY min(ajena), palabra) AS n FROM (
            SELECT unnest(tsvector_to_array(servet_palabras(nombre))) COLLATE "C" AS palabra, 0 AS ajena
            UNION ALL SELECT unnest(tsvector_to_array(servet_palabras(titulares))) COLLATE "C", 1) x GROUP BY palabra)
    SELECT palabra, (1000 * ajena + length(nombre))::smallint FROM palabras
    UNION ALL
    SELECT p.palabra || ' ' || s.palabra, (1000 * (p.ajena + s.ajena) + length(nombre))::smallint
      FROM palabras p JOIN palabras s ON p.palabra < s.palabra AND greatest(p.n, s.n) <= 30
$$;

CREATE OR REPLACE FUNCTION indexar_paciente(organizacion uuid, paciente uuid) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    antes busqueda_pacientes;
    ahora busqueda_pacientes;
    telefonos text;
    fusionado boolean;
    sobra record;
BEGIN
    -- Primero se bloquea la fila y después se lee: quien espera ve lo que el otro acaba de confirmar.
    INSERT INTO busqueda_pacientes (organizacion_id, paciente_id, nombre, titulares, documento)
        VALUES (organizacion, paciente, '', '', '')
        ON CONFLICT (organizacion_id, paciente_id) DO UPDATE SET documento = busqueda_pacientes.documento
        RETURNING * INTO antes;
    SELECT coalesce(string_agg(c.nombre_orden, ' ' ORDER BY c.id), ''),
           string_agg(reverse(translate(c.telefonos_texto, '+', '')), ' ')
      INTO ahora.titulares, telefonos
      FROM titularidades t JOIN clientes c ON c.organizacion_id = t.organizacion_id AND c.id = t.cliente_id
     WHERE t.organizacion_id = organizacion AND t.paciente_id = paciente AND t.hasta IS NULL;
    SELECT a.nombre_orden, a.estado = 'fusionado' INTO ahora.nombre, fusionado
      FROM pacientes a WHERE a.organizacion_id = organizacion AND a.id = paciente;
    ahora.documento := servet_palabras(concat_ws(' ', ahora.nombre, ahora.titulares, telefonos));
    IF fusionado THEN
        ahora.nombre := '';
        ahora.titulares := '';
    END IF;
    UPDATE busqueda_pacientes b
       SET nombre = ahora.nombre, titulares = ahora.titulares, documento = ahora.documento
     WHERE b.organizacion_id = organizacion AND b.paciente_id = paciente;
    IF (antes.nombre, antes.titulares) = (ahora.nombre, ahora.titulares) THEN
        RETURN;
    END IF;
    -- Una a una: en una sola sentencia, un plan hecho con la tabla casi vacía la recorrería entera cuando ya no lo está.
    FOR sobra IN SELECT antes.nombre, v.* FROM claves_de_paciente(antes.nombre, antes.titulares) v
                 EXCEPT SELECT ahora.nombre, n.* FROM claves_de_paciente(ahora.nombre, ahora.titulares) n LOOP
        DELETE FROM busqueda_claves b
         WHERE b.organizacion_id = organizacion AND b.clave = sobra.clave AND b.orden = sobra.orden
           AND b.nombre = sobra.nombre AND b.paciente_id = paciente;
    END LOOP;
    INSERT INTO busqueda_claves (organizacion_id, clave, orden, nombre, paciente_id)
        SELECT organizacion, falta.clave, falta.orden, falta.nombre, paciente
          FROM (SELECT ahora.nombre, n.* FROM claves_de_paciente(ahora.nombre, ahora.titulares) n
                EXCEPT SELECT antes.nombre, v.* FROM claves_de_paciente(antes.nombre, antes.titulares) v) falta;
END $$;

CREATE TRIGGER paciente_fusionado AFTER UPDATE OF estado ON pacientes FOR EACH ROW
    WHEN ((OLD.estado = 'fusionado') <> (NEW.estado = 'fusionado')) EXECUTE FUNCTION paciente_buscable();

-- Con qué palabras conocidas casa una de las escritas: las que empiezan así o, con erratas, ella y las parecidas.
CREATE FUNCTION palabras_posibles(escrita text, con_erratas boolean) RETURNS text[]
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF length(escrita) <= 2 THEN
        RETURN ARRAY[escrita];
    ELSIF con_erratas THEN
        RETURN ARRAY(SELECT escrita UNION SELECT palabras_parecidas(escrita));
    END IF;
    RETURN ARRAY(SELECT p.palabra FROM palabras p WHERE p.organizacion_id = organizacion_actual()
                    AND p.palabra >= escrita AND p.palabra < escrita || chr(1114111));
END $$;

-- Bajo qué claves buscar y, en cada turno, cuántas de sus palabras han de ser sólo del titular: primero las que son
-- del animal y, entre ellas, las más parecidas a lo escrito. De tres palabras o más mandan las dos con menos
-- posibilidades y las demás las comprueba `condicion`. Sin `claves` si serían demasiadas: dos comienzos muy cortos.
CREATE FUNCTION claves_posibles(q text, escritas text[], con_erratas boolean,
                                OUT claves text[], OUT ajenas integer[], OUT condicion tsquery)
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    escrita text;
    posibles text[];
    pocas text[];
    otras text[];
    partes text[] := '{}';
BEGIN
    FOREACH escrita IN ARRAY escritas LOOP
        posibles := palabras_posibles(escrita, con_erratas);
        IF pocas IS NULL OR cardinality(posibles) < cardinality(pocas) THEN
            otras := pocas;
            pocas := posibles;
        ELSIF otras IS NULL OR cardinality(posibles) < cardinality(otras) THEN
            otras := posibles;
        END IF;
        partes := partes || CASE
            WHEN con_erratas THEN '(' || (SELECT string_agg(quote_literal(una), ' | ') FROM unnest(posibles) una) || ')'
            ELSE quote_literal(escrita) || CASE WHEN length(escrita) > 2 THEN ':*' ELSE '' END END;
    END LOOP;
    condicion := array_to_string(partes, ' & ')::tsquery;
    IF cardinality(pocas) * cardinality(otras) > 1000 THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(c.clave), '{}'), coalesce(array_agg(c.ajenas), '{}') INTO claves, ajenas FROM (
        SELECT x.clave, n.ajenas
          FROM (SELECT u.clave, similarity(u.clave, q) AS parecido FROM (
                    SELECT DISTINCT CASE WHEN s.palabra IS NULL OR s.palabra = p.palabra THEN p.palabra
                        ELSE least(p.palabra, s.palabra) || ' ' || greatest(p.palabra, s.palabra) END AS clave
                      FROM (SELECT una COLLATE "C" FROM unnest(pocas) una) p (palabra)
                      LEFT JOIN (SELECT una COLLATE "C" FROM unnest(otras) una) s (palabra) ON true) u) x
         CROSS JOIN generate_series(0, least(cardinality(escritas), 2)) n (ajenas)
         ORDER BY n.ajenas, x.parecido DESC, x.clave) c;
END $$;

-- Los primeros animales apuntados bajo esas claves, clave a clave, y sus nombres. La ficha sólo se mira si hay filtros.
-- Siempre por los índices y sin mapas de bits: leerían la lista entera, y un plan hecho con la tabla vacía, la tabla.
CREATE FUNCTION pacientes_por_claves(claves text[], ajenas integer[], maximo integer, comprobar tsquery,
                                     especies text[], raza_pedida text, estados text[], nacido_desde date,
                                     nacido_hasta date)
    RETURNS TABLE (id uuid, nombre_orden text)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, public, pg_temp
    SET enable_bitmapscan = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    organizacion uuid := organizacion_actual();
    sin_filtros boolean := num_nonnulls(especies, raza_pedida, estados, nacido_desde, nacido_hasta) = 0;
BEGIN
    RETURN QUERY SELECT DISTINCT x.paciente_id, x.nombre FROM (
        SELECT suyo.paciente_id, suyo.nombre FROM unnest(claves, ajenas) k (clave, ajena) CROSS JOIN LATERAL (
            SELECT b.paciente_id, b.nombre FROM busqueda_claves b
             WHERE b.organizacion_id = organizacion AND b.clave = k.clave
               AND b.orden >= (1000 * k.ajena)::smallint AND b.orden < (1000 * k.ajena + 1000)::smallint
               AND (sin_filtros OR EXISTS (
                    SELECT FROM pacientes a WHERE a.organizacion_id = organizacion AND a.id = b.paciente_id
                       AND (especies IS NULL OR a.especie = ANY (especies))
                       AND (raza_pedida IS NULL OR a.raza = raza_pedida)
                       AND (estados IS NULL OR a.estado = ANY (estados))
                       AND (nacido_desde IS NULL OR a.fecha_nacimiento >= nacido_desde)
                       AND (nacido_hasta IS NULL OR a.fecha_nacimiento <= nacido_hasta)))
               AND (comprobar IS NULL OR EXISTS (
                    SELECT FROM busqueda_pacientes d WHERE d.organizacion_id = organizacion
                       AND d.paciente_id = b.paciente_id AND d.documento @@ comprobar))
             ORDER BY b.orden, b.nombre, b.paciente_id LIMIT maximo) suyo
         LIMIT maximo) x;
END $$;

-- De lo seguro a lo dudoso, y se para en cuanto hay bastantes: microchip o código, nombre (exacto y después los que
-- empiezan así), todas las palabras (más puntos cuantas más sean del nombre y no del titular) y todas, con erratas.
-- Los filtros van dentro: si se aplicaran después, «luna» entre los gatos perdería gatos.
CREATE OR REPLACE FUNCTION buscar_pacientes(texto text, maximo integer, especies text[], raza text, estados text[],
                                            nacido_desde date, nacido_hasta date, entre uuid[])
    RETURNS TABLE (id uuid, puntuacion integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    q text := servet_normalizar(texto);
    cifras text := CASE WHEN q ~ '[a-z]' THEN '' ELSE ltrim(regexp_replace(q, '\D', '', 'g'), '0') END;
    por_telefono boolean := length(cifras) >= 6;
    escritas text[] := CASE WHEN por_telefono THEN '{}' ELSE tsvector_to_array(servet_palabras(q)) END;
    filtro text := concat(
        CASE WHEN especies IS NOT NULL THEN ' AND a.especie = ANY ($4)' END,
        CASE WHEN raza IS NOT NULL THEN ' AND a.raza = $5' END,
        CASE WHEN estados IS NOT NULL THEN ' AND a.estado = ANY ($6)' ELSE ' AND a.estado <> ''fusionado''' END,
        CASE WHEN nacido_desde IS NOT NULL THEN ' AND a.fecha_nacimiento >= $7' END,
        CASE WHEN nacido_hasta IS NOT NULL THEN ' AND a.fecha_nacimiento <= $8' END,
        CASE WHEN entre IS NOT NULL THEN ' AND a.id = ANY ($9)' END);
    por_ficha text := ' FROM pacientes a WHERE a.organizacion_id = $1' || filtro;
    por_documento text := ' FROM (SELECT a.id, a.nombre_orden FROM busqueda_pacientes b
        JOIN pacientes a ON a.organizacion_id = b.organizacion_id AND a.id = b.paciente_id
        WHERE b.organizacion_id = $1 AND b.documento @@ $10' || filtro
        || CASE WHEN entre IS NULL THEN ' LIMIT 2 * $3' ELSE '' END || ') a';
    por_claves text := ' FROM pacientes_por_claves($13, $14, 2 * $3, CASE WHEN cardinality($12) > 2 THEN $10 END,
        $4, $5, $6, $7, $8) a';
    etapas text[] := ARRAY[
        CASE WHEN length(cifras) = 15 THEN
            'SELECT a.id, 10000 AS puntos' || por_ficha || ' AND a.microchip = $11' END,
        CASE WHEN q ~ '^[a-z]+-[0-9]+$' THEN
            'SELECT a.id, 10000 AS puntos' || por_ficha || ' AND a.codigo = upper($2)' END,
        'SELECT a.id, CASE WHEN a.nombre_orden = $2 THEN 9000 ELSE 8000 END AS puntos' || por_ficha
            || ' AND a.nombre_orden >= $2 AND a.nombre_orden < $2 || chr(1114111) ORDER BY a.nombre_orden, a.id',
        'SELECT a.id, 6000 + coalesce((SELECT 950 * sum(CASE WHEN e = ANY (string_to_array(a.nombre_orden, '' '')) THEN 2
            WHEN strpos(a.nombre_orden, e) > 0 THEN 1 ELSE 0 END) / count(*) FROM unnest($12) e), 0)::integer AS puntos',
        'SELECT a.id, 3000 + (1000 * similarity(a.nombre_orden, $2))::integer AS puntos'];
    claves text[];
    ajenas integer[];
    condicion tsquery := CASE WHEN por_telefono THEN (quote_literal(reverse(cifras)) || ':*')::tsquery END;
    encontrados uuid[] := '{}';
    una_etapa text;
    fila record;
BEGIN
    IF q = '' THEN
        RETURN;
    END IF;
    FOR n IN 1..5 LOOP
        CONTINUE WHEN etapas[n] IS NULL;
        una_etapa := etapas[n];
        IF n >= 4 THEN
            IF escritas <> '{}' THEN
                SELECT c.* INTO claves, ajenas, condicion FROM claves_posibles(q, escritas, n = 5) c;
            ELSIF n = 5 OR NOT por_telefono THEN
                RETURN;
            END IF;
            una_etapa := una_etapa || CASE WHEN claves IS NULL OR entre IS NOT NULL OR 'fusionado' = ANY (estados)
                THEN por_documento ELSE por_claves END || ' ORDER BY 2 DESC, 1 DESC';
        END IF;
        FOR fila IN EXECUTE una_etapa || ' LIMIT ' || maximo
            USING organizacion_actual(), q, maximo, especies, raza, estados, nacido_desde, nacido_hasta, entre,
                  condicion, cifras, escritas, claves, ajenas LOOP
            IF fila.id <> ALL (encontrados) THEN
                encontrados := encontrados || fila.id;
                id := fila.id;
                puntuacion := fila.puntos;
                RETURN NEXT;
                IF cardinality(encontrados) >= maximo THEN
                    RETURN;
                END IF;
            END IF;
        END LOOP;
    END LOOP;
END $$;
