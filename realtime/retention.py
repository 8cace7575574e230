"""
Keep the log short: raise each topic's floor first, then delete what lies below it, in short transactions.

From the moment the floor is raised nobody resumes below it, so no reader meets the hole while it is being made.

Source: PROTOCOL.md, "Reconnecting".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F

from realtime import conf
from realtime.models import Event, Topic

#: Events deleted in one transaction: on SQLite writers wait for it.
BATCH = 1000


def prune(*, before: datetime, most_events: int = 0) -> int:
    """
    Delete the events older than an instant; heads stay, so numbering goes on. Return how many were deleted.

    Any number of processes may prune at once.

    Args:
        most_events: also delete the oldest of a topic beyond so many; 0 for as many as there are.
    """
    return sum(_prune_topic(name, floor) for name, floor in _floors(before, most_events))


def prune_by_settings(*, now: datetime) -> int:
    """Delete what is older or more than the settings keep; return how many events were deleted."""
    before = now - timedelta(hours=conf.get("EVENT_RETENTION_HOURS"))
    return prune(before=before, most_events=conf.get("EVENT_RETENTION_COUNT"))


def _floors(before: datetime, most_events: int) -> Iterator[tuple[str, int]]:
    """Yield each topic that has something to lose, with the last sequence to delete."""
    old = Event.objects.filter(created_at__lt=before).order_by("topic_id").distinct()
    for name in list(old.values_list("topic_id", flat=True)):
        yield name, _last_before(name, before)
    if most_events:
        long = Topic.objects.filter(head__gt=F("floor") + most_events)
        yield from [(name, head - most_events) for name, head in long.values_list("name", "head")]


def _last_before(topic: str, before: datetime) -> int:
    # The head is read first: what is appended meanwhile is newer, and stays.
    head = Topic.objects.values_list("head", flat=True).get(name=topic)
    kept = Event.objects.filter(topic_id=topic, created_at__gte=before).order_by("sequence")
    first_kept = kept.values_list("sequence", flat=True).first()
    return head if first_kept is None else first_kept - 1


def _prune_topic(topic: str, floor: int) -> int:
    Topic.objects.filter(name=topic, floor__lt=floor).update(floor=floor)
    below = Event.objects.filter(topic_id=topic, sequence__lte=floor).order_by("sequence")
    deleted = 0
    while batch := list(below.values_list("pk", flat=True)[:BATCH]):
        deleted += Event.objects.filter(pk__in=batch).delete()[0]
    return deleted
