"""
What stands in for the socket of any subject over HTTP: events, state, commands. A subclass says which subject.

Requests that wait (streams, `wait`) are held by the applications in front of Django: see `project.routing`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.api.serializers.live import EventsQuerySerializer
from proposals.api.views.scope import CompanyView
from realtime import conf, eventlog, http_commands
from realtime.access import Subject
from realtime.eventlog import Head
from realtime.http_commands import Handlers
from realtime.ticket_authentication import TicketAuthentication

#: How a stream is described, whatever it is about.
STREAM_PARAMETERS = [
    OpenApiParameter(
        "Last-Event-ID",
        location=OpenApiParameter.HEADER,
        description="`<epoch>:<numéro>` du dernier événement reçu : les suivants, sans état. L'emporte sur `since`.",
    ),
    OpenApiParameter("since", OpenApiTypes.INT64, description="Numéro du dernier événement reçu, avec `epoch`."),
    OpenApiParameter("epoch", description="Sa numérotation."),
    OpenApiParameter("ticket", description="Un ticket, là où un en-tête est impossible (`EventSource`)."),
]
STREAM_RESPONSE = OpenApiResponse(
    OpenApiTypes.STR,
    description="Un message par trame du WebSocket (`realtime/PROTOCOL.md`) ; des commentaires pendant les silences.",
    examples=[OpenApiExample("Un message", value='id: 3f9b6c0d81e7a254:6\ndata: {"type":"operation","sequence":6}\n')],
)


class NotStreamed(APIException):
    """Django was asked for a stream that the application in front of it should have answered."""

    status_code = 422
    default_code = "not_streamed"
    default_detail = "Ce serveur ne tient pas de flux ouvert. Interrogez l'adresse des événements."


class CommandParser(BaseParser):
    """The bytes of one command, as they came; no more of them than a command may have, and one."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the beginning of the body."""
        return stream.read(conf.get("MAX_COMMAND_BYTES") + 1)


class LiveView(CompanyView):
    """A view that also takes one-time tickets."""

    authentication_classes = [TicketAuthentication, SessionAuthentication]

    def get_subject(self) -> Subject:
        """
        Return what the address means.

        Raises:
            Http404: there is no such thing for this user.
        """
        raise NotImplementedError


class EventsView(LiveView):
    """The events of a subject after a position."""

    def answer(self, request: Request) -> Response:
        """Return what happened; whoever asked to wait has waited before."""
        topic = self.get_subject().topic
        query = EventsQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        most = conf.get("REPLAY_LIMIT")
        since, limit = query.validated_data["since"], min(query.validated_data.get("limit", most), most)
        entries = eventlog.replay(topic=topic, after=since, limit=limit)
        # Read after the events: a head behind one of them would be a lie.
        head = eventlog.open_topic(topic)
        position = Head(query.validated_data.get("epoch", head.epoch), since)
        return Response(
            {
                "epoch": head.epoch,
                "head": head.sequence,
                "complete": eventlog.can_resume(topic=topic, since=position, limit=sys.maxsize),
                "events": [json.loads(entry.body) for entry in entries],
            }
        )


class StateView(LiveView):
    """The state of a subject, as in a snapshot."""

    def answer(self) -> Response:
        """Return the state and its position."""
        return Response(http_commands.read_state(self.get_subject()))


class StreamView(LiveView):
    """The description of a stream, and what a server says that cannot stream."""

    def answer(self) -> Response:
        """
        Refuse.

        Raises:
            NotStreamed: always, once who asks may watch.
        """
        self.get_subject()
        raise NotStreamed


class CommandsView(LiveView):
    """Takes one command of the socket."""

    parser_classes = [CommandParser]
    throttle_scope = "commands"

    def get_handlers(self, subject: Subject) -> Handlers:
        """Return the commands beside `status`."""
        raise NotImplementedError

    def answer(self, request: Request) -> Response:
        """Return the reply, which says itself whether the command was carried out."""
        subject = self.get_subject()
        handlers = {**self.get_handlers(subject), "status": lambda command: http_commands.read_state(subject)}
        body: object = request.data
        # A request without a body is never parsed.
        return Response(http_commands.answer(body if isinstance(body, bytes) else b"", handlers))
