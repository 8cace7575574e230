"""
Publish an event: append it to the log, broadcast it once the transaction has committed. Synchronous.

Source: docs/architecture.md, "Life of one event".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from realtime import broadcaster, eventlog, metrics
from realtime.eventlog import Entry
from realtime.events import LoggedEvent

#: The one message type that travels over the channel layer; the event is inside, already encoded.
MESSAGE_TYPE = "realtime.event"


def publish(*, topic: str, event: LoggedEvent) -> int:
    """
    Log an event and tell every serving process; return its sequence.

    Called inside a transaction, the event commits or rolls back with it. A channel layer that is down costs a
    delay, never an error.

    Raises:
        EventTooLarge, EventNotEncodable: and nothing is written.
    """
    entry = eventlog.append(topic=topic, event=event)
    metrics.EVENTS_PUBLISHED.labels(type=event.type).inc()
    transaction.on_commit(partial(broadcast, topic=topic, entry=entry))
    return entry.sequence


def publish_each(events: Mapping[str, LoggedEvent]) -> None:
    """
    Log one event on each of several topics and tell every serving process, in a transaction of the caller's that
    holds the topics (`eventlog.lock`).

    Raises:
        EventTooLarge, EventNotEncodable: and nothing may be committed.
    """
    for topic, entry in eventlog.append_each(events).items():
        metrics.EVENTS_PUBLISHED.labels(type=events[topic].type).inc()
        transaction.on_commit(partial(broadcast, topic=topic, entry=entry))


def broadcast(*, topic: str, entry: Entry) -> None:
    """Hint every serving process that the log has grown."""
    broadcaster.send(topic, {"type": MESSAGE_TYPE, "topic": topic, "sequence": entry.sequence, "body": entry.body})
