"""Settings that mean nothing end every command and every server at once, with a sentence that names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.servers import Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """An installation that is never asked for its data."""
    return make_site()


@pytest.mark.parametrize(
    ("command", "name", "value", "says"),
    [
        ("manage.py serve --port 0", "REALTIME_HEARTBEAT_SECONDS", "0", "=0.0: a number of at least 0.1 is expected."),
        ("manage.py worker", "REALTIME_SOCKETS_PER_USER", "-1", "=-1: a whole number of at least 0 is expected."),
        ("manage.py check", "REALTIME_REPLAY_LIMIT", "0", "=0: a whole number of at least 1 is expected."),
        ("-m daphne -p 0 project.asgi:application", "REALTIME_HEAD_CHECK_SECONDS", "0", "=0.0: a number of at least"),
        ("manage.py serve --port 0", "ACCESS_TOKEN_SECONDS", "0", "=0: a whole number of at least 1 is expected."),
        ("manage.py serve --port 0", "THROTTLE_USER", "abc", "=abc: a rate such as 60/min"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(site: Site, command: str, name: str, value: str, says: str) -> None:
    site.env[name] = value

    process = site.start(*command.split(), name="refused")

    assert process.wait(seconds=60) != 0
    assert f"{name}{says}" in process.output
    assert "Tenderwire: http" not in process.output
