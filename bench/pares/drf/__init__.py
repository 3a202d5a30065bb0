"""El contendiente de Django: Django REST framework con el ORM, sincrónico, sobre gunicorn."""
