"""Store the result of an RC analysis: the analysis itself, its requirements as rows, the project's key facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from pydantic import JsonValue

from proposals.analysis import RCAnalysisResult, RequirementItem
from proposals.models import Operation, Project, RCAnalysis, Requirement, SourceDocument


def store(
    *,
    operation: Operation,
    document: SourceDocument,
    engine: str,
    result: RCAnalysisResult,
    page_texts: Sequence[str] = (),
) -> RCAnalysis:
    """
    Store an analysis. What people did with requirements is kept: those with the same quote keep their review.

    Args:
        page_texts: the text of each page, for whoever checks later what was taken from the document.

    Call it in the run's transaction.
    """
    RCAnalysis.objects.filter(operation=operation).delete()
    previous = RCAnalysis.objects.filter(project_id=operation.project_id).first()
    analysis = RCAnalysis.objects.create(
        project_id=operation.project_id,
        document=document,
        operation=operation,
        engine=engine,
        result=result.model_dump(mode="json"),
        page_texts=list(page_texts),
        created_at=timezone.now(),
    )
    _replace_requirements(analysis, result.requirements)
    _fill_in_project(operation.project, result, previous)
    return analysis


def summarise(analysis: RCAnalysis, result: RCAnalysisResult) -> dict[str, JsonValue]:
    """Return the small result that the completion event carries; the whole is behind REST."""
    deadline = result.submission_deadline.value
    return {
        "analysis_id": str(analysis.id),
        "document_id": str(analysis.document_id),
        "submission_deadline": deadline.isoformat() if deadline else None,
        "criteria_total": len(result.award_criteria),
        "documents_total": len(result.required_documents),
        "requirements_total": len(result.requirements),
        "warnings_total": len(result.warnings),
    }


def _replace_requirements(analysis: RCAnalysis, items: tuple[RequirementItem, ...]) -> None:
    existing = Requirement.objects.filter(project_id=analysis.project_id)
    reviewed = {row.quote: row for row in existing if row.edited or row.status != Requirement.Status.PROPOSED}
    existing.delete()
    Requirement.objects.bulk_create([_make_requirement(analysis, item, reviewed) for item in items])


def _make_requirement(analysis: RCAnalysis, item: RequirementItem, reviewed: dict[str, Requirement]) -> Requirement:
    fresh = Requirement(
        project_id=analysis.project_id,
        analysis=analysis,
        code=item.code,
        text=item.text,
        category=item.category,
        mandatory=item.mandatory,
        page=item.page,
        quote=item.quote or "",
        article=item.article or "",
    )
    earlier = reviewed.pop(fresh.quote, None)
    if earlier is not None:
        for name in ("id", "text", "category", "mandatory", "status", "edited", "reviewed_by_id", "reviewed_at"):
            setattr(fresh, name, getattr(earlier, name))
    return fresh


def _fill_in_project(project: Project, result: RCAnalysisResult, previous: RCAnalysis | None) -> None:
    """Fill in what people left empty or an earlier analysis wrote; never overwrite what a person wrote."""
    project.refresh_from_db()
    project.reference = project.reference or (result.reference.value or "")[:100]
    project.buyer = project.buyer or (result.buyer.value or "")[:300]
    if project.deadline is None or project.deadline == _deadline_of(previous):
        project.deadline = result.submission_deadline.value
    project.save(update_fields=["reference", "buyer", "deadline", "updated_at"])


def _deadline_of(analysis: RCAnalysis | None) -> datetime | None:
    if analysis is None:
        return None
    return RCAnalysisResult.model_validate(analysis.result).submission_deadline.value
