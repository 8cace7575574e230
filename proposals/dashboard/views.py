"""The pages of bid teams. Views translate in, ask once, translate out."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.views import LoginView
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals import downloads, projects
from proposals.dashboard import listing, page, queries, reading
from proposals.dashboard.forms import LoginForm, ProjectFilterForm, ProjectForm
from proposals.dashboard.security import SignedInRequest, private_page, with_page_policy

#: Characters of a search that are looked at.
MAX_QUERY = 200

log_in = with_page_policy(
    LoginView.as_view(
        template_name="proposals/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
    )
)


@private_page
@require_safe
def project_list(request: SignedInRequest) -> HttpResponse:
    """Show the company's projects; to a superuser, who has no company, where the administration is."""
    if request.user.company_id is None:
        return render(request, "proposals/no_company.html")
    form = ProjectFilterForm(request.GET or {"status": "active"})
    found = queries.find_projects(user=request.user, search=form.search, status=form.chosen_status)
    chosen = Paginator(found, listing.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": chosen,
        "rows": listing.list_rows(chosen, now=timezone.now()),
        "is_filtered": bool(form.search),
    }
    return render(request, "proposals/project_list.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def project_create(request: SignedInRequest) -> HttpResponse:
    """Create a project of the user's company."""
    if request.user.company_id is None:
        return render(request, "proposals/no_company.html")
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        return redirect("project-page", projects.create(by=request.user, fields=form.cleaned_data).id)
    context = {"form": form, "heading": "Nouveau projet", "back": reverse("project-list")}
    return render(request, "proposals/project_form.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Edit what people wrote about a project, or archive it."""
    project = queries.get_project(user=request.user, project_id=project_id)
    form = ProjectForm(request.POST or None, instance=project)
    if form.is_valid():
        projects.edit(project, fields=form.changed_fields)
        return redirect("project-page", project_id)
    back = reverse("project-page", args=[project_id])
    return render(request, "proposals/project_form.html", {"form": form, "heading": "Modifier le projet", "back": back})


@private_page
@require_safe
def project_page(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Show one project: documents, operations, analysis."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/project.html", page.project_page(project, now=timezone.now()))


@private_page
@require_safe
def analysis_panel(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Return the heading and the analysis alone, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/fragments/analysis.html", page.analysis_fragment(project, now=timezone.now()))


@private_page
@require_safe
def documents_panel(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Return the list of documents alone, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/fragments/documents.html", page.documents_fragment(project))


@private_page
@require_safe
def pipeline_panel(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Return what the operations lack and what follows them, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/fragments/pipeline.html", page.pipeline_fragment(project))


@private_page
@require_safe
def matrix_panel(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Return the matrix of requirements and passages alone, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/fragments/matrix.html", page.matrix_fragment(project, now=timezone.now()))


@private_page
@require_safe
def matrix_row(request: SignedInRequest, project_id: UUID, requirement_id: UUID) -> HttpResponse:
    """Return one row of the matrix with the summary, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    context = page.matrix_row_fragment(project, requirement_id, now=timezone.now())
    return render(request, "proposals/fragments/matrix_row.html", context)


@private_page
@require_safe
def passage_picker(request: SignedInRequest, project_id: UUID, requirement_id: UUID) -> HttpResponse:
    """Return the passages of the library that may be attached to a requirement, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    text = request.GET.get("q", "")[:MAX_QUERY]
    context = page.picker_fragment(project, requirement_id, user=request.user, text=text, now=timezone.now())
    return render(request, "proposals/fragments/picker.html", context)


@private_page
@require_safe
def outline_panel(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Return the sections of the proposal alone, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/fragments/outline.html", page.outline_fragment(project))


@private_page
@require_safe
def outputs_panel(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Return the produced documents alone, to be put into an open page."""
    project = queries.get_project(user=request.user, project_id=project_id)
    return render(request, "proposals/fragments/outputs.html", page.outputs_fragment(project))


@private_page
@require_safe
def document_file(request: SignedInRequest, project_id: UUID, document_id: UUID) -> HttpResponse:
    """Show a document in the browser, or with `?download` save it."""
    document = queries.get_document(user=request.user, project_id=project_id, document_id=document_id)
    deliver = downloads.as_attachment if "download" in request.GET else reading.show_inline
    try:
        return deliver(document)
    except downloads.FileGone as error:
        raise Http404 from error
