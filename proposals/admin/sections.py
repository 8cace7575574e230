"""Sections of proposals with what they say, what that rests on, and what they said before."""

from __future__ import annotations

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.models import Section


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin):
    list_display = [
        "order",
        "title",
        "project",
        "company",
        "state",
        "version",
        "locked",
        "edited",
        "quality_shown",
        "engine",
        "updated_at",
    ]
    list_display_links = ["title"]
    list_filter = ["status", "locked", "edited", "engine", "project__company"]
    list_select_related = ["project__company"]
    search_fields = ["id", "title", "project__title", "project__reference", "project__company__name"]
    date_hierarchy = "updated_at"
    fieldsets = [
        (None, {"fields": ["id", "project", "company", "order", "key", "title", "guidance", "criterion_shown"]}),
        ("Texte", {"fields": ["state", "version", "locked", "edited", "updated_by", "updated_at", "text_shown"]}),
        ("Qualité et sources", {"fields": ["words_budget", "quality_parts", "grounding_shown", "engine"]}),
        ("Exigences", {"fields": ["requirements_shown"]}),
        ("Versions", {"fields": ["versions_shown"]}),
    ]

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, section: Section) -> str:
        return section.project.company.name

    @admin.display(description="état", ordering="status")
    def state(self, section: Section) -> SafeString:
        return rendering.badge(section.status, section.get_status_display())

    @admin.display(description="qualité", ordering="quality_score")
    def quality_shown(self, section: Section) -> str:
        return rendering.NOTHING if section.quality_score is None else f"{section.quality_score:.0%}"

    @admin.display(description="critère")
    def criterion_shown(self, section: Section) -> SafeString | str:
        return rendering.json_block(section.criterion)

    @admin.display(description="texte (Markdown)")
    def text_shown(self, section: Section) -> SafeString | str:
        if not section.text:
            return rendering.NOTHING
        return format_html('<pre style="white-space:pre-wrap;margin:0">{}</pre>', section.text)

    @admin.display(description="parts de la qualité")
    def quality_parts(self, section: Section) -> SafeString | str:
        return rendering.json_block(section.quality)

    @admin.display(description="sources, phrase par phrase")
    def grounding_shown(self, section: Section) -> SafeString | str:
        return rendering.json_block(section.grounding or None)

    @admin.display(description="exigences à couvrir")
    def requirements_shown(self, section: Section) -> SafeString | str:
        rows = section.requirements.values_list("code", "text", "page")
        return rendering.table(["Code", "Exigence", "Page"], rows)

    @admin.display(description="textes que la section a eus")
    def versions_shown(self, section: Section) -> SafeString | str:
        versions = section.versions.select_related("author").defer("text", "grounding", "quality")
        rows = [
            (
                version.number,
                version.get_origin_display(),
                version.author or version.engine or None,
                date_format(version.created_at, "DATETIME_FORMAT"),
            )
            for version in versions
        ]
        return rendering.table(["N°", "Origine", "Auteur ou moteur", "Date"], rows)
