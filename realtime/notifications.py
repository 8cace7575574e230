"""
What users are told: a row, and an event on the user's topic, in one transaction. Synchronous; knows no socket.

Every change holds the user's topic from before the unread are counted until the commit, so the count that an event
carries is the count after it, whoever else writes. Topics are locked last and in the order of their names.

Source: PROTOCOL.md, "Notifications"; docs/notifications.md.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from realtime import conf, eventlog, preferences, publisher, topics
from realtime.events import NotificationKind, NotificationRead, NotificationSent, to_timestamp
from realtime.models import Event, Notification, Topic, make_epoch

#: Newest notifications that a snapshot carries, and that clients keep.
LISTED = 50
#: Most notifications that one command marks as read by their ids.
MAX_IDS = 100
#: Rows that one transaction of pruning deletes.
PRUNE_BATCH = 500
MAX_TITLE_LENGTH = 200
MAX_TEXT_LENGTH = 2000

#: Which notifications somebody has read: these, or every one so far.
Read = Sequence[UUID] | Literal["all"]


@dataclass(frozen=True, slots=True)
class Message:
    """
    What users are told. `title` and `text` are for people, in the users' language, and are cut when too long.

    `url` is a path of this site, or empty. The ids say what it is about; None when there is no such thing.
    """

    kind: NotificationKind
    title: str
    text: str
    url: str = ""
    project_id: UUID | None = None
    operation_id: UUID | None = None
    attempt: int | None = None


@transaction.atomic
def notify(users: Iterable[UUID], message: Message, *, now: datetime) -> int:
    """
    Tell users something, in the caller's transaction; return how many of them want to know.

    Costs some ten statements, however many users there are. Lock nothing and publish on no other topic after it.
    """
    wanted = preferences.read_all(users)
    told = {topics.for_user(user): user for user in wanted if wanted[user][message.kind]["enabled"]}
    heads = eventlog.lock(told)
    rows = [_make_row(user, message, sequence=heads[topic] + 1, now=now) for topic, user in told.items()]
    Notification.objects.bulk_create(rows)
    unread = _count_unread(told.values())
    publisher.publish_each(
        {topics.for_user(row.user_id): _make_event(row, message, unread_count=unread[row.user_id]) for row in rows}
    )
    return len(rows)


@transaction.atomic
def mark_read(user_id: UUID, ids: Read, *, now: datetime | None = None) -> int:
    """
    Mark notifications of a user as read; return how many are unread then.

    Ids of others and of nobody, and what was read before, change nothing; nothing changed is no event.
    """
    topic = topics.for_user(user_id)
    eventlog.lock([topic])
    unread = Notification.objects.filter(user_id=user_id, read_at=None)
    changing = unread if ids == "all" else unread.filter(id__in=ids)
    changed = list(changing.values_list("id", flat=True)) if ids != "all" else []
    instant = now or timezone.now()
    if not changing.update(read_at=instant):
        return unread.count()
    left = unread.count()
    event = NotificationRead(notification_ids="all" if ids == "all" else changed, unread_count=left, timestamp=instant)
    publisher.publish(topic=topic, event=event)
    return left


def of_user(user_id: UUID) -> QuerySet[Notification]:
    """Return the notifications of a user, newest first."""
    return Notification.objects.filter(user_id=user_id).order_by("-sequence")


def count_unread(user_id: UUID) -> int:
    """Return how many notifications a user has not read."""
    return Notification.objects.filter(user_id=user_id, read_at=None).count()


def read_state(user_id: UUID) -> dict[str, Any]:
    """Return the JSON-ready state that a snapshot carries: what folding all events would give."""
    return {
        "unread_count": count_unread(user_id),
        "notifications": [describe(row) for row in of_user(user_id)[:LISTED]],
    }


def describe(row: Notification) -> dict[str, Any]:
    """Return the JSON-ready state of one notification."""
    return {
        "notification_id": str(row.id),
        "kind": row.kind,
        "title": row.title,
        "text": row.text,
        "url": row.url,
        "project_id": str(row.project_id) if row.project_id else None,
        "operation_id": str(row.operation_id) if row.operation_id else None,
        "created_at": to_timestamp(row.created_at),
        "read": row.read_at is not None,
    }


@transaction.atomic
def forget(user_id: UUID) -> None:
    """
    Delete all that a user was told, in the log too: somebody who leaves a company leaves its news behind.

    The topic gets a new epoch, so that clients take a snapshot and resume nothing.
    """
    topic = topics.for_user(user_id)
    eventlog.lock([topic])
    Notification.objects.filter(user_id=user_id).delete()
    Event.objects.filter(topic_id=topic).delete()
    Topic.objects.filter(name=topic).update(epoch=make_epoch(), floor=F("head"))


def prune(*, before: datetime) -> int:
    """
    Delete notifications older than an instant, in batches; return how many.

    The unread among them count as read first, with an event, so that the counts of clients stay right.
    """
    deleted = 0
    while batch := _prune_batch(before):
        deleted += batch
    return deleted


def prune_by_settings(*, now: datetime) -> int:
    """Delete what is older than the settings keep; return how many notifications were deleted."""
    return prune(before=now - timedelta(days=conf.get("NOTIFICATION_RETENTION_DAYS")))


def _prune_batch(before: datetime) -> int:
    rows = list(Notification.objects.filter(created_at__lt=before).order_by("created_at")[:PRUNE_BATCH])
    unread: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row.read_at is None:
            unread.setdefault(row.user_id, []).append(row.id)
    for user_id, ids in unread.items():
        mark_read(user_id, ids)
    with transaction.atomic():
        batch = Notification.objects.filter(id__in=[row.id for row in rows])
        # Other processes prune too: none waits for the rows of another.
        mine = list(batch.select_for_update(skip_locked=True).values_list("id", flat=True))
        return Notification.objects.filter(id__in=mine).delete()[0]


def _count_unread(users: Iterable[UUID]) -> dict[UUID, int]:
    rows = Notification.objects.filter(user_id__in=list(users), read_at=None).order_by()
    return dict(rows.values("user_id").annotate(unread=Count("id")).values_list("user_id", "unread"))


def _make_row(user_id: UUID, message: Message, *, sequence: int, now: datetime) -> Notification:
    return Notification(
        id=uuid.uuid4(),
        user_id=user_id,
        sequence=sequence,
        kind=message.kind,
        title=_cut(message.title, MAX_TITLE_LENGTH),
        text=_cut(message.text, MAX_TEXT_LENGTH),
        url=message.url,
        project_id=message.project_id,
        operation_id=message.operation_id,
        created_at=now,
    )


def _make_event(row: Notification, message: Message, *, unread_count: int) -> NotificationSent:
    return NotificationSent(
        notification_id=row.id,
        kind=message.kind,
        title=row.title,
        text=row.text,
        url=row.url,
        unread_count=unread_count,
        project_id=row.project_id,
        operation_id=row.operation_id,
        attempt=message.attempt,
        timestamp=row.created_at,
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
