"""
One-time tickets as Bearer of REST requests, on the addresses that stand in for the socket.

Source: PROTOCOL.md, "Over HTTP"; RFC 6750 (Bearer).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from rest_framework.request import Request

from realtime import tokens
from realtime.authentication import SignInAuthentication
from realtime.close_codes import Reason
from realtime.exceptions import AuthenticationFailed
from realtime.http_answers import refusal
from realtime.tokens import Identity

#: Where an ASGI application in front says whom it has identified: a ticket cannot be shown twice.
IDENTITY_KEY = "tenderwire.identity"


class TicketAuthentication(SignInAuthentication):
    """Takes a ticket, or a JWT like everywhere else."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return who asks, and by which credential; None for another kind of credential, or for none."""
        header = self.get_header(request)
        raw = self.get_raw_token(header) if header is not None else None
        if raw is None or not raw.startswith(tokens.TICKET_PREFIX.encode()):
            return super().authenticate(request)
        try:
            identity = _find_identity(request) or tokens.authenticate(raw.decode("latin-1"))
            return _read_today(identity), identity
        except AuthenticationFailed as failure:
            raise refusal(failure.reason) from failure


def _find_identity(request: Request) -> Identity | None:
    scope: dict[str, Any] = getattr(request._request, "scope", {})
    return scope.get(IDENTITY_KEY)


def _read_today(identity: Identity) -> AbstractBaseUser:
    """Return the user as the database knows them now: the ticket may have been shown a minute ago."""
    user = get_user_model().objects.filter(pk=identity.user.pk).first()
    if user is None or not tokens.filter_holders({identity.holder}):
        raise AuthenticationFailed(Reason.TOKEN_INVALID)
    return user
