"""
What each kind of operation does: read its input, call its service, store its output.

A kind that is not registered here cannot be started.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from pydantic import JsonValue

from proposals import analyses
from proposals.documents.errors import PdfError
from proposals.documents.limits import Limits
from proposals.engines.offline.engine import OfflineEngine
from proposals.exceptions import DocumentMissing, OperationFailed
from proposals.models import Operation, Project, SourceDocument
from proposals.services.rc_analyzer import RCAnalyzer
from realtime.progress import ProgressUpdater


class Run(Protocol):
    """One run of an operation, as a job sees it."""

    operation: Operation
    progress: ProgressUpdater

    def check(self) -> None:
        """Raise if the run must end here."""

    def transaction(self) -> AbstractContextManager[None]:
        """Write results, guarded by the attempt."""


@dataclass(frozen=True)
class Job:
    """
    One kind of operation.

    Args:
        check: raises a ProposalsError when the project lacks what the job needs.
        run: works and returns the JSON-ready `result` of the completion.
    """

    check: Callable[[Project], object]
    run: Callable[[Run], dict[str, JsonValue]]


def find_rc(project: Project) -> SourceDocument:
    """
    Return the newest RC of a project.

    Raises:
        DocumentMissing: there is none.
    """
    document = SourceDocument.objects.filter(project=project, kind=SourceDocument.Kind.RC).first()
    if document is None:
        raise DocumentMissing
    return document


def analyse_rc(run: Run) -> dict[str, JsonValue]:
    """Analyse the newest RC of the project and store the analysis with its requirements."""
    document = find_rc(run.operation.project)
    engine = OfflineEngine()
    analyzer = RCAnalyzer(engine, run.progress, pdf_limits())
    try:
        result = analyzer.analyze_rc(document.file.path, run.operation.project_id)
    except PdfError as error:
        raise OperationFailed(code=error.code, user_message=error.user_message, retryable=False) from error
    with run.transaction():
        analysis = analyses.store(operation=run.operation, document=document, engine=engine.name, result=result)
    return analyses.summarise(analysis, result)


def pdf_limits() -> Limits:
    """Return the limits of reading a PDF, from the settings."""
    return Limits(
        max_bytes=settings.PROPOSALS_MAX_UPLOAD_BYTES,
        max_pages=settings.PROPOSALS_MAX_PAGES,
        memory_bytes=settings.PROPOSALS_PDF_MEMORY_BYTES,
        cpu_seconds=settings.PROPOSALS_PDF_CPU_SECONDS,
        wall_seconds=settings.PROPOSALS_PDF_WALL_SECONDS,
    )


JOBS: dict[str, Job] = {Operation.Kind.RC_ANALYSIS: Job(check=find_rc, run=analyse_rc)}
