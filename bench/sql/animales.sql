-- Titulares y animales. Con los disparadores quitados: lo que ellos mantendrían se rellena entero en busqueda.sql.
INSERT INTO clientes (organizacion_id, id, codigo, tipo, nombre, apellidos, telefonos, telefonos_texto, email, idioma,
                      canal_preferido, preferencias, sede_habitual_id, descuento_pct, regimen_fiscal, bloqueo_morosidad, estado,
                      activo, version, creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo cliente', n), bench.codigo('CLI', n), 'persona', bench.nombre(n),
       bench.apellido(n, 40) || ' ' || bench.apellido(n, 50),
       jsonb_build_array(jsonb_build_object('numero', '+34' || (600000000 + n), 'tipo', 'movil', 'principal', true)),
       '+34' || (600000000 + n), 'c' || n || '@$codigo.example', 'es-ES', 'email', '{}',
       bench.id('$codigo sede', 1 + n % $sedes), 0, 'consumidor', false, 'activo', true, 1, creado, creado
  FROM generate_series(1, $clientes) n, LATERAL (SELECT '2024-01-01Z'::timestamptz + n * interval '1 second' AS creado) c;

INSERT INTO pacientes (organizacion_id, id, codigo, nombre, especie, raza, sexo, esterilizado, fecha_nacimiento,
                       precision_nacimiento, capa, microchip, verificado_lector, identificadores, destino, mdr1, estado, fecha_fallecimiento,
                       activo, version, creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo paciente', n), bench.codigo('PAC', n), bench.mascota(n),
       CASE WHEN perro THEN 'perro' ELSE 'gato' END,
       CASE WHEN perro
            THEN (ARRAY['mestizo','labrador_retriever','pastor_aleman','border_collie','yorkshire_terrier','chihuahua','beagle',
                        'boxer','caniche','rottweiler'])[1 + bench.azar(n, 61, 10)]
            ELSE (ARRAY['comun_europeo','domestico_pelo_corto','siames','persa','maine_coon'])[1 + bench.azar(n, 61, 5)] END,
       CASE WHEN bench.azar(n, 62, 2) = 0 THEN 'macho' ELSE 'hembra' END,
       CASE WHEN bench.azar(n, 63, 3) = 0 THEN 'no' ELSE 'si' END,
       date '2010-01-01' + bench.azar(n, 64, 5500), 'exacta',
       (ARRAY['negra','blanca','atigrada','canela','tricolor',NULL])[1 + bench.azar(n, 65, 6)],
       CASE WHEN bench.azar(n, 66, 5) > 0 THEN '724098' || lpad(n::text, 9, '0') END, true, '[]', 'compania', 'no_testado',
       estado, CASE WHEN estado = 'fallecido' THEN date '2026-01-01' + bench.azar(n, 68, 200) END, true, 1, creado, creado
  FROM generate_series(1, $pacientes) n, LATERAL (
       SELECT bench.azar(n, 60, 10) < 6 AS perro,
       (ARRAY['fallecido','inactivo','perdido','activo'])[least(4, 1 + bench.azar(n, 67, 25))] AS estado,
       '2024-01-01Z'::timestamptz + n * interval '1 second' AS creado) c;

INSERT INTO titularidades (organizacion_id, id, paciente_id, cliente_id, rol, desde, version, creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo titularidad', n), bench.id('$codigo paciente', n), bench.id('$codigo cliente', 1 + n % $clientes),
       'titular', '2024-01-01', 1, timestamptz '2024-01-01Z', timestamptz '2024-01-01Z'
  FROM generate_series(1, $pacientes) n;

INSERT INTO pesos (organizacion_id, id, paciente_id, peso_kg, medido_en, metodo, version, creado_en, actualizado_en)
SELECT '$org'::uuid, bench.id('$codigo peso', 2 * n + k), bench.id('$codigo paciente', n), 2.5 + bench.azar(n, 70 + k, 30000) / 1000.0,
       '2026-01-01Z'::timestamptz + k * interval '30 days' + (n % 86400) * interval '1 second', 'bascula', 1, '2026-01-01',
       '2026-01-01'
  FROM generate_series(1, $pacientes) n, generate_series(0, 1) k
 WHERE bench.azar(n, 69, 10) < 7;

INSERT INTO contadores (organizacion_id, nombre, valor) VALUES ('$org'::uuid, 'CLI', $clientes), ('$org'::uuid, 'PAC', $pacientes);
