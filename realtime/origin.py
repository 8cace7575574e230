"""
Which pages may open a socket. Browsers say where a page is from and let no page lie about it; other programs need not
say anything.

Source: RFC 6454 (origins); RFC 6455 §10.2; PROTOCOL.md, "Connecting".
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.conf import settings
from django.http.request import validate_host

from realtime import conf

#: An origin has no path, no user and no query. A host in other letters than these is written in punycode.
_FORM = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HTTP_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
#: The machine itself, in an `ALLOWED_HOSTS` list.
_THIS_MACHINE = ["localhost", ".localhost", "127.0.0.1", "[::1]"]
_HIGHEST_PORT = 65_535


class Origin(NamedTuple):
    """Scheme, host and port of a page; `port` is None when the scheme has none of its own."""

    scheme: str
    host: str
    port: int | None


def parse(text: str) -> Origin | None:
    """Return the origin that a text names exactly; None for everything else, such as "null" or a URL with a path."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    scheme, host = match[1].lower(), match[2].lower()
    port = int(match[3]) if match[3] else _DEFAULT_PORTS.get(scheme)
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        return None
    return Origin(scheme, host, port)


def is_allowed(scope: dict[str, Any]) -> bool:
    """
    Whether a handshake comes from a page that may open sockets, or from no page at all.

    Allowed are the server's own origin, those of `REALTIME_ALLOWED_ORIGINS` and, with `DEBUG`, every page of this
    machine: a frontend under development has a port of its own.
    """
    claimed = _header(scope, b"origin")
    if not claimed:
        return not conf.get("REQUIRE_ORIGIN")
    origin = parse(claimed[0]) if len(claimed) == 1 else None
    if origin is None:
        return False
    listed = {parse(entry) for entry in conf.get("ALLOWED_ORIGINS")}
    return origin in listed or origin == _own(scope) or (settings.DEBUG and validate_host(origin.host, _THIS_MACHINE))


def _own(scope: dict[str, Any]) -> Origin | None:
    """
    Return the origin of the pages of this server, as the client sees it; None when the host is not one of ours: a
    name that its owner points at our address makes no page of theirs ours.
    """
    hosts = _header(scope, b"host")
    own = parse(f"{_HTTP_SCHEMES.get(scope.get('scheme', 'ws'))}://{hosts[0]}") if len(hosts) == 1 else None
    return own if own is not None and validate_host(own.host, settings.ALLOWED_HOSTS) else None


def _header(scope: dict[str, Any], wanted: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for name, value in scope.get("headers", []) if name == wanted]
