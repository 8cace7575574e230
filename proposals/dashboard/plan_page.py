"""The page of a proposal's plan: sections, words against the page limit, requirements."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from proposals import plan_editing, plans, selectors
from proposals.dashboard import queries
from proposals.exceptions import AnalysisMissing
from proposals.models import Project, Requirement, Section
from proposals.planning.budget import PAGES_BEFORE_THE_TEXT, WORDS_PER_PAGE
from realtime.events import to_timestamp


def plan_page(project: Project, *, now: datetime) -> dict[str, Any]:
    """Return the context of the page. What is edited is drawn by the script, from the same values."""
    planned = selectors.plan(project.id)
    return {
        "project": project,
        "sections": planned,
        "has_analysis": queries.has_analysis(project),
        "config": script_config(project, planned, now=now),
    }


def script_config(project: Project, planned: list[Section], *, now: datetime) -> dict[str, Any]:
    """Return what the page's script begins with."""
    requirements = queries.list_requirements(project).exclude(status=Requirement.Status.REJECTED)
    outside = _outside(project)
    return {
        "project_id": str(project.id),
        "title": project.title,
        "server_now": to_timestamp(now),
        "login_url": f"{reverse('login')}?next={reverse('plan-page', args=[project.id])}",
        "project_url": reverse("project-page", args=[project.id]),
        "plan_version": plan_editing.plan_version(planned),
        "page_limit": selectors.page_limit(project.id),
        "words_per_page": WORDS_PER_PAGE,
        "pages_before_the_text": PAGES_BEFORE_THE_TEXT,
        "sections": [_row(section) for section in planned],
        "requirements": [
            {"id": str(row.id), "code": row.code, "text": row.text, "is_outside": row.id in outside}
            for row in requirements
        ],
        "status_labels": dict(Section.Status.choices),
    }


def _outside(project: Project) -> set[UUID]:
    """The requirements that are met by papers, dates and prices, not by the text of a section."""
    try:
        return {requirement.id for requirement in plans.outside(project)}
    except AnalysisMissing:
        return set()


def _row(section: Section) -> dict[str, Any]:
    return {
        "id": str(section.id),
        "title": section.title,
        "words_budget": section.words_budget,
        "guidance": section.guidance,
        "criterion": section.criterion,
        "requirement_ids": [str(requirement.id) for requirement in section.requirements.all()],
        "status": section.status,
        "version": section.version,
        "locked": section.locked,
        "url": reverse("section-page", args=[section.project_id, section.id]),
    }
