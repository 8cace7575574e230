"""The RC analysis service: from a PDF to a structured analysis, saying at each step how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from proposals.analysis import RCAnalysisResult
from proposals.documents.document import Document
from proposals.documents.limits import Limits
from proposals.documents.pdf_reader import read_pdf
from proposals.engines.protocol import AnalysisEngine
from realtime.progress import Progress

EXTRACTING = "extracting_text"
ANALYZING = "analyzing"
COMPLETED = "completed"

#: Progress where text extraction begins, and where it is surpassed by the analysis.
EXTRACTING_FROM = 10
ANALYZING_FROM = 40
ANALYZING_TO = 99


class RCAnalyzer:
    """
    Analyses one RC with an engine, reporting to `progress`.

    What `progress` raises (a cancel, a lost lease) ends the work at once and leaves no process behind.
    """

    def __init__(
        self,
        engine: AnalysisEngine,
        progress: Progress,
        limits: Limits | None = None,
        *,
        on_document: Callable[[Document], object] = lambda document: None,
    ) -> None:
        """Take an engine and a voice; `on_document` gets the text of the PDF before it is analysed."""
        self.engine = engine
        self.progress = progress
        self.limits = limits or Limits()
        self.on_document = on_document

    def analyze_rc(self, rc_pdf_path: str | os.PathLike[str], project_id: UUID) -> RCAnalysisResult:
        """
        Read the PDF and return its analysis.

        Raises:
            PdfError: the file cannot be used; its `user_message` says why.
        """

        def on_page(done: int, total: int) -> None:
            share = (ANALYZING_FROM - 1 - EXTRACTING_FROM) * done // max(total, 1)
            self._send(project_id, EXTRACTING, EXTRACTING_FROM + share, f"Lecture du texte : page {done} sur {total}")

        def on_step(label: str, found: int, share: float) -> None:
            percent = ANALYZING_FROM + round((ANALYZING_TO - ANALYZING_FROM) * share)
            self._send(project_id, ANALYZING, percent, f"{label} : {_count(found)}")

        self._send(project_id, EXTRACTING, EXTRACTING_FROM, "Ouverture du PDF")
        document = read_pdf(Path(rc_pdf_path), self.limits, on_page)
        self.on_document(document)
        self._send(project_id, ANALYZING, ANALYZING_FROM, "Analyse du règlement de la consultation")
        result = self.engine.analyse(document, on_step=on_step)
        self._send(project_id, COMPLETED, 100, "Analyse terminée")
        return result

    def _send(self, project_id: UUID, status: str, percent: int, message: str) -> None:
        self.progress.send_rc_analysis_progress(project_id, status=status, progress=percent, message=message)


def _count(found: int) -> str:
    return f"{found} élément trouvé" if found < 2 else f"{found} éléments trouvés"
