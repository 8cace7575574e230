"""
The sessions of the pages as a credential over HTTP: the same rule as Django REST framework's `SessionAuthentication`.

Only for reading. A foreign page may make a browser send the cookie along, but cannot read the answer: it carries no
CORS headers, and says that it is no script. Sockets, which know no such rule, take no cookie.

Source: PROTOCOL.md, "Over HTTP".
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings

from realtime import sign_ins
from realtime.close_codes import Reason
from realtime.exceptions import AuthenticationFailed
from realtime.tokens import Identity


def find_session_key(scope: dict[str, Any]) -> str:
    """Return the key in the session cookie of a request; "" for none."""
    sent = [value.decode("latin-1") for name, value in scope.get("headers", []) if name == b"cookie"]
    return parse_cookie("; ".join(sent)).get(settings.SESSION_COOKIE_NAME, "")


def authenticate(session_key: str) -> Identity:
    """
    Return who is signed in with a session of the pages.

    Raises:
        AuthenticationFailed: nobody, or somebody who may no longer sign in.
    """
    asked_at = time.monotonic()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not user.is_authenticated:
        raise AuthenticationFailed(Reason.TOKEN_MISSING)
    return Identity(user, end_of_rights(request.session), sign_ins.sid_of_pages(session_key), asked_at)


def end_of_rights(session: SessionBase) -> datetime:
    """Return when what a session opens must end: with the session, but no later than a JWT made now would."""
    lifetime: timedelta = api_settings.ACCESS_TOKEN_LIFETIME
    return min(timezone.now() + lifetime, _end_of_session(session))


def _end_of_session(session: SessionBase) -> datetime:
    row = Session.objects.filter(session_key=session.session_key).first()
    # Without the row (another engine of sessions) only the time that a session lasts is known.
    return row.expire_date if row else session.get_expiry_date()
