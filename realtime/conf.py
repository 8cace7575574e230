"""
The settings of `realtime`: one home for each name, unit, default and smallest value. Read when used, never at import.

Source: docs/operations.md, "Settings".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings


class Setting(NamedTuple):
    """
    What is known of one setting.

    Args:
        default: gives the type as well.
        least: smallest number that means something, which the checks at start ask for; where 0 is allowed it turns
            something off or means "at once". None for what is no number.
    """

    default: Any
    least: float | None = None


SETTINGS: dict[str, Setting] = {
    # A frame is sent after this much silence, so that a client can tell a quiet socket from a dead one.
    "REALTIME_HEARTBEAT_SECONDS": Setting(25.0, least=0.1),
    # One query compares all local topics with their heads: the longest delay of an event whose broadcast was lost.
    "REALTIME_HEAD_CHECK_SECONDS": Setting(2.0, least=0.1),
    # One query re-checks the rights of all local sockets: the longest life of a socket whose access was withdrawn.
    "REALTIME_RECHECK_SECONDS": Setting(10.0, least=0.1),
    # Shortest time between two progress events of one operation.
    "REALTIME_PROGRESS_MIN_INTERVAL_MS": Setting(200, least=10),
    # Most events read from the log at once.
    "REALTIME_REPLAY_LIMIT": Setting(500, least=1),
    # A socket further behind than this gets a snapshot instead of a replay.
    "REALTIME_REPLAY_MAX_EVENTS": Setting(2000, least=0),
    # Events older than this are pruned.
    "REALTIME_EVENT_RETENTION_HOURS": Setting(168.0, least=0.1),
    # Most events that a topic keeps, whatever their age; 0: no limit.
    "REALTIME_EVENT_RETENTION_COUNT": Setting(50_000, least=0),
    # Minutes between two prunings by the reaper's process; 0: only `prune_events` prunes.
    "REALTIME_PRUNE_INTERVAL_MINUTES": Setting(60.0, least=0),
    # Frames that wait for one slow socket before it is closed with 1013.
    "REALTIME_BACKLOG_LIMIT": Setting(256, least=1),
    # Bytes of them, with those in the server's own buffer.
    "REALTIME_BACKLOG_BYTES": Setting(1024 * 1024, least=1024),
    # A socket for which something waits, and which takes nothing for so long, is closed with 1013.
    "REALTIME_STALL_SECONDS": Setting(10.0, least=0.1),
    # Bytes sent to a client since it last said something, on servers that buffer without limit (not the shipped one).
    "REALTIME_UNHEARD_BYTES": Setting(2 * 1024 * 1024, least=1024),
    # Shortest text that is compressed for sockets that negotiated it; 0: never negotiate.
    "REALTIME_DEFLATE_MIN_BYTES": Setting(1024, least=0),
    # Origins of pages, beside the server's own, that may open sockets: scheme, host and port, compared exactly.
    "REALTIME_ALLOWED_ORIGINS": Setting([]),
    # Whether a handshake that names no origin is refused: only programs, never browsers, send such.
    "REALTIME_REQUIRE_ORIGIN": Setting(False),
    # Sockets that one user, and the users of one company together, may have open over all processes; 0: no limit.
    "REALTIME_SOCKETS_PER_USER": Setting(50, least=0),
    "REALTIME_SOCKETS_PER_COMPANY": Setting(2000, least=0),
    # Handshakes per second and at once that one address may make, in each process; no burst: no limit.
    "REALTIME_HANDSHAKES_PER_SECOND": Setting(20.0, least=0),
    "REALTIME_HANDSHAKES_BURST": Setting(200, least=0),
    # Longest time that a request for events waits; proxies give up on an answer after 60 s.
    "REALTIME_LONG_POLL_MAX_SECONDS": Setting(55.0, least=0),
    # Biggest command a client may send.
    "REALTIME_MAX_COMMAND_BYTES": Setting(4096, least=64),
    # Biggest encoded event: Redis drops a process whose pub/sub buffer overflows.
    "REALTIME_MAX_EVENT_BYTES": Setting(65536, least=1),
    # Longest result of an operation, as JSON, that a completion and a snapshot carry; a longer one is read by REST.
    "REALTIME_MAX_RESULT_BYTES": Setting(16384, least=0),
    # Biggest message that the server takes in at all; beyond it the socket is closed with 1009.
    "REALTIME_MAX_MESSAGE_BYTES": Setting(65536, least=1),
    # Commands per second and burst that one socket may send.
    "REALTIME_COMMANDS_PER_SECOND": Setting(5.0, least=0.01),
    "REALTIME_COMMANDS_BURST": Setting(20, least=1),
    # Notice before a token ends, and life of a one-time ticket.
    "REALTIME_TOKEN_NOTICE_SECONDS": Setting(60.0, least=0),
    "REALTIME_TICKET_LIFETIME_SECONDS": Setting(30.0, least=1),
    # A socket whose token has ended goes on for this long, but takes nothing except a fresh token.
    "REALTIME_TOKEN_GRACE_SECONDS": Setting(5.0, least=0),
    # A server that is told to stop asks its sockets to move, spread over this time.
    "REALTIME_DRAIN_SECONDS": Setting(10.0, least=0),
    # Clients come back after a random delay up to this when a server restarts.
    "REALTIME_RESTART_SPREAD_SECONDS": Setting(5.0, least=0),
    # A broadcast that takes longer than this is given up (the log and the head check deliver it).
    "REALTIME_BROADCAST_TIMEOUT_SECONDS": Setting(2.0, least=0.1),
    # The sketch's `?token=<jwt>`; URLs end up in logs, so turn it off once no client needs it.
    "REALTIME_ALLOW_QUERY_TOKEN": Setting(True),
    # Notifications older than this are deleted.
    "REALTIME_NOTIFICATION_RETENTION_DAYS": Setting(90.0, least=0.1),
    # A notification that stays unread for this long is also sent by e-mail; 0: never.
    "REALTIME_EMAIL_AFTER_MINUTES": Setting(0.0, least=0),
}

DEFAULTS: dict[str, Any] = {name: setting.default for name, setting in SETTINGS.items()}


def get(name: str) -> Any:
    """Return the setting `REALTIME_<name>`, its default if the project does not set it."""
    key = f"REALTIME_{name}"
    return getattr(settings, key, DEFAULTS[key])
