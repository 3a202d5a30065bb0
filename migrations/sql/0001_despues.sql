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
                      WHERE us.organizacion_id = u.organizacion_id AND us.usuario_id = u.id ORDER BY us.id LIMIT 1),
                    (SELECT d.zona_horaria FROM sedes d WHERE d.organizacion_id = u.organizacion_id AND d.activo
                      ORDER BY d.id LIMIT 1)),
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
             ORDER BY d.id LIMIT 1),
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
    SELECT levenshtein_less_equal(left(escrito, 60), left(real_, 60), 2)
           <= CASE WHEN length(escrito) < 4 THEN 1 WHEN left(escrito, 1) = left(real_, 1) THEN 2 ELSE 1 END
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

CREATE FUNCTION buscar_pacientes(texto text, maximo integer)
    RETURNS TABLE (id uuid, puntuacion integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET pg_trgm.similarity_threshold = 0.2 SET pg_trgm.word_similarity_threshold = 0.5 AS $$
    WITH p AS (SELECT servet_normalizar(texto) AS q, regexp_replace(texto, '\D', '', 'g') AS cifras)
    SELECT x.id, (max(x.punt) * 10000)::integer FROM (
        SELECT a.id, greatest(similarity(a.nombre_orden, p.q), 0.9 * word_similarity(p.q, a.nombre_orden)) AS punt
          FROM pacientes a, p
         WHERE a.organizacion_id = organizacion_actual()
           AND (a.nombre_orden % p.q OR p.q <% a.nombre_orden)
           AND (similarity(a.nombre_orden, p.q) >= 0.3 OR p.q <% a.nombre_orden OR casi_igual(p.q, a.nombre_orden))
        UNION ALL
        SELECT a.id, 1.0 FROM pacientes a, p
         WHERE a.organizacion_id = organizacion_actual() AND length(p.cifras) = 15 AND a.microchip = p.cifras
        UNION ALL
        SELECT t.paciente_id, 0.00008 * b.puntuacion
          FROM p, LATERAL buscar_clientes(texto, 50) b
          JOIN titularidades t ON t.organizacion_id = organizacion_actual() AND t.cliente_id = b.id AND t.hasta IS NULL
    ) x GROUP BY x.id ORDER BY 2 DESC, 1 LIMIT maximo
$$;
