"""Which origins may open a socket."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from realtime import checks, origin
from realtime.origin import Origin


@pytest.fixture(autouse=True)
def site(settings: Settings) -> Settings:
    settings.ALLOWED_HOSTS = ["app.example.com"]
    settings.DEBUG = False
    return settings


def handshake(*origins: str, host: str = "app.example.com", scheme: str = "wss") -> dict[str, Any]:
    headers = [(b"host", host.encode()), *((b"origin", text.encode("latin-1")) for text in origins)]
    return {"type": "websocket", "scheme": scheme, "headers": headers}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://app.example.com", Origin("https", "app.example.com", 443)),
        ("HTTPS://App.Example.com:443", Origin("https", "app.example.com", 443)),
        ("http://127.0.0.1:8000", Origin("http", "127.0.0.1", 8000)),
        ("http://[::1]:8000", Origin("http", "[::1]", 8000)),
        ("app://desktop", Origin("app", "desktop", None)),
    ],
)
def test_an_origin_is_read(text: str, expected: Origin) -> None:
    assert origin.parse(text) == expected


NO_ORIGINS = [
    "",
    "*",
    "null",
    "app.example.com",
    "https://",
    "https://*.example.com",
    "https://app.example.com/",
    "https://app.example.com?x",
    "https://user@app.example.com",
    "https://app.example.com:",
    "https://app.example.com:0",
    "https://app.example.com:65536",
    "https://app.example.com:99999999",
    "https://app.example.com:４４３",
    "http://[::1",
    "http://::1]",
    "https://app.example.com\n",
    "https://app.example.com https://app.example.com",
]


@pytest.mark.parametrize("text", NO_ORIGINS)
def test_what_is_no_origin_is_none(text: str) -> None:
    assert origin.parse(text) is None


def test_the_server_s_own_origin_is_allowed() -> None:
    assert origin.is_allowed(handshake("https://app.example.com"))
    assert origin.is_allowed(handshake("https://app.example.com:8443", host="app.example.com:8443"))
    assert origin.is_allowed(handshake("http://app.example.com", scheme="ws"))


@pytest.mark.parametrize(
    "text",
    [
        "http://app.example.com",
        "https://app.example.com:444",
        "https://app.example.com.evil.org",
        "https://evil-app.example.com",
        "https://example.com",
        "https://www.app.example.com",
        "null",
        "http://[::1",
        "https://app.example.com:99999999",
        "https://app.example.com/",
        "http://localhost:5173",
        "\xff",
    ],
)
def test_a_foreign_origin_is_refused(text: str) -> None:
    assert not origin.is_allowed(handshake(text))


def test_two_origins_are_refused_although_both_are_allowed() -> None:
    assert not origin.is_allowed(handshake("https://app.example.com", "https://app.example.com"))


def test_a_foreign_name_that_points_at_us_is_not_our_own_origin() -> None:
    assert not origin.is_allowed(handshake("https://evil.org", host="evil.org"))


def test_listed_origins_are_allowed_exactly(site: Settings) -> None:
    site.REALTIME_ALLOWED_ORIGINS = ["https://front.example.org", "http://dev.example.org:3000"]

    assert origin.is_allowed(handshake("https://front.example.org"))
    assert origin.is_allowed(handshake("http://dev.example.org:3000"))
    assert origin.is_allowed(handshake("https://app.example.com"))
    assert not origin.is_allowed(handshake("http://front.example.org"))
    assert not origin.is_allowed(handshake("http://dev.example.org"))


def test_a_bad_entry_of_the_list_lets_nobody_in(site: Settings) -> None:
    site.REALTIME_ALLOWED_ORIGINS = ["null", "*", ""]

    assert not origin.is_allowed(handshake("null"))
    assert not origin.is_allowed(handshake("https://evil.org"))


def test_no_origin_passes_unless_one_is_required(site: Settings) -> None:
    assert origin.is_allowed(handshake())

    site.REALTIME_REQUIRE_ORIGIN = True

    assert not origin.is_allowed(handshake())
    assert origin.is_allowed(handshake("https://app.example.com"))


def test_pages_of_this_machine_pass_under_development_only(site: Settings) -> None:
    pages = ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000", "https://app.localhost"]
    assert not any(origin.is_allowed(handshake(page)) for page in pages)

    site.DEBUG = True

    assert all(origin.is_allowed(handshake(page)) for page in pages)
    assert not origin.is_allowed(handshake("http://localhost.evil.org"))


def test_a_list_with_no_origin_in_it_fails_the_check_at_start(site: Settings) -> None:
    site.REALTIME_ALLOWED_ORIGINS = ["https://front.example.org"]
    assert checks.check_settings() == []

    site.REALTIME_ALLOWED_ORIGINS = ["*", "https://front.example.org/"]

    assert [problem.id for problem in checks.check_settings()] == ["realtime.E001"] * 2
