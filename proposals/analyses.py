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
    Store an analysis. A requirement that is found again, by its quote or by its code and text, stays the same row:
    reviews, matches and links to sections are kept. What the new analysis does not have goes.

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
    deadline = result.submission_deadline.proven
    return {
        "analysis_id": str(analysis.id),
        "document_id": str(analysis.document_id),
        "engine": analysis.engine,
        "submission_deadline": deadline.isoformat() if deadline else None,
        "criteria_total": len(result.award_criteria),
        "documents_total": len(result.required_documents),
        "requirements_total": len(result.requirements),
        "warnings_total": len(result.warnings),
    }


def _replace_requirements(analysis: RCAnalysis, items: tuple[RequirementItem, ...]) -> None:
    """Write the requirements; a row that is found again stays the same row, with what hangs on it."""
    existing = list(Requirement.objects.filter(project_id=analysis.project_id))
    rows = _pair(items, existing)
    kept = {row.id for row in rows if row is not None}
    Requirement.objects.filter(project_id=analysis.project_id).exclude(id__in=kept).delete()
    fresh = [_make_requirement(analysis, item) for item, row in zip(items, rows, strict=True) if row is None]
    known = [_renew(row, analysis, item) for item, row in zip(items, rows, strict=True) if row is not None]
    _write_anew(known)
    Requirement.objects.bulk_create(fresh)


def _pair(items: Sequence[RequirementItem], rows: Sequence[Requirement]) -> list[Requirement | None]:
    """Return for each item the row that says the same: by quote and text, by quote, or by code and text."""
    paired: list[Requirement | None] = [None] * len(items)
    left = {row.id: row for row in rows}
    for key in (_quote_and_text, _quote_alone, _code_and_text):
        waiting = {key(row): row for row in reversed(left.values())}
        for position, item in enumerate(items):
            found = waiting.pop(key(item), None) if paired[position] is None and key(item) else None
            if found is not None:
                paired[position] = left.pop(found.id)
    return paired


def _quote_and_text(source: Requirement | RequirementItem) -> tuple[str, ...] | None:
    return (source.quote, source.text) if source.quote else None


def _quote_alone(source: Requirement | RequirementItem) -> tuple[str, ...] | None:
    return (source.quote,) if source.quote else None


def _code_and_text(source: Requirement | RequirementItem) -> tuple[str, ...] | None:
    return source.code, source.text


def _make_requirement(analysis: RCAnalysis, item: RequirementItem) -> Requirement:
    return _renew(Requirement(project_id=analysis.project_id), analysis, item)


def _renew(row: Requirement, analysis: RCAnalysis, item: RequirementItem) -> Requirement:
    """Give a row what the analysis says; what a person corrected or decided on stays."""
    row.analysis = analysis
    row.code, row.page = item.code, item.page
    row.quote, row.article = item.quote or "", item.article or ""
    if not row.edited and row.status == Requirement.Status.PROPOSED:
        row.text, row.category, row.mandatory = item.text, item.category, item.mandatory
    return row


def _write_anew(rows: list[Requirement]) -> None:
    """Store rows whose codes may have changed places: codes are unique, so all are parked before any is given."""
    codes = [row.code for row in rows]
    for row in rows:
        row.code = row.id.hex[:20]
    Requirement.objects.bulk_update(rows, ["code"])
    for row, code in zip(rows, codes, strict=True):
        row.code = code
    fields = ["analysis", "code", "text", "category", "mandatory", "page", "quote", "article"]
    Requirement.objects.bulk_update(rows, fields)


def _fill_in_project(project: Project, result: RCAnalysisResult, previous: RCAnalysis | None) -> None:
    """Fill in what people left empty or an earlier analysis wrote; never overwrite what a person wrote."""
    project.refresh_from_db()
    project.reference = project.reference or (result.reference.proven or "")[:100]
    project.buyer = project.buyer or (result.buyer.proven or "")[:300]
    if project.deadline is None or project.deadline == _deadline_of(previous):
        project.deadline = result.submission_deadline.proven
    project.save(update_fields=["reference", "buyer", "deadline", "updated_at"])


def _deadline_of(analysis: RCAnalysis | None) -> datetime | None:
    if analysis is None:
        return None
    return RCAnalysisResult.model_validate(analysis.result).submission_deadline.proven
