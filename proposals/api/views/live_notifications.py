"""What the caller is told, over HTTP as on their socket: events, state, stream, commands."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.api.schema import errors
from proposals.api.serializers.live import (
    EventsQuerySerializer,
    EventsSerializer,
    NotificationCommandSerializer,
    NotificationStateSerializer,
    ReplySerializer,
)
from proposals.api.views.live import (
    STREAM_PARAMETERS,
    STREAM_RESPONSE,
    CommandsView,
    EventsView,
    LiveView,
    StateView,
    StreamView,
)
from proposals.api.views.scope import current_user
from realtime import http_commands
from realtime.access import Subject
from realtime.consumers import watch_notifications
from realtime.http_commands import Handlers


class OwnView(LiveView):
    """A view on what the caller is told."""

    def get_subject(self) -> Subject:
        """Return the caller's own topic."""
        return watch_notifications(current_user(self.request).pk)


class NotificationEvents(OwnView, EventsView):
    """Vos notifications, événement par événement."""

    serializer_class = EventsSerializer

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_events",
        summary="Rejouer ou attendre les événements de vos notifications",
        parameters=[EventsQuerySerializer],
        responses={200: EventsSerializer, **errors(400)},
    )
    def get(self, request: Request) -> Response:
        """Comme pour un projet. Si `complete` est faux, relisez l'état."""
        return self.answer(request)


class NotificationState(OwnView, StateView):
    """L'état de vos notifications."""

    serializer_class = NotificationStateSerializer

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_state",
        summary="Lire l'état de vos notifications",
        responses={200: NotificationStateSerializer, **errors()},
    )
    def get(self, request: Request) -> Response:
        """Le même état que `snapshot` sur le WebSocket, avec le numéro depuis lequel demander la suite."""
        return self.answer()


class NotificationStream(OwnView, StreamView):
    """Le flux de vos notifications."""

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_stream",
        summary="Suivre vos notifications par un flux d'événements (SSE)",
        parameters=STREAM_PARAMETERS,
        responses={(200, "text/event-stream"): STREAM_RESPONSE, **errors(422)},
    )
    def get(self, request: Request) -> Response:
        """Comme pour un projet."""
        return self.answer()


class NotificationCommands(OwnView, CommandsView):
    """Les commandes de vos notifications."""

    serializer_class = ReplySerializer

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_commands",
        summary="Envoyer une commande du WebSocket des notifications",
        request=NotificationCommandSerializer,
        responses={200: ReplySerializer, **errors(415)},
    )
    def post(self, request: Request) -> Response:
        """`read` ou `status`. La réponse est la trame `reply` : un refus aussi est un 200."""
        return self.answer(request)

    def get_handlers(self, subject: Subject) -> Handlers:
        """Return what may be done about notifications."""
        return http_commands.for_notifications(subject.id)
