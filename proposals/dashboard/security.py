"""What every page answers besides its text: who may read it, how long it may be kept, what it may load."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from proposals.models import User

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request whose user is known."""

    user: User


View = Callable[Concatenate[Any, P], HttpResponseBase]


def private_page(view: View[P]) -> View[P]:
    """Show the page to signed-in users only, never from a cache, loading nothing from elsewhere."""
    return never_cache(login_required(with_page_policy(view)))


def with_page_policy(view: View[P]) -> View[P]:
    """Let the page load scripts, styles, images and sockets of this site only; nothing inline runs."""

    @wraps(view)
    def answer(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Content-Security-Policy", page_policy(request))
        return response

    return answer


def page_policy(request: HttpRequest) -> str:
    """Return the policy of a page; the socket's address is named because not every browser counts it as 'self'."""
    host = request.get_host()
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src 'self' ws://{host} wss://{host}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
