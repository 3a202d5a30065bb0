"""Las cuatro sentencias de una reserva, entre abrir la transacción y confirmarla."""

from bench.pares.litestar.base import SENTENCIAS
from bench.pares.litestar.horario import EXCEPCIONES, FRANJAS

# La clave, las personas y los recursos bloqueados y el turno de sus agendas: siempre en este orden.
SENTENCIAS["reserva_tomar"] = """WITH i AS (
 INSERT INTO idempotencia (organizacion_id, actor_id, ruta, clave, huella, creado_en) VALUES ($1, $2, $3, $4, $5, $6)
 ON CONFLICT DO NOTHING RETURNING 1)
SELECT (SELECT count(*) FROM i) AS nueva,
 (SELECT count(*) FROM (SELECT id FROM sedes WHERE organizacion_id = $1 AND id = $7 FOR KEY SHARE) x)
 + (SELECT count(*) FROM (SELECT id FROM clientes WHERE organizacion_id = $1 AND id = $8 FOR KEY SHARE) x)
 + (SELECT count(*) FROM (SELECT id FROM pacientes WHERE organizacion_id = $1 AND id = $9 FOR KEY SHARE) x) AS personas,
 (SELECT count(*) FROM (SELECT id FROM recursos WHERE organizacion_id = $1 AND id = ANY ($10) ORDER BY id FOR SHARE) x)
  AS recursos,
 (SELECT count(pg_advisory_xact_lock(k)) FROM unnest($11::bigint[]) k) AS turno"""
SENTENCIAS["reserva_previa"] = """SELECT huella, estado, cuerpo, cabeceras FROM idempotencia
 WHERE organizacion_id = $1 AND actor_id = $2 AND ruta = $3 AND clave = $4"""

_VINCULADO = """(EXISTS (SELECT 1 FROM titularidades t WHERE t.organizacion_id = $2 AND t.paciente_id = p.id
   AND t.hasta IS NULL AND t.cliente_id = c.id)
 OR EXISTS (SELECT 1 FROM autorizados a JOIN titularidades t ON t.organizacion_id = $2 AND t.cliente_id = a.cliente_id
   WHERE a.organizacion_id = $2 AND t.paciente_id = p.id AND t.hasta IS NULL AND a.activo AND a.cliente_autorizado_id
   = c.id
   AND a.puede_pedir_cita AND a.desde <= $11 AND (a.hasta IS NULL OR a.hasta >= $11)))"""
_CADUCADA = """SELECT k.id FROM citas k WHERE k.organizacion_id = $2 AND k.id = o.cita_id AND k.estado = 'solicitada'
   AND k.caduca_en <= $12"""
# Ya quietas: reglas, horario y lo que esos ocupantes tienen cogido. Lo caducado se suelta de paso.
SENTENCIAS["reserva_leer"] = f"""WITH suelta AS (
 DELETE FROM ocupaciones o WHERE o.organizacion_id = $2 AND o.ocupante_id = ANY ($9) AND o.hasta > $12
   AND EXISTS ({_CADUCADA}))
SELECT s.zona_horaria, s.nombre AS sede, s.activo AS sede_activa,
 coalesce(s.config ->> 'buffers_compartidos', o.config ->> 'buffers_compartidos', 'false')::boolean AS compartidos,
 k.nombre AS tipo_cita, k.instrucciones, k.color, k.duracion_min, k.buffer_antes_min, k.buffer_despues_min,
 k.requiere_veterinario, k.especies, c.estado AS cliente_estado,
 coalesce(c.razon_social, concat_ws(' ', c.nombre, c.apellidos)) AS cliente, p.nombre AS paciente,
 p.estado AS paciente_estado, p.especie, {_VINCULADO} AS vinculado,
 (SELECT json_agg(json_build_array(v.id::text, v.categoria, v.nombre))::text FROM profesionales v WHERE
 v.organizacion_id = $2
   AND v.id = ANY ($7) AND v.activo AND v.agendable) AS personas,
 (SELECT json_agg(json_build_array(r.id::text, r.capacidad, r.activo AND r.sede_id = $1))::text FROM recursos r
   WHERE r.organizacion_id = $2 AND r.id = ANY ($8)) AS recursos,
 {FRANJAS.format(sede="$1", personas="$7", recursos="$8")},
 {EXCEPCIONES.format(sede="$1", personas="$7", recursos="$8", desde="$13", hasta="$14")},
 (SELECT json_agg(json_build_array(o.ocupante_id::text, o.tipo, o.plaza, o.desde, o.hasta))::text FROM ocupaciones o
   WHERE o.organizacion_id = $2 AND o.ocupante_id = ANY ($9)
     AND o.hasta > $5::timestamptz - make_interval(mins => k.buffer_antes_min)
     AND o.desde < coalesce($6, $5 + make_interval(mins => k.duracion_min)) + make_interval(mins =>
     k.buffer_despues_min)
     AND NOT (o.hasta > $12 AND EXISTS ({_CADUCADA.replace(" k", " z").replace("k.", "z.")}))) AS cogidas
FROM sedes s JOIN organizaciones o ON o.id = $2
 JOIN tipos_cita k ON k.organizacion_id = $2 AND k.id = $3 AND k.activo
 JOIN clientes c ON c.organizacion_id = $2 AND c.id = $4
 JOIN pacientes p ON p.organizacion_id = $2 AND p.id = $10
WHERE s.organizacion_id = $2 AND s.id = $1 AND s.activo"""

# Todo lo que escribe una reserva, en una ida; el número correlativo se toma aquí, lo más tarde que se puede.
SENTENCIAS["reserva_escribir"] = """WITH n AS (
 INSERT INTO contadores (organizacion_id, nombre, valor) VALUES ($1, 'CIT-' || $3::uuid, 1)
 ON CONFLICT (organizacion_id, nombre) DO UPDATE SET valor = contadores.valor + 1 RETURNING valor
), c AS (
 INSERT INTO citas (organizacion_id, id, codigo, sede_id, tipo_cita_id, cliente_id, paciente_id, profesional_id,
 auxiliar_id,
   inicio, fin, estado, origen, prioridad, motivo, notas_internas, forzada, version, creado_en, creado_por,
   actualizado_en, actualizado_por)
 SELECT $1, $2, 'CIT-' || lpad(n.valor::text, greatest(6, length(n.valor::text)), '0'), $3, $4, $5, $6, $7, $8, $9,
 $10, $11,
   $12, $13, $14, $15, false, 1, $16, $17, $16, $17 FROM n RETURNING codigo
), r AS (
 INSERT INTO citas_recursos (organizacion_id, id, cita_id, recurso_id) SELECT $1, x.id, $2, x.recurso
   FROM unnest($18::uuid[], $19::uuid[]) x (id, recurso)
), o AS (
 INSERT INTO ocupaciones (organizacion_id, id, cita_id, tipo, ocupante_id, plaza, desde, hasta)
 SELECT $1, x.id, $2, x.tipo, x.ocupante, x.plaza, x.desde, x.hasta
   FROM unnest($20::uuid[], $21::text[], $22::uuid[], $23::smallint[], $24::timestamptz[], $25::timestamptz[])
        x (id, tipo, ocupante, plaza, desde, hasta)
 ON CONFLICT ON CONSTRAINT ocupaciones_sin_solape DO NOTHING RETURNING 1
), h AS (
 INSERT INTO citas_cambios (organizacion_id, id, cita_id, en, por, accion, estado, detalle)
 VALUES ($1, $26, $2, $16, $17, 'alta', $11, $27::jsonb)
)
SELECT (SELECT codigo FROM c) AS codigo, (SELECT count(*) FROM o) AS ocupadas"""
SENTENCIAS["reserva_cerrar"] = """WITH i AS (
 UPDATE idempotencia SET estado = $5, cuerpo = $6, cabeceras = $7::jsonb
  WHERE organizacion_id = $1 AND actor_id = $2 AND ruta = $3 AND clave = $4 RETURNING 1)
SELECT auditoria_anotar($8::jsonb) FROM i WHERE $8 IS NOT NULL"""
