"""Counters and gauges of delivery. Labels come from closed sets, never ids."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

EVENTS_PUBLISHED = Counter("realtime_events_published_total", "Events appended to the log.", ["type"])
BROADCASTS_SENT = Counter("realtime_broadcasts_sent_total", "Broadcasts the channel layer took.")
BROADCASTS_FAILED = Counter("realtime_broadcasts_failed_total", "Broadcasts given up; the log delivers them.")
SOCKETS_OPEN = Gauge("realtime_sockets_open", "Sockets attached to the hub of this process.")
SOCKETS_CLOSED = Counter("realtime_sockets_closed_total", "Sockets closed by the server.", ["reason"])
PROGRESS_SUPERSEDED = Counter("realtime_progress_superseded_total", "Progress left out for slow sockets.")
TOPICS_OPEN = Gauge("realtime_topics_open", "Topics with local sockets.")
REPAIRS = Counter("realtime_gap_repairs_total", "Reads of the log because a broadcast was missing.")
MESSAGES_IGNORED = Counter("realtime_messages_ignored_total", "Layer messages of another version, or unreadable.")
SOCKETS_UNCOUNTED = Counter("realtime_sockets_uncounted_total", "Sockets admitted by the count of this process alone.")
HANDSHAKES_REFUSED = Counter("realtime_handshakes_refused_total", "Handshakes refused with a status.", ["reason"])
LAYER_LOSSES = Counter("realtime_layer_losses_total", "Losses of the subscription on Redis; the log fills the gap.")
LAYER_DROPPED = Counter("realtime_layer_dropped_total", "Layer messages dropped because too many waited.")
COMMANDS = Counter("realtime_commands_total", "Commands received.", ["outcome"])
