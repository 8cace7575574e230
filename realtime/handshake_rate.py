"""
How many handshakes one address may make: a token bucket for each, in the memory of this process.

Source: docs/operations.md, "Delivery".
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from realtime import conf

#: Buckets kept; beyond it the one that was asked for longest ago is forgotten, and starts full when it comes back.
BUCKETS_KEPT = 10_000
#: Part of an IPv6 address that one customer of a network gets: all addresses behind it are one client.
_IPV6_PREFIX = 64


class HandshakeRate:
    """
    Counts handshakes by address, with `REALTIME_HANDSHAKES_PER_SECOND` and `REALTIME_HANDSHAKES_BURST`.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        #: Tokens left and when that was, for each network; the one asked for last at the end.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_seconds(self, address: str) -> int:
        """Return 0 and count a handshake of an address, or whole seconds after which it may try again."""
        rate, burst = conf.get("HANDSHAKES_PER_SECOND"), conf.get("HANDSHAKES_BURST")
        if not burst:
            return 0
        network, now = network_of(address), self._clock()
        tokens, at = self._buckets.pop(network, (float(burst), now))
        tokens = min(burst, tokens + (now - at) * rate)
        allowed = tokens >= 1
        self._buckets[network] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > BUCKETS_KEPT:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / rate))


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """Return what is counted for an address: an IPv4 address itself, the network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a name, or what a proxy made of it
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
