"""
Answers of the ASGI applications beside Django: refusals in the error format of the API, which the project hands in.

Source: docs/architecture.md, "The seam".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated

from realtime.close_codes import Reason


class TooManyConnections(APIException):
    """The user, or the user's company, has enough sockets and streams open."""

    status_code = 429
    default_code = Reason.TOO_MANY_CONNECTIONS.value
    default_detail = Reason.TOO_MANY_CONNECTIONS.sentence


#: What `WWW-Authenticate` says beside 401, as simplejwt's.
CHALLENGE = 'Bearer realm="api"'


class Answer(NamedTuple):
    """One whole HTTP response."""

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes


#: Describes an exception as the API does; one that is no exception of Django REST framework is logged and a 500.
Describe = Callable[[Exception], Answer]


async def send_answer(send: Any, answer: Answer, *, more_headers: Iterable[tuple[str, str]] = ()) -> None:
    """Send a whole response."""
    length = ("Content-Length", str(len(answer.body)))
    headers = [
        (name.lower().encode(), value.encode("latin-1")) for name, value in (*answer.headers, *more_headers, length)
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def refusal(reason: Reason) -> NotAuthenticated | AuthenticationFailed:
    """Return the exception for a credential that is missing or opens nothing, with the code that clients know."""
    missing = reason is Reason.TOKEN_MISSING
    error = NotAuthenticated() if missing else AuthenticationFailed(reason.sentence, code=reason.value)
    error.auth_header = CHALLENGE  # type: ignore[union-attr]  # where Django REST framework puts it
    return error
