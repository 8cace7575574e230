"""The job of document generation: collect the proposal, produce its documents, store them as one version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import JsonValue

from proposals import productions, proposal_content
from proposals.documents.content import ProposalContent
from proposals.documents.production import ProducedFile, Production, StoredFile
from proposals.exceptions import SectionsMissing
from proposals.jobs.job import Job, Run
from proposals.limits import pdf_writer_limits
from proposals.models import Project, Section
from proposals.services.document_generator import DocumentGenerator


def check_sections(project: Project) -> None:
    """
    Check that there is something to produce.

    Raises:
        SectionsMissing: no section has a text.
    """
    if not Section.objects.filter(project=project).exclude(text="").exists():
        raise SectionsMissing


def produce_documents(run: Run) -> dict[str, JsonValue]:
    """Produce the documents of the project and store them."""

    def collect(project_id: UUID) -> ProposalContent:
        return proposal_content.collect(run.operation)

    def store(version: int, files: Sequence[ProducedFile]) -> list[StoredFile]:
        return productions.store(operation=run.operation, version=version, files=files, transaction=run.transaction)

    generator = DocumentGenerator(collect, store, run.progress, pdf_writer_limits())
    return summarise(generator.generate_document(run.operation.project_id))


def summarise(production: Production) -> dict[str, JsonValue]:
    """Return the result that the completion event carries."""
    count = production.pages
    return {
        "version": production.version,
        "documents": [_describe(document) for document in production.documents],
        "not_produced": [
            {"format": missing.format, "code": missing.code, "message": missing.message}
            for missing in production.not_produced
        ],
        "pages": count.pages if count else None,
        "pages_counted": count.counted if count else None,
        "pages_excluded": list(count.excluded) if count else [],
        "page_limit": count.limit if count else None,
        "over_limit": count.over_limit if count else None,
        "gaps_total": production.gaps_total,
        "engine": production.engine,
    }


def _describe(document: StoredFile) -> dict[str, JsonValue]:
    return {
        "id": str(document.id),
        "format": document.format,
        "filename": document.filename,
        "size_bytes": document.size_bytes,
        "pages": document.pages,
    }


DOCUMENT_GENERATION = Job(check=check_sections, run=produce_documents)
