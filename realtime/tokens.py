"""
Who is at the other end: JWT access tokens and one-time tickets. Synchronous; never logs what it reads.

Source: PROTOCOL.md, "Connecting"; RFC 7519 (`sub`, `exp`).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import AccessToken

from realtime import conf
from realtime.close_codes import Reason
from realtime.exceptions import AuthenticationFailed
from realtime.models import Ticket

#: Tells a ticket from a JWT where either may come.
TICKET_PREFIX = "ticket."


#: A user's id and a digest of the password that the user had when the right was given.
Holder = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated user and when the right to be here ends."""

    user: AbstractBaseUser
    expires_at: datetime

    @property
    def holder(self) -> Holder:
        """Who holds the right, and by which password it was given."""
        return self.user.pk, self.user.get_session_auth_hash()

    @property
    def seconds_left(self) -> float:
        """Seconds until the right ends, 0 when it has."""
        return max(0.0, (self.expires_at - timezone.now()).total_seconds())


def authenticate(credential: str) -> Identity:
    """
    Return who holds a ticket (which is used up) or a JWT access token.

    Raises:
        AuthenticationFailed: with the reason to send.
    """
    if not credential:  # simplejwt takes an empty token for a request to make a new one
        raise AuthenticationFailed(Reason.TOKEN_MISSING)
    if credential.startswith(TICKET_PREFIX):
        return _redeem_ticket(credential)
    return _authenticate_token(credential)


def filter_holders(holders: set[Holder]) -> set[Holder]:
    """Return those whose user is still active and has still the same password, in one query."""
    users = get_user_model().objects.filter(pk__in={user for user, _ in holders}, is_active=True)
    return holders & {(user.pk, user.get_session_auth_hash()) for user in users}


def issue_ticket(*, user: AbstractBaseUser, session_expires_at: datetime) -> str:
    """
    Return a ticket that opens one socket for this user within `REALTIME_TICKET_LIFETIME_SECONDS`.

    Args:
        session_expires_at: when the rights of the asking session end; the socket will not outlive it unrefreshed.
    """
    now = timezone.now()
    Ticket.objects.filter(expires_at__lt=now).delete()
    ticket = TICKET_PREFIX + secrets.token_urlsafe(32)
    Ticket.objects.create(
        digest=_digest(ticket),
        user_id=user.pk,
        expires_at=now + timedelta(seconds=conf.get("TICKET_LIFETIME_SECONDS")),
        session_expires_at=session_expires_at,
    )
    return ticket


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def _redeem_ticket(ticket: str) -> Identity:
    row = Ticket.objects.select_related("user").filter(digest=_digest(ticket)).first()
    # The row count decides which of two sockets with one ticket is the first.
    deleted, _ = Ticket.objects.filter(digest=_digest(ticket)).delete()
    if row is None or not deleted:
        raise AuthenticationFailed(Reason.TOKEN_INVALID)
    if row.expires_at < timezone.now() or row.session_expires_at < timezone.now():
        raise AuthenticationFailed(Reason.TOKEN_EXPIRED)
    if not row.user.is_active:
        raise AuthenticationFailed(Reason.USER_INACTIVE)
    return Identity(row.user, row.session_expires_at)


def _authenticate_token(raw: str) -> Identity:
    try:
        token = AccessToken(raw)  # type: ignore[arg-type]  # annotated as Token, takes the raw text
        user = JWTAuthentication().get_user(token)
        return Identity(user, datetime.fromtimestamp(token["exp"], tz=UTC))
    except ExpiredTokenError as error:
        raise AuthenticationFailed(Reason.TOKEN_EXPIRED) from error
    except APIException as error:
        inactive = isinstance(error.detail, dict) and error.detail.get("code") == "user_inactive"
        raise AuthenticationFailed(Reason.USER_INACTIVE if inactive else Reason.TOKEN_INVALID) from error
    except (TokenError, ValidationError, ValueError, TypeError, KeyError) as error:
        # A signed token may still carry a `sub` that is no user id.
        raise AuthenticationFailed(Reason.TOKEN_INVALID) from error
