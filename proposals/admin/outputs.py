"""Analyses with their evidence, and requirements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from proposals import requirements
from proposals.admin import rendering
from proposals.admin.readonly import ReadOnlyAdmin
from proposals.exceptions import ProposalsError
from proposals.models import RCAnalysis, Requirement, User

FACTS = {
    "reference": "Référence",
    "object": "Objet",
    "buyer": "Acheteur",
    "procedure": "Procédure",
    "contract_type": "Nature du marché",
    "submission_deadline": "Date limite de remise",
    "question_deadline": "Date limite des questions",
    "offer_validity": "Validité des offres",
    "divided_into_lots": "Allotissement",
    "lots": "Lots",
    "cpv": "Codes CPV",
    "duration": "Durée",
    "variants": "Variantes",
    "site_visit": "Visite du site",
    "negotiation": "Négociation",
    "platform_url": "Plateforme",
    "electronic_signature": "Signature électronique",
    "answer_frame": "Cadre de réponse",
    "page_limit": "Nombre de pages maximal",
}
STATUSES = {"found": "Trouvé", "not_found": "Absent du document", "conflict": "Contradictoire"}
PARTS = {"application": "Candidature", "offer": "Offre"}
UNITS = {"percent": "%", "points": "points", "days": "jours", "months": "mois"}


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
        found = sum(analysis.result.get(name, {}).get("status") == "found" for name in FACTS)
        return f"{found} sur {len(FACTS)}"

    @admin.display(description="à vérifier")
    def warnings_total(self, analysis: RCAnalysis) -> int:
        return len(analysis.result.get("warnings", ()))

    @admin.display(description="avertissements")
    def warnings(self, analysis: RCAnalysis) -> SafeString | str:
        rows = ((warning["message"], warning["code"]) for warning in analysis.result.get("warnings", ()))
        return rendering.table(["Message", "Code"], rows)

    @admin.display(description="faits")
    def facts(self, analysis: RCAnalysis) -> SafeString | str:
        rows = (_fact_row(label, analysis.result.get(name) or {}) for name, label in FACTS.items())
        return rendering.table(["Fait", "Valeur", "État", "Page", "Citation", "Confiance"], rows)

    @admin.display(description="critères")
    def criteria(self, analysis: RCAnalysis) -> SafeString | str:
        rows = _criterion_rows(analysis.result.get("award_criteria", ()), depth=0)
        return rendering.table(["Critère", "Poids", "Page", "Citation"], rows)

    @admin.display(description="pièces")
    def required_documents(self, analysis: RCAnalysis) -> SafeString | str:
        rows = (
            (PARTS.get(item["part"]), item["name"], _yes_no(item["mandatory"]), item["page"], item["quote"])
            for item in analysis.result.get("required_documents", ())
        )
        return rendering.table(["Dossier", "Pièce", "Obligatoire", "Page", "Citation"], rows)

    @admin.display(description="exigences")
    def requirements_found(self, analysis: RCAnalysis) -> SafeString | str:
        rows = (
            (item["code"], item["category"], item["text"], item["article"], item["page"], item["quote"])
            for item in analysis.result.get("requirements", ())
        )
        return rendering.table(["Code", "Catégorie", "Texte", "Article", "Page", "Citation"], rows)


def _fact_row(label: str, fact: dict[str, Any]) -> tuple[Any, ...]:
    status = fact.get("status", "not_found")
    return (
        label,
        _to_text(fact.get("value")),
        rendering.badge(status, STATUSES.get(status, status)),
        fact.get("page"),
        fact.get("quote"),
        f"{fact.get('confidence', 0):.0%}",
    )


def _to_text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return _yes_no(value)
        case {"amount": amount, "unit": unit}:
            return f"{amount} {UNITS.get(unit, unit)}"
        case {"number": number, "title": title}:
            return f"{number} : {title}"
        case list():
            return " ; ".join(str(_to_text(item)) for item in value)
    return str(value)


def _yes_no(value: object) -> str:
    return "Oui" if value else "Non"


def _criterion_rows(criteria: Any, *, depth: int) -> Iterator[tuple[Any, ...]]:
    for criterion in criteria:
        name = " ".join(filter(None, [criterion.get("number"), criterion["name"]]))
        yield "— " * depth + name, _weight(criterion), criterion.get("page"), criterion.get("quote")
        yield from _criterion_rows(criterion.get("children", ()), depth=depth + 1)


def _weight(criterion: dict[str, Any]) -> str | None:
    if criterion.get("weight") is None:
        return None
    return f"{criterion['weight']:g} {UNITS.get(criterion.get('unit') or '', '')}".strip()


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
