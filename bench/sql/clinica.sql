-- La clínica: sedes, profesionales con su sala y su horario, y quien administra. La primera sede tiene 5 profesionales;
-- la segunda, 20; las demás, 7.
INSERT INTO organizaciones (id, codigo, nombre, razon_social, identificador_fiscal, pais, moneda, idioma, config, version,
                            creado_en, actualizado_en)
VALUES ('$org'::uuid, '$codigo', 'Clínica $codigo', 'Clínica $codigo S. L.', 'B12345674', 'ES', 'EUR', 'es-ES', '{}', 1,
        timestamptz '2024-01-01Z', timestamptz '2024-01-01Z');

INSERT INTO sedes (organizacion_id, id, codigo, nombre, zona_horaria, territorio_fiscal, config, activo, version, creado_en,
                   actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo sede', s), 'S' || lpad(s::text, 3, '0'), 'Sede ' || s, 'Europe/Madrid', 'ES-IVA', '{}', true, 1,
       timestamptz '2024-01-01Z', timestamptz '2024-01-01Z'
  FROM generate_series(1, $sedes) s;

CREATE TABLE bench.profesionales_$codigo AS
SELECT p, CASE WHEN p <= 5 THEN 1 WHEN p <= 25 THEN 2 ELSE 3 + (p - 26) / 7 END AS s,
       bench.id('$codigo profesional', p) AS id, bench.id('$codigo sala', p) AS sala_id, bench.id('$codigo usuario', p) AS usuario_id
  FROM generate_series(1, $profesionales) p;

INSERT INTO usuarios (organizacion_id, id, email, nombre, roles, estado, acceso_clinico, doble_factor, valida_desde, version,
                      creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo usuario', 0), 'admin@$codigo.example', 'Administración', ARRAY['administrador'], 'activo', true,
       false, timestamptz '2024-01-01Z', 1, timestamptz '2024-01-01Z', timestamptz '2024-01-01Z'
UNION ALL
SELECT '$org'::uuid, usuario_id, 'v' || p || '@$codigo.example', bench.nombre(p) || ' ' || bench.apellido(p, 30), ARRAY['veterinario'],
       'activo', true, false, timestamptz '2024-01-01Z', 1, timestamptz '2024-01-01Z', timestamptz '2024-01-01Z'
  FROM bench.profesionales_$codigo;

INSERT INTO profesionales (organizacion_id, id, usuario_id, nombre, categoria, especialidades, agendable, activo, version,
                           creado_en, actualizado_en)
SELECT '$org'::uuid, id, usuario_id, bench.nombre(p) || ' ' || bench.apellido(p, 30) || ' ' || p, 'veterinario', '{}', true, true, 1,
       timestamptz '2024-01-01Z', timestamptz '2024-01-01Z'
  FROM bench.profesionales_$codigo;

INSERT INTO recursos (organizacion_id, id, sede_id, codigo, nombre, tipo, capacidad, activo, version, creado_en, actualizado_en)
SELECT '$org'::uuid, sala_id, bench.id('$codigo sede', s), 'C' || p, 'Consulta ' || p, 'sala_consulta', 1, true, 1, timestamptz '2024-01-01Z',
       timestamptz '2024-01-01Z'
  FROM bench.profesionales_$codigo;

-- De lunes a sábado, de 9:00 a 14:00 y de 16:00 a 20:00.
INSERT INTO horarios (organizacion_id, id, sede_id, profesional_id, dia_semana, hora_inicio, hora_fin, desde, version, creado_en,
                      actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo horario ' || d || h.desde, p), bench.id('$codigo sede', s), id, d, h.desde::time, h.hasta::time,
       date '2024-01-01', 1, timestamptz '2024-01-01Z', timestamptz '2024-01-01Z'
  FROM (SELECT p, s, id FROM bench.profesionales_$codigo
        UNION ALL SELECT 100000 + s, s, NULL FROM generate_series(1, $sedes) s) x,
       generate_series(1, 6) d, (VALUES ('09:00', '14:00'), ('16:00', '20:00')) h (desde, hasta);
