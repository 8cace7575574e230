"""The Celery application; `celery -A project worker` starts workers when `CELERY_BROKER_URL` is set."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("tenderwire")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["proposals"])
