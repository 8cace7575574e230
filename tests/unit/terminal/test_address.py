"""Addresses that a person types."""

from __future__ import annotations

from uuid import UUID

import pytest

from realtime.terminal.address import parse_address
from realtime.terminal.errors import InvalidAddress

PROJECT = UUID("6f1d7a52-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("url", "http", "socket"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "ws://127.0.0.1:8000/ws/projects/"),
        ("https://example.org/", "https://example.org", "wss://example.org/ws/projects/"),
        ("wss://example.org/tenders/", "https://example.org/tenders", "wss://example.org/tenders/ws/projects/"),
        ("ws://[::1]:8000", "http://[::1]:8000", "ws://[::1]:8000/ws/projects/"),
        ("http://alice:secret@example.org", "http://example.org", "ws://example.org/ws/projects/"),
    ],
)
def test_http_and_websocket_urls_name_the_same_server(url: str, http: str, socket: str) -> None:
    address = parse_address(url)

    assert address.http == http
    assert address.project_socket(PROJECT) == f"{socket}{PROJECT}"


@pytest.mark.parametrize(
    "url", ["", "example.org", "ftp://example.org", "http://", "http://a:99999", "http://[::1", "http://a:x"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidAddress, match="n'est pas l'adresse"):
        parse_address(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://127.0.0.1:1", True), ("http://localhost", True), ("http://[::1]", True), ("http://10.0.0.1", False)],
)
def test_this_machine_is_known_so_that_no_proxy_is_used(url: str, expected: bool) -> None:
    assert parse_address(url).is_local is expected
