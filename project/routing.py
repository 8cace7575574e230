"""WebSocket routes. The domain's gate is handed to the consumers here."""

from __future__ import annotations

from django.urls import path, re_path

from proposals.access import ProjectGate
from realtime.consumers import NotificationConsumer, ProjectConsumer, UnknownPathConsumer

project_consumer = ProjectConsumer.as_asgi(gate=ProjectGate())
notification_consumer = NotificationConsumer.as_asgi()

websocket_urlpatterns = [
    path("ws/projects/<uuid:project_id>", project_consumer),  # type: ignore[arg-type]
    path("ws/projects/<uuid:project_id>/", project_consumer),  # type: ignore[arg-type]
    path("ws/notifications", notification_consumer),  # type: ignore[arg-type]
    path("ws/notifications/", notification_consumer),  # type: ignore[arg-type]
    # Without this, every scanner's request is a traceback.
    re_path(r"^.*$", UnknownPathConsumer.as_asgi()),  # type: ignore[arg-type]
]
