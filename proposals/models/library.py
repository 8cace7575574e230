"""The content library of a company: passages that its proposals are made of."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.accounts import Company

if TYPE_CHECKING:
    from proposals.models.accounts import User


class LibraryImport(models.Model):
    """One file taken into the library: how far it is, and what came of it."""

    class Status(models.TextChoices):
        RUNNING = "running", "En cours"
        SUCCEEDED = "succeeded", "Terminé"
        FAILED = "failed", "En échec"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="imports", verbose_name="entreprise")
    filename = models.CharField("nom du fichier", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.RUNNING)
    progress = models.PositiveSmallIntegerField("avancement (%)", default=0)
    message = models.CharField("étape", max_length=200, blank=True)
    items_total = models.PositiveIntegerField("passages lus", default=0)
    created_total = models.PositiveIntegerField("passages ajoutés", default=0)
    #: {"code", "error"} of a failure, safe to show.
    error = models.JSONField("erreur", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="importé par"
    )
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "import"

    def __str__(self) -> str:
        return self.filename


class ContentItemQuerySet(models.QuerySet["ContentItem"]):
    """The one rule of who sees which passage, and which are out of date."""

    def visible_to(self, user: User) -> ContentItemQuerySet:
        """Return the passages of the user's company; none for a user without company or without access."""
        if not user.is_active or user.company_id is None:
            return self.none()
        return self.filter(company_id=user.company_id)

    def current(self, *, today: date) -> ContentItemQuerySet:
        """Return the passages that are not out of date."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=today))

    def expired(self, *, today: date) -> ContentItemQuerySet:
        """Return the passages whose last day has passed."""
        return self.filter(valid_until__lt=today)


class ContentItem(models.Model):
    """One passage of the library, in Markdown, with where it comes from and until when it is true."""

    class Kind(models.TextChoices):
        PRESENTATION = "presentation", "Présentation de l’entreprise"
        TEAM = "team", "Moyens humains"
        EQUIPMENT = "equipment", "Moyens matériels"
        METHOD = "method", "Méthodologie"
        PLANNING = "planning", "Organisation et planning"
        REFERENCE = "reference", "Référence"
        QUALITY = "quality", "Qualité et contrôles"
        SAFETY = "safety", "Sécurité et santé"
        ENVIRONMENT = "environment", "Environnement"
        SOCIAL = "social", "Social et RSE"
        DATA_SECURITY = "data_security", "Sécurité des SI et RGPD"
        SERVICE = "service", "Support, maintenance et SLA"
        OTHER = "other", "Autre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="library", verbose_name="entreprise")
    title = models.CharField("titre", max_length=300)
    body = models.TextField("texte (Markdown)")
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.OTHER)
    tags = models.JSONField("étiquettes", default=list, blank=True)
    language = models.CharField("langue", max_length=5, default="fr")
    #: Last day on which the passage is true; None for always.
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="responsable",
    )
    #: Where it comes from, for people: "memoire-2025.docx, § 3.2, p. 12".
    source = models.CharField("source", max_length=300, blank=True)
    imported_by = models.ForeignKey(
        LibraryImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="items", verbose_name="import"
    )
    #: Raised by every change: who edits an older version is told instead of overwriting.
    version = models.PositiveIntegerField("version", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = ContentItemQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["company", "kind"])]
        verbose_name = "passage"

    def __str__(self) -> str:
        return self.title

    def is_expired(self, *, today: date) -> bool:
        """Whether the last day has passed."""
        return self.valid_until is not None and self.valid_until < today
