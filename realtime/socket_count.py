"""
How many sockets each user and each group of users has open: in this process, and with Redis over all processes.

Source: docs/operations.md, "Limits of sockets".
"""

from __future__ import annotations

from collections import Counter

from django.conf import settings

from realtime import conf
from realtime.redis_hosts import RedisHost
from realtime.shared_count import SharedCount


class Place:
    """What one socket holds of its user's and its group's number, until it leaves."""

    def __init__(self, count: SocketCount, keys: list[str]) -> None:
        self._count = count
        self.keys = keys

    def leave(self) -> None:
        """Give the place back; a second time does nothing."""
        keys, self.keys = self.keys, []
        self._count.release(keys)


class SocketCount:
    """Counts the sockets of one event loop, against `REALTIME_SOCKETS_PER_USER` and `REALTIME_SOCKETS_PER_COMPANY`."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._shared = self._make_shared()

    async def admit(self, *, user: str, group: str) -> Place | None:
        """
        Return a place for one more socket; None when the user or the group has enough.

        Args:
            group: whoever shares a limit with the user; "" for nobody.
        """
        limits = {f"user.{user}": conf.get("SOCKETS_PER_USER")}
        if group:
            limits[f"group.{group}"] = conf.get("SOCKETS_PER_COMPANY")
        limits = {key: limit for key, limit in limits.items() if limit}
        if any(self._counts[key] >= limit for key, limit in limits.items()):
            return None
        self._counts.update(limits.keys())
        place = Place(self, list(limits))
        fits = False
        try:
            fits = self._shared is None or not limits or await self._shared.admits(limits)
        finally:
            if not fits:  # also when the handshake was given up meanwhile
                place.leave()
        return place if fits else None

    def release(self, keys: list[str]) -> None:
        """Count one socket less for each key."""
        for key in keys:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]
        if self._shared is not None and keys:
            self._shared.note_change(keys)

    async def stop(self) -> None:
        """Take this process out of the shared count, before the event loop ends."""
        if self._shared is not None:
            await self._shared.stop()

    def _make_shared(self) -> SharedCount | None:
        """Return the count in Redis; None without Redis, which is one process."""
        host: RedisHost | None = settings.REALTIME_REDIS
        return SharedCount(host, prefix=settings.REALTIME_PREFIX, counts=self._counts) if host is not None else None
