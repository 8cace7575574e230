"""The project page: what its templates and its script begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from proposals import selectors
from proposals.dashboard import pipeline, queries
from proposals.dashboard.dates import describe_deadline
from proposals.dashboard.panel import build_panel
from proposals.models import Operation, Project, SourceDocument
from realtime.events import to_timestamp


def project_page(project: Project, *, now: datetime) -> dict[str, Any]:
    """Return the context of the whole page."""
    operations = selectors.latest_operations(project.id)
    return {
        **analysis_fragment(project, now=now),
        **documents_fragment(project),
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


def script_config(project: Project, operations: Sequence[Operation], *, now: datetime) -> dict[str, Any]:
    """Return what the page's script cannot know: addresses, labels, limits, the state of the operations."""
    return {
        "project_id": str(project.id),
        "title": project.title,
        "server_now": to_timestamp(now),
        "analysis_url": reverse("analysis-panel", args=[project.id]),
        "documents_url": reverse("documents-panel", args=[project.id]),
        "pipeline_url": reverse("pipeline-panel", args=[project.id]),
        "login_url": f"{reverse('login')}?next={reverse('project-page', args=[project.id])}",
        "max_upload_bytes": settings.PROPOSALS_MAX_UPLOAD_BYTES,
        "kinds": [{"kind": kind, "label": kind.label} for kind in Operation.Kind],
        "status_labels": dict(Operation.Status.choices),
        "operations": [selectors.operation_state(operation) for operation in operations],
    }
