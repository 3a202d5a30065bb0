-- Una receta emitida sólo cambia de estado, y hacia delante; su animal o su titular, sólo si su ficha se fusionó.
CREATE FUNCTION recetas_emitida() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    libres text[] := ARRAY['estado', 'anulada_en', 'anulacion_motivo', 'version', 'actualizado_en', 'actualizado_por'];
BEGIN
    IF OLD.estado = 'borrador' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM pacientes p WHERE p.organizacion_id = OLD.organizacion_id
                  AND p.id = OLD.paciente_id AND p.fusionado_en_id = NEW.paciente_id) THEN
        libres := libres || 'paciente_id'::text;
    END IF;
    IF EXISTS (SELECT FROM clientes c WHERE c.organizacion_id = OLD.organizacion_id
                  AND c.id = OLD.cliente_id AND c.fusionado_en_id = NEW.cliente_id) THEN
        libres := libres || 'cliente_id'::text;
    END IF;
    IF to_jsonb(NEW) - libres IS DISTINCT FROM to_jsonb(OLD) - libres
       OR NOT (NEW.estado = OLD.estado
               OR OLD.estado = 'emitida' AND NEW.estado IN ('dispensada_parcial', 'dispensada', 'anulada')
               OR OLD.estado = 'dispensada_parcial' AND NEW.estado = 'dispensada') THEN
        RAISE EXCEPTION 'La receta está emitida'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recetas_emitida_inmutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recetas_emitida BEFORE UPDATE ON recetas FOR EACH ROW EXECUTE FUNCTION recetas_emitida();

-- Las líneas de una receta emitida tampoco cambian: sólo crece lo dispensado. La receta se bloquea para leer su estado.
CREATE FUNCTION lineas_receta_emitida() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    linea lineas_receta := coalesce(NEW, OLD);
    estado_receta text;
BEGIN
    SELECT r.estado INTO estado_receta FROM recetas r
     WHERE r.organizacion_id = linea.organizacion_id AND r.id = linea.receta_id FOR SHARE;
    IF TG_OP = 'UPDATE' AND NEW.receta_id = OLD.receta_id AND NEW.envases_dispensados >= OLD.envases_dispensados
       AND to_jsonb(NEW) - 'envases_dispensados' = to_jsonb(OLD) - 'envases_dispensados' THEN
        RETURN NEW;
    END IF;
    IF estado_receta <> 'borrador' OR TG_OP = 'UPDATE' AND NEW.receta_id <> OLD.receta_id THEN
        RAISE EXCEPTION 'La receta está emitida'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recetas_emitida_inmutable';
    END IF;
    RETURN linea;
END $$;
CREATE TRIGGER lineas_receta_emitida BEFORE INSERT OR UPDATE OR DELETE ON lineas_receta
    FOR EACH ROW EXECUTE FUNCTION lineas_receta_emitida();

-- Lo administrado no se corrige encima: sólo sigue a su paciente cuando su ficha se fusiona.
CREATE FUNCTION administraciones_inmutable() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    libres text[] := ARRAY['paciente_id', 'version', 'actualizado_en', 'actualizado_por'];
BEGIN
    IF to_jsonb(NEW) - libres IS DISTINCT FROM to_jsonb(OLD) - libres
       OR NEW.paciente_id <> OLD.paciente_id
          AND NOT EXISTS (SELECT FROM pacientes p WHERE p.organizacion_id = OLD.organizacion_id
                             AND p.id = OLD.paciente_id AND p.fusionado_en_id = NEW.paciente_id) THEN
        RAISE EXCEPTION 'Lo administrado no se modifica'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'administraciones_inmutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER administraciones_inmutable BEFORE UPDATE ON administraciones
    FOR EACH ROW EXECUTE FUNCTION administraciones_inmutable();

-- El libro de controlados no lo cambia ni lo borra nadie, tampoco el propietario de la tabla.
CREATE FUNCTION registro_controlados_inmutable() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'El registro de controlados no se modifica ni se borra';
END $$;
CREATE TRIGGER registro_controlados_inmutable BEFORE UPDATE OR DELETE OR TRUNCATE ON registro_controlados
    FOR EACH STATEMENT EXECUTE FUNCTION registro_controlados_inmutable();
