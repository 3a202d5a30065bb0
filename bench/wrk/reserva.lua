-- Reservas: cada línea es el cuerpo de una cita distinta, con su hueco; se usa una sola vez.
dofile((os.getenv("BENCH_WRK") or "bench/wrk") .. "/comun.lua")
local cuerpos, con, clave, n = {}, {}, "", 0

function init(args)
   cuerpos, con, clave = lineas(args[1]), cabeceras(args[2]), args[3]
end

function request()
   n = n + 1
   con["Idempotency-Key"] = clave .. "-" .. n
   return wrk.format("POST", "/api/v1/citas", con, cuerpos[n] or "{}")
end
