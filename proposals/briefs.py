"""
What the sections of a project are written from, read from the rows: the tender, the requirements, and for each the
passages that matching found and people accepted. Every passage gets one section, so that a proposal says nothing twice.

Source: docs/generation.md, "Which passage goes where".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from proposals import grounding, matches, quality
from proposals.analysis import RCAnalysisResult
from proposals.exceptions import AnalysisMissing
from proposals.grounding import Corpus
from proposals.grounding.terms import Terms
from proposals.matches import CoveredRequirement
from proposals.matching import Passage, RequirementQuery
from proposals.models import ContentMatch, Project, RCAnalysis, Requirement, Section, Strength
from proposals.retrieval.bm25 import Bm25Retriever
from proposals.retrieval.retriever import Hit
from proposals.sections import SectionGone
from proposals.writing import (
    Criterion,
    Grounding,
    Quality,
    RequirementToCover,
    SectionBrief,
    Source,
    TenderFacts,
)

#: Passages for one requirement: the best, and further ones that answer it strongly and have this share of its words
#: that no passage before them has; where none answers strongly, the best that answers part of it.
STRONG_PASSAGES = 3
WORTH_ADDING = 0.2
PARTIAL_PASSAGES = 1
#: Words that one passage takes: a section gets no more second and third passages than it has room for.
WORDS_PER_PASSAGE = 110
#: Statements of a text that a passage must say best for the text to use it: a single one may be chance.
STATEMENTS_OF_A_USED_PASSAGE = 2
#: Passages found by a section's title, where there is room for them. A title of one word says too little; of others a
#: passage must have this share of the words, and one of them in its own title.
PASSAGES_BY_TITLE = 2
WORDS_OF_A_TITLE = 2
OF_THE_TITLE = 0.67
CANDIDATES_BY_TITLE = 5


@dataclass(frozen=True)
class _Offer:
    """A passage offered to a section for one of its requirements; `sort_key` puts the better claim first."""

    section_id: UUID
    requirement_id: UUID | None
    passage_id: UUID
    sort_key: tuple[float, ...]
    is_partial: bool = False


@dataclass
class Material:
    """
    Everything that the sections of one project are written from, read once. Belongs to one thread.

    Args:
        rewriting: the sections that one operation writes, finished ones included; the texts of the others stand, and
            what they use is taken. The same set gives the same briefs, so a further attempt goes on as the first began.
        searches_titles: whether sections are offered passages that only their title finds. That takes an index of the
            whole library: a text to be written wants it, one to be checked finds what it rests on in the corpus.
    """

    project: Project
    today: date
    rewriting: Collection[UUID]
    searches_titles: bool = True

    def brief(self, section_id: UUID) -> SectionBrief:
        """
        Return what one section is written from.

        Raises:
            SectionGone: it is not in the plan any more.
        """
        section = next((section for section in self.sections if section.id == section_id), None)
        if section is None:
            raise SectionGone
        offered = self._offered[section_id]
        passages = list(dict.fromkeys(key for keys in offered.values() for key in keys))
        keys = {passage_id: f"L{number}" for number, passage_id in enumerate(passages, start=1)}
        return SectionBrief(
            section_id=section.id,
            key=section.key,
            title=section.title,
            guidance=section.guidance,
            criterion=Criterion.model_validate(section.criterion) if section.criterion else None,
            words_budget=section.words_budget,
            requirements=tuple(self._to_cover(section, offered, keys)),
            passages=tuple(self._to_source(passage_id, key, section_id) for passage_id, key in keys.items()),
            tender=self.tender,
            outline=tuple(section.title for section in self.sections),
            rc_pages=tuple(self.analysis.page_texts),
        )

    @cached_property
    def analysis(self) -> RCAnalysis:
        """
        Return the newest analysis.

        Raises:
            AnalysisMissing: there is none.
        """
        analysis = RCAnalysis.objects.filter(project=self.project).first()
        if analysis is None:
            raise AnalysisMissing
        return analysis

    @cached_property
    def tender(self) -> TenderFacts:
        """Return what is known about the tender; what a person wrote into the project goes first."""
        result = RCAnalysisResult.model_validate(self.analysis.result)
        return TenderFacts(
            object=result.object.proven or self.project.title,
            buyer=self.project.buyer or result.buyer.proven or "",
            reference=self.project.reference or result.reference.proven or "",
            company=self.project.company.name,
            lots=tuple(lot.title for lot in result.lots.proven or ()),
        )

    @cached_property
    def corpus(self) -> Corpus:
        """Return all that texts may rest on: the pages of the RC and the whole library."""
        pages = [
            Source(key="", kind="rc", title=f"Règlement de la consultation, p. {number}", text=text, page=number)
            for number, text in enumerate(self.analysis.page_texts, start=1)
        ]
        return Corpus([*pages, *map(_passage_source, self.passages.values())])

    @cached_property
    def passages(self) -> Mapping[UUID, Passage]:
        """Return the company's library, by id."""
        read = matches.read_passages(self.project.company_id, today=self.today)
        return {passage.id: passage for passage in read}

    @cached_property
    def sections(self) -> Sequence[Section]:
        """Return the sections in order, with their requirements."""
        return list(Section.objects.filter(project=self.project).prefetch_related("requirements"))

    @cached_property
    def _covered(self) -> Mapping[UUID, CoveredRequirement]:
        rows = {row.id: row for section in self.sections for row in _requirements_of(section)}
        return {covered.requirement.id: covered for covered in matches.coverage_of(rows.values())}

    @cached_property
    def _offered(self) -> Mapping[UUID, Mapping[UUID | None, list[UUID]]]:
        """
        The passages of each section, by requirement; None for those found by its title.

        What is said elsewhere is worth a reference if it answers the requirement strongly, else nothing.
        """
        offered: dict[UUID, dict[UUID | None, list[UUID]]] = {section.id: {} for section in self.sections}
        for offer in self._offers:
            is_elsewhere = self._homes.get(offer.passage_id, offer.section_id) != offer.section_id
            if not (is_elsewhere and (offer.is_partial or offer.requirement_id is None)):
                offered[offer.section_id].setdefault(offer.requirement_id, []).append(offer.passage_id)
        return offered

    @cached_property
    def _offers(self) -> Sequence[_Offer]:
        return [offer for section in self.sections for offer in self._offers_to(section)]

    def _offers_to(self, section: Section) -> list[_Offer]:
        found = [self._evidence(self._covered[row.id]) for row in _requirements_of(section)]
        first = [_to_offer(section, match) for evidence in found for match in evidence[:1]]
        further = [_to_offer(section, match) for evidence in found for match in evidence[1:]]
        room = max(0, section.words_budget // WORDS_PER_PASSAGE - len(first))
        offers = [*first, *sorted(further, key=lambda offer: offer.sort_key)[:room]]
        return offers + (self._offers_by_title(section) if room > len(further) else [])

    def _evidence(self, covered: CoveredRequirement) -> list[ContentMatch]:
        """The passages worth writing from: all accepted ones, else strong ones that add something; valid ones first."""
        found = sorted(covered.evidence, key=lambda match: match.content_item.is_expired(today=self.today))
        if any(match.status == ContentMatch.Status.ACCEPTED for match in found):
            return found
        chosen: list[ContentMatch] = []
        missing = frozenset(self._terms.of(covered.requirement.text))
        least = WORTH_ADDING * len(missing)
        for match in (match for match in found if match.strength == Strength.STRONG):
            added = missing & self._terms_of(match.content_item_id)
            if not chosen or (len(added) >= least and len(chosen) < STRONG_PASSAGES):
                chosen.append(match)
                missing -= added
        return chosen or found[:PARTIAL_PASSAGES]

    def _offers_by_title(self, section: Section) -> list[_Offer]:
        """What the library has on the section's subject beside its requirements, once matching has run at all."""
        if not (self.searches_titles and self._has_matches):
            return []
        query = RequirementQuery(
            id=section.id, code="", text=section.title, quote=(section.criterion or {}).get("name", "")
        )
        good = [hit for hit in self._search.search(query, limit=CANDIDATES_BY_TITLE) if self._fits_title(hit, section)]
        return [_Offer(section.id, None, hit.passage_id, (1, 0, -hit.score)) for hit in good[:PASSAGES_BY_TITLE]]

    def _fits_title(self, hit: Hit, section: Section) -> bool:
        passage = self.passages[hit.passage_id]
        title = frozenset(self._terms.of(section.title))
        if passage.is_expired or len(title) < WORDS_OF_A_TITLE or title.isdisjoint(self._terms.of(passage.title)):
            return False
        has_words = len(title & self._terms_of(hit.passage_id)) >= OF_THE_TITLE * len(title)
        return has_words and self._search.thresholds.judge(hit.score) == "strong"

    def _terms_of(self, passage_id: UUID) -> frozenset[str]:
        passage = self.passages.get(passage_id)
        return frozenset(self._terms.of(f"{passage.title} {passage.body}")) if passage else frozenset()

    @cached_property
    def _terms(self) -> Terms:
        return Terms()

    @cached_property
    def _has_matches(self) -> bool:
        return ContentMatch.objects.filter(project=self.project).exists()

    @cached_property
    def _search(self) -> Bm25Retriever:
        return Bm25Retriever(list(self.passages.values()))

    @cached_property
    def _homes(self) -> Mapping[UUID, UUID]:
        """The one section of each passage: whose standing text uses it, else that to be written with the best claim."""
        homes: dict[UUID, UUID] = {}
        for section in self.sections:
            if section.id not in self.rewriting:
                homes |= dict.fromkeys(_used_in(section) - homes.keys(), section.id)
        claims = [offer for offer in self._offers if offer.section_id in self.rewriting]
        for offer in sorted(claims, key=lambda offer: offer.sort_key):
            homes.setdefault(offer.passage_id, offer.section_id)
        return homes

    def _to_cover(
        self, section: Section, offered: Mapping[UUID | None, Sequence[UUID]], keys: Mapping[UUID, str]
    ) -> Iterable[RequirementToCover]:
        for number, requirement in enumerate(_requirements_of(section), start=1):
            covered = self._covered[requirement.id]
            confirmed = any(match.status == ContentMatch.Status.ACCEPTED for match in covered.evidence)
            yield RequirementToCover(
                source=_requirement_source(requirement, f"E{number}"),
                mandatory=requirement.mandatory,
                passages=tuple(keys[passage_id] for passage_id in offered.get(requirement.id, ())),
                confirmed=confirmed,
                is_partial=covered.strength != Strength.STRONG and not confirmed,
                article=requirement.article,
            )

    def _to_source(self, passage_id: UUID, key: str, section_id: UUID) -> Source:
        home = self._homes.get(passage_id, section_id)
        elsewhere = next((section.title for section in self.sections if section.id == home != section_id), "")
        return _passage_source(self.passages[passage_id]).model_copy(update={"key": key, "used_in": elsewhere})


def read_material(project: Project, *, rewriting: Collection[UUID] = ()) -> Material:
    """Return what the sections of a project are written from, as of today."""
    return Material(project, timezone.localdate(), frozenset(rewriting))


def assess(section: Section, text: str) -> tuple[Grounding, Quality]:
    """
    Return what a text of a section rests on and how good it is, whoever wrote it.

    Raises:
        AnalysisMissing: the RC was never analysed, so there is nothing to compare with.
    """
    material = Material(section.project, timezone.localdate(), frozenset([section.id]), searches_titles=False)
    brief = material.brief(section.id)
    found = grounding.ground(text, brief, material.corpus)
    return found, quality.measure(text, brief, found)


def _requirements_of(section: Section) -> list[Requirement]:
    """The requirements of a section that nobody rejected, in reading order."""
    rows = [row for row in section.requirements.all() if row.status != Requirement.Status.REJECTED]
    return sorted(rows, key=lambda row: row.code)


def _used_in(section: Section) -> set[UUID]:
    """The passages that a standing text is made of: those that say several of its statements best."""
    found = Grounding.model_validate(section.grounding)
    ids = {source.key: source.id for source in found.sources if source.kind == "library"}
    best = Counter(statement.sources[0] for statement in found.statements if statement.sources)
    used = (ids.get(key) for key, count in best.items() if count >= STATEMENTS_OF_A_USED_PASSAGE)
    return {passage_id for passage_id in used if passage_id is not None}


def _to_offer(section: Section, match: ContentMatch) -> _Offer:
    proposed = float(match.status != ContentMatch.Status.ACCEPTED)
    key = (proposed, float(match.strength != Strength.STRONG), -match.score, float(section.order))
    is_partial = bool(proposed) and match.strength != Strength.STRONG
    return _Offer(section.id, match.requirement_id, match.content_item_id, key, is_partial)


def _requirement_source(requirement: Requirement, key: str) -> Source:
    return Source(
        key=key,
        kind="requirement",
        id=requirement.id,
        title=requirement.code,
        text=requirement.text,
        page=requirement.page,
        quote=requirement.quote,
    )


def _passage_source(passage: Passage) -> Source:
    return Source(
        key="",
        kind="library",
        id=passage.id,
        title=passage.title,
        text=passage.body,
        is_expired=passage.is_expired,
    )
