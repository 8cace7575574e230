"""
Hand HTTP requests to the application of their path: the few that wait in the event loop, and Django for all else.

Channels' `URLRouter` would do, but answers a path outside of `root_path` with a traceback, and any client of daphne
may send a `root_path`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import URLPattern


class HttpRouter:
    """
    ASGI application.

    Args:
        routes: Django's patterns, whose callbacks are ASGI applications.
        otherwise: takes what no route matches.
    """

    def __init__(self, routes: Sequence[URLPattern], *, otherwise: Any) -> None:
        self._routes = routes
        self._otherwise = otherwise

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Run the application of the first route that matches, with the parts of the path in its scope."""
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        for route in self._routes:
            match = route.pattern.match(path)
            if match:
                _, arguments, named = match
                callback: Any = route.callback
                await callback({**scope, "url_route": {"args": arguments, "kwargs": named}}, receive, send)
                return
        await self._otherwise(scope, receive, send)
