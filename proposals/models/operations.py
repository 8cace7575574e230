"""
One run of a long job on a project: the row is the truth, queues only carry its id.

Source: docs/architecture.md, "Life of an operation".
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.projects import Project

if TYPE_CHECKING:
    from proposals.models.accounts import User


class OperationQuerySet(models.QuerySet["Operation"]):
    """Questions and compare-and-set transitions; the row count of a transition decides who won."""

    def visible_to(self, user: User) -> OperationQuerySet:
        """Return the operations on the projects of the user's company."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def unfinished(self) -> OperationQuerySet:
        """Return operations that are waiting, running or being cancelled."""
        return self.filter(status__in=Operation.UNFINISHED)

    def held_by(self, *, operation_id: uuid.UUID, attempt: int) -> OperationQuerySet:
        """Return the row if this attempt still holds its lease: the guard of every write of a run."""
        return self.filter(id=operation_id, attempt=attempt, status__in=Operation.HELD)


class Operation(models.Model):
    """One run of one of the four jobs, on one project."""

    class Kind(models.TextChoices):
        RC_ANALYSIS = "rc_analysis", "Analyse du RC"
        MATCHING = "matching", "Recherche de contenus"
        GENERATION = "generation", "Rédaction des sections"
        DOCUMENT_GENERATION = "document_generation", "Production des documents"

    class Status(models.TextChoices):
        PENDING = "pending", "En attente"  # waits for a worker
        RUNNING = "running", "En cours"  # a worker holds the lease
        CANCELLING = "cancelling", "Annulation demandée"  # asked, not yet stopped
        SUCCEEDED = "succeeded", "Terminée"
        FAILED = "failed", "En échec"
        CANCELLED = "cancelled", "Annulée"

    UNFINISHED = (Status.PENDING, Status.RUNNING, Status.CANCELLING)
    #: States in which an attempt holds the lease.
    HELD = (Status.RUNNING, Status.CANCELLING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="operations", verbose_name="projet")
    kind = models.CharField("nature", max_length=24, choices=Kind)
    status = models.CharField("état", max_length=12, choices=Status, default=Status.PENDING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandée par",
    )
    idempotency_key = models.CharField("clé d'idempotence", max_length=100, blank=True)

    #: What was asked beside the kind: {"section_ids": [uuid, …]} of a generation, {"internal_annexes": bool} of a
    #: document generation, {"then": [kind, …]} to go on with, {"after": [uuid, …]} those that went before in the row.
    parameters = models.JSONField("paramètres", default=dict, blank=True)

    #: Fencing number: every claim adds one, every write of a run is guarded by it.
    attempt = models.PositiveIntegerField("tentative", default=0)
    #: The last attempt that may start by itself; a retry by a person raises it.
    attempt_limit = models.PositiveIntegerField("dernière tentative permise")
    lease_until = models.DateTimeField("bail jusqu'à", null=True, blank=True)
    queued_at = models.DateTimeField("mise en file le")

    progress = models.PositiveSmallIntegerField("avancement (%)", default=0)
    eta_seconds = models.FloatField("reste (s)", null=True, blank=True)
    #: The fields of the last progress event, as the sketch names them.
    step = models.JSONField("étape", null=True, blank=True)
    #: What a further attempt need not do again.
    checkpoint = models.JSONField("point de reprise", null=True, blank=True)
    #: {"code", "error", "retryable"} of the failure or cancellation.
    error = models.JSONField("erreur", null=True, blank=True)
    result = models.JSONField("résultat", null=True, blank=True)

    created_at = models.DateTimeField("demandée le")
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    finished_at = models.DateTimeField("finie le", null=True, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["project", "kind", "-created_at"]),
            models.Index(fields=["status", "lease_until"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(status__in=["pending", "running", "cancelling"]),
                name="one_unfinished_operation_per_kind",
            ),
            models.UniqueConstraint(
                fields=["project", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="one_operation_per_idempotency_key",
            ),
        ]
        verbose_name = "opération"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status not in self.UNFINISHED
