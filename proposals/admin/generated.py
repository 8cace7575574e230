"""Produced documents."""

from __future__ import annotations

from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from proposals import downloads
from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.models import GeneratedDocument


@admin.register(GeneratedDocument)
class GeneratedDocumentAdmin(ReadOnlyAdmin):
    list_display = [
        "filename",
        "format",
        "version",
        "project",
        "company",
        "pages",
        "file_size",
        "created_at",
        "download_link",
    ]
    list_filter = ["format", "project__company"]
    list_select_related = ["project__company"]
    search_fields = ["filename", "sha256", "project__title", "project__reference", "project__company__name"]
    date_hierarchy = "created_at"
    fields = [
        "id",
        "project",
        "operation",
        "version",
        "format",
        "filename",
        "download_link",
        "file_size",
        "pages",
        "sha256",
        "created_at",
    ]

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, document: GeneratedDocument) -> str:
        return document.project.company.name

    @admin.display(description="taille", ordering="size_bytes")
    def file_size(self, document: GeneratedDocument) -> str:
        return rendering.size(document.size_bytes)

    @admin.display(description="fichier")
    def download_link(self, document: GeneratedDocument) -> SafeString:
        address = reverse("admin:proposals_generateddocument_download", args=[document.pk])
        return format_html('<a href="{}">Télécharger</a>', address)

    def get_urls(self) -> list[URLPattern]:
        """Add the download."""
        address = path(
            "<uuid:generated_id>/download/",
            self.admin_site.admin_view(self.download),
            name="proposals_generateddocument_download",
        )
        return [address, *super().get_urls()]

    def download(self, request: HttpRequest, generated_id: UUID) -> HttpResponse:
        """Hand out the file to staff who may see produced documents."""
        document = get_object_or_404(GeneratedDocument, id=generated_id)
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        try:
            return downloads.generated_as_attachment(document)
        except downloads.FileGone as error:
            return HttpResponse(error.user_message, status=404, content_type="text/plain; charset=utf-8")
