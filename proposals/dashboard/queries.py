"""What the pages read, always within the company of the person who asks. Nothing here writes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from proposals.models import Operation, Project, RCAnalysis, Requirement, SourceDocument, User


def find_projects(*, user: User, search: str, status: str) -> QuerySet[Project]:
    """
    Return the projects of the user's company, the nearest deadline first, those without deadline last.

    Args:
        search: words that must all stand in title, reference or buyer.
        status: one of `Project.Status`, or "" for all.

    Returns:
        Projects with `documents_total`, `analysis_status` and `analysis_progress` of the newest analysis.
    """
    projects = Project.objects.visible_to(user)
    if status:
        projects = projects.filter(status=status)
    for word in search.split():
        projects = projects.filter(Q(title__icontains=word) | Q(reference__icontains=word) | Q(buyer__icontains=word))
    newest = Operation.objects.filter(project=OuterRef("pk"), kind=Operation.Kind.RC_ANALYSIS).order_by("-created_at")
    return projects.annotate(
        documents_total=Count("documents", distinct=True),
        analysis_status=Subquery(newest.values("status")[:1]),
        analysis_progress=Subquery(newest.values("progress")[:1]),
    ).order_by(F("deadline").asc(nulls_last=True), "-created_at")


def get_project(*, user: User, project_id: UUID) -> Project:
    """
    Return a project of the user's company.

    Raises:
        Http404: there is none, or it is another company's: the same answer.
    """
    project = Project.objects.visible_to(user).filter(id=project_id).first()
    if project is None:
        raise Http404
    return project


def get_document(*, user: User, project_id: UUID, document_id: UUID) -> SourceDocument:
    """
    Return a document of a project of the user's company.

    Raises:
        Http404: there is none, or it is another company's.
    """
    documents = SourceDocument.objects.filter(project__in=Project.objects.visible_to(user))
    document = documents.filter(project_id=project_id, id=document_id).first()
    if document is None:
        raise Http404
    return document


def list_documents(project: Project) -> QuerySet[SourceDocument]:
    """Return the documents of a project with who brought them, newest first."""
    return SourceDocument.objects.filter(project=project).select_related("uploaded_by")


def find_analysis(project: Project) -> RCAnalysis | None:
    """Return the newest analysis of a project with its document."""
    return RCAnalysis.objects.filter(project=project).select_related("document").defer("page_texts").first()


def has_analysis(project: Project) -> bool:
    """Whether an RC of the project has been analysed."""
    return RCAnalysis.objects.filter(project=project).exists()


def list_requirements(project: Project) -> QuerySet[Requirement]:
    """Return the ledger of a project in the order of the codes."""
    return Requirement.objects.filter(project=project).select_related("reviewed_by")
