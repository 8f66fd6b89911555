"""The site. Every process needs the Celery application, or its bells would ring at no broker."""

from reviewapp.worker import app as celery_app

__all__ = ["celery_app"]
