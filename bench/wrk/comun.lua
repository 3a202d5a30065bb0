-- Lo que comparten los tres guiones: leer el fichero de peticiones y escribir el resultado como JSON.
function lineas(ruta)
   local salida = {}
   for linea in io.lines(ruta) do
      salida[#salida + 1] = linea
   end
   return salida
end

function cabeceras(ficha)
   return { ["Authorization"] = "Bearer " .. ficha, ["Content-Type"] = "application/json", ["Accept"] = "application/json" }
end

function done(resumen, latencia)
   local e = resumen.errors
   io.write(string.format(
      '\nRESULTADO {"peticiones":%d,"micros":%d,"p50":%.3f,"p90":%.3f,"p99":%.3f,"max":%.3f,"estados":%d,"conexiones":%d}\n',
      resumen.requests, resumen.duration, latencia:percentile(50) / 1000, latencia:percentile(90) / 1000,
      latencia:percentile(99) / 1000, latencia.max / 1000, e.status, e.connect + e.read + e.write + e.timeout))
end
