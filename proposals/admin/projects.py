"""Projects and what the buyer published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from proposals import downloads
from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.models import Project, SourceDocument, User


class DocumentColumns:
    """What lists and pages of documents compute."""

    @admin.display(description="fichier")
    def download_link(self, document: SourceDocument) -> SafeString:
        """Return a link to the document, for staff."""
        address = reverse("admin:proposals_sourcedocument_download", args=[document.pk])
        return format_html('<a href="{}">Télécharger</a>', address)

    @admin.display(description="taille", ordering="size_bytes")
    def file_size(self, document: SourceDocument) -> str:
        """Return the size for people."""
        return rendering.size(document.size_bytes)


class DocumentInline(DocumentColumns, admin.TabularInline):  # type: ignore[type-arg]
    """The documents of a project. Adding one here would go round the checks of an upload."""

    model = SourceDocument
    extra = 0
    fields = ["filename", "kind", "pages", "file_size", "uploaded_by", "uploaded_at", "download_link"]
    readonly_fields = fields  # type: ignore[assignment]
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceDocument]:
        """Read the uploaders with the rows."""
        return super().get_queryset(request).select_related("uploaded_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["title", "reference", "buyer", "company", "deadline", "status", "documents_total", "created_at"]
    list_filter = ["status", "company"]
    list_select_related = ["company"]
    search_fields = ["id", "title", "reference", "buyer", "company__name"]
    autocomplete_fields = ["company"]
    # Counting drops the order of the model, and only an ordered list can be cut into pages.
    ordering = ["-created_at"]
    date_hierarchy = "created_at"
    fields = ["company", "title", "reference", "buyer", "deadline", "status", "created_by", "created_at", "updated_at"]
    readonly_fields = ["created_by", "created_at", "updated_at"]
    inlines = [DocumentInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        """Count documents with the rows."""
        rows: QuerySet[Project] = super().get_queryset(request)
        return rows.annotate(counted_documents=Count("documents"))

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        """Remember who created it."""
        if not change and isinstance(request.user, User):
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: its files would stay behind. Archive it."""
        return False

    @admin.display(description="documents", ordering="counted_documents")
    def documents_total(self, project: Any) -> int:
        return int(project.counted_documents)


@admin.register(SourceDocument)
class SourceDocumentAdmin(DocumentColumns, ReadOnlyAdmin):
    list_display = [
        "filename",
        "kind",
        "project",
        "company",
        "pages",
        "file_size",
        "uploaded_by",
        "uploaded_at",
        "download_link",
    ]
    list_filter = ["kind", "project__company"]
    list_select_related = ["project__company", "uploaded_by"]
    search_fields = ["filename", "sha256", "project__title", "project__company__name"]
    date_hierarchy = "uploaded_at"
    fields = [
        "id",
        "project",
        "kind",
        "filename",
        "download_link",
        "file_size",
        "pages",
        "sha256",
        "uploaded_by",
        "uploaded_at",
    ]

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, document: SourceDocument) -> str:
        return document.project.company.name

    def get_urls(self) -> list[URLPattern]:
        """Add the download."""
        address = path(
            "<uuid:document_id>/download/",
            self.admin_site.admin_view(self.download),
            name="proposals_sourcedocument_download",
        )
        return [address, *super().get_urls()]

    def download(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Hand out the file to staff who may see documents."""
        document = get_object_or_404(SourceDocument, id=document_id)
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        try:
            return downloads.as_attachment(document)
        except downloads.FileGone as error:
            return HttpResponse(error.user_message, status=404, content_type="text/plain; charset=utf-8")
