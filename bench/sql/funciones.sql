-- Con qué se inventan los datos. Todo sale de un número: la misma ESCALA da siempre los mismos datos.
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

-- UUIDv7 como los de Servet (ordenados por creación), pero decidido por su clase y su número.
CREATE FUNCTION bench.id(clase text, n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5(clase || n), 1, 3)
            || '8' || substr(md5(clase || n), 4, 15))::uuid;

-- Un número de 0 a m-1 que parece al azar.
CREATE FUNCTION bench.azar(n bigint, semilla bigint, m integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((hashint8extended(n, semilla) & 2147483647) % m)::integer;

CREATE FUNCTION bench.silabas(n bigint, semilla bigint, cuantas integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN initcap(concat(
        (ARRAY['ba','be','bi','bo','ca','co','cu','da','do','fa','fe','ga','go','la','le','li','lo','lu','ma','me','mi','mo',
               'na','ne','ni','no','pa','pe','pi','ra','ri','ro','sa','so','ta','te','ti','to','va','xa','za','zo']
        )[1 + bench.azar(n, semilla, 42)],
        (ARRAY['ber','bor','ca','cha','dri','fra','gue','lla','ller','mba','nda','nti','po','rra','rro','sca','sti','ta','tro','zu']
        )[1 + bench.azar(n, semilla + 1, 20)],
        CASE WHEN cuantas > 2 THEN (ARRAY['ez','ino','al','era','oz','ía','ena','ado','uz','in'])[1 + bench.azar(n, semilla + 2, 10)]
        END));

CREATE FUNCTION bench.mascota(n bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN bench.azar(n, 11, 10) < 3 THEN bench.silabas(bench.azar(n, 12, 900), 13, 2) ELSE
        (ARRAY['Luna','Nala','Kira','Toby','Simba','Coco','Rocky','Thor','Lola','Max','Leo','Nina','Bruno','Mía','Zeus','Duna',
               'Rex','Trufa','Canela','Linda','Pongo','Balto','Odín','Kiko','Noa','Lía','Maya','Chispa','Bimba','Tara','Zar',
               'Tango','Copito','Nube','Perla','Sombra','Golfo','Curro','Lucas','Greta','Frida','Dana','Kenzo','Loki','Milo',
               'Otto','Pipa','Queen','Rufo','Sira','Tizón','Uma','Vega','Wally','Yaco','Zoe','Bolita','Chico','Dora','Estrella']
        )[1 + bench.azar(n, 14, 60)] END
        || CASE WHEN bench.azar(n, 15, 10) = 0 THEN ' ' || bench.silabas(bench.azar(n, 16, 300), 17, 2) ELSE '' END;

CREATE FUNCTION bench.nombre(n bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (ARRAY['María','Carmen','Ana','Isabel','Laura','Cristina','Marta','Lucía','Elena','Rosa','Pilar','Dolores','Paula',
               'Raquel','Teresa','Beatriz','Nuria','Silvia','Julia','Sonia','Antonio','Manuel','José','Francisco','David',
               'Juan','Javier','Daniel','Carlos','Alejandro','Miguel','Rafael','Pedro','Ángel','Fernando','Pablo','Sergio',
               'Alberto','Iván','Rubén'])[1 + bench.azar(n, 21, 40)];

CREATE FUNCTION bench.apellido(n bigint, semilla bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN bench.azar(n, semilla, 10) < 4 THEN bench.silabas(bench.azar(n, semilla + 1, 5000), semilla + 2, 3) ELSE
        (ARRAY['García','González','Rodríguez','Fernández','López','Martínez','Sánchez','Pérez','Gómez','Martín','Jiménez','Ruiz',
               'Hernández','Díaz','Moreno','Muñoz','Álvarez','Romero','Alonso','Gutiérrez','Navarro','Torres','Domínguez',
               'Vázquez','Ramos','Gil','Ramírez','Serrano','Blanco','Molina','Morales','Suárez','Ortega','Delgado','Castro',
               'Ortiz','Rubio','Marín','Sanz','Núñez','Iglesias','Medina','Garrido','Cortés','Castillo','Santos','Lozano',
               'Guerrero','Cano','Prieto'])[1 + bench.azar(n, semilla + 3, 50)] END;

CREATE FUNCTION bench.codigo(prefijo text, n bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN prefijo || '-' || lpad(n::text, greatest(6, length(n::text)), '0');
