"""The content library: passages of every company, and the imports they came by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from proposals import library
from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.models import ContentItem, LibraryImport, User

EDITED = ["title", "body", "kind", "tags", "language", "valid_until", "owner", "source"]


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a passage, with the version that the page shows."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ContentItem
        fields = [*EDITED, "version"]

    def clean(self) -> dict[str, Any]:
        """Refuse what no passage may hold, and changes to another version than the one shown."""
        values: dict[str, Any] = super().clean() or {}
        # Locked until the change is written, which the admin does in the same transaction.
        stored = ContentItem.objects.select_for_update().get(pk=self.instance.pk)
        if stored.version != values.get("version"):
            raise forms.ValidationError(library.ItemChanged.user_message)
        try:
            chosen = {name: values[name] for name in EDITED if name in values}
            return {**values, **library.clean(chosen, company=stored.company)}
        except library.InvalidItem as error:
            raise forms.ValidationError(error.details or {}) from error


@admin.register(ContentItem)
class ContentItemAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ItemForm
    list_display = ["title", "kind", "company", "validity", "language", "owner", "version", "updated_at"]
    list_filter = ["kind", "language", "company"]
    list_select_related = ["company", "owner"]
    search_fields = ["id", "title", "body", "source", "company__name"]
    date_hierarchy = "updated_at"
    autocomplete_fields = ["owner"]
    fieldsets = [
        (None, {"fields": ["company", *EDITED, "version"]}),
        ("Historique", {"fields": ["imported_by", "created_by", "created_at", "updated_by", "updated_at"]}),
    ]
    readonly_fields = ["company", "imported_by", "created_by", "created_at", "updated_by", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Passages are written or imported by the people of a company."""
        return False

    def save_model(self, request: HttpRequest, obj: ContentItem, form: Any, change: bool) -> None:
        """Change the passage as its own page would."""
        stored = ContentItem.objects.select_related("company").get(pk=obj.pk)
        fields = {name: form.cleaned_data[name] for name in EDITED}
        by = request.user if isinstance(request.user, User) else None
        library.edit(stored, fields=fields, version=form.cleaned_data["version"], by=by)

    @admin.display(description="valable jusqu’au", ordering="valid_until")
    def validity(self, item: ContentItem) -> SafeString | str:
        if item.valid_until is None:
            return rendering.NOTHING
        code = "failed" if item.is_expired(today=timezone.localdate()) else "succeeded"
        return rendering.badge(code, item.valid_until.strftime("%d/%m/%Y"))


@admin.register(LibraryImport)
class LibraryImportAdmin(ReadOnlyAdmin):
    list_display = ["filename", "company", "state", "bar", "items_total", "created_total", "created_by", "created_at"]
    list_filter = ["status", "company"]
    list_select_related = ["company", "created_by"]
    search_fields = ["id", "filename", "sha256", "company__name"]
    date_hierarchy = "created_at"
    fieldsets = [
        (None, {"fields": ["id", "company", "filename", "sha256", "created_by"]}),
        ("Avancement", {"fields": ["state", "bar", "message", "items_total", "created_total"]}),
        ("Issue", {"fields": ["error_shown"]}),
        ("Dates", {"fields": ["created_at", "updated_at", "finished_at"]}),
    ]

    @admin.display(description="état", ordering="status")
    def state(self, row: LibraryImport) -> SafeString:
        status = LibraryImport.Status(row.shown_status(now=timezone.now()))
        return rendering.badge(status, str(status.label))

    @admin.display(description="avancement", ordering="progress")
    def bar(self, row: LibraryImport) -> SafeString:
        return rendering.progress_bar(row.progress)

    @admin.display(description="erreur")
    def error_shown(self, row: LibraryImport) -> SafeString | str:
        return rendering.json_block(row.shown_error(now=timezone.now()))
