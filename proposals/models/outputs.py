"""What operations leave behind. An analysis holds the whole result; its requirements are rows that people edit."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from proposals.models.operations import Operation
from proposals.models.projects import Project, SourceDocument


class RCAnalysis(models.Model):
    """One analysis of one RC. `result` has the schema of `proposals.analysis.RCAnalysisResult`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="analyses", verbose_name="projet")
    document = models.ForeignKey(
        SourceDocument, on_delete=models.RESTRICT, related_name="analyses", verbose_name="document"
    )
    operation = models.OneToOneField(
        Operation, on_delete=models.SET_NULL, null=True, related_name="analysis", verbose_name="opération"
    )
    engine = models.CharField("moteur", max_length=50)
    result = models.JSONField("résultat")
    #: The text of each page of the document: what a statement is checked against later.
    page_texts = models.JSONField("texte des pages", default=list, blank=True)
    created_at = models.DateTimeField("créée le")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["project", "-created_at"])]
        verbose_name = "analyse de RC"
        verbose_name_plural = "analyses de RC"

    def __str__(self) -> str:
        return f"Analyse de {self.document}"


class Requirement(models.Model):
    """One obligation of the bidder, with its evidence; approved by a person before it flows on."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "À valider"
        APPROVED = "approved", "Validée"
        REJECTED = "rejected", "Écartée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="requirements", verbose_name="projet")
    analysis = models.ForeignKey(
        RCAnalysis, on_delete=models.SET_NULL, null=True, related_name="requirements", verbose_name="analyse"
    )
    code = models.CharField("code", max_length=20)
    text = models.TextField("texte")
    category = models.CharField("catégorie", max_length=50)
    mandatory = models.BooleanField("obligatoire", default=True)
    page = models.PositiveIntegerField("page", null=True, blank=True)
    quote = models.TextField("citation", blank=True)
    article = models.CharField("article", max_length=50, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.PROPOSED)
    edited = models.BooleanField("modifiée par une personne", default=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("revue le", null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="one_requirement_per_code"),
        ]
        verbose_name = "exigence"

    def __str__(self) -> str:
        return f"{self.code} {self.text[:60]}"
