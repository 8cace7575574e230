"""A project over HTTP as on its socket: events, state, stream, commands."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.access import ProjectGate
from proposals.api.schema import errors
from proposals.api.serializers.live import (
    CommandSerializer,
    EventsQuerySerializer,
    EventsSerializer,
    ProjectStateSerializer,
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
from realtime.consumers import watch_project
from realtime.http_commands import Handlers


class ProjectView(LiveView):
    """A view on one project."""

    def get_subject(self) -> Subject:
        """Return the project of the address."""
        return watch_project(ProjectGate(), self.get_project().id)


class ProjectEvents(ProjectView, EventsView):
    """Les événements d'un projet."""

    serializer_class = EventsSerializer

    @extend_schema(
        tags=["realtime"],
        operation_id="project_events",
        summary="Rejouer ou attendre les événements d'un projet",
        parameters=[EventsQuerySerializer],
        responses={200: EventsSerializer, **errors(400, 404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """
        Les événements qui suivent `since`, au plus `limit` ; redemandez depuis le dernier tant qu'il précède `head`.

        Avec `wait`, la réponse attend l'événement suivant : de quoi suivre un projet sans WebSocket ni flux.
        Si `complete` est faux, relisez l'état du projet, puis les événements depuis son numéro.
        """
        return self.answer(request)


class ProjectState(ProjectView, StateView):
    """L'état d'un projet."""

    serializer_class = ProjectStateSerializer

    @extend_schema(
        tags=["realtime"],
        operation_id="project_state",
        summary="Lire l'état d'un projet",
        responses={200: ProjectStateSerializer, **errors(404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """Le même état que `snapshot` sur le WebSocket, avec le numéro depuis lequel demander la suite."""
        return self.answer()


class ProjectStream(ProjectView, StreamView):
    """Le flux d'un projet."""

    @extend_schema(
        tags=["realtime"],
        operation_id="project_stream",
        summary="Suivre un projet par un flux d'événements (SSE)",
        parameters=STREAM_PARAMETERS,
        responses={(200, "text/event-stream"): STREAM_RESPONSE, **errors(404, 422)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """
        Pour qui ne peut ouvrir de WebSocket : les mêmes trames, du serveur vers le client seulement.

        Le flux finit par une trame `closing`, au plus tard avec le jeton ; revenez avec un jeton neuf.
        """
        return self.answer()


class ProjectCommands(ProjectView, CommandsView):
    """Les commandes d'un projet."""

    serializer_class = ReplySerializer

    @extend_schema(
        tags=["realtime"],
        operation_id="project_commands",
        summary="Envoyer une commande du WebSocket",
        request=CommandSerializer,
        responses={200: ReplySerializer, **errors(404, 415)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """`cancel`, `retry` ou `status`. La réponse est la trame `reply` : un refus aussi est un 200."""
        return self.answer(request)

    def get_handlers(self, subject: Subject) -> Handlers:
        """Return what may be asked of a project."""
        return http_commands.for_project(ProjectGate(), user=current_user(self.request), project_id=subject.id)
