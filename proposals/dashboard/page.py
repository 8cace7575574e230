"""The project page: what its templates and its script begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from proposals import selectors
from proposals.dashboard import coverage, outline, outputs, picker, pipeline, queries, wording
from proposals.dashboard.dates import describe_deadline
from proposals.dashboard.panel import build_panel
from proposals.models import Operation, Project, Section, SourceDocument, User
from realtime.events import to_timestamp


def project_page(project: Project, *, now: datetime) -> dict[str, Any]:
    """Return the context of the whole page."""
    operations = selectors.latest_operations(project.id)
    return {
        **analysis_fragment(project, now=now),
        **documents_fragment(project),
        **matrix_fragment(project, now=now),
        **outline_fragment(project),
        **outputs_fragment(project),
        "pipeline": pipeline.build(project, operations),
        "config": script_config(project, operations, now=now),
        "kinds": SourceDocument.Kind.choices,
        "max_upload_megabytes": settings.PROPOSALS_MAX_UPLOAD_BYTES // (1024 * 1024),
        "max_pages": settings.PROPOSALS_MAX_PAGES,
    }


def analysis_fragment(project: Project, *, now: datetime) -> dict[str, Any]:
    """Return the context of the heading and of the analysis: what changes when an analysis lands."""
    return {
        "project": project,
        "deadline": describe_deadline(project.deadline, now=now),
        "panel": build_panel(project, now=now),
    }


def documents_fragment(project: Project) -> dict[str, Any]:
    """Return the context of the list of documents."""
    documents = list(queries.list_documents(project))
    return {
        "project": project,
        "documents": documents,
        "has_rc": any(document.kind == SourceDocument.Kind.RC for document in documents),
    }


def pipeline_fragment(project: Project) -> dict[str, Any]:
    """Return the context of what the operations lack and of what follows them."""
    return {"pipeline": pipeline.build(project, selectors.latest_operations(project.id))}


def matrix_fragment(project: Project, *, now: datetime) -> dict[str, Any]:
    """Return the context of the matrix of requirements and passages."""
    newest = Operation.objects.filter(project=project, kind=Operation.Kind.MATCHING).first()
    matrix = coverage.build_matrix(project, newest=newest, today=timezone.localdate(now))
    return {"project": project, "matrix": matrix}


def matrix_row_fragment(project: Project, requirement_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return the context of one row of the matrix and of the summary: what a decision changes."""
    row, summary = coverage.build_row(project, requirement_id, today=timezone.localdate(now))
    return {"project": project, "row": row, "matrix": {"summary": summary, "is_ready": True}}


def picker_fragment(project: Project, requirement_id: UUID, *, user: User, text: str, now: datetime) -> dict[str, Any]:
    """Return the context of the passages that may be attached to a requirement."""
    today = timezone.localdate(now)
    rows = picker.find_passages(user=user, requirement_id=requirement_id, text=text, today=today)
    return {"project": project, "rows": rows, "is_cut": len(rows) == picker.OFFERED}


def outline_fragment(project: Project) -> dict[str, Any]:
    """Return the context of the proposal: its sections, and what is left to do."""
    return {
        "project": project,
        "outline": outline.build_outline(project),
        "has_analysis": queries.has_analysis(project),
    }


def outputs_fragment(project: Project) -> dict[str, Any]:
    """Return the context of the produced documents."""
    return {
        "project": project,
        "productions": outputs.list_productions(project, page_limit=selectors.page_limit(project.id)),
        "has_text": outline.has_text(project),
    }


def script_config(project: Project, operations: Sequence[Operation], *, now: datetime) -> dict[str, Any]:
    """Return what the page's script cannot know: addresses, labels, limits, the state of the operations."""
    return {
        "project_id": str(project.id),
        "title": project.title,
        "server_now": to_timestamp(now),
        "analysis_url": reverse("analysis-panel", args=[project.id]),
        "documents_url": reverse("documents-panel", args=[project.id]),
        "pipeline_url": reverse("pipeline-panel", args=[project.id]),
        "matrix_url": reverse("matrix-panel", args=[project.id]),
        "outline_url": reverse("outline-panel", args=[project.id]),
        "outputs_url": reverse("outputs-panel", args=[project.id]),
        "login_url": f"{reverse('login')}?next={reverse('project-page', args=[project.id])}",
        "max_upload_bytes": settings.PROPOSALS_MAX_UPLOAD_BYTES,
        "kinds": [{"kind": kind, "label": kind.label} for kind in Operation.Kind],
        "status_labels": dict(Operation.Status.choices),
        "engine_labels": wording.ENGINES,
        "section_labels": dict(Section.Status.choices),
        "operations": [selectors.operation_state(operation) for operation in operations],
        "sections": [selectors.section_state(section) for section in selectors.project_sections(project.id)],
    }
