"""Analyses with their evidence, and requirements."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from proposals import requirements
from proposals.admin import evidence, rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.exceptions import ProposalsError
from proposals.models import RCAnalysis, Requirement, User


@admin.register(RCAnalysis)
class RCAnalysisAdmin(ReadOnlyAdmin):
    list_display = ["project", "company", "document", "engine", "found_total", "warnings_total", "created_at"]
    list_filter = ["engine", "project__company"]
    list_select_related = ["project__company", "document"]
    search_fields = ["id", "project__title", "project__company__name", "document__filename"]
    date_hierarchy = "created_at"
    fieldsets = [
        (None, {"fields": ["id", "project", "document", "operation", "engine", "created_at"]}),
        ("À vérifier", {"fields": ["warnings"]}),
        ("Faits et preuves", {"fields": ["facts"]}),
        ("Critères d'attribution", {"fields": ["criteria"]}),
        ("Pièces à remettre", {"fields": ["required_documents"]}),
        ("Exigences relevées", {"fields": ["requirements_found"]}),
    ]

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, analysis: RCAnalysis) -> str:
        return analysis.project.company.name

    @admin.display(description="faits trouvés")
    def found_total(self, analysis: RCAnalysis) -> str:
        return f"{evidence.count_found(analysis.result)} sur {len(evidence.FACTS)}"

    @admin.display(description="à vérifier")
    def warnings_total(self, analysis: RCAnalysis) -> int:
        return len(analysis.result.get("warnings", ()))

    @admin.display(description="avertissements")
    def warnings(self, analysis: RCAnalysis) -> SafeString | str:
        return evidence.warnings_table(analysis.result)

    @admin.display(description="faits")
    def facts(self, analysis: RCAnalysis) -> SafeString | str:
        return evidence.facts_table(analysis.result)

    @admin.display(description="critères")
    def criteria(self, analysis: RCAnalysis) -> SafeString | str:
        return evidence.criteria_table(analysis.result)

    @admin.display(description="pièces")
    def required_documents(self, analysis: RCAnalysis) -> SafeString | str:
        return evidence.documents_table(analysis.result)

    @admin.display(description="exigences")
    def requirements_found(self, analysis: RCAnalysis) -> SafeString | str:
        return evidence.requirements_table(analysis.result)


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["code", "short_text", "project", "company", "category", "mandatory", "page", "state", "edited"]
    list_filter = ["status", "mandatory", "edited", "category", "project__company"]
    list_select_related = ["project__company"]
    search_fields = ["code", "text", "quote", "project__title", "project__company__name"]
    date_hierarchy = "reviewed_at"
    actions = ["approve", "reject"]
    fieldsets = [
        (None, {"fields": ["project", "code", "text", "category", "mandatory"]}),
        ("Preuve", {"fields": ["page", "article", "quote", "analysis"]}),
        ("Revue", {"fields": ["state", "edited", "reviewed_by", "reviewed_at"]}),
    ]
    readonly_fields = [
        "project",
        "code",
        "page",
        "article",
        "quote",
        "analysis",
        "state",
        "edited",
        "reviewed_by",
        "reviewed_at",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Requirements come from analyses."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What does not apply is rejected, and stays visible."""
        return False

    def save_model(self, request: HttpRequest, obj: Requirement, form: Any, change: bool) -> None:
        """Correct the requirement as its own page would."""
        stored = Requirement.objects.get(pk=obj.pk)
        requirements.edit(stored, fields={name: form.cleaned_data[name] for name in form.changed_data})

    @admin.display(description="texte", ordering="text")
    def short_text(self, requirement: Requirement) -> str:
        return requirement.text if len(requirement.text) <= 80 else f"{requirement.text[:79]}…"

    @admin.display(description="entreprise", ordering="project__company__name")
    def company(self, requirement: Requirement) -> str:
        return requirement.project.company.name

    @admin.display(description="état", ordering="status")
    def state(self, requirement: Requirement) -> SafeString:
        return rendering.badge(requirement.status, requirement.get_status_display())

    @admin.action(description="Valider les exigences sélectionnées", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Requirement]) -> None:
        count = requirements.approve(queryset, by=_staff(request))
        self.message_user(request, f"Exigences validées : {count}.", messages.SUCCESS)

    @admin.action(description="Écarter les exigences sélectionnées", permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Requirement]) -> None:
        count = requirements.reject(queryset, by=_staff(request))
        self.message_user(request, f"Exigences écartées : {count}.", messages.SUCCESS)


def _staff(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise ProposalsError
    return request.user
