-- Lo cerrado no se toca: ni la consulta ni lo suyo, lo escriba quien lo escriba.

-- Si entre una fila y la otra sólo cambia lo que puede: publicarla, y el paciente hacia la ficha en la que se fundió.
CREATE FUNCTION solo_cambia_lo_libre(antes jsonb, despues jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT (antes - libres) IS NOT DISTINCT FROM (despues - libres)
       AND (NOT antes ? 'paciente_id' OR antes -> 'paciente_id' = despues -> 'paciente_id' OR EXISTS (
            SELECT 1 FROM pacientes p
             WHERE p.organizacion_id = (antes ->> 'organizacion_id')::uuid
               AND p.id = (antes ->> 'paciente_id')::uuid
               AND p.fusionado_en_id = (despues ->> 'paciente_id')::uuid))
      FROM (SELECT ARRAY['publicada_en', 'paciente_id', 'version', 'actualizado_en', 'actualizado_por'] AS libres) l
$$;

-- Compartida y no sólo leída: mientras se escribe en lo suyo, nadie la cierra.
CREATE FUNCTION consulta_abierta(organizacion uuid, consulta uuid) RETURNS boolean LANGUAGE sql AS $$
    SELECT c.estado = 'abierta' FROM consultas c
     WHERE c.organizacion_id = organizacion AND c.id = consulta FOR SHARE
$$;

CREATE FUNCTION consultas_inmutables() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.estado = 'abierta' OR (
           solo_cambia_lo_libre(to_jsonb(OLD), to_jsonb(NEW))
           AND (OLD.publicada_en IS NULL OR NEW.publicada_en IS NOT DISTINCT FROM OLD.publicada_en))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'La consulta ya no se cambia'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'consultas_inmutables';
END $$;
CREATE TRIGGER consultas_inmutables BEFORE UPDATE OR DELETE ON consultas
    FOR EACH ROW EXECUTE FUNCTION consultas_inmutables();

-- Para constantes, diagnósticos y pesos: ni se añaden a una consulta cerrada, ni se cambian, ni se borran.
CREATE FUNCTION de_consulta_inmutables() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.consulta_id IS NOT NULL
       AND NOT consulta_abierta(OLD.organizacion_id, OLD.consulta_id)
       AND NOT (TG_OP = 'UPDATE' AND solo_cambia_lo_libre(to_jsonb(OLD), to_jsonb(NEW))) THEN
        RAISE EXCEPTION 'La consulta ya no se cambia'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consultas_inmutables';
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.consulta_id IS NOT NULL
       AND (TG_OP = 'INSERT' OR NEW.consulta_id IS DISTINCT FROM OLD.consulta_id)
       AND NOT consulta_abierta(NEW.organizacion_id, NEW.consulta_id) THEN
        RAISE EXCEPTION 'La consulta ya no se cambia'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consultas_inmutables';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION enmiendas_de_cerrada() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'Las enmiendas no se cambian ni se borran';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM consultas c WHERE c.organizacion_id = NEW.organizacion_id
                    AND c.id = NEW.consulta_id AND c.estado = 'cerrada') THEN
        RAISE EXCEPTION 'Sólo se enmienda una consulta cerrada' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enmiendas_de_cerrada BEFORE INSERT OR UPDATE OR DELETE ON enmiendas
    FOR EACH ROW EXECUTE FUNCTION enmiendas_de_cerrada();
