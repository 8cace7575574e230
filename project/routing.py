"""Routes of what Django does not answer alone. The domain's gate is handed to delivery here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, re_path

from project.http_router import HttpRouter
from proposals.access import ProjectGate
from proposals.api.errors import describe
from realtime.access import Subject
from realtime.consumers import (
    NotificationConsumer,
    ProjectConsumer,
    UnknownPathConsumer,
    watch_notifications,
    watch_project,
)
from realtime.event_stream import EventStream, FindSubject
from realtime.long_poll import LongPoll
from realtime.tokens import Identity

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


def find_project(named: dict[str, Any], identity: Identity) -> Subject:
    """Return the project of an address."""
    return watch_project(ProjectGate(), named["project_id"])


def find_notifications(named: dict[str, Any], identity: Identity) -> Subject:
    """Return what is told to whoever asks."""
    return watch_notifications(identity.user.pk)


#: For each kind of subject: the address of its stream, that of its events, and what they mean.
LIVE_SUBJECTS: list[tuple[str, str, FindSubject]] = [
    ("api/projects/<uuid:project_id>/events/stream", "api/projects/<uuid:project_id>/events/", find_project),
    ("api/notifications/stream", "api/notifications/events/", find_notifications),
]


def route_http(django: Any) -> HttpRouter:
    """Return the application for HTTP: requests that wait in the event loop, and Django."""
    return HttpRouter(list(_live_routes(django)), otherwise=django)


def _live_routes(django: Any) -> Iterator[URLPattern]:
    for stream_address, events_address, find_subject in LIVE_SUBJECTS:
        stream: Any = EventStream(find_subject=find_subject, describe=describe)
        poll: Any = LongPoll(django, find_subject=find_subject, describe=describe)
        yield path(stream_address, stream)
        yield path(f"{stream_address}/", stream)
        yield path(events_address, poll)
