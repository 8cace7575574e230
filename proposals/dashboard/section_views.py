"""The pages of a proposal's sections and plan. Views translate in, ask once, translate out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from proposals.dashboard import plan_page as plan
from proposals.dashboard import queries
from proposals.dashboard import section_page as section_reading
from proposals.dashboard.security import SignedInRequest, private_page


@private_page
@require_safe
def section_page(request: SignedInRequest, project_id: UUID, section_id: UUID) -> HttpResponse:
    """Show one section: text, sources, quality, versions; the script edits it."""
    section = section_reading.get_section(user=request.user, project_id=project_id, section_id=section_id)
    context = section_reading.section_page(section, now=timezone.now())
    return render(request, "proposals/sections/section.html", context)


@private_page
@require_safe
def section_panel(request: SignedInRequest, project_id: UUID, section_id: UUID) -> HttpResponse:
    """Return what changes when a section does, to be put into an open page."""
    section = section_reading.get_section(user=request.user, project_id=project_id, section_id=section_id)
    return render(request, "proposals/sections/section_panel.html", section_reading.section_fragment(section))


@private_page
@require_safe
def plan_page(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Show the plan of a proposal; the script edits it."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/sections/plan.html", plan.plan_page(project, now=timezone.now()))
