"""The document generation service: from the content of a proposal to its files, saying at each step how far it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from proposals.documents.blocks import DocumentTree
from proposals.documents.composition import compose
from proposals.documents.content import ProposalContent
from proposals.documents.page_count import PageCount, count_pages, say_excluded
from proposals.documents.production import NO_DATE_KNOWN, Format, NotProduced, ProducedFile, Production, StoredFile
from proposals.documents.wording import say_count
from proposals.documents.writers.docx_writer import write_docx
from proposals.documents.writers.errors import WriterError
from proposals.documents.writers.html_writer import write_html
from proposals.documents.writers.ics_writer import write_ics
from proposals.documents.writers.limits import WriterLimits
from proposals.documents.writers.pdf_writer import WrittenPdf, write_pdf
from proposals.documents.writers.xlsx_writer import write_xlsx
from realtime.progress import Progress

COLLECTING, COMPOSING, RENDERING_PDF, WRITING_DOCX = "collecting", "composing", "rendering_pdf", "writing_docx"
WRITING_MATRIX, WRITING_CALENDAR, STORING, COMPLETED = "writing_matrix", "writing_calendar", "storing", "completed"

#: Progress where each step begins. The PDF is first after the composition: the Word document's table of contents
#: takes its page numbers from it.
STARTS = {
    COLLECTING: 2,
    COMPOSING: 8,
    RENDERING_PDF: 15,
    WRITING_DOCX: 65,
    WRITING_MATRIX: 75,
    WRITING_CALENDAR: 85,
    STORING: 90,
    COMPLETED: 100,
}
#: HTML of one page of text, for a guess at how far the layout is before the number of pages is known.
PAGE_CHARACTERS = 2500
SLUG_LETTERS = 60

STEMS: dict[Format, str] = {
    "docx": "memoire-technique",
    "pdf": "memoire-technique",
    "xlsx": "matrice-conformite",
    "ics": "dates-consultation",
}

Collect = Callable[[UUID], ProposalContent]
#: Takes the version and its files, and stores all of them or none.
Store = Callable[[int, Sequence[ProducedFile]], Sequence[StoredFile]]


@dataclass
class _Output:
    """What one production has made so far."""

    files: list[ProducedFile] = field(default_factory=list)
    missing: list[NotProduced] = field(default_factory=list)
    pages: PageCount | None = None
    anchors: dict[str, int] = field(default_factory=dict)


class DocumentGenerator:
    """
    Produces the documents of a proposal, reporting to `progress`.

    What `progress` raises (a cancel, a lost lease) ends the work at once: nothing is stored, no process is left.
    """

    def __init__(self, collect: Collect, store: Store, progress: Progress, limits: WriterLimits | None = None) -> None:
        """Take where the content comes from, where the files go, a voice, and what a PDF may cost."""
        self.collect = collect
        self.store = store
        self.progress = progress
        self.limits = limits or WriterLimits()

    def generate_document(self, project_id: UUID) -> Production:
        """Produce and store the documents. A PDF that cannot be laid out does not keep the others from being made."""
        self._send(project_id, COLLECTING, "Lecture des sections, des exigences et des preuves")
        content = self.collect(project_id)
        self._send(project_id, COMPOSING, "Composition du mémoire")
        tree = compose(content)
        output = _Output()
        self._render_pdf(project_id, content, tree, output)
        self._write_docx(project_id, content, tree, output)
        self._write_matrix(project_id, content, output)
        self._write_calendar(project_id, content, output)
        self._send(project_id, STORING, "Enregistrement des documents")
        stored = tuple(self.store(content.version, output.files))
        self._send(project_id, COMPLETED, _say_completed(stored, output))
        return Production(
            version=content.version,
            documents=stored,
            not_produced=tuple(output.missing),
            pages=output.pages,
            gaps_total=content.gaps_total,
            engine=", ".join(content.engines),
        )

    def _render_pdf(self, project_id: UUID, content: ProposalContent, tree: DocumentTree, output: _Output) -> None:
        html = write_html(tree)
        guess = max(4, len(html) // PAGE_CHARACTERS)

        def on_page(page: int) -> None:
            share = min(1.0, page / guess)
            percent = STARTS[RENDERING_PDF] + int((STARTS[WRITING_DOCX] - 1 - STARTS[RENDERING_PDF]) * share)
            message = f"Mise en page du PDF : page {page}" if page else "Mise en page du PDF"
            self._send(project_id, RENDERING_PDF, message, percent=percent)

        self._send(project_id, RENDERING_PDF, "Mise en page du PDF")
        try:
            written: WrittenPdf = write_pdf(html, self.limits, on_page=on_page)
        except WriterError as error:
            output.missing.append(NotProduced("pdf", error.code, error.user_message))
            return
        output.anchors = dict(written.anchors)
        output.pages = count_pages(tree, pages=written.pages, anchors=written.anchors, limit=content.page_limit)
        output.files.append(_make_file(content, "pdf", written.content, pages=written.pages))

    def _write_docx(self, project_id: UUID, content: ProposalContent, tree: DocumentTree, output: _Output) -> None:
        self._send(project_id, WRITING_DOCX, "Écriture du document Word")
        output.files.append(_make_file(content, "docx", write_docx(tree, output.anchors)))

    def _write_matrix(self, project_id: UUID, content: ProposalContent, output: _Output) -> None:
        self._send(project_id, WRITING_MATRIX, "Écriture de la matrice de conformité")
        output.files.append(_make_file(content, "xlsx", write_xlsx(content)))

    def _write_calendar(self, project_id: UUID, content: ProposalContent, output: _Output) -> None:
        self._send(project_id, WRITING_CALENDAR, "Écriture du calendrier")
        calendar = write_ics(content)
        if calendar is None:
            message = "Aucune date n’est connue : il n’y a pas de calendrier."
            output.missing.append(NotProduced("ics", NO_DATE_KNOWN, message))
        else:
            output.files.append(_make_file(content, "ics", calendar))

    def _send(self, project_id: UUID, status: str, message: str, *, percent: int | None = None) -> None:
        progress = STARTS[status] if percent is None else percent
        self.progress.send_document_generation_progress(project_id, status=status, progress=progress, message=message)


def _make_file(content: ProposalContent, kind: Format, data: bytes, *, pages: int | None = None) -> ProducedFile:
    slug = _slugify(content.reference or content.title)
    parts = filter(None, [STEMS[kind], slug, f"v{content.version}"])
    return ProducedFile(kind, f"{'-'.join(parts)}.{kind}", data, pages)


def _slugify(text: str) -> str:
    """Return a text as a part of a file name: ASCII letters, digits and hyphens."""
    letters = (letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", "".join(letters))[:SLUG_LETTERS].strip("-")


def _say_completed(stored: Sequence[StoredFile], output: _Output) -> str:
    files = say_count(len(stored), "document produit", "documents produits")
    count = output.pages
    if count is None or count.limit is None:
        return files
    excluded = say_excluded(count.excluded)
    counted = say_count(count.counted, "page comptée", "pages comptées")
    return f"{files} ; {counted} pour {count.limit} autorisées{f' ({excluded})' if excluded else ''}"
