-- Auditoría encadenada: la huella de cada asiento cubre la del anterior.
-- Columnas de texto de forma fija: la huella no depende de la zona horaria ni del formato de la sesión.
CREATE FUNCTION auditoria_huella(a auditoria) RETURNS bytea
    LANGUAGE sql STABLE AS $$
    SELECT sha256(a.huella_anterior || convert_to(jsonb_build_array(
        a.organizacion_id, a.id, a.numero, (extract(epoch FROM a.en) * 1000000)::bigint,
        a.quien, a.rol, a.ip, a.accion, a.recurso, a.recurso_id, a.cambios, a.motivo, a.id_peticion
    )::text, 'UTF8'))
$$;

-- La única puerta por la que se escribe: numera, encadena y sella. La cabeza se bloquea una vez por transacción
-- y se actualiza una vez, tenga uno o diez mil asientos.
CREATE FUNCTION auditoria_anotar(asientos jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    cabeza auditoria_cadenas;
    asiento auditoria;
BEGIN
    INSERT INTO auditoria_cadenas (organizacion_id, numero, huella)
        VALUES (organizacion_actual(), 0, '\x') ON CONFLICT (organizacion_id) DO NOTHING;
    SELECT * INTO STRICT cabeza FROM auditoria_cadenas WHERE organizacion_id = organizacion_actual() FOR UPDATE;
    FOR asiento IN SELECT * FROM jsonb_populate_recordset(NULL::auditoria, asientos) LOOP
        IF asiento.organizacion_id IS DISTINCT FROM cabeza.organizacion_id THEN
            RAISE EXCEPTION 'El asiento es de otra organización';
        END IF;
        cabeza.numero := cabeza.numero + 1;
        asiento.numero := cabeza.numero;
        asiento.huella_anterior := cabeza.huella;
        asiento.huella := auditoria_huella(asiento);
        cabeza.huella := asiento.huella;
        INSERT INTO auditoria VALUES (asiento.*);
    END LOOP;
    UPDATE auditoria_cadenas SET numero = cabeza.numero, huella = cabeza.huella
     WHERE organizacion_id = cabeza.organizacion_id;
END $$;
REVOKE EXECUTE ON FUNCTION auditoria_anotar(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auditoria_anotar(jsonb) TO servet_app;

CREATE FUNCTION auditoria_inmutable() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'La auditoría no se modifica ni se borra';
END $$;

CREATE TRIGGER auditoria_inmutable BEFORE UPDATE OR DELETE OR TRUNCATE ON auditoria
    FOR EACH STATEMENT EXECUTE FUNCTION auditoria_inmutable();
CREATE TRIGGER auditoria_cadenas_inmutable BEFORE DELETE OR TRUNCATE ON auditoria_cadenas
    FOR EACH STATEMENT EXECUTE FUNCTION auditoria_inmutable();

-- El primer eslabón que no casa, o nada si la cadena está entera. Sin id: el asiento que falta ya no existe.
CREATE FUNCTION auditoria_primer_eslabon_roto() RETURNS TABLE (numero bigint, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH eslabones AS (
        SELECT a.numero, a.id, a.huella, a.huella_anterior, auditoria_huella(a) AS calculada,
               lag(a.huella, 1, '\x'::bytea) OVER (ORDER BY a.numero) AS previa,
               row_number() OVER (ORDER BY a.numero) AS posicion
          FROM auditoria a WHERE a.organizacion_id = organizacion_actual()
    ), ultimo AS (
        SELECT a.numero, a.id, a.huella FROM auditoria a
         WHERE a.organizacion_id = organizacion_actual() ORDER BY a.numero DESC LIMIT 1
    ), rotos AS (
        SELECT e.numero, e.id FROM eslabones e
         WHERE e.huella <> e.calculada OR e.huella_anterior <> e.previa OR e.numero <> e.posicion
        UNION ALL
        -- La cabeza recuerda hasta dónde llegaba la cadena: dice si faltan, sobran o se rehicieron los últimos.
        SELECT CASE WHEN u.numero IS NULL OR u.numero < c.numero THEN coalesce(u.numero, 0) + 1 ELSE u.numero END,
               CASE WHEN u.numero < c.numero THEN NULL ELSE u.id END
          FROM (VALUES (1)) AS uno (n)
          LEFT JOIN ultimo u ON true
          LEFT JOIN auditoria_cadenas c ON c.organizacion_id = organizacion_actual()
         WHERE (u.numero, u.huella) IS DISTINCT FROM (nullif(c.numero, 0), CASE WHEN c.numero > 0 THEN c.huella END)
    )
    SELECT r.numero, r.id FROM rotos r ORDER BY r.numero, r.id NULLS LAST LIMIT 1
$$;

-- Antes de saber de qué organización es alguien no hay política que aplicar: estas funciones, y sólo estas,
-- miran en todas, y devuelven lo mínimo.
CREATE FUNCTION credenciales_por_email(correo text, codigo_organizacion text)
    RETURNS TABLE (organizacion_id uuid, organizacion text, usuario_id uuid, contrasena_huella text, estado text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.organizacion_id, o.codigo, u.id, u.contrasena_huella, u.estado
      FROM usuarios u JOIN organizaciones o ON o.id = u.organizacion_id
     WHERE u.email = correo AND u.estado <> 'baja'
       AND (codigo_organizacion IS NULL OR o.codigo = codigo_organizacion)
     ORDER BY o.codigo
     LIMIT 5 -- cada una cuesta comprobar una contraseña
$$;

CREATE FUNCTION identidad_vigente(organizacion uuid, sujeto uuid, familia uuid, tipo_sujeto text)
    RETURNS TABLE (id uuid, organizacion_id uuid, nombre text, roles text[], ambitos text[], sedes uuid[],
                   cliente_id uuid, acceso_clinico boolean, clientes_compartidos boolean, zona text, valida_desde double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.id, u.organizacion_id, u.nombre, u.roles, NULL::text[],
           ARRAY(SELECT us.sede_id FROM usuarios_sedes us JOIN sedes d USING (organizacion_id)
                  WHERE us.organizacion_id = u.organizacion_id AND us.usuario_id = u.id AND d.id = us.sede_id
                  ORDER BY d.codigo),
           u.cliente_id, u.acceso_clinico,
           coalesce((o.config ->> 'clientes_compartidos_entre_sedes')::boolean, true),
           coalesce((SELECT d.zona_horaria FROM usuarios_sedes us
                       JOIN sedes d ON d.organizacion_id = us.organizacion_id AND d.id = us.sede_id
                      WHERE us.organizacion_id = u.organizacion_id AND us.usuario_id = u.id ORDER BY d.creado_en, d.id LIMIT 1),
                    (SELECT d.zona_horaria FROM sedes d WHERE d.organizacion_id = u.organizacion_id AND d.activo
                      ORDER BY d.creado_en, d.id LIMIT 1)),
           extract(epoch FROM u.valida_desde)::double precision
      FROM usuarios u
      JOIN organizaciones o ON o.id = u.organizacion_id
      JOIN sesiones s ON s.organizacion_id = u.organizacion_id AND s.usuario_id = u.id
     WHERE tipo_sujeto = 'usuario' AND u.organizacion_id = organizacion AND u.id = sujeto AND u.estado = 'activo'
       AND s.id = familia AND s.revocada_en IS NULL AND s.expira_en > now()
    UNION ALL
    SELECT i.id, i.organizacion_id, i.nombre, ARRAY['integracion'], i.ambitos,
           ARRAY(SELECT x.sede_id FROM integraciones_sedes x
                  WHERE x.organizacion_id = i.organizacion_id AND x.integracion_id = i.id),
           NULL, false, coalesce((o.config ->> 'clientes_compartidos_entre_sedes')::boolean, true),
           (SELECT d.zona_horaria FROM sedes d WHERE d.organizacion_id = i.organizacion_id AND d.activo
             ORDER BY d.creado_en, d.id LIMIT 1),
           extract(epoch FROM i.valida_desde)::double precision
      FROM integraciones i
      JOIN organizaciones o ON o.id = i.organizacion_id
     WHERE tipo_sujeto = 'integracion' AND i.organizacion_id = organizacion AND i.id = sujeto AND i.activo
       AND (i.expira_en IS NULL OR i.expira_en > now())
$$;

CREATE FUNCTION organizaciones_activas() RETURNS TABLE (id uuid, codigo text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, o.codigo FROM organizaciones o ORDER BY o.id
$$;

CREATE FUNCTION envios_retrasados() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM buzon_salida WHERE enviado_en IS NULL AND creado_en < now() - interval '15 minutes'
$$;

-- Búsqueda tolerante. Bajo políticas de fila los operadores de trigramas no pueden usar su índice, así que la
-- búsqueda corre con los permisos del dueño y ella misma se limita a la organización en curso.
CREATE FUNCTION casi_igual(escrito text, real_ text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT levenshtein_less_equal(left(escrito, 60), left(real_, 60), 2) <= CASE
        WHEN length(escrito) >= 6 AND left(escrito, 1) = left(real_, 1) THEN 2
        -- dos letras bailadas son una errata, no dos
        WHEN length(escrito) = length(real_) AND translate(escrito, real_, '') = '' AND translate(real_, escrito, '') = '' THEN 2
        ELSE 1 END
$$;

CREATE FUNCTION buscar_clientes(texto text, maximo integer)
    RETURNS TABLE (id uuid, puntuacion integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET pg_trgm.similarity_threshold = 0.2 SET pg_trgm.word_similarity_threshold = 0.5 AS $$
    WITH p AS (SELECT servet_normalizar(texto) AS q, regexp_replace(texto, '\D', '', 'g') AS cifras)
    SELECT x.id, (max(x.punt) * 10000)::integer FROM (
        SELECT c.id, greatest(similarity(c.nombre_orden, p.q), word_similarity(p.q, c.nombre_orden)) AS punt
          FROM clientes c, p
         WHERE c.organizacion_id = organizacion_actual()
           AND (c.nombre_orden % p.q OR p.q <% c.nombre_orden)
           AND (similarity(c.nombre_orden, p.q) >= 0.3 OR p.q <% c.nombre_orden OR casi_igual(p.q, c.nombre_orden))
        UNION ALL
        SELECT c.id, 1.0 FROM clientes c, p
         WHERE c.organizacion_id = organizacion_actual() AND length(p.cifras) >= 6
           AND c.telefonos_texto LIKE '%' || p.cifras || '%'
        UNION ALL
        SELECT c.id, 1.0 FROM clientes c, p
         WHERE c.organizacion_id = organizacion_actual() AND position('@' IN p.q) > 0 AND c.email = p.q
    ) x GROUP BY x.id ORDER BY 2 DESC, 1 LIMIT maximo
$$;

-- Pacientes por palabras. Cada uno tiene un documento con las suyas y las de sus titulares, y sus teléfonos del revés
-- (así el número nacional o las últimas cifras son el comienzo). Un solo índice responde a «luna garcía».
CREATE FUNCTION servet_palabras(texto text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_tsvector(array_remove(regexp_split_to_array(texto, '[\s+.,;:''"«»()/&_-]+'), ''));

CREATE FUNCTION indexar_paciente(organizacion uuid, paciente uuid) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    -- Primero se bloquea la fila y después se lee: quien espera ve lo que el otro acaba de confirmar.
    INSERT INTO busqueda_pacientes (organizacion_id, paciente_id, documento) VALUES (organizacion, paciente, '')
        ON CONFLICT (organizacion_id, paciente_id) DO UPDATE SET documento = busqueda_pacientes.documento;
    UPDATE busqueda_pacientes b SET documento = servet_palabras(concat_ws(' ',
        (SELECT a.nombre_orden FROM pacientes a WHERE a.organizacion_id = organizacion AND a.id = paciente),
        (SELECT string_agg(concat_ws(' ', c.nombre_orden, reverse(translate(c.telefonos_texto, '+', ''))), ' ')
           FROM titularidades t JOIN clientes c ON c.organizacion_id = t.organizacion_id AND c.id = t.cliente_id
          WHERE t.organizacion_id = organizacion AND t.paciente_id = paciente AND t.hasta IS NULL)))
     WHERE b.organizacion_id = organizacion AND b.paciente_id = paciente;
END $$;

CREATE FUNCTION anotar_palabras(organizacion uuid, texto text) RETURNS void
    LANGUAGE sql AS $$
    INSERT INTO palabras (organizacion_id, palabra)
        SELECT organizacion, una FROM unnest(tsvector_to_array(servet_palabras(texto))) una
        ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION paciente_buscable() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM indexar_paciente(NEW.organizacion_id, NEW.id);
    PERFORM anotar_palabras(NEW.organizacion_id, NEW.nombre_orden);
    RETURN NULL;
END $$;

CREATE FUNCTION titularidad_buscable() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    -- Si el titular está cambiando de nombre, se espera a saber cuál; el de quien deja de serlo ya no importa.
    IF NEW.hasta IS NULL THEN
        PERFORM FROM clientes c WHERE c.organizacion_id = NEW.organizacion_id AND c.id = NEW.cliente_id FOR SHARE;
    END IF;
    PERFORM indexar_paciente(NEW.organizacion_id, NEW.paciente_id);
    RETURN NULL;
END $$;

CREATE FUNCTION cliente_buscable() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- Nadie indexa a un paciente sin haberlo bloqueado, y siempre por orden: así no se interbloquean.
        PERFORM FROM pacientes a WHERE a.organizacion_id = NEW.organizacion_id AND a.id IN (
            SELECT t.paciente_id FROM titularidades t
             WHERE t.organizacion_id = NEW.organizacion_id AND t.cliente_id = NEW.id AND t.hasta IS NULL)
          ORDER BY a.id FOR KEY SHARE;
        PERFORM indexar_paciente(NEW.organizacion_id, suyo.paciente_id) FROM (
            SELECT t.paciente_id FROM titularidades t
             WHERE t.organizacion_id = NEW.organizacion_id AND t.cliente_id = NEW.id AND t.hasta IS NULL
             ORDER BY t.paciente_id OFFSET 0) suyo;
    END IF;
    -- Lo último: una palabra nueva hace esperar a quien quiera anotar la misma.
    PERFORM anotar_palabras(NEW.organizacion_id, NEW.nombre_orden);
    RETURN NULL;
END $$;

CREATE TRIGGER paciente_buscable AFTER INSERT OR UPDATE OF nombre ON pacientes
    FOR EACH ROW EXECUTE FUNCTION paciente_buscable();
CREATE TRIGGER titularidad_buscable AFTER INSERT OR UPDATE OF paciente_id, cliente_id, hasta ON titularidades
    FOR EACH ROW EXECUTE FUNCTION titularidad_buscable();
CREATE TRIGGER cliente_buscable AFTER INSERT OR UPDATE OF nombre, apellidos, razon_social, telefonos_texto ON clientes
    FOR EACH ROW EXECUTE FUNCTION cliente_buscable();

-- Las palabras conocidas que pudo querer escribir, de la más parecida a la menos.
CREATE FUNCTION palabras_parecidas(escrita text) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET pg_trgm.similarity_threshold = 0.25 AS $$
    SELECT x.palabra FROM (
        SELECT p.palabra FROM palabras p
         WHERE p.organizacion_id = organizacion_actual() AND p.palabra % escrita
        UNION -- con dos letras bailadas una palabra corta no comparte trigramas, pero casi nunca falla la primera
        SELECT p.palabra FROM palabras p
         WHERE p.organizacion_id = organizacion_actual() AND length(escrita) <= 6
           AND p.palabra >= left(escrita, 1) AND p.palabra < left(escrita, 1) || chr(1114111)
    ) x
    WHERE casi_igual(escrita, x.palabra)
    ORDER BY levenshtein(left(escrita, 60), left(x.palabra, 60))
             - (length(escrita) = length(x.palabra) AND translate(escrita, x.palabra, '') = ''
                AND translate(x.palabra, escrita, '') = '')::integer,
             similarity(escrita, x.palabra) DESC, x.palabra
    LIMIT 12
$$;

-- De lo seguro a lo dudoso, y se para en cuanto hay bastantes: microchip o código, nombre (exacto y después los que
-- empiezan así), todas las palabras (más puntos cuantas más sean del nombre y no del titular) y todas, con erratas.
-- Los filtros van dentro: si se aplicaran después, «luna» entre los gatos perdería gatos.
CREATE FUNCTION buscar_pacientes(texto text, maximo integer, especies text[], raza text, estados text[],
                                 nacido_desde date, nacido_hasta date, entre uuid[])
    RETURNS TABLE (id uuid, puntuacion integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    q text := servet_normalizar(texto);
    cifras text := CASE WHEN q ~ '[a-z]' THEN '' ELSE ltrim(regexp_replace(q, '\D', '', 'g'), '0') END;
    escritas text[] := CASE WHEN length(cifras) >= 6 THEN '{}' ELSE tsvector_to_array(servet_palabras(q)) END;
    exactas tsquery := CASE WHEN length(cifras) >= 6 THEN (quote_literal(reverse(cifras)) || ':*')::tsquery ELSE (
        SELECT string_agg(quote_literal(una) || CASE WHEN length(una) > 2 THEN ':*' ELSE '' END, ' & ')::tsquery
          FROM unnest(escritas) una) END;
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
        WHERE b.organizacion_id = $1 AND b.documento @@ $10' || filtro || ' LIMIT 2 * $3) a ORDER BY 2 DESC';
    etapas text[] := array_remove(ARRAY[
        CASE WHEN length(cifras) = 15 THEN 'SELECT a.id, 10000 AS puntos' || por_ficha || ' AND a.microchip = $11' END,
        CASE WHEN q ~ '^[a-z]+-[0-9]+$' THEN 'SELECT a.id, 10000 AS puntos' || por_ficha || ' AND a.codigo = upper($2)' END,
        'SELECT a.id, CASE WHEN a.nombre_orden = $2 THEN 9000 ELSE 8000 END AS puntos' || por_ficha
            || ' AND a.nombre_orden >= $2 AND a.nombre_orden < $2 || chr(1114111) ORDER BY a.nombre_orden, a.id',
        'SELECT a.id, 6000 + coalesce((SELECT 950 * sum(CASE WHEN e = ANY (string_to_array(a.nombre_orden, '' '')) THEN 2
            WHEN strpos(a.nombre_orden, e) > 0 THEN 1 ELSE 0 END) / count(*) FROM unnest($12) e), 0)::integer AS puntos'
            || por_documento,
        'SELECT a.id, 3000 + (1000 * similarity(a.nombre_orden, $2))::integer AS puntos' || por_documento], NULL);
    palabras_de_la_etapa tsquery := exactas;
    encontrados uuid[] := '{}';
    una_etapa text;
    fila record;
BEGIN
    IF q = '' THEN
        RETURN;
    END IF;
    FOREACH una_etapa IN ARRAY etapas LOOP
        IF una_etapa = etapas[cardinality(etapas)] THEN
            palabras_de_la_etapa := (SELECT string_agg('(' || (SELECT string_agg(quote_literal(otra), ' | ')
                          FROM (SELECT una UNION SELECT palabras_parecidas(una) WHERE length(una) > 2) o (otra)) || ')', ' & ')
                          FROM unnest(escritas) una)::tsquery;
        END IF;
        FOR fila IN EXECUTE una_etapa || ' LIMIT $3'
            USING organizacion_actual(), q, maximo, especies, raza, estados, nacido_desde, nacido_hasta, entre,
                  palabras_de_la_etapa, cifras, escritas LOOP
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
