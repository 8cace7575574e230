"""What counts as proven: words that stand in the document, and not in a passage that speaks to programs."""

from __future__ import annotations

from proposals.documents.document import Document
from proposals.engines.claude.analysis_schema import Quoted
from proposals.engines.claude.quotes import Evidence, QuoteFinder
from proposals.engines.claude.support import says_text
from proposals.engines.suspicion import find_suspicious


class Prover:
    """Finds evidence in one document, and remembers the names of what it could not prove."""

    def __init__(self, document: Document) -> None:
        self.suspicious = find_suspicious(document)
        self.unproven: list[str] = []
        self._finder = QuoteFinder(document)

    def find(self, quoted: Quoted) -> Evidence | None:
        """Return where the quote stands; None where it does not, or should not be believed."""
        evidence = self._finder.find(quoted.quote, quoted.page)
        return evidence if evidence is not None and not self.is_suspicious(evidence) else None

    def find_named(self, quoted: Quoted, name: str) -> Evidence | None:
        """Return where the quote stands, if it also holds the name that was read from it."""
        evidence = self.find(quoted)
        return evidence if evidence is not None and says_text(name, evidence.quote) else None

    def is_suspicious(self, evidence: Evidence) -> bool:
        """Return whether the words stand in a passage that speaks to programs."""
        return any(
            passage.page == evidence.page and passage.start < evidence.end and evidence.start < passage.end
            for passage in self.suspicious
        )
