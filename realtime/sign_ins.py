"""
Sign-in sessions: what one log-in began, one log-out ends, with every token, ticket and socket that came of it.

Each has an id, `sid`: a claim of all JWTs of one log-in, kept when they are renewed; for a session of the pages a
digest of its key. A revoked one is kept in a table until nothing of it can be valid any more. Synchronous.

Source: docs/architecture.md, "Security and tenancy".
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token

from realtime import revocation
from realtime.models import RevokedSignIn

SID_CLAIM = "sid"
#: Number of times that the user had been signed out everywhere when the JWT was made; none stands for 0.
EPOCH_CLAIM = "sign_in_epoch"
#: A renewal that was under way during the revocation may have made a token that lives a little longer.
MARGIN = timedelta(hours=1)


def begin(user: AbstractBaseUser) -> RefreshToken:
    """Return the refresh token of a new sign-in session; access tokens made from it belong to the session."""
    token = RefreshToken.for_user(user)
    token[SID_CLAIM] = secrets.token_hex(16)
    token[EPOCH_CLAIM] = read_epoch(user)
    return token


def read_epoch(user: AbstractBaseUser) -> int:
    """
    Return how often a user was signed out everywhere.

    A user model that offers this has an integer `sign_in_epoch`, which is also part of `get_session_auth_hash`.
    """
    return int(getattr(user, "sign_in_epoch", 0))


def read_sid(token: Token) -> str:
    """Return the session that a JWT belongs to, "" when it belongs to none."""
    return str(token.get(SID_CLAIM, ""))


def sid_of_pages(session_key: str) -> str:
    """Return the id of a session of the pages; nobody learns the session's key from it."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def revoke(sid: str, *, until: datetime | None = None) -> None:
    """
    End a session: nothing of it is taken any more, and its sockets close at once.

    Args:
        until: when its last known token ends; what is renewed at this moment may live longer, and is counted in.
    """
    now = timezone.now()
    RevokedSignIn.objects.filter(expires_at__lt=now).delete()
    longest = max(api_settings.REFRESH_TOKEN_LIFETIME, api_settings.ACCESS_TOKEN_LIFETIME)
    expires_at = max(until or now, now + longest) + MARGIN
    RevokedSignIn.objects.update_or_create(sid=sid, defaults={"expires_at": expires_at})
    revocation.announce()


def is_revoked(sid: str) -> bool:
    """Whether a session was ended; never the one without an id."""
    return bool(sid) and RevokedSignIn.objects.filter(sid=sid).exists()


def filter_revoked(sids: Collection[str]) -> set[str]:
    """Return the sessions that were ended, in one query at most."""
    known = [sid for sid in sids if sid]
    return set(RevokedSignIn.objects.filter(sid__in=known).values_list("sid", flat=True)) if known else set()
