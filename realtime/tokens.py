"""
Who is at the other end: JWT access tokens and one-time tickets. Synchronous; never logs what it reads.

Source: PROTOCOL.md, "Connecting"; RFC 7519 (`sub`, `exp`).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import AccessToken

from realtime import conf, sign_ins
from realtime.authentication import SignInAuthentication
from realtime.close_codes import Reason
from realtime.exceptions import AuthenticationFailed
from realtime.models import Ticket

#: Tells a ticket from a JWT where either may come.
TICKET_PREFIX = "ticket."


class Holder(NamedTuple):
    """
    On what a right rests: a user, the user's `get_session_auth_hash` when it was given (it changes with the password),
    and the sign-in session that it came from, "" for none.
    """

    user_id: UUID
    auth_hash: str
    sid: str


@dataclass(frozen=True, slots=True)
class Identity:
    """
    An authenticated user, when the right to be here ends, and the sign-in session that it comes from.

    `asked_at` is `time.monotonic()` before the database was asked: what was withdrawn later may not be reflected.
    """

    user: AbstractBaseUser
    expires_at: datetime
    sid: str = ""
    asked_at: float = field(default_factory=time.monotonic)

    @property
    def holder(self) -> Holder:
        """On what the right rests."""
        return Holder(self.user.pk, self.user.get_session_auth_hash(), self.sid)

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
    asked_at = time.monotonic()
    if credential.startswith(TICKET_PREFIX):
        return _redeem_ticket(credential, asked_at)
    return _authenticate_token(credential, asked_at)


def filter_holders(holders: Collection[Holder]) -> set[Holder]:
    """
    Return those whose user is still active with the same password and whose sign-in session was not ended.

    One query for the users, one for the sessions when there are any.
    """
    users = get_user_model().objects.filter(pk__in={holder.user_id for holder in holders}, is_active=True)
    standing = {(user.pk, user.get_session_auth_hash()) for user in users}
    revoked = sign_ins.filter_revoked({holder.sid for holder in holders})
    return {holder for holder in holders if holder[:2] in standing and holder.sid not in revoked}


def issue_ticket(*, user: AbstractBaseUser, session_expires_at: datetime, sid: str = "") -> str:
    """
    Return a ticket that opens one socket for this user within `REALTIME_TICKET_LIFETIME_SECONDS`.

    Args:
        session_expires_at: when the rights of the asking session end; the socket will not outlive it unrefreshed.
        sid: the asking sign-in session; its end is the end of the ticket and of the socket.
    """
    now = timezone.now()
    Ticket.objects.filter(expires_at__lt=now).delete()
    ticket = TICKET_PREFIX + secrets.token_urlsafe(32)
    Ticket.objects.create(
        digest=_digest(ticket),
        user_id=user.pk,
        expires_at=now + timedelta(seconds=conf.get("TICKET_LIFETIME_SECONDS")),
        session_expires_at=session_expires_at,
        sid=sid,
        auth_hash=user.get_session_auth_hash(),
    )
    return ticket


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def _redeem_ticket(ticket: str, asked_at: float) -> Identity:
    row = Ticket.objects.select_related("user").filter(digest=_digest(ticket)).first()
    # The row count decides which of two sockets with one ticket is the first.
    deleted, _ = Ticket.objects.filter(digest=_digest(ticket)).delete()
    if row is None or not deleted:
        raise AuthenticationFailed(Reason.TOKEN_INVALID)
    if row.expires_at < timezone.now() or row.session_expires_at < timezone.now():
        raise AuthenticationFailed(Reason.TOKEN_EXPIRED)
    if not row.user.is_active:
        raise AuthenticationFailed(Reason.USER_INACTIVE)
    if row.auth_hash != row.user.get_session_auth_hash() or sign_ins.is_revoked(row.sid):
        raise AuthenticationFailed(Reason.TOKEN_INVALID)
    return Identity(row.user, row.session_expires_at, row.sid, asked_at)


def _authenticate_token(raw: str, asked_at: float) -> Identity:
    try:
        token = AccessToken(raw)  # type: ignore[arg-type]  # annotated as Token, takes the raw text
        user = SignInAuthentication().get_user(token)
        return Identity(user, datetime.fromtimestamp(token["exp"], tz=UTC), sign_ins.read_sid(token), asked_at)
    except ExpiredTokenError as error:
        raise AuthenticationFailed(Reason.TOKEN_EXPIRED) from error
    except APIException as error:
        inactive = isinstance(error.detail, dict) and error.detail.get("code") == "user_inactive"
        raise AuthenticationFailed(Reason.USER_INACTIVE if inactive else Reason.TOKEN_INVALID) from error
    except (TokenError, ValidationError, ValueError, TypeError, KeyError) as error:
        # A signed token may still carry a `sub` that is no user id.
        raise AuthenticationFailed(Reason.TOKEN_INVALID) from error
