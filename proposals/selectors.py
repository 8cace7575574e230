"""Read-only questions about a project. Nothing here writes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from proposals.models import Operation, RCAnalysis, Section
from proposals.writing import Grounding
from realtime import conf
from realtime.events import measure, to_timestamp

#: Where REST shows an operation, with its result as it is.
OPERATION_URL = "/api/operations/{}/"


def latest_operations(project_id: UUID) -> list[Operation]:
    """Return the newest operation of each kind, in the order of the kinds."""
    rows = Operation.objects.filter(project_id=project_id).select_related("requested_by")
    # One small indexed query per kind; "newest per group" is not one portable query.
    newest = (rows.filter(kind=kind).first() for kind in Operation.Kind)
    return [operation for operation in newest if operation is not None]


def operation_state(operation: Operation) -> dict[str, Any]:
    """
    Return an operation as a snapshot carries it.

    Source: PROTOCOL.md, "State and fold".
    """
    requester = operation.requested_by
    return {
        "operation_id": str(operation.id),
        "kind": operation.kind,
        "status": operation.status,
        "attempt": operation.attempt,
        "progress": operation.progress,
        "eta_seconds": operation.eta_seconds,
        "requested_by": requester.username if requester else None,
        "step": operation.step,
        "error": operation.error,
        "result": result_on_the_wire(operation.id, operation.result),
        "created_at": _timestamp(operation.created_at),
        "started_at": _timestamp(operation.started_at),
        "finished_at": _timestamp(operation.finished_at),
    }


def result_on_the_wire(operation_id: UUID, result: dict[str, Any] | None) -> dict[str, Any] | None:
    """
    Return a result as events and snapshots carry it: whole, or where it is when it is longer than
    `REALTIME_MAX_RESULT_BYTES`.

    Source: PROTOCOL.md, "Large results".
    """
    if result is None:
        return None
    size = measure(result)
    if size <= conf.get("MAX_RESULT_BYTES"):
        return result
    return {"result_url": OPERATION_URL.format(operation_id), "result_bytes": size}


def project_sections(project_id: UUID) -> list[Section]:
    """Return the sections of a project in their order, without what is known about their texts."""
    return list(Section.objects.filter(project_id=project_id).defer("guidance", "criterion", "grounding", "quality"))


def section_fields(section: Section) -> dict[str, Any]:
    """Return what a `section` event says of a section that was not removed."""
    return {
        "section_id": str(section.id),
        "order": section.order,
        "title": section.title,
        "status": section.status,
        "version": section.version,
        "locked": section.locked,
        "edited": section.edited,
        "words_budget": section.words_budget,
        "length": len(section.text),
        "sha256": hashlib.sha256(section.text.encode()).hexdigest(),
        "quality_score": section.quality_score,
    }


def section_state(section: Section) -> dict[str, Any]:
    """
    Return a section as a snapshot carries it: with the draft while it is being written, else without any text.

    Source: PROTOCOL.md, "State and fold".
    """
    is_writing = section.status == Section.Status.WRITING
    return {**section_fields(section), "text": section.draft if is_writing else None}


def plan(project_id: UUID) -> list[Section]:
    """Return the sections of a project in their order, with their requirements."""
    return list(Section.objects.filter(project_id=project_id).prefetch_related("requirements"))


def page_limit(project_id: UUID) -> int | None:
    """Return the most pages that the RC allows for the proposal, as the newest analysis found it."""
    result = RCAnalysis.objects.filter(project_id=project_id).values_list("result", flat=True).first() or {}
    limit = result.get("page_limit", {}).get("value")
    return int(limit) if limit else None


class ToDo(NamedTuple):
    """Something in a section that a person must settle: missing evidence, or words that nobody vouches for."""

    section: Section
    kind: Literal["gap", "name", "figure", "date", "reference"]
    text: str
    start: int
    end: int


def to_do(project_id: UUID) -> list[ToDo]:
    """Return every gap and every violation of a project's sections, in the order of the proposal."""
    return [entry for section in Section.objects.filter(project_id=project_id) for entry in _to_do(section)]


def _to_do(section: Section) -> list[ToDo]:
    grounding = Grounding.model_validate(section.grounding)
    gaps = [ToDo(section, "gap", gap.text, gap.start, gap.end) for gap in grounding.gaps]
    found = [ToDo(section, found.kind, found.text, found.start, found.end) for found in grounding.violations]
    return sorted([*gaps, *found], key=lambda entry: (entry.start, entry.end))


def project_state(project_id: UUID) -> dict[str, Any]:
    """Return what a snapshot of the project carries: what folding all of its events would give."""
    return {
        "operations": [operation_state(row) for row in latest_operations(project_id)],
        "sections": [section_state(row) for row in project_sections(project_id)],
    }


def _timestamp(instant: datetime | None) -> str | None:
    return to_timestamp(instant) if instant else None
