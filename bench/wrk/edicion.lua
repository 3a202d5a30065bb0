-- Ediciones: cada línea es «id versión». La versión siguiente se lee de cada respuesta.
dofile((os.getenv("BENCH_WRK") or "bench/wrk") .. "/comun.lua")
-- El último se cuenta aparte: con huecos por delante, «#cola» puede decir cualquier cosa.
local cola, con, primero, ultimo, vez, marca = {}, {}, 1, 0, 0, ""

local function poner(id, version)
   ultimo = ultimo + 1
   cola[ultimo] = { id, version }
end

function init(args)
   for _, linea in ipairs(lineas(args[1])) do
      local id, version = linea:match("(%S+) (%d+)")
      poner(id, version)
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
      poner(cuerpo:match('"id":%s*"([^"]+)"'), cuerpo:match('"version":%s*(%d+)'))
   end
end
