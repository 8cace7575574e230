"""
The settings of `realtime`: one home for each name, unit and default. Read when used, never at import.

Source: docs/operations.md, "Settings".
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # A frame is sent after this much silence, so that a client can tell a quiet socket from a dead one.
    "REALTIME_HEARTBEAT_SECONDS": 25.0,
    # One query compares all local topics with their heads: the longest delay of an event whose broadcast was lost.
    "REALTIME_HEAD_CHECK_SECONDS": 2.0,
    # One query re-checks the rights of all local sockets: the longest life of a socket whose access was withdrawn.
    "REALTIME_RECHECK_SECONDS": 10.0,
    # Shortest time between two progress events of one operation.
    "REALTIME_PROGRESS_MIN_INTERVAL_MS": 200,
    # Most events read from the log at once.
    "REALTIME_REPLAY_LIMIT": 500,
    # A socket further behind than this gets a snapshot instead of a replay.
    "REALTIME_REPLAY_MAX_EVENTS": 2000,
    # Events older than this are pruned.
    "REALTIME_EVENT_RETENTION_HOURS": 168.0,
    # Most events that a topic keeps, whatever their age; 0: no limit.
    "REALTIME_EVENT_RETENTION_COUNT": 50_000,
    # Minutes between two prunings by the reaper's process; 0: only `prune_events` prunes.
    "REALTIME_PRUNE_INTERVAL_MINUTES": 60.0,
    # Frames that wait for one slow socket before it is closed with 1013.
    "REALTIME_BACKLOG_LIMIT": 256,
    # Bytes of them, with those in the server's own buffer.
    "REALTIME_BACKLOG_BYTES": 1024 * 1024,
    # A socket for which something waits, and which takes nothing for so long, is closed with 1013.
    "REALTIME_STALL_SECONDS": 10.0,
    # Bytes sent to a client since it last said something, on servers that buffer without limit (not the shipped one).
    "REALTIME_UNHEARD_BYTES": 2 * 1024 * 1024,
    # Shortest text that is compressed for sockets that negotiated it; 0: never negotiate.
    "REALTIME_DEFLATE_MIN_BYTES": 1024,
    # Origins of pages, beside the server's own, that may open sockets: scheme, host and port, compared exactly.
    "REALTIME_ALLOWED_ORIGINS": [],
    # Whether a handshake that names no origin is refused: only programs, never browsers, send such.
    "REALTIME_REQUIRE_ORIGIN": False,
    # Sockets that one user, and the users of one company together, may have open over all processes; 0: no limit.
    "REALTIME_SOCKETS_PER_USER": 50,
    "REALTIME_SOCKETS_PER_COMPANY": 2000,
    # Handshakes per second and at once that one address may make, in each process; no burst: no limit.
    "REALTIME_HANDSHAKES_PER_SECOND": 20.0,
    "REALTIME_HANDSHAKES_BURST": 200,
    # Longest time that a request for events waits; proxies give up on an answer after 60 s.
    "REALTIME_LONG_POLL_MAX_SECONDS": 55.0,
    # Biggest command a client may send.
    "REALTIME_MAX_COMMAND_BYTES": 4096,
    # Biggest encoded event: Redis drops a process whose pub/sub buffer overflows.
    "REALTIME_MAX_EVENT_BYTES": 65536,
    # Longest result of an operation, as JSON, that a completion and a snapshot carry; a longer one is read by REST.
    "REALTIME_MAX_RESULT_BYTES": 16384,
    # Biggest message that the server takes in at all; beyond it the socket is closed with 1009.
    "REALTIME_MAX_MESSAGE_BYTES": 65536,
    # Commands per second and burst that one socket may send.
    "REALTIME_COMMANDS_PER_SECOND": 5.0,
    "REALTIME_COMMANDS_BURST": 20,
    # Notice before a token ends, and life of a one-time ticket.
    "REALTIME_TOKEN_NOTICE_SECONDS": 60.0,
    "REALTIME_TICKET_LIFETIME_SECONDS": 30.0,
    # A socket whose token has ended goes on for this long, but takes nothing except a fresh token.
    "REALTIME_TOKEN_GRACE_SECONDS": 5.0,
    # A server that is told to stop asks its sockets to move, spread over this time.
    "REALTIME_DRAIN_SECONDS": 10.0,
    # Clients come back after a random delay up to this when a server restarts.
    "REALTIME_RESTART_SPREAD_SECONDS": 5.0,
    # A broadcast that takes longer than this is given up (the log and the head check deliver it).
    "REALTIME_BROADCAST_TIMEOUT_SECONDS": 2.0,
    # The sketch's `?token=<jwt>`; URLs end up in logs, so turn it off once no client needs it.
    "REALTIME_ALLOW_QUERY_TOKEN": True,
    # Notifications older than this are deleted.
    "REALTIME_NOTIFICATION_RETENTION_DAYS": 90.0,
    # A notification that stays unread for this long is also sent by e-mail; 0: never.
    "REALTIME_EMAIL_AFTER_MINUTES": 0.0,
}


def get(name: str) -> Any:
    """Return the setting `REALTIME_<name>`, its default if the project does not set it."""
    key = f"REALTIME_{name}"
    return getattr(settings, key, DEFAULTS[key])
