-- La agenda. Cada profesional atiende 16 de las 21 citas de 25 minutos que caben en su día, de lunes a sábado; los días van
-- seguidos y los pone carga.py en bench.dias: unos antes del ancla y otros después.
CREATE TABLE bench.citas_$codigo AS
SELECT k AS n, bench.id('$codigo cita', k) AS id, p.id AS profesional_id, p.sala_id, p.s, a.n AS paciente,
       i.inicio, d.dia < date '$ancla' AS pasada,
       CASE WHEN d.dia < date '$ancla' THEN (ARRAY['finalizada','finalizada','finalizada','finalizada','finalizada','finalizada',
                 'finalizada','finalizada','cancelada','no_presentado'])[1 + bench.azar(k, 80, 10)]
            ELSE 'confirmada' END AS estado
  FROM generate_series(0::bigint, $citas - 1) k
  JOIN bench.profesionales_$codigo p ON p.p = 1 + k % $profesionales
  JOIN bench.dias d ON d.orden = k / $profesionales / 16
 CROSS JOIN LATERAL (SELECT ((p.p * 5 + d.orden * 3 + (k / $profesionales % 16) * 8) % 21)::integer AS hueco) h
 CROSS JOIN LATERAL (SELECT (d.dia + CASE WHEN hueco < 12 THEN interval '9 hours' + hueco * interval '25 minutes'
       ELSE interval '16 hours' + (hueco - 12) * interval '25 minutes' END)::timestamp AT TIME ZONE 'Europe/Madrid' AS inicio) i
 CROSS JOIN LATERAL (SELECT 1 + (k * 7919) % $pacientes AS n) a;

ANALYZE bench.citas_$codigo;

INSERT INTO citas (organizacion_id, id, codigo, sede_id, tipo_cita_id, cliente_id, paciente_id, profesional_id, inicio, fin,
                   estado, origen, prioridad, motivo, forzada, llegada_en, inicio_real, fin_real, cancelada_en,
                   cancelacion_motivo, version, creado_en, actualizado_en)
SELECT '$org'::uuid, id, bench.codigo('CIT', n), bench.id('$codigo sede', s), '$tipo'::uuid, bench.id('$codigo cliente', 1 + paciente % $clientes),
       bench.id('$codigo paciente', paciente), profesional_id, inicio, inicio + interval '20 minutes', estado, 'recepcion', 'normal',
       (ARRAY['Revisión anual','Vacuna','Cojera','Tos','No come','Vómitos'])[1 + bench.azar(n, 81, 6)], false,
       CASE WHEN estado = 'finalizada' THEN inicio - interval '4 minutes' END,
       CASE WHEN estado = 'finalizada' THEN inicio + interval '2 minutes' END,
       CASE WHEN estado = 'finalizada' THEN inicio + interval '18 minutes' END,
       CASE WHEN estado = 'cancelada' THEN inicio - interval '1 day' END,
       CASE WHEN estado = 'cancelada' THEN 'El titular no puede venir' END, 1, inicio - interval '5 days', inicio - interval '5 days'
  FROM bench.citas_$codigo;

INSERT INTO citas_recursos (organizacion_id, id, cita_id, recurso_id)
SELECT '$org'::uuid, bench.id('$codigo cita recurso', n), id, sala_id FROM bench.citas_$codigo;

INSERT INTO citas_cambios (organizacion_id, id, cita_id, en, por, accion, estado, detalle)
SELECT '$org'::uuid, bench.id('$codigo cambio', n), id, inicio - interval '5 days', bench.id('$codigo usuario', 0), 'alta', 'confirmada',
       jsonb_build_object('inicio', inicio, 'fin', inicio + interval '20 minutes')
  FROM bench.citas_$codigo;

-- Como las deja Servet: la canceló quien fuera y su hueco quedó libre; la que acabó antes, recortada.
INSERT INTO ocupaciones (organizacion_id, id, cita_id, tipo, ocupante_id, plaza, desde, hasta)
SELECT '$org'::uuid, bench.id('$codigo ocupacion', 3 * n + o.k), id, o.tipo, o.ocupante_id, 1, inicio,
       CASE WHEN pasada THEN least(inicio + o.dura, inicio + interval '23 minutes') ELSE inicio + o.dura END
  FROM bench.citas_$codigo, LATERAL (VALUES
       (0, 'profesional', profesional_id, interval '25 minutes'), (1, 'recurso', sala_id, interval '25 minutes'),
       (2, 'paciente', bench.id('$codigo paciente', paciente), interval '20 minutes')) o (k, tipo, ocupante_id, dura)
 WHERE estado IN ('finalizada', 'confirmada');

INSERT INTO contadores (organizacion_id, nombre, valor)
SELECT '$org'::uuid, 'CIT-' || bench.id('$codigo sede', s), greatest($citas, 1) FROM generate_series(1, $sedes) s;
