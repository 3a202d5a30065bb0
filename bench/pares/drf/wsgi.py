"""La aplicación WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pares.drf.settings")
application = get_wsgi_application()
