"""
Ground a text: find for each statement the sources that say it, and for the text what is invented and what is missing.

Source: docs/generation.md, "Grounding".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from proposals.grounding.citations import blank_citations
from proposals.grounding.claims import read_source_keys
from proposals.grounding.corpus import Corpus, SourceText
from proposals.grounding.gaps import blank_gaps, find_gaps
from proposals.grounding.invention import find_violations
from proposals.grounding.statements import split_statements
from proposals.grounding.support import Known, Said, find_elsewhere, find_support, read_statement
from proposals.writing import Grounding, RequirementToCover, SectionBrief, Source, Statement

#: Share of the weight of a requirement's words that a text must have to cover it: what rests on a passage found for
#: it, and what rests on any other passage.
COVERS_WITH_ITS_PASSAGES = 0.3
COVERS_WITH_OTHERS = 0.6

#: A reference to a section states nothing, as long as it has few words of its own.
TERMS_OF_A_REFERENCE = 4
_ELSEWHERE = re.compile(r"section «\s?(?P<title>[^»]+?)\s?»")


def ground(text: str, brief: SectionBrief, corpus: Corpus) -> Grounding:
    """
    Return what a section's text rests on.

    Args:
        text: the section's Markdown, by any engine or a person.
        brief: what it was written from.
        corpus: the pages of the RC and the whole library.
    """
    return _Ground(text, brief, corpus).result()


class _Ground:
    """One grounding: the sources of the section, and those found in the corpus on the way."""

    def __init__(self, text: str, brief: SectionBrief, corpus: Corpus) -> None:
        self.text = text
        #: The text without what claims nothing: gaps, and references to the RC.
        self._claiming = blank_citations(blank_gaps(text), pages=len(brief.rc_pages))
        self.brief = brief
        self.corpus = corpus
        self._own = [corpus.read(source) for source in _sources_of(brief)]
        self._keys = {_identity(source.source): source.source.key for source in self._own}
        self._used: dict[str, Source] = {}

    def result(self) -> Grounding:
        statements = tuple(self._statements())
        return Grounding(
            statements=statements,
            violations=find_violations(self._claiming, [self._said_by_the_brief(), self.corpus]),
            gaps=find_gaps(self.text),
            covered_requirement_ids=tuple(self._covered(statements)),
            sources=tuple(sorted(self._used.values(), key=_by_kind_and_number)),
        )

    def _statements(self) -> Iterable[Statement]:
        tender = self.brief.tender
        known = Known(
            stems=frozenset(self.corpus.terms(f"{tender.company} {tender.buyer}")),
            keys=frozenset(read_source_keys(_criterion_of(self.brief))),
        )
        for start, end in split_statements(self.text):
            said = read_statement(self._claiming[start:end], self.corpus, known=known)
            if (said.stems or said.claims) and not self._is_reference(self._claiming[start:end], said):
                found = find_support(said, self._own, self.corpus) or find_elsewhere(said, self.corpus)
                yield Statement(start=start, end=end, sources=tuple(self._use(source) for source in found))

    def _use(self, found: SourceText) -> str:
        """Return the key of a source; one that the section did not have gets the next number."""
        source = found.source
        key = self._keys.setdefault(_identity(source), self._next_key(source))
        self._used.setdefault(key, source.model_copy(update={"key": key, "text": _kept_text(source)}))
        return key

    def _next_key(self, source: Source) -> str:
        if source.kind == "rc":
            return f"RC{source.page}"
        letter = "L" if source.kind == "library" else "E"
        taken = set(self._keys.values())
        return next(key for number in range(1, len(taken) + 2) if (key := f"{letter}{number}") not in taken)

    def _is_reference(self, statement: str, said: Said) -> bool:
        """Whether a statement only leads to a section of the proposal, its own or another."""
        found = _ELSEWHERE.search(statement)
        if found is None or found["title"] not in self.brief.outline or said.claims:
            return False
        return len(said.stems - frozenset(self.corpus.terms(found["title"]))) <= TERMS_OF_A_REFERENCE

    def _covered(self, statements: Sequence[Statement]) -> Iterable[UUID]:
        referred = {found["title"] for found in _ELSEWHERE.finditer(self.text)}
        library = {key for key, source in self._used.items() if source.kind == "library"}
        for requirement in self.brief.requirements:
            identity = requirement.source.id
            if identity is not None and (
                self._is_answered_elsewhere(requirement, referred)
                or self._is_answered(requirement, statements, library)
            ):
                yield identity

    def _is_answered_elsewhere(self, requirement: RequirementToCover, referred: set[str]) -> bool:
        used_in = {source.used_in for source in self.brief.passages if source.key in requirement.passages}
        return bool((used_in - {""}) & referred)

    def _is_answered(self, requirement: RequirementToCover, statements: Sequence[Statement], library: set[str]) -> bool:
        wanted = frozenset(self.corpus.terms(requirement.source.text))
        weight = sum(map(self.corpus.weight, wanted))
        own = self._terms_resting_on(set(requirement.passages), statements)
        if own and requirement.confirmed:
            return True
        if not weight:
            return bool(own)
        any_passage = self._terms_resting_on(library, statements)
        return (
            sum(map(self.corpus.weight, wanted & own)) >= COVERS_WITH_ITS_PASSAGES * weight
            or sum(map(self.corpus.weight, wanted & any_passage)) >= COVERS_WITH_OTHERS * weight
        )

    def _terms_resting_on(self, keys: set[str], statements: Sequence[Statement]) -> frozenset[str]:
        resting = (self.text[item.start : item.end] for item in statements if keys.intersection(item.sources))
        return frozenset(stem for part in resting for stem in self.corpus.terms(part))

    def _said_by_the_brief(self) -> Corpus:
        """
        What the section was written from, and what it is about: its own title, the plan, the tender, the requirements.

        It is asked first: what it says, as nearly all of a text does, need not be looked up in the whole corpus.
        """
        brief, tender = self.brief, self.brief.tender
        lines = [brief.title, brief.guidance, *brief.outline, tender.object, tender.buyer, tender.reference]
        lines += [tender.company, *tender.lots, _criterion_of(brief)]
        lines += [f"{item.source.text}\n{item.source.quote}" for item in brief.requirements]
        about = Source(key="", kind="rc", title="", text="\n".join(lines))
        return Corpus([about, *(source.source for source in self._own)])


def _sources_of(brief: SectionBrief) -> list[Source]:
    pages = [
        Source(key=f"RC{number}", kind="rc", title=f"Règlement de la consultation, p. {number}", text=text, page=number)
        for number, text in enumerate(brief.rc_pages, start=1)
    ]
    return [*brief.passages, *(item.source for item in brief.requirements), *pages]


def _identity(source: Source) -> tuple[str, UUID | int | None]:
    return source.kind, source.page if source.kind == "rc" else source.id


def _kept_text(source: Source) -> str:
    """What is stored with the statements: a passage may change later, a page of the RC does not."""
    return "" if source.kind == "rc" else source.text


def _criterion_of(brief: SectionBrief) -> str:
    """What may be said of the section's criterion: its number, its name, its weight in either unit."""
    criterion = brief.criterion
    if criterion is None:
        return ""
    weight = f"{criterion.weight:g} % ; {criterion.weight:g} points".replace(".", ",") if criterion.weight else ""
    return f"{criterion.number or ''} {criterion.name} {weight}"


def _by_kind_and_number(source: Source) -> tuple[str, int]:
    digits = "".join(character for character in source.key if character.isdigit())
    return source.kind, int(digits or 0)
