"""Matches: which passage was proposed for which requirement, how well it fits, and who decided what."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from proposals import matches
from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.models import ContentMatch
from proposals.retrieval.highlighting import Highlighter


@admin.register(ContentMatch)
class ContentMatchAdmin(ReadOnlyAdmin):
    list_display = ["requirement", "content_item", "rank", "score_shown", "strength", "state", "project", "company"]
    list_filter = ["status", "strength", "project__company"]
    list_select_related = ["requirement", "content_item", "project__company"]
    search_fields = ["id", "requirement__code", "requirement__text", "content_item__title", "project__title"]
    date_hierarchy = "reviewed_at"
    fieldsets = [
        (None, {"fields": ["id", "project", "company", "requirement", "content_item"]}),
        ("Correspondance", {"fields": ["rank", "score_shown", "strength", "matched_words", "operation"]}),
        ("Revue", {"fields": ["state", "reviewed_by", "reviewed_at"]}),
    ]

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, match: ContentMatch) -> str:
        return match.project.company.name

    @admin.display(description="état", ordering="status")
    def state(self, match: ContentMatch) -> SafeString:
        return rendering.badge(match.status, match.get_status_display())

    @admin.display(description="score", ordering="score")
    def score_shown(self, match: ContentMatch) -> str:
        return f"{match.score * 100:.0f} %"

    @admin.display(description="mots trouvés")
    def matched_words(self, match: ContentMatch) -> str:
        body = match.content_item.body
        spans = Highlighter().find(matches.to_query(match.requirement), body)
        return " · ".join(body[start:end] for start, end in spans) or rendering.NOTHING
