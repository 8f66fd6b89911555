"""The ASGI entry point; names its settings only where the environment does not."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings.production")

application = get_asgi_application()
