"""The WSGI entry point; names its settings only where the environment does not."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings.production")

application = get_wsgi_application()
