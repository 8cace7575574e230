"""
One client's stream of one topic, whatever carries it: `welcome`, a snapshot or what was missed, then live events.

Source: PROTOCOL.md, "Connecting".
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from typing import Any, Protocol
from urllib.parse import parse_qs

from realtime import access, conf, database, eventlog
from realtime.access import Subject
from realtime.eventlog import Head
from realtime.hub import get_hub
from realtime.outbox import Outbox
from realtime.rights import Guarded
from realtime.socket_count import Place
from realtime.tokens import Identity

PROTOCOL_VERSION = 1


class Say(Protocol):
    """Sends one control frame to the client."""

    def __call__(self, frame_type: str, /, **fields: Any) -> Awaitable[None]:
        """Send a frame of this type with these fields."""


class Subscription:
    """
    Joins one client to one topic without a hole, and keeps its right under watch.

    Args:
        subject: what is watched.
        outbox: the client's way out, for events.
    """

    def __init__(self, subject: Subject, *, outbox: Outbox) -> None:
        self._subject = subject
        self._outbox = outbox
        self._place: Place | None = None

    async def has_room(self, identity: Identity) -> bool:
        """Take a place among the sockets of the user and the user's company until the end; False when there is none."""
        user = identity.user
        self._place = await get_hub().sockets.admit(user=str(user.pk), group=access.group_of(user))
        return self._place is not None

    async def admits(self, identity: Identity) -> bool:
        """Ask the domain whether somebody may watch."""
        return await database.run(self._subject.can_watch, identity.user)

    def guard(self, identity: Identity) -> None:
        """Let the hub close the client when the right that was last asked for is withdrawn."""
        right = Guarded(self._subject.doorkeeper, (identity.user.pk, self._subject.id), identity.holder)
        get_hub().guard(self._outbox, right, asked_at=identity.asked_at)

    async def start(self, identity: Identity, *, since: Head | None, say: Say) -> None:
        """
        Send the beginning, then everything that follows.

        Args:
            since: the last position that the client has seen; None for none.
            say: sends the control frames before the first event.
        """
        head = await database.run(eventlog.open_topic, self._subject.topic)
        resumed = since is not None and await database.run(
            eventlog.can_resume, topic=self._subject.topic, since=since, limit=conf.get("REPLAY_MAX_EVENTS")
        )
        await say("welcome", **_welcome(identity, head, resumed=resumed))
        position = since if resumed and since is not None else await self._send_snapshot(say)
        await self.follow(identity, position)

    async def follow(self, identity: Identity, position: Head) -> None:
        """Send everything that was said after a position, without a beginning, and keep the right under watch."""
        self.guard(identity)
        await get_hub().attach(self._subject.topic, self._outbox, position)

    def end(self) -> None:
        """Send nothing more, and give the place back."""
        if self._place is not None:
            self._place.leave()
        get_hub().detach(self._outbox)

    async def read_state(self) -> tuple[Head, dict[str, Any]]:
        """Return the state and the exact position that it reflects."""
        return await database.run(eventlog.read_consistently, self._subject.topic, self._subject.read_state)

    async def _send_snapshot(self, say: Say) -> Head:
        head, state = await self.read_state()
        await say("snapshot", sequence=head.sequence, epoch=head.epoch, **state)
        return head


def requested_position(query_string: bytes) -> Head | None:
    """Return the position after `?since=<sequence>&epoch=<epoch>`; None when either is missing or no such thing."""
    query = parse_qs(query_string.decode("latin-1"))
    since, epoch = query.get("since", [""])[0], query.get("epoch", [""])[0]
    return Head(epoch, int(since)) if since.isascii() and since.isdigit() and len(since) < 19 and epoch else None


def _welcome(identity: Identity, head: Head, *, resumed: bool) -> dict[str, Any]:
    return {
        "protocol": PROTOCOL_VERSION,
        "session": secrets.token_hex(8),
        "epoch": head.epoch,
        "head": head.sequence,
        "heartbeat_seconds": conf.get("HEARTBEAT_SECONDS"),
        "token_expires_in_seconds": round(identity.seconds_left),
        "resumed": resumed,
    }
