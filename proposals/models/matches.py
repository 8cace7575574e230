"""What matching leaves behind: for each requirement, ranked passages of the library that people accept or reject."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from proposals.models.library import ContentItem
from proposals.models.operations import Operation
from proposals.models.outputs import Requirement
from proposals.models.projects import Project


class Strength(models.TextChoices):
    """How well a passage answers a requirement."""

    STRONG = "strong", "Forte"
    PARTIAL = "partial", "Partielle"
    NONE = "none", "Aucune"


class ContentMatch(models.Model):
    """One passage proposed for one requirement."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "À valider"
        ACCEPTED = "accepted", "Retenu"
        REJECTED = "rejected", "Écarté"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="matches", verbose_name="projet")
    requirement = models.ForeignKey(
        Requirement, on_delete=models.CASCADE, related_name="matches", verbose_name="exigence"
    )
    content_item = models.ForeignKey(
        ContentItem, on_delete=models.CASCADE, related_name="matches", verbose_name="passage"
    )
    operation = models.ForeignKey(Operation, on_delete=models.SET_NULL, null=True, related_name="+")
    rank = models.PositiveSmallIntegerField("rang")  # 1 is the best
    score = models.FloatField("score")  # 0–1: share of the requirement's weight of words that the passage has
    strength = models.CharField("force", max_length=10, choices=Strength)
    #: [[start, end], …]: words of the passage's body that matched, in code points.
    highlights = models.JSONField("mots trouvés", default=list, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.PROPOSED)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("revu le", null=True, blank=True)

    class Meta:
        ordering = ["requirement__code", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "content_item"], name="one_match_per_requirement_and_item"),
        ]
        verbose_name = "correspondance"

    def __str__(self) -> str:
        return f"{self.requirement.code} → {self.content_item.title}"
