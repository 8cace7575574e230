"""What users are told: rows, events on their topics, counts that are right, nobody else's news."""

from __future__ import annotations

import itertools
import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from proposals.models import User
from realtime import eventlog, notifications, preferences, topics
from realtime.models import Event, Notification, Topic
from realtime.notifications import Message
from realtime.terminal import notification_fold
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db

MESSAGE = Message(kind="completion", title="Terminé", text="Le mémoire est prêt.", url="/projects/x/")


def tell(*users: User, message: Message = MESSAGE) -> int:
    return notifications.notify([user.pk for user in users], message, now=timezone.now())


def log_of(user: User) -> list[dict[str, Any]]:
    bodies = Event.objects.filter(topic_id=topics.for_user(user.pk)).order_by("sequence")
    return [json.loads(body) for body in bodies.values_list("body", flat=True)]


def folded(user: User) -> dict[str, Any]:
    *_, last = itertools.accumulate(log_of(user), notification_fold.fold, initial=notification_fold.empty_state())
    return {key: last[key] for key in ("unread_count", "notifications")}


@pytest.fixture
def alice() -> User:
    return make_user("alice", company=None)


@pytest.fixture
def bob() -> User:
    return make_user("bob", company=None)


def test_each_user_gets_a_row_and_an_event_on_a_topic_of_their_own(alice: User, bob: User) -> None:
    project, operation = uuid.uuid4(), uuid.uuid4()
    message = Message("error", "Échec", "Relancez.", url="/x/", project_id=project, operation_id=operation, attempt=2)

    assert tell(alice, bob, message=message) == 2

    row = Notification.objects.get(user=alice)
    event = log_of(alice)[0]
    assert (row.kind, row.title, row.text, row.url, row.read_at) == ("error", "Échec", "Relancez.", "/x/", None)
    assert event == {
        "type": "notification",
        "sequence": 1,
        "project_id": str(project),
        "operation_id": str(operation),
        "attempt": 2,
        "timestamp": notifications.describe(row)["created_at"],
        "notification_id": str(row.id),
        "kind": "error",
        "title": "Échec",
        "text": "Relancez.",
        "url": "/x/",
        "unread_count": 1,
    }
    assert log_of(bob)[0]["notification_id"] == str(Notification.objects.get(user=bob).id)


def test_rows_and_events_roll_back_with_the_caller(alice: User) -> None:
    def tell_and_fail() -> None:
        with transaction.atomic():
            tell(alice)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_and_fail()

    assert not Notification.objects.exists()
    assert log_of(alice) == []


def test_a_kind_that_a_user_does_not_want_leaves_no_trace(alice: User, bob: User) -> None:
    preferences.change(alice.pk, {"completion": {"enabled": False}})

    assert tell(alice, bob) == 1

    assert not Notification.objects.filter(user=alice).exists()
    assert log_of(alice) == []


def test_reading_some_is_an_event_with_what_changed_and_what_is_left(alice: User) -> None:
    for _ in range(3):
        tell(alice)
    first, second, _ = Notification.objects.filter(user=alice).order_by("sequence")
    notifications.mark_read(alice.pk, [first.id])

    assert notifications.mark_read(alice.pk, [first.id, second.id, uuid.uuid4()]) == 1

    event = log_of(alice)[-1]
    assert (event["type"], event["notification_ids"], event["unread_count"]) == (
        "notification_read",
        [str(second.id)],
        1,
    )
    assert (event["project_id"], event["operation_id"], event["attempt"]) == (None, None, None)


def test_reading_all_is_one_event(alice: User) -> None:
    tell(alice)
    tell(alice)

    assert notifications.mark_read(alice.pk, "all") == 0

    assert (log_of(alice)[-1]["notification_ids"], log_of(alice)[-1]["unread_count"]) == ("all", 0)
    assert not Notification.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("ids", ["all", [], [uuid.UUID(int=1)]])
def test_reading_what_is_read_or_nobody_s_is_no_event(alice: User, ids: Any) -> None:
    tell(alice)
    notifications.mark_read(alice.pk, "all")
    before = log_of(alice)

    assert notifications.mark_read(alice.pk, ids) == 0

    assert log_of(alice) == before


def test_nobody_reads_for_somebody_else(alice: User, bob: User) -> None:
    tell(alice, bob)
    of_alice = Notification.objects.get(user=alice)

    assert notifications.mark_read(bob.pk, [of_alice.id]) == 1

    of_alice.refresh_from_db()
    assert of_alice.read_at is None
    assert len(log_of(alice)) == 1


def test_the_state_is_what_folding_all_events_gives(alice: User, bob: User) -> None:
    for number in range(notifications.LISTED + 5):
        tell(alice, bob, message=Message("attention", f"N° {number}", "…"))
        if number % 7 == 3:
            notifications.mark_read(alice.pk, [Notification.objects.filter(user=alice).latest("sequence").id])
        assert folded(alice) == notifications.read_state(alice.pk)
    notifications.mark_read(alice.pk, "all")

    assert folded(alice) == notifications.read_state(alice.pk)
    assert folded(bob) == notifications.read_state(bob.pk)
    assert len(folded(bob)["notifications"]) == notifications.LISTED
    assert folded(bob)["unread_count"] == notifications.LISTED + 5


def test_texts_that_are_too_long_are_cut(alice: User) -> None:
    tell(alice, message=Message("error", "t" * 300, "x" * 3000))

    row = Notification.objects.get(user=alice)
    assert (len(row.title), row.title[-1], len(row.text)) == (200, "…", 2000)


def test_telling_a_company_of_five_hundred_costs_a_constant_number_of_statements(
    django_assert_max_num_queries: Any,
) -> None:
    company = make_company()
    users = User.objects.bulk_create(User(username=f"u{number}", company=company) for number in range(500))
    tell(*users[:1])
    with django_assert_max_num_queries(40):  # SQLite inserts in portions; each of them is one of these
        tell(*users)

    assert Event.objects.filter(topic__name__startswith="user.").count() == 501
    assert log_of(users[0])[-1]["unread_count"] == 2
    assert log_of(users[-1])[-1]["unread_count"] == 1


def test_who_is_told_to_forget_has_nothing_and_can_resume_nothing(alice: User, bob: User) -> None:
    tell(alice, bob)
    topic = topics.for_user(alice.pk)
    before = eventlog.open_topic(topic)

    notifications.forget(alice.pk)

    assert notifications.read_state(alice.pk) == {"unread_count": 0, "notifications": []}
    assert log_of(alice) == []
    assert not eventlog.can_resume(topic=topic, since=before, limit=100)
    assert len(log_of(bob)) == 1


def test_pruning_deletes_the_old_and_keeps_the_counts_right(alice: User, bob: User) -> None:
    for _ in range(3):
        tell(alice, bob)
    old = Notification.objects.filter(user=alice).order_by("sequence")[:2]
    Notification.objects.filter(id__in=[row.id for row in old]).update(created_at=timezone.now() - timedelta(days=91))

    assert notifications.prune(before=timezone.now() - timedelta(days=90)) == 2

    assert Notification.objects.filter(user=alice).count() == 1
    assert (log_of(alice)[-1]["type"], log_of(alice)[-1]["unread_count"]) == ("notification_read", 1)
    assert folded(alice)["unread_count"] == notifications.count_unread(alice.pk) == 1
    assert len(log_of(bob)) == 3


def test_pruning_goes_on_over_many_batches(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "PRUNE_BATCH", 2)
    for _ in range(5):
        tell(alice)

    assert notifications.prune(before=timezone.now() + timedelta(seconds=1)) == 5


def test_somebody_who_is_deleted_takes_their_notifications_along(alice: User, bob: User) -> None:
    tell(alice, bob)
    preferences.change(alice.pk, {"error": {"email": False}})

    alice.delete()

    assert [row.user_id for row in Notification.objects.all()] == [bob.pk]


@pytest.mark.django_db(transaction=True)
def test_counts_are_exact_when_telling_and_reading_race() -> None:
    users = [make_user(company=None) for _ in range(3)]
    ids = [user.pk for user in users]
    failures: list[BaseException] = []

    def work(turn: int) -> None:
        try:
            for number in range(8):
                # Each thread names the users in another order: the topics are taken in one order all the same.
                notifications.notify(ids[turn % 3 :] + ids[: turn % 3], MESSAGE, now=timezone.now())
                if number % 3 == turn % 3:
                    notifications.mark_read(ids[turn % 3], "all")
        except BaseException as failure:  # noqa: BLE001 - shown below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    for user in users:
        check_counts(user)


def check_counts(user: User) -> None:
    unread = 0
    for event in log_of(user):
        unread = unread + 1 if event["type"] == "notification" else 0
        assert event["unread_count"] == unread
    assert folded(user) == notifications.read_state(user.pk)
    assert Topic.objects.get(name=topics.for_user(user.pk)).head == len(log_of(user))
