-- Lo que las tablas necesitan antes de existir: extensiones, rol de la aplicación y funciones puras.
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'servet_app') THEN
        CREATE ROLE servet_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- otra base del mismo servidor lo creó a la vez
END $$;

-- unaccent no es IMMUTABLE porque su diccionario podría cambiar; con el diccionario nombrado, aquí lo es.
CREATE FUNCTION servet_normalizar(texto text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(lower(unaccent('unaccent'::regdictionary, texto)));

-- Un set_config a secas no llegaría a los nodos de una base distribuida; SET LOCAL, sí.
CREATE FUNCTION fijar_organizacion(organizacion text) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL app.organizacion_id = %L', organizacion);
END $$;

CREATE FUNCTION organizacion_actual() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.organizacion_id', true), '')::uuid;
