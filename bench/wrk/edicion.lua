-- Ediciones: cada línea es «id versión». La versión siguiente se lee de cada respuesta.
dofile((os.getenv("BENCH_WRK") or "bench/wrk") .. "/comun.lua")
local cola, con, primero, vez, marca = {}, {}, 1, 0, ""

function init(args)
   for _, linea in ipairs(lineas(args[1])) do
      local id, version = linea:match("(%S+) (%d+)")
      cola[#cola + 1] = { id, version }
   end
   con, marca = cabeceras(args[2]), args[3]
end

function request()
   local uno = cola[primero]
   cola[primero] = nil
   primero, vez = primero + 1, vez + 1
   con["If-Match"] = '"' .. uno[2] .. '"'
   return wrk.format("PATCH", "/api/v1/pacientes/" .. uno[1], con, '{"senias":"' .. marca .. " " .. vez .. '"}')
end

function response(estado, _, cuerpo)
   if estado == 200 then
      cola[#cola + 1] = { cuerpo:match('"id":%s*"([^"]+)"'), cuerpo:match('"version":%s*(%d+)') }
   end
end
