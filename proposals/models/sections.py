"""The proposal: its sections, planned and then written, and every text that a section ever had."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from proposals.models.operations import Operation
from proposals.models.outputs import Requirement
from proposals.models.projects import Project

if TYPE_CHECKING:
    from proposals.models.accounts import User


class SectionQuerySet(models.QuerySet["Section"]):
    """The one rule of who sees which section."""

    def visible_to(self, user: User) -> SectionQuerySet:
        """Return the sections of the projects of the user's company."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Section(models.Model):
    """One section of the technical proposal. What it says now is here; what it said before is in its versions."""

    class Status(models.TextChoices):
        PLANNED = "planned", "À rédiger"
        WRITING = "writing", "En cours de rédaction"
        WRITTEN = "written", "Rédigée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sections", verbose_name="projet")
    order = models.PositiveSmallIntegerField("ordre")  # from 1
    #: What the section is about, from the closed list of `proposals.planning` ("methodology"), or "custom".
    key = models.CharField("type", max_length=40, default="custom")
    title = models.CharField("titre", max_length=300)
    #: What the buyer wants to read here, shown to whoever writes.
    guidance = models.TextField("consigne", blank=True)
    #: {"number", "name", "weight", "unit"} of the award criterion it answers, or None.
    criterion = models.JSONField("critère", null=True, blank=True)
    words_budget = models.PositiveIntegerField("longueur visée (mots)", default=400)
    requirements = models.ManyToManyField(
        Requirement, blank=True, related_name="sections", verbose_name="exigences à couvrir"
    )

    status = models.CharField("état", max_length=10, choices=Status, default=Status.PLANNED)
    #: Markdown; empty until it was written once.
    text = models.TextField("texte (Markdown)", blank=True)
    #: What an unfinished run has written so far; only meaningful while `status` is "writing".
    draft = models.TextField("texte en cours", blank=True)
    #: Raised by every change of the text: who saves an older version is told instead of overwriting.
    version = models.PositiveIntegerField("version", default=0)
    #: Nobody and nothing changes the text while it is set.
    locked = models.BooleanField("verrouillée", default=False)
    #: The present text was last changed by a person.
    edited = models.BooleanField("modifiée par une personne", default=False)
    #: A `proposals.grounding.Grounding`: statements with their sources, sources, violations.
    grounding = models.JSONField("sources", default=dict, blank=True)
    #: A `proposals.quality.Quality`: the parts and the score.
    quality = models.JSONField("qualité", null=True, blank=True)
    quality_score = models.FloatField("note de qualité", null=True, blank=True)
    engine = models.CharField("moteur", max_length=50, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["project", "order"])]
        verbose_name = "section"

    def __str__(self) -> str:
        return self.title


class SectionVersion(models.Model):
    """A text that a section had."""

    class Origin(models.TextChoices):
        GENERATED = "generated", "Rédigée par le moteur"
        EDITED = "edited", "Modifiée"
        RESTORED = "restored", "Rétablie"

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="versions", verbose_name="section")
    number = models.PositiveIntegerField("numéro")
    origin = models.CharField("origine", max_length=10, choices=Origin)
    text = models.TextField("texte (Markdown)")
    grounding = models.JSONField("sources", default=dict, blank=True)
    quality = models.JSONField("qualité", null=True, blank=True)
    engine = models.CharField("moteur", max_length=50, blank=True)
    operation = models.ForeignKey(Operation, on_delete=models.SET_NULL, null=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["section", "number"], name="one_text_per_version"),
        ]
        verbose_name = "version"

    def __str__(self) -> str:
        return f"{self.section.title}, version {self.number}"
