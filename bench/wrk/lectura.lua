-- Lecturas: las rutas de un fichero, una tras otra.
dofile((os.getenv("BENCH_WRK") or "bench/wrk") .. "/comun.lua")
local peticiones, n = {}, 0

function init(args)
   local con = cabeceras(args[2])
   con["Content-Type"] = nil
   for i, ruta in ipairs(lineas(args[1])) do
      peticiones[i] = wrk.format("GET", ruta, con)
   end
end

function request()
   n = n % #peticiones + 1
   return peticiones[n]
end
