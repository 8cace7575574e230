"""What happened on a project: the REST twin of the socket's replay."""

from __future__ import annotations

import json
import sys
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.api.schema import errors
from proposals.api.serializers.core import EventsQuerySerializer, EventsSerializer
from proposals.api.views.scope import CompanyView
from realtime import conf, eventlog, topics
from realtime.eventlog import Head


class ProjectEvents(CompanyView):
    """Les événements d'un projet."""

    serializer_class = EventsSerializer

    @extend_schema(
        tags=["realtime"],
        operation_id="project_events",
        summary="Rejouer les événements d'un projet",
        parameters=[EventsQuerySerializer],
        responses={200: EventsSerializer, **errors(400, 404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """
        Les événements qui suivent `since`, au plus `limit` ; redemandez depuis le dernier tant qu'il précède `head`.

        Si `complete` est faux, relisez l'état du projet, puis les événements depuis `head`.
        """
        topic = topics.for_project(self.get_project().id)
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
