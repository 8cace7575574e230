"""The documents that are handed in: each production makes one file per format."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from proposals.models.operations import Operation
from proposals.models.projects import Project

if TYPE_CHECKING:
    from proposals.models.accounts import User


def generated_document_path(document: GeneratedDocument, filename: str) -> str:
    """Return the storage path: by project, content and id, so that no name of a user reaches the disk."""
    return f"projects/{document.project_id}/generated/{document.sha256[:16]}-{document.id.hex[:8]}.{document.format}"


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    """The one rule of who sees which file."""

    def visible_to(self, user: User) -> GeneratedDocumentQuerySet:
        """Return the files of the projects of the user's company."""
        return self.filter(project__in=Project.objects.visible_to(user))


class GeneratedDocument(models.Model):
    """One produced file. Files of one production share their `version`."""

    class Format(models.TextChoices):
        DOCX = "docx", "Mémoire technique (Word)"
        PDF = "pdf", "Mémoire technique (PDF)"
        XLSX = "xlsx", "Matrice de conformité (Excel)"
        ICS = "ics", "Dates de la consultation (calendrier)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="generated", verbose_name="projet")
    operation = models.ForeignKey(Operation, on_delete=models.SET_NULL, null=True, related_name="generated")
    version = models.PositiveIntegerField("version")  # from 1, per project
    format = models.CharField("format", max_length=5, choices=Format)
    file = models.FileField("fichier", upload_to=generated_document_path)
    filename = models.CharField("nom", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.PositiveBigIntegerField("taille (octets)")
    #: Of a PDF; None for other formats.
    pages = models.PositiveIntegerField("pages", null=True, blank=True)
    created_at = models.DateTimeField("produit le")

    objects = GeneratedDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-version", "format"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version", "format"], name="one_file_per_version_and_format"),
        ]
        verbose_name = "document produit"
        verbose_name_plural = "documents produits"

    def __str__(self) -> str:
        return self.filename
