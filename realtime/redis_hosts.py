"""
Where Redis is and how it is reached: stand-alone or named by Sentinels, with password, ACL user or TLS.

The one place that turns settings into connection arguments, for asynchronous and synchronous clients alike.

Source: docs/operations.md, "Redis".
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import redis
import redis.asyncio as aioredis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import SentinelConnectionPool
from redis.backoff import ConstantBackoff
from redis.connection import parse_url
from redis.retry import Retry

#: Longest wait for a connection, and for one answer. Redis answers within milliseconds or is in trouble.
CONNECT_TIMEOUT_SECONDS = 1.0
TIMEOUT_SECONDS = 2.0
#: One more try at once: a pooled connection may have died unnoticed.
RETRIES = 1
RETRY_SECONDS = 0.05
DEFAULT_SENTINEL_PORT = 26379

TIMEOUTS: dict[str, Any] = {"socket_connect_timeout": CONNECT_TIMEOUT_SECONDS, "socket_timeout": TIMEOUT_SECONDS}
#: Version 2 of Redis' protocol works with every server and needs no HELLO, nor the right to say it.
COMMON: dict[str, Any] = {**TIMEOUTS, "protocol": 2, "driver_info": None}


@dataclass(frozen=True)
class RedisHost:
    """
    One Redis, as clients need it.

    Args:
        arguments: of the connection to the server that holds the data.
        sentinels: addresses to ask who that server is; empty when `arguments` name it.
        master: its name among the Sentinels.
        sentinel_arguments: of the connections to the Sentinels.
    """

    arguments: Mapping[str, Any] = field(repr=False)  # they hold passwords
    sentinels: tuple[tuple[str, int], ...] = ()
    master: str = ""
    sentinel_arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def make_async_client(self, name: str) -> aioredis.Redis:
        """Return a client for the running event loop, shown as `name` in CLIENT LIST; it connects when it is used."""
        retry = AsyncRetry(ConstantBackoff(RETRY_SECONDS), RETRIES)
        arguments = {**self.arguments, "client_name": name, "retry": retry}
        if not self.sentinels:
            return aioredis.Redis(**arguments)
        sentinel = aioredis.Sentinel(self.sentinels, sentinel_kwargs={**self.sentinel_arguments, "retry": retry})
        client: aioredis.Redis = sentinel.master_for(self.master, **arguments)
        return client

    def make_client(self, name: str) -> redis.Redis:
        """Return a client for threads, shown as `name` in CLIENT LIST; it connects when it is used."""
        retry = Retry(ConstantBackoff(RETRY_SECONDS), RETRIES)
        arguments = {**self.arguments, "client_name": name, "retry": retry}
        if not self.sentinels:
            return redis.Redis(**arguments)
        sentinel = redis.Sentinel(self.sentinels, sentinel_kwargs={**self.sentinel_arguments, "retry": retry})
        client: redis.Redis = sentinel.master_for(self.master, **arguments)
        return client


async def close(client: aioredis.Redis) -> None:
    """Close a client's connections, and those to the Sentinels that it asked."""
    await client.aclose()
    if isinstance(client.connection_pool, SentinelConnectionPool):
        await client.connection_pool.sentinel_manager.aclose()


def parse(url: str, *, ca_certs: str = "") -> RedisHost:
    """
    Return the Redis of a URL.

    Args:
        url: `redis://`, `rediss://` (TLS) or `unix://`, as redis-py reads them.
        ca_certs: file with the authorities that may sign the server's certificate; empty for the system's.

    Raises:
        ValueError: with a sentence that quotes no secret.
    """
    host = RedisHost(_arguments(url, ca_certs))
    _prove(host)
    return host


def parse_sentinels(
    url: str, addresses: Sequence[str], *, master: str, username: str = "", password: str = "", ca_certs: str = ""
) -> RedisHost:
    """
    Return the Redis that Sentinels call `master`.

    Args:
        url: scheme, user, password and database of the servers behind; its host is not used.
        addresses: `host` or `host:port` of each Sentinel.
        username: of the Sentinels themselves, as is `password`; empty for none.
        ca_certs: as above; with `rediss://` the Sentinels speak TLS too.

    Raises:
        ValueError: with a sentence that quotes no secret.
    """
    arguments = _arguments(url, ca_certs)
    if "unix_socket_path" in arguments:
        raise ValueError("Sentinels name servers of a network: use redis:// or rediss://.")
    arguments.pop("host", None)
    arguments.pop("port", None)
    tls = {name: value for name, value in arguments.items() if name.startswith("ssl")}
    of_sentinels = {**COMMON, **tls, "username": username or None, "password": password or None}
    host = RedisHost(arguments, tuple(_address(text) for text in addresses), master, of_sentinels)
    _prove(host)
    return host


def _arguments(url: str, ca_certs: str) -> dict[str, Any]:
    try:
        arguments: dict[str, Any] = dict(parse_url(url))
    except ValueError:
        raise ValueError(
            "It is no redis://, rediss:// or unix:// URL; encode special characters of the password (%40 for @)."
        ) from None
    if not url.startswith("unix:") and not re.fullmatch(r"/?[0-9]*/?", urlsplit(url).path):
        raise ValueError("The database after the host must be a number, as in redis://host:6379/1.")
    connection = arguments.pop("connection_class", None)
    if "path" in arguments:
        arguments["unix_socket_path"] = arguments.pop("path")
    if connection is redis.SSLConnection:
        arguments["ssl"] = True
    if ca_certs:
        arguments["ssl_ca_certs"] = ca_certs
    _check_authorities(arguments)
    return {**COMMON, **arguments}


def _check_authorities(arguments: dict[str, Any]) -> None:
    file = arguments.get("ssl_ca_certs")
    if file and not arguments.get("ssl"):
        raise ValueError("A file of certificate authorities is given, but the URL does not begin with rediss://.")
    if file:
        try:
            ssl.create_default_context(cafile=file)
        except OSError as error:
            raise ValueError(f"The certificate authorities in {file} cannot be read: {error}") from None


def _address(text: str) -> tuple[str, int]:
    name, colon, port = text.strip().rpartition(":")
    if not colon:
        name, port = port, str(DEFAULT_SENTINEL_PORT)
    if not name or not port.isdigit():
        raise ValueError(f"'{text}' is no host:port of a Sentinel.")
    return name.strip("[]"), int(port)


def _prove(host: RedisHost) -> None:
    """Build a connection without opening it: what redis-py does not know must be said at start, not at first use."""
    try:
        host.make_client("").connection_pool.make_connection()
    except (TypeError, redis.RedisError) as error:
        raise ValueError(f"It has an option that redis-py does not take: {error}") from None
