"""
The durable log of each topic, and one-time tickets. Written by `eventlog`, `retention` and `tokens` only.

Source: PROTOCOL.md, "Sequence and epoch".
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models


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

    class Meta:
        verbose_name = "ticket"

    def __str__(self) -> str:
        return f"Ticket until {self.expires_at:%H:%M:%S}"
