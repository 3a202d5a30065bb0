"""Las páginas HTML de la documentación y las políticas de contenido con que se sirven."""

from base64 import b64encode
from hashlib import sha256

# Sin fuentes, intermediarios, telemetría ni asistentes: la página no habla con nadie más que con este servidor.
ARRANQUE = """\
Scalar.createApiReference('#referencia', {
  url: '/api/v1/openapi.json',
  localization: {locale: 'es'},
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  agent: {disabled: true},
  mcp: {disabled: true},
  hideClientButton: true,
  showDeveloperTools: 'never',
  documentDownloadType: 'direct',
  persistAuth: false,
  operationTitleSource: 'summary',
  defaultHttpClient: {targetKey: 'shell', clientKey: 'curl'}
})
"""
PAGINA = """\
<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Servet · Documentación de la API</title>
</head>
<body>
<div id="referencia"></div>
<noscript>Hace falta JavaScript; el documento está en <a href="/api/v1/openapi.json">openapi.json</a>.</noscript>
<script src="/documentacion/estatico/js/scalar.standalone.js"></script>
<script src="/documentacion/arranque.js"></script>
</body>
</html>
"""
# Los estilos en línea los crea la propia página de referencia; los guiones, sólo los de este servidor.
CSP_PAGINA = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ESTILO = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
code{background:#eee;padding:.1em .3em}td,th{text-align:left;padding:.3em .8em .3em 0;vertical-align:top}"
CSP_ERRORES = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(ESTILO.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ERRORES = (
    "<!doctype html>\n<html lang='{{ idioma }}'><head><meta charset='utf-8'><title>Servet · {{ titulo }}</title><style>"
    + ESTILO
    + """</style></head>
<body>
<h1>{{ titulo }}</h1>
{% if uno %}
<p><code>{{ uno.codigo }}</code> · HTTP {{ uno.estado }}</p>
{% if uno.significado %}<p>{{ uno.significado }}</p>{% endif %}
<p>{{ uno.que_hacer }}</p>
<p><a href="/errores">Todos los códigos</a> · <a href="/documentacion">Documentación</a></p>
{% else %}
<table>
<tr><th>Código</th><th>HTTP</th><th>Qué significa</th></tr>
{% for otro in todos %}
<tr><td><a href="/errores/{{ otro.codigo }}"><code>{{ otro.codigo }}</code></a></td><td>{{ otro.estado }}</td>
<td>{{ otro.titulo }}</td></tr>
{% endfor %}
</table>
{% endif %}
</body></html>
"""
)
