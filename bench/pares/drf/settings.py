"""Ajustes de Django."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

_url = urlsplit(os.environ["BENCH_DATABASE_URL"])
SECRET_KEY = os.environ.get("SERVET_SECRETO") or os.environ["BENCH_CLAVE_PUBLICA"]
CLAVE_PUBLICA = os.environ["BENCH_CLAVE_PUBLICA"]
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.pares.drf.urls"
WSGI_APPLICATION = "bench.pares.drf.wsgi.application"
APPEND_SLASH = False
INSTALLED_APPS = ["rest_framework", "bench.pares.drf"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "bench.pares.drf.middleware.cabeceras"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": parse_qs(_url.query).get("host", [_url.hostname or ""])[0],
        "PORT": str(_url.port or ""),
        # Cada petición, una transacción: en ella se fija la organización.
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {
            "pool": {"min_size": 4, "max_size": 8},
            # Con «role» al arrancar la sesión, cada conexión nace sin los privilegios del propietario.
            "options": "-c role=servet_app -c timezone=UTC -c lock_timeout=8000",
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["bench.pares.drf.acceso.PorToken"],
    "DEFAULT_PERMISSION_CLASSES": ["bench.pares.drf.acceso.PorRol"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "bench.pares.drf.problemas.responder",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
