"""The job of an RC analysis: read the newest RC, analyse it, store the analysis with its requirements."""

from __future__ import annotations

from pydantic import JsonValue

from proposals import analyses, engine_choice
from proposals.documents.document import Document
from proposals.documents.errors import PdfError
from proposals.exceptions import DocumentMissing, OperationFailed
from proposals.jobs.job import Job, Run
from proposals.limits import pdf_limits
from proposals.models import Project, SourceDocument
from proposals.services.rc_analyzer import RCAnalyzer


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
    engine = engine_choice.make_analysis_engine(run.operation, check=run.check)
    read: list[Document] = []
    analyzer = RCAnalyzer(engine, run.progress, pdf_limits(), on_document=read.append)
    try:
        result = analyzer.analyze_rc(document.file.path, run.operation.project_id)
    except PdfError as error:
        raise OperationFailed(code=error.code, user_message=error.user_message, retryable=False) from error
    with run.transaction():
        analysis = analyses.store(
            operation=run.operation,
            document=document,
            engine=engine.name,
            result=result,
            page_texts=[page.text for page in read[0].pages],
        )
    return analyses.summarise(analysis, result)


ANALYSIS = Job(check=find_rc, run=analyse_rc)
