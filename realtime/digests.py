"""
What users have not seen, by e-mail: one digest for each user, and at most one mail for each notification.

Rows are claimed by a compare-and-set before anything is sent, so any number of processes may do this. What the mail
server refuses is tried again; what it may or may not have taken is not: better no mail than two.

Source: docs/notifications.md, "E-mail".
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string

from realtime import conf, preferences
from realtime.models import Notification

logger = logging.getLogger(__name__)

#: What was unread for longer than this when the server could first take it is no news any more.
WINDOW = timedelta(days=1)
#: Digests of one round; others get theirs in the next one.
USERS_PER_ROUND = 50
#: After so many refusals of the mail server a notification is not sent.
MOST_REFUSALS = 3
#: Wait after a refusal.
RETRY = timedelta(minutes=5)
#: Notifications that a mail spells out.
LISTED = 20


def send_due(*, now: datetime, is_stopping: Callable[[], bool] = lambda: False) -> bool:
    """
    Send what was unread for `REALTIME_EMAIL_AFTER_MINUTES`; return False when the mail server cannot be reached.

    Args:
        is_stopping: whether the process ends; looked at between two mails.
    """
    after = timedelta(minutes=conf.get("EMAIL_AFTER_MINUTES"))
    if not after:
        return True
    for user_id, kinds in _find_due(now=now, after=after)[:USERS_PER_ROUND]:
        if is_stopping():
            break
        if not _send(user_id, kinds, now=now, since=now - after - WINDOW):
            return False
    return True


def _find_due(*, now: datetime, after: timedelta) -> list[tuple[UUID, list[str]]]:
    """Return the users for whom it is time, each with the kinds that they want by e-mail."""
    due = _unsent(now=now, since=now - after - WINDOW).filter(created_at__lte=now - after)
    reachable = due.filter(user__is_active=True).exclude(user__email="")
    pairs = set(reachable.order_by().values_list("user_id", "kind").distinct())
    wanted = preferences.read_all({user_id for user_id, _ in pairs})
    by_mail = {user: [kind for kind in wanted[user] if _wants(wanted[user][kind])] for user in wanted}
    due_users = {user for user, kind in pairs if kind in by_mail[user]}
    return [(user, by_mail[user]) for user in sorted(due_users)]


def _wants(preference: preferences.Preference) -> bool:
    return preference["enabled"] and preference["email"]


def _unsent(*, now: datetime, since: datetime) -> QuerySet[Notification]:
    """Return what is unread, in no mail and not given up."""
    may_be_tried = Q(email_not_before=None) | Q(email_not_before__lte=now)
    return Notification.objects.filter(
        may_be_tried,
        read_at=None,
        email_claim=None,  # a claim stays after the mail
        email_refusals__lt=MOST_REFUSALS,
        created_at__gt=since,
    )


def _send(user_id: UUID, kinds: Sequence[str], *, now: datetime, since: datetime) -> bool:
    """Send one user's digest; return False when the mail server cannot be reached, which costs nobody anything."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        logger.warning("The mail server cannot be reached (%s).", _name(error))
        return False
    try:
        _send_claimed(connection, user_id, kinds, now=now, since=since)
    finally:
        connection.close()
    return True


def _send_claimed(
    connection: BaseEmailBackend, user_id: UUID, kinds: Sequence[str], *, now: datetime, since: datetime
) -> None:
    claim = uuid.uuid4()
    _unsent(now=now, since=since).filter(user_id=user_id, kind__in=kinds).update(email_claim=claim)
    claimed = Notification.objects.filter(email_claim=claim)
    rows = list(claimed.filter(read_at=None).order_by("-sequence"))
    if not rows:  # another process was first, or the user has just looked
        return
    try:
        connection.send_messages([_compose(rows)])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        logger.warning("The mail server refuses a digest for user %s (%s).", user_id, _name(error))
        claimed.update(email_claim=None, email_refusals=F("email_refusals") + 1, email_not_before=now + RETRY)
        return
    except (OSError, SMTPException) as error:
        logger.warning("Nobody knows whether a digest for user %s was sent (%s).", user_id, _name(error))
    claimed.update(emailed_at=now)


def _name(error: Exception) -> str:
    """Return what may be logged: the texts of such errors quote addresses."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".rstrip()


def _compose(rows: Sequence[Notification]) -> EmailMultiAlternatives:
    shown = [{"title": row.title, "text": row.text, "link": _link(row.url)} for row in rows[:LISTED]]
    context: dict[str, Any] = {"rows": shown, "more": len(rows) - len(shown)}
    count = "1 notification non lue" if len(rows) == 1 else f"{len(rows)} notifications non lues"
    mail = EmailMultiAlternatives(
        subject=f"Tenderwire : {count}",
        body=render_to_string("realtime/digest.txt", context).strip() + "\n",
        to=[get_user_model().objects.values_list("email", flat=True).get(pk=rows[0].user_id)],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("realtime/digest.html", context), "text/html")
    return mail


def _link(path: str) -> str:
    base: str = settings.PUBLIC_URL.rstrip("/")
    return f"{base}{path}" if base and path else ""
