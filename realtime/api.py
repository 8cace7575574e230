"""
One-time tickets over REST: a browser cannot set headers on a WebSocket, and tokens do not belong in URLs.

Source: PROTOCOL.md, "Connecting".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import Token

from realtime import conf, page_sessions, sign_ins, tokens


class TicketSerializer(serializers.Serializer[Any]):
    ticket = serializers.CharField(help_text="À présenter une fois, dans `?ticket=` du WebSocket.")
    expires_in_seconds = serializers.FloatField(help_text="Le ticket n'ouvre plus rien ensuite.")


class TicketView(APIView):
    """Tickets de connexion au WebSocket."""

    throttle_scope = "tickets"

    @extend_schema(
        tags=["realtime"],
        operation_id="realtime_ticket",
        summary="Obtenir un ticket pour ouvrir le WebSocket",
        request=None,
        responses={201: TicketSerializer},
    )
    def post(self, request: Request) -> Response:
        """Un ticket sert une fois. Le WebSocket qu'il ouvre ne survit pas à la session qui l'a demandé."""
        user = cast(AbstractBaseUser, request.user)
        ticket = tokens.issue_ticket(user=user, session_expires_at=_end_of_rights(request), sid=_sid(request))
        body = {"ticket": ticket, "expires_in_seconds": conf.get("TICKET_LIFETIME_SECONDS")}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


def _sid(request: Request) -> str:
    if isinstance(request.auth, Token):
        return sign_ins.read_sid(request.auth)
    return sign_ins.sid_of_pages(request._request.session.session_key or "")


def _end_of_rights(request: Request) -> datetime:
    """Return the end of the JWT, or of the session but no later than a JWT made now would end."""
    if isinstance(request.auth, Token):
        return datetime.fromtimestamp(request.auth["exp"], tz=UTC)
    return page_sessions.end_of_rights(request._request.session)
