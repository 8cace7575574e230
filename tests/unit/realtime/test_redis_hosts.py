"""What the settings of Redis become, and how a value that cannot be read is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import redis.asyncio as aioredis

from realtime import redis_hosts
from realtime.redis_hosts import RedisHost


def test_a_url_gives_address_user_password_and_database() -> None:
    arguments = redis_hosts.parse("redis://user:p%40ss@redis.internal:6380/2").arguments

    assert (arguments["host"], arguments["port"], arguments["db"]) == ("redis.internal", 6380, 2)
    assert (arguments["username"], arguments["password"]) == ("user", "p@ss")


def test_both_kinds_of_client_wait_seconds_not_for_ever_and_have_a_name() -> None:
    host = redis_hosts.parse("redis://redis.internal")

    for client in (host.make_client("here:publisher"), host.make_async_client("here:publisher")):
        arguments = client.connection_pool.connection_kwargs
        assert arguments["client_name"] == "here:publisher"
        assert arguments["socket_connect_timeout"] <= arguments["socket_timeout"] <= 2


def test_the_query_may_set_what_redis_py_knows() -> None:
    assert redis_hosts.parse("redis://redis.internal?socket_timeout=5").arguments["socket_timeout"] == 5


def test_a_unix_socket_is_an_address_too() -> None:
    assert redis_hosts.parse("unix:///run/redis.sock").arguments["unix_socket_path"] == "/run/redis.sock"


def test_sentinels_replace_the_host_and_keep_the_credentials() -> None:
    host = redis_hosts.parse_sentinels(
        "rediss://user:password@/1", ["one:1", "two", "[::1]:3"], master="main", password="x"
    )

    assert host.sentinels == (("one", 1), ("two", 26379), ("::1", 3))
    assert "host" not in host.arguments
    assert (host.arguments["username"], host.arguments["db"], host.arguments["ssl"]) == ("user", 1, True)
    assert (host.sentinel_arguments["password"], host.sentinel_arguments["ssl"]) == ("x", True)
    client = host.make_async_client("name")
    assert isinstance(client.connection_pool, aioredis.sentinel.SentinelConnectionPool)


def test_passwords_are_not_shown() -> None:
    host = redis_hosts.parse_sentinels("redis://user:secret@/1", ["one"], master="main", password="hidden")

    assert "secret" not in repr(host)
    assert "hidden" not in repr(host)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: redis_hosts.parse("http://redis.internal"), "no redis://"),
        (lambda: redis_hosts.parse("redis://:se/cret@redis.internal"), "no redis://"),
        (lambda: redis_hosts.parse("redis://redis.internal?nonsense=1"), "nonsense"),
        (lambda: redis_hosts.parse("redis://redis.internal?socket_timeout=soon"), "no redis://"),
        (lambda: redis_hosts.parse("rediss://redis.internal?ssl_cert_reqs=perhaps"), "perhaps"),
        (lambda: redis_hosts.parse("redis://redis.internal", ca_certs="ca.pem"), "rediss://"),
        (lambda: redis_hosts.parse("rediss://redis.internal", ca_certs="/missing/ca.pem"), "/missing/ca.pem"),
        (lambda: redis_hosts.parse_sentinels("redis://", ["one:port"], master="main"), "'one:port'"),
        (lambda: redis_hosts.parse_sentinels("redis://?nonsense=1", ["one"], master="main"), "nonsense"),
        (
            lambda: redis_hosts.parse_sentinels("unix:///run/redis.sock", ["one"], master="main"),
            "redis:// or rediss://",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(make: Callable[[], RedisHost], says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        make()

    assert "cret@" not in str(caught.value)


@pytest.mark.parametrize("path", ["/abc", "/-1", "/1/2", "/1a", "/?db=abc"])
def test_a_database_that_is_no_number_is_refused(path: str) -> None:
    for url in (f"redis://127.0.0.1:1{path}", f"rediss://127.0.0.1:1{path}"):
        with pytest.raises(ValueError, match=r"number|no redis://"):
            redis_hosts.parse(url)


@pytest.mark.parametrize(("path", "database"), [("", 0), ("/", 0), ("/7", 7), ("/7/", 7), ("?db=7", 7)])
def test_a_database_is_a_number(path: str, database: int) -> None:
    assert redis_hosts.parse(f"redis://127.0.0.1:1{path}").arguments.get("db", 0) == database


def test_a_file_that_holds_no_certificate_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing")

    with pytest.raises(ValueError, match=r"ca\.pem cannot be read"):
        redis_hosts.parse("rediss://redis.internal", ca_certs=str(file))
