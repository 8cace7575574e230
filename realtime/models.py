"""
The durable log of each topic, one-time tickets, ended sign-in sessions, and what users were told. Written by
`eventlog`, `retention`, `tokens`, `sign_ins`, `notifications`, `digests` and `preferences` only.

Source: PROTOCOL.md, "Sequence and epoch".
"""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


def make_epoch() -> str:
    """Return a random name for one life of a topic's numbering."""
    return secrets.token_hex(8)


class Topic(models.Model):
    """
    One stream of events. `head` is the sequence of its last event, `floor` that of the last one that was pruned: what
    lies between is all there. A new `epoch` means a new numbering.
    """

    name = models.CharField(max_length=99, primary_key=True)
    epoch = models.CharField(max_length=16, default=make_epoch)
    head = models.PositiveBigIntegerField(default=0)
    floor = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "sujet"

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One event as it goes over the wire; `body` is encoded once, here."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="events")
    sequence = models.PositiveBigIntegerField()
    type = models.CharField(max_length=40)
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["topic", "sequence"]
        constraints = [models.UniqueConstraint(fields=["topic", "sequence"], name="one_event_per_sequence")]
        verbose_name = "événement"

    def __str__(self) -> str:
        return f"{self.topic_id} #{self.sequence} {self.type}"


class Ticket(models.Model):
    """A one-time pass to open a socket. Only its digest is stored; using it deletes the row."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)
    #: When the rights of the session that asked for the ticket end.
    session_expires_at = models.DateTimeField()
    #: The sign-in session that asked for it, "" for none, and the user's `get_session_auth_hash` at that moment.
    sid = models.CharField(max_length=64, blank=True)
    auth_hash = models.CharField(max_length=100)

    class Meta:
        verbose_name = "ticket"

    def __str__(self) -> str:
        return f"Ticket until {self.expires_at:%H:%M:%S}"


class RevokedSignIn(models.Model):
    """A sign-in session that was ended; kept until the last of its tokens would have expired."""

    sid = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "session révoquée"

    def __str__(self) -> str:
        return f"Revoked until {self.expires_at:%Y-%m-%d %H:%M}"


class NotificationKind(models.TextChoices):
    """Why a user is told something; each kind has preferences of its own."""

    COMPLETION = "completion", "Fin d'opération"  # something ended well
    ERROR = "error", "Échec"  # something broke; trying again may help
    ATTENTION = "attention", "Intervention nécessaire"  # somebody has to do something


class Notification(models.Model):
    """One thing that one user was told. Changed together with an event on the user's topic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No constraint in the database: whoever is deleted in the moment in which colleagues are told must not make the
    # transaction fail that tells them. Django deletes the rows with the user.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
        verbose_name="destinataire",
    )
    #: Of its event on the user's topic: the order of the list.
    sequence = models.PositiveBigIntegerField("numéro")
    kind = models.CharField("nature", max_length=12, choices=NotificationKind)
    title = models.CharField("titre", max_length=200)
    text = models.TextField("texte", max_length=2000)
    #: A path of this site; empty when there is nothing to open.
    url = models.CharField("adresse", max_length=500, blank=True)
    project_id = models.UUIDField("projet", null=True, blank=True)
    operation_id = models.UUIDField("opération", null=True, blank=True)
    created_at = models.DateTimeField("créée le")
    read_at = models.DateTimeField("lue le", null=True, blank=True)

    #: Handed to the mail server, or given up because nobody knows whether it was.
    emailed_at = models.DateTimeField("envoyée le", null=True, blank=True)
    #: Names the digest that takes it along; set before sending, so that no two digests do.
    email_claim = models.UUIDField(null=True, blank=True, editable=False)
    email_refusals = models.PositiveSmallIntegerField("refus du serveur de courrier", default=0)
    #: After a refusal, not before this.
    email_not_before = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["user", "-sequence"], name="notifications_of_a_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="unread_of_a_user"),
            models.Index(fields=["created_at"], name="notifications_by_age"),
        ]
        verbose_name = "notification"

    def __str__(self) -> str:
        return self.title


class NotificationPreference(models.Model):
    """What one user wants of one kind; without a row, `preferences.DEFAULTS` holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="destinataire"
    )
    kind = models.CharField("nature", max_length=12, choices=NotificationKind)
    enabled = models.BooleanField("notifier")
    email = models.BooleanField("aussi par courrier électronique")

    class Meta:
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_kind")]
        verbose_name = "préférence de notification"
        verbose_name_plural = "préférences de notification"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.user_id})"
