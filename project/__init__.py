"""The composition root: settings, URLs, ASGI, Celery. Only here the parts meet."""

from project.celery import app as celery_app

__all__ = ["celery_app"]
