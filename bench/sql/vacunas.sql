-- Las vacunas: siete de cada diez animales llevan dos polivalentes de cachorro y una rabia reciente. Los protocolos son los
-- de partida de cualquier clínica, y los pone carga.py.
INSERT INTO productos (organizacion_id, id, sku, nombre, tipo, unidad_base, requiere_frio, activo, version, creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo vacuna', n), sku, nombre, 'vacuna', 'dosis', true, true, 1, timestamptz '2024-01-01Z',
       timestamptz '2024-01-01Z'
  FROM (VALUES (1, 'RABIA', 'Rabia'), (2, 'PERRO', 'Polivalente canina'), (3, 'GATO', 'Trivalente felina')) v (n, sku, nombre);

INSERT INTO productos_vacuna (organizacion_id, id, producto_id, antigenos, protocolos, tipo_vacuna, especies, validez_meses)
SELECT '$org'::uuid, bench.id('$codigo ficha de vacuna', n), bench.id('$codigo vacuna', n), '{}', protocolos, tipo, especies, 12
  FROM (VALUES (1, ARRAY['rabia'], 'inactivada', ARRAY['perro', 'gato']),
               (2, ARRAY['perro_esencial', 'leptospira'], 'viva', ARRAY['perro']),
               (3, ARRAY['gato_esencial'], 'viva', ARRAY['gato'])) v (n, protocolos, tipo, especies);

INSERT INTO vacunaciones (organizacion_id, id, paciente_id, producto_id, fecha, externa, version, creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo vacunación', 3 * n + k), bench.id('$codigo paciente', n),
       bench.id('$codigo vacuna', CASE WHEN k = 2 THEN 1 WHEN p.especie = 'perro' THEN 2 ELSE 3 END),
       CASE WHEN k = 2 THEN date '2025-12-01' + bench.azar(n, 91, 300) ELSE p.fecha_nacimiento + 60 + 28 * k END,
       true, 1, timestamptz '2026-01-01Z', timestamptz '2026-01-01Z'
  FROM generate_series(1, $pacientes) n
  JOIN pacientes p ON p.organizacion_id = '$org'::uuid AND p.codigo = bench.codigo('PAC', n), generate_series(0, 2) k
 WHERE bench.azar(n, 90, 10) < 7;
