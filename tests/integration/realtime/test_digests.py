"""E-mails about what nobody read, to a real mail server: once, late enough, never to who does not want them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from proposals.models import User
from realtime import digests, notifications, preferences
from realtime.models import Notification
from realtime.notifications import Message
from tests.factories import make_user
from tests.instances import free_port
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A mail server, and an installation that uses it after ten minutes."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 10
    settings.DEFAULT_FROM_EMAIL = "Tenderwire <tenderwire@exemple.fr>"
    settings.PUBLIC_URL = "https://marches.exemple.fr/"
    settings.REALTIME_EMAIL_AFTER_MINUTES = 10.0
    with MailServer() as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture
def alice() -> User:
    return make_user("alice", company=None)


@pytest.fixture
def bob() -> User:
    return make_user("bob", company=None)


def tell(*users: User, minutes_ago: float = 11, **fields: Any) -> None:
    message = Message(
        **{"kind": "error", "title": "Échec <b>", "text": "Relancez & voyez.", "url": "/p/1/#x", **fields}
    )
    notifications.notify([user.pk for user in users], message, now=timezone.now() - timedelta(minutes=minutes_ago))


def send(now: datetime | None = None) -> bool:
    return digests.send_due(now=now or timezone.now())


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_one_digest_says_all_that_a_user_has_not_read(server: MailServer, alice: User, bob: User) -> None:
    tell(alice)
    tell(alice, title="À vérifier", kind="attention", minutes_ago=1)  # too young for a mail of its own
    tell(bob, title="Pour bob")

    assert send()

    mails = {mail["To"]: mail for mail in server.mails}
    assert set(mails) == {alice.email, bob.email}
    mail = mails[alice.email]
    assert (mail["Subject"], mail["From"]) == (
        "Tenderwire : 2 notifications non lues",
        "Tenderwire <tenderwire@exemple.fr>",
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = part(mail, "plain"), part(mail, "html")
    assert "Échec <b>\nRelancez & voyez.\nhttps://marches.exemple.fr/p/1/#x" in text
    assert text.index("À vérifier") < text.index("Échec")
    assert "Échec &lt;b&gt;" in html
    assert 'href="https://marches.exemple.fr/p/1/#x"' in html
    assert "Pour bob" not in text + html
    assert mails[bob.email]["Subject"] == "Tenderwire : 1 notification non lue"


def test_nothing_is_sent_twice(server: MailServer, alice: User) -> None:
    tell(alice)

    assert send()
    assert send()
    tell(alice, title="Encore")
    assert send()

    assert len(server.mails) == 2
    assert "Échec" not in part(server.mails[1], "plain")


@pytest.mark.django_db(transaction=True)
def test_processes_that_look_at_once_send_once(server: MailServer) -> None:
    users = [make_user(company=None) for _ in range(5)]
    tell(*users)
    barrier = threading.Barrier(4)

    def look() -> None:
        try:
            barrier.wait()
            send()
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(server.recipients) == sorted(user.email for user in users)


def test_what_is_young_or_read_is_not_sent(server: MailServer, alice: User, bob: User) -> None:
    tell(alice, minutes_ago=9)
    tell(bob)
    notifications.mark_read(bob.pk, "all")

    assert send()

    assert server.mails == []


def test_kinds_and_people_that_do_not_want_or_cannot_get_mail_are_left_out(
    server: MailServer, alice: User, bob: User
) -> None:
    gone, without = make_user(company=None, is_active=False), make_user(company=None)
    User.objects.filter(pk=without.pk).update(email="")
    preferences.change(bob.pk, {"error": {"email": False}})
    tell(bob, gone, without)
    tell(alice, kind="completion")

    assert send()

    assert server.mails == []


def test_it_is_off_by_default(server: MailServer, alice: User, settings: Settings) -> None:
    del settings.REALTIME_EMAIL_AFTER_MINUTES
    tell(alice, minutes_ago=600)

    assert send()

    assert server.mails == []


def test_what_is_older_than_a_day_is_no_news(server: MailServer, alice: User) -> None:
    tell(alice, minutes_ago=25 * 60)

    assert send()

    assert server.mails == []


def test_a_refusal_is_tried_again_later_three_times_in_all(
    server: MailServer, alice: User, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    tell(alice)
    server.refuses = True
    now = timezone.now()
    with caplog.at_level(logging.WARNING):
        assert send(now)
    assert "SMTPRecipientsRefused" in caplog.text
    assert alice.email not in caplog.text
    assert "Relancez" not in caplog.text

    server.refuses = False
    assert send(now + timedelta(minutes=4))
    assert server.mails == []
    assert send(now + timedelta(minutes=6))
    assert [mail["To"] for mail in server.mails] == [alice.email]

    tell(bob)
    server.refuses = True
    for turn in range(5):
        assert send(now + timedelta(minutes=10 * turn))
    server.refuses = False
    assert send(now + timedelta(minutes=60))
    assert len(server.mails) == 1
    assert Notification.objects.get(user=bob).email_refusals == digests.MOST_REFUSALS


def test_a_server_that_cannot_be_reached_costs_nothing(
    server: MailServer, alice: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    tell(alice)
    settings.EMAIL_PORT = free_port()

    for _ in range(5):
        assert not send()
    assert "The mail server cannot be reached (ConnectionRefusedError)." in caplog.messages
    settings.EMAIL_PORT = server.port

    assert send()
    assert len(server.mails) == 1


def test_a_mail_that_may_have_been_taken_is_not_sent_again(server: MailServer, alice: User) -> None:
    tell(alice)
    server.hangs_up = True
    assert send()
    server.hangs_up = False

    assert send()
    assert send(timezone.now() + timedelta(hours=1))

    assert len(server.mails) == 1


def test_a_long_list_is_cut_and_has_no_links_without_an_address(
    server: MailServer, alice: User, settings: Settings
) -> None:
    settings.PUBLIC_URL = ""
    for number in range(digests.LISTED + 3):
        tell(alice, title=f"N° {number:02}")

    assert send()

    text = part(server.mails[0], "plain")
    assert text.count("N° ") == digests.LISTED
    assert "Et 3 autres." in text
    assert "http" not in text


def test_a_process_that_stops_sends_no_more(server: MailServer, alice: User) -> None:
    tell(alice)

    assert digests.send_due(now=timezone.now(), is_stopping=lambda: True)

    assert server.mails == []
