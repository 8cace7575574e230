"""Notifications over REST: one's own, and nobody else's."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from proposals.models import User
from realtime import notifications, topics
from realtime.models import Event, Notification
from realtime.notifications import Message
from tests.factories import Cast
from tests.integration.api.conftest import Login

URL = "/api/notifications/"


def tell(*users: User, kind: Any = "completion", number: int = 1) -> None:
    for count in range(number):
        message = Message(kind, f"Titre {count}", "Texte.", url="/projects/x/", project_id=uuid.UUID(int=7))
        notifications.notify([user.pk for user in users], message, now=timezone.now())


def ids_of(user: User) -> list[str]:
    return [str(row.id) for row in notifications.of_user(user.pk)]


def test_the_list_is_that_of_the_snapshot_with_the_count_of_unread(cast: Cast, alice: APIClient) -> None:
    tell(cast.alice, cast.charlie, number=3)

    page = alice.get(URL).json()

    assert page["results"] == notifications.read_state(cast.alice.pk)["notifications"]
    assert [row["title"] for row in page["results"]] == ["Titre 2", "Titre 1", "Titre 0"]
    assert (page["unread_count"], page["next"], page["previous"]) == (3, None, None)


def test_pages_follow_each_other_and_count_the_same(cast: Cast, alice: APIClient) -> None:
    tell(cast.alice, number=5)

    first = alice.get(f"{URL}?page_size=2").json()
    second = alice.get(first["next"]).json()

    assert [row["title"] for row in first["results"] + second["results"]] == [f"Titre {n}" for n in (4, 3, 2, 1)]
    assert first["unread_count"] == second["unread_count"] == 5


def test_the_list_is_filtered_by_unread_and_kind(cast: Cast, alice: APIClient) -> None:
    tell(cast.alice, number=2)
    tell(cast.alice, kind="error")
    notifications.mark_read(cast.alice.pk, [uuid.UUID(ids_of(cast.alice)[-1])])

    def titles(query: str) -> list[str]:
        return [f"{row['kind']} {row['title']}" for row in alice.get(f"{URL}?{query}").json()["results"]]

    assert titles("unread=true") == ["error Titre 0", "completion Titre 1"]
    assert titles("unread=false") == ["completion Titre 0"]
    assert titles("kind=error") == ["error Titre 0"]
    assert alice.get(f"{URL}?kind=gossip").status_code == 400


@pytest.mark.parametrize("everything", [True, False])
def test_reading_is_told_to_the_other_devices(cast: Cast, alice: APIClient, everything: bool) -> None:
    tell(cast.alice, number=2)
    ids = "all" if everything else ids_of(cast.alice)[:1]

    answer = alice.post(f"{URL}read/", {"notification_ids": ids})

    left = 0 if everything else 1
    assert (answer.status_code, answer.json()) == (200, {"unread_count": left})
    event = Event.objects.filter(topic_id=topics.for_user(cast.alice.pk)).latest("sequence")
    assert event.type == "notification_read"


def test_ids_of_others_and_of_nobody_are_ignored_alike(cast: Cast, alice: APIClient) -> None:
    tell(cast.alice, cast.bob, cast.charlie)
    before = list(Notification.objects.order_by("id").values())

    for user in (cast.bob, cast.charlie):
        answer = alice.post(f"{URL}read/", {"notification_ids": ids_of(user)})
        assert (answer.status_code, answer.json()) == (200, {"unread_count": 1})
    unknown = alice.post(f"{URL}read/", {"notification_ids": [str(uuid.uuid4())]})

    assert (unknown.status_code, unknown.json()) == (200, {"unread_count": 1})
    assert list(Notification.objects.order_by("id").values()) == before
    assert Event.objects.filter(type="notification_read").count() == 0


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_nobody_sees_another_s_notifications(cast: Cast, login: Login, name: str) -> None:
    tell(cast.alice)

    page = login(getattr(cast, name)).get(URL).json()

    assert (page["results"], page["unread_count"]) == ([], 0)


@pytest.mark.parametrize(
    "body", [{}, {"notification_ids": "some"}, {"notification_ids": ["x"]}, {"notification_ids": None}, {"ids": []}]
)
def test_a_bad_order_is_refused(alice: APIClient, body: dict[str, Any]) -> None:
    answer = alice.post(f"{URL}read/", body, format="json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    assert all(name.startswith("notification_ids") for name in answer.json()["error"]["details"])


def test_too_many_ids_at_once_are_refused(alice: APIClient) -> None:
    ids = [str(uuid.uuid4()) for _ in range(notifications.MAX_IDS + 1)]

    assert alice.post(f"{URL}read/", {"notification_ids": ids}).status_code == 400
    assert alice.post(f"{URL}read/", {"notification_ids": ids[1:]}).status_code == 200


def test_preferences_are_the_caller_s_and_change_one_by_one(cast: Cast, login: Login, alice: APIClient) -> None:
    address = f"{URL}preferences/"
    default = {
        "completion": {"enabled": True, "email": False},
        "error": {"enabled": True, "email": True},
        "attention": {"enabled": True, "email": True},
    }
    assert alice.get(address).json() == default

    changed = alice.patch(address, {"completion": {"enabled": False}, "error": {"email": False}}).json()

    assert changed == {
        **default,
        "completion": {"enabled": False, "email": False},
        "error": {"enabled": True, "email": False},
    }
    assert alice.get(address).json() == changed
    assert login(cast.bob).get(address).json() == default
    tell(cast.alice, cast.bob)
    assert (ids_of(cast.alice), len(ids_of(cast.bob))) == ([], 1)


@pytest.mark.parametrize("body", [{"error": {"email": "maybe"}}, {"error": 3}, {"completion": {"enabled": None}}])
def test_preferences_that_make_no_sense_are_refused(alice: APIClient, body: dict[str, Any]) -> None:
    answer = alice.patch(f"{URL}preferences/", body, format="json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
