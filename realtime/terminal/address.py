"""Addresses: from the URL a person types to the origins that HTTP and WebSocket clients need."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit
from uuid import UUID

from realtime.terminal.errors import InvalidAddress

#: Whether TLS is spoken, for each scheme that is understood.
_SECURE = {"http": False, "ws": False, "https": True, "wss": True}


@dataclass(frozen=True)
class ServerAddress:
    """
    Where a server listens.

    Args:
        secure: whether TLS is spoken.
        location: host, port and, behind some proxies, a path prefix; without a slash at the end.
        is_local: this machine; no proxy stands between.
    """

    secure: bool
    location: str
    is_local: bool

    @property
    def http(self) -> str:
        """The base of HTTP requests."""
        return f"http{'s' if self.secure else ''}://{self.location}"

    def project_socket(self, project_id: UUID) -> str:
        """Return the URL of a project's socket."""
        return f"ws{'s' if self.secure else ''}://{self.location}/ws/projects/{project_id}"


def parse_address(url: str) -> ServerAddress:
    """
    Return the server behind a URL with the scheme http, https, ws or wss.

    Raises:
        InvalidAddress: another scheme, or no host.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in _SECURE or not parts.hostname:
        raise InvalidAddress(url)
    # A user and password in the URL would end up in logs, so they are not carried on.
    location = parts.netloc.rpartition("@")[2] + parts.path.rstrip("/")
    return ServerAddress(_SECURE[parts.scheme], location, _is_loopback(parts.hostname))


def with_query(url: str, **parameters: str | int) -> str:
    """Return a URL without query with these parameters."""
    return f"{url}?{urlencode(parameters)}" if parameters else url


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:  # a port that is no number, a broken IPv6 address
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
