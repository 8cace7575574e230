"""
The durable, gap-free log of each topic: append, replay, heads. Synchronous; knows no socket.

Commit order is sequence order: `append` holds the topic's row from taking a number until the transaction that
inserts the event commits. Keep that transaction short.

Source: PROTOCOL.md, "Sequence and epoch".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Length

from realtime import conf
from realtime.events import LoggedEvent, encode
from realtime.models import Event, Topic

State = TypeVar("State")

#: Tries to read a state between two equal heads before the topic is locked for it.
OPTIMISTIC_READS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the log, encoded."""

    sequence: int
    body: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a topic stands: the sequence of its last event, in which numbering."""

    epoch: str
    sequence: int


def append(*, topic: str, event: LoggedEvent) -> Entry:
    """
    Append an event to its topic, in the caller's transaction or in one of its own.

    Raises:
        EventTooLarge, EventNotEncodable: and nothing is written.
    """
    with transaction.atomic(savepoint=False):
        sequence = _take_number(topic)
        body = encode(event, sequence=sequence)
        Event.objects.create(topic_id=topic, sequence=sequence, type=event.type, body=body, created_at=event.timestamp)
    return Entry(sequence, body)


def lock(topics: Iterable[str]) -> dict[str, int]:
    """
    Hold topics until the caller's transaction ends; return their heads.

    What is read after this about a topic is what its next event may say. Topics are taken in the order of their
    names, so that two transactions never wait for each other; take a project's topic before those of users.
    """
    names = sorted(set(topics))
    known = set(Topic.objects.filter(name__in=names).values_list("name", flat=True))
    Topic.objects.bulk_create([Topic(name=name) for name in names if name not in known], ignore_conflicts=True)
    rows = Topic.objects.filter(name__in=names).order_by("name").select_for_update(no_key=True)
    return dict(rows.values_list("name", "head"))


def append_each(events: Mapping[str, LoggedEvent]) -> dict[str, Entry]:
    """
    Append one event to each of several topics that the caller has locked, in a few statements for all.

    Raises:
        EventTooLarge, EventNotEncodable: and nothing may be committed.
    """
    Topic.objects.filter(name__in=events).update(head=F("head") + 1)
    sequences = dict(Topic.objects.filter(name__in=events).values_list("name", "head"))
    entries = {name: Entry(sequences[name], encode(event, sequence=sequences[name])) for name, event in events.items()}
    Event.objects.bulk_create(
        Event(topic_id=name, sequence=entry.sequence, type=event.type, body=entry.body, created_at=event.timestamp)
        for (name, event), entry in zip(events.items(), entries.values(), strict=True)
    )
    return entries


def _take_number(topic: str) -> int:
    # The UPDATE locks the row until commit on PostgreSQL; on SQLite the transaction already holds the write lock.
    if not Topic.objects.filter(name=topic).update(head=F("head") + 1):
        Topic.objects.get_or_create(name=topic)
        Topic.objects.filter(name=topic).update(head=F("head") + 1)
    return Topic.objects.values_list("head", flat=True).get(name=topic)


def replay(*, topic: str, after: int, limit: int, max_chars: int | None = None) -> list[Entry]:
    """
    Return the events after a sequence, oldest first.

    Args:
        topic: a name made by `realtime.topics`.
        after: the last sequence already seen; 0 for none.
        limit: most events to return.
        max_chars: no further event is returned once those before it have so many characters; None for no such limit.
    """
    if max_chars is None:
        return _read(topic, after, limit)
    # As many as fit whatever their size: mostly all there are. Only a longer past is measured before it is read.
    certain = max(1, min(limit, max_chars // conf.get("MAX_EVENT_BYTES")))
    entries = _read(topic, after, certain)
    left = max_chars - sum(len(entry.body) for entry in entries)
    if len(entries) < certain or len(entries) == limit or left <= 0:
        return entries
    last = entries[-1].sequence
    return entries + _read(topic, last, _count_fitting(topic, last, limit - certain, left))


def _read(topic: str, after: int, limit: int) -> list[Entry]:
    rows = _after(topic, after).values_list("sequence", "body")[:limit]
    return [Entry(sequence, body) for sequence, body in rows]


def _count_fitting(topic: str, after: int, limit: int, max_chars: int) -> int:
    """Return how many events have `max_chars` characters together, the one that reaches them included."""
    sizes = _after(topic, after).values_list(Length("body"), flat=True)[:limit]
    before = accumulate(sizes, initial=0)
    return sum(chars < max_chars for chars, _ in zip(before, sizes, strict=False))


def _after(topic: str, sequence: int) -> QuerySet[Event]:
    return Event.objects.filter(topic_id=topic, sequence__gt=sequence).order_by("sequence")


def open_topic(topic: str) -> Head:
    """Return the topic's head, creating the topic when nothing was ever said on it."""
    row = _open_row(topic)
    return Head(row.epoch, row.head)


def _open_row(topic: str) -> Topic:
    return Topic.objects.filter(name=topic).first() or Topic.objects.get_or_create(name=topic)[0]


def can_resume(*, topic: str, since: Head, limit: int) -> bool:
    """Whether every event after a position is still in the log, and not more than `limit` of them."""
    row = _open_row(topic)
    return row.epoch == since.epoch and row.floor <= since.sequence and 0 <= row.head - since.sequence <= limit


def heads(topics: Iterable[str]) -> dict[str, Head]:
    """Return the heads of those topics that exist, in one query."""
    rows = Topic.objects.filter(name__in=list(topics)).values_list("name", "epoch", "head")
    return {name: Head(epoch, sequence) for name, epoch, sequence in rows}


def read_consistently(topic: str, read: Callable[[], State]) -> tuple[Head, State]:
    """
    Return a state together with the exact position of the log that it reflects.

    A writer changes the state and appends the event in one transaction; so a state read between two equal heads is
    the state at that head. When events come too fast for that, the topic's row is locked for the reading.
    """
    before = open_topic(topic)
    for _ in range(OPTIMISTIC_READS):
        state = read()
        after = open_topic(topic)
        if after == before:
            return after, state
        before = after
    with transaction.atomic():
        row = Topic.objects.select_for_update().get(name=topic)
        return Head(row.epoch, row.head), read()
