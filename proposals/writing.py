"""
What a section is written from, and what is known about its text. Values only, the same for every engine; the
database stores `Grounding` and `Quality` as their JSON.

Positions are offsets in the section's Markdown text, in code points; spans are [start, end).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Offset = Annotated[int, Field(ge=0)]

#: How a text says that evidence is missing: `[à compléter : …]`.
GAP_OPENING = "[à compléter : "
GAP_CLOSING = "]"
#: As people and engines write it: any case, any white space around the colon; one pair of brackets may stand inside.
GAP = re.compile(r"\[\s*[àaÀA]\s+compl[ée]ter\s*:?\s*((?:[^\[\]]|\[[^\[\]]*\])*)\]", re.IGNORECASE)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(_Value):
    """The award criterion that a section answers."""

    number: str | None = None
    name: str
    weight: float | None = None
    unit: Literal["percent", "points"] | None = None


class PlannedSection(_Value):
    """One section of a plan. `requirement_ids` are those that the section must cover."""

    key: str = "custom"
    title: str
    guidance: str = ""
    criterion: Criterion | None = None
    words_budget: Annotated[int, Field(ge=50, le=20_000)] = 400
    requirement_ids: tuple[UUID, ...] = ()


class Source(_Value):
    """
    Where a statement comes from: a passage of the library, a requirement, or a page of the RC.

    Args:
        key: names it inside one section: "L1" (library), "E3" (requirement), "RC4" (page 4 of the RC).
        id: of the ContentItem or the Requirement; None for a page of the RC.
        text: what it says; engines write from it, the grounding compares with it.
        page, quote: in the RC.
        used_in: title of another section of the proposal that says it; then refer to it instead of repeating it.
    """

    key: str
    kind: Literal["library", "requirement", "rc"]
    id: UUID | None = None
    title: str
    text: str = ""
    page: int | None = None
    quote: str = ""
    is_expired: bool = False
    used_in: str = ""


class RequirementToCover(_Value):
    """
    One requirement of a section.

    Args:
        passages: keys of the sources that answer it, the best first; none is a gap.
        confirmed: a person accepted at least one of them.
        is_partial: nobody confirmed them, and they answer it in part at most.
        article: of the RC ("5.4").
    """

    source: Source
    mandatory: bool = True
    passages: tuple[str, ...] = ()
    confirmed: bool = False
    is_partial: bool = False
    article: str = ""


class TenderFacts(_Value):
    """What the RC says about itself, for the words that make a text specific to this tender."""

    object: str = ""
    buyer: str = ""
    reference: str = ""
    company: str = ""
    lots: tuple[str, ...] = ()


class SectionBrief(_Value):
    """Everything an engine gets to write one section."""

    section_id: UUID
    key: str
    title: str
    guidance: str = ""
    criterion: Criterion | None = None
    words_budget: int
    requirements: tuple[RequirementToCover, ...] = ()
    passages: tuple[Source, ...] = ()
    tender: TenderFacts = TenderFacts()
    #: Titles of all sections in order, so that a text neither repeats nor announces what stands elsewhere.
    outline: tuple[str, ...] = ()
    #: The text of each page of the RC.
    rc_pages: tuple[str, ...] = ()


class Statement(_Value):
    """One sentence, list item or table row of a section, and the keys of the sources that say it; none: unproven."""

    start: Offset
    end: Offset
    sources: tuple[str, ...] = ()


class Violation(_Value):
    """A name, figure, date or reference in the text that neither the RC nor the library has."""

    start: Offset
    end: Offset
    text: str
    kind: Literal["name", "figure", "date", "reference"]


class Gap(_Value):
    """A `[à compléter : …]` of the text; `text` is what stands after the colon."""

    start: Offset
    end: Offset
    text: str


class Grounding(_Value):
    """What each statement of a text rests on."""

    sources: tuple[Source, ...] = ()
    statements: tuple[Statement, ...] = ()
    violations: tuple[Violation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    #: Ids of the requirements of the section that the text covers.
    covered_requirement_ids: tuple[UUID, ...] = ()


class Quality(_Value):
    """
    The quality of a text in its parts; `score` is their weighted mean.
    """

    score: Share
    coverage: Share
    evidence: Share
    specificity: Share
    length: Share
