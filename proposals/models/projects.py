"""A project answers one tender; its source documents are what the buyer published."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from proposals.models.accounts import Company
from realtime import revocation

if TYPE_CHECKING:
    from proposals.models.accounts import User


class ProjectQuerySet(models.QuerySet["Project"]):
    """The one rule of who sees which project."""

    def visible_to(self, user: User) -> ProjectQuerySet:
        """Return the projects of the user's company; none for a user without company or without access."""
        if not user.is_active or user.company_id is None:
            return self.none()
        return self.filter(company_id=user.company_id)


class Project(models.Model):
    """One tender that a company answers."""

    class Status(models.TextChoices):
        ACTIVE = "active", "En cours"
        ARCHIVED = "archived", "Archivé"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="projects", verbose_name="entreprise")
    title = models.CharField("titre", max_length=300)
    reference = models.CharField("référence", max_length=100, blank=True)
    buyer = models.CharField("acheteur", max_length=300, blank=True)
    deadline = models.DateTimeField("date limite de remise", null=True, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.ACTIVE)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="créé par",
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["company", "-created_at"])]
        verbose_name = "projet"

    def __str__(self) -> str:
        return self.title

    #: A change of one of these ends what others see.
    ACCESS_FIELDS = frozenset({"company", "company_id"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and have the sockets that watch it checked when it may have moved to another company."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if not is_new and (fields is None or self.ACCESS_FIELDS.intersection(fields)):
            revocation.announce()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and have the sockets that watch it closed."""
        deleted = super().delete(*args, **kwargs)
        revocation.announce()
        return deleted


def source_document_path(document: SourceDocument, filename: str) -> str:
    """Return the storage path of an upload: by project and content, so that no name of a user reaches the disk."""
    return f"projects/{document.project_id}/{document.sha256[:16]}-{document.id.hex[:8]}.pdf"


class SourceDocument(models.Model):
    """One published document of the tender, checked to be a readable PDF before it is stored."""

    class Kind(models.TextChoices):
        RC = "rc", "Règlement de la consultation (RC)"
        CCAP = "ccap", "CCAP"
        CCTP = "cctp", "CCTP"
        OTHER = "other", "Autre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents", verbose_name="projet")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    file = models.FileField("fichier", upload_to=source_document_path)
    filename = models.CharField("nom d'origine", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.PositiveBigIntegerField("taille (octets)")
    pages = models.PositiveIntegerField("pages")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="déposé par",
    )
    uploaded_at = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = "document source"
        verbose_name_plural = "documents source"

    def __str__(self) -> str:
        return self.filename
