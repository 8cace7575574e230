"""
What a proposal consists of before it has a form: sections with what they rest on, requirements with how they are
covered, papers, dates. Values only; who collects them from the rows is `proposals.proposal_content`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from proposals.analysis import RequiredDocument
from proposals.documents.markdown_blocks import find_gaps
from proposals.matching import StrengthName
from proposals.writing import Criterion, Grounding, Violation

#: How far a requirement is answered. "dropped": a person decided that it does not apply.
#: "outside": met by papers, dates or prices, not by the text of the proposal; "dropped": a person rejected it.
Coverage = Literal["covered", "partial", "missing", "outside", "dropped"]

UNWRITTEN = "section à rédiger"


@dataclass(frozen=True, slots=True)
class ProposalSection:
    """One section. `number` is its place in the document; `text` is Markdown, empty while it is unwritten."""

    id: UUID
    number: str
    title: str
    text: str
    version: int = 0
    edited: bool = False
    engine: str = ""
    criterion: Criterion | None = None
    grounding: Grounding = field(default_factory=Grounding)

    @property
    def gaps(self) -> list[str]:
        """What is still to be filled in; an unwritten section is one gap."""
        return find_gaps(self.text) if self.text.strip() else [UNWRITTEN]

    @property
    def violations(self) -> list[Violation]:
        """The unproven names and figures that still stand where the check found them."""
        return [found for found in self.grounding.violations if self.text[found.start : found.end] == found.text]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the library that answers a requirement. `origin` is where the library has it from."""

    title: str
    origin: str
    strength: StrengthName
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement, the sections (by number) that answer it, and what proves it."""

    code: str
    text: str
    category: str
    mandatory: bool
    coverage: Coverage
    page: int | None = None
    article: str = ""
    quote: str = ""
    criteria: tuple[Criterion, ...] = ()
    sections: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLimit:
    """How many pages the RC allows; `sentence` are its words around the number, which say what does not count."""

    pages: int
    sentence: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ProposalContent:
    """
    Everything the documents of one production say.

    Args:
        version: of the production, from 1.
        origins: where the library has a passage from, by the passage's id.
        internal_annexes: whether to add what is for the bid team only.
    """

    project_id: UUID
    title: str
    company: str
    produced_at: datetime
    version: int = 1
    object: str = ""
    reference: str = ""
    buyer: str = ""
    deadline: datetime | None = None
    question_deadline: datetime | None = None
    site_visit_at: datetime | None = None
    platform_url: str = ""
    sections: tuple[ProposalSection, ...] = ()
    requirements: tuple[RequirementLine, ...] = ()
    required_documents: tuple[RequiredDocument, ...] = ()
    page_limit: PageLimit | None = None
    origins: Mapping[UUID, str] = field(default_factory=dict)
    analysis_engine: str = ""
    internal_annexes: bool = True

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that wrote the sections, each once."""
        return tuple(dict.fromkeys(section.engine for section in self.sections if section.engine))

    @property
    def gaps_total(self) -> int:
        """How many `[à compléter : …]` and unwritten sections are left."""
        return sum(len(section.gaps) for section in self.sections)

    def section(self, number: str) -> ProposalSection:
        """Return the section of that number."""
        return next(section for section in self.sections if section.number == number)
