"""The matching service: for each requirement the best passages of the library, saying before each how far it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from proposals.engines.protocol import RankingEngine
from proposals.matching import Passage, PassageMatch, RequirementMatch, RequirementQuery
from proposals.retrieval.bm25 import Bm25Retriever
from proposals.retrieval.highlighting import Highlighter
from proposals.retrieval.library_search import LibrarySearch
from proposals.retrieval.retriever import Hit, MakeRetriever
from proposals.retrieval.strength import ENGINE_THRESHOLDS, Thresholds
from realtime.progress import Progress

#: What the last progress event names instead of a requirement.
COMPLETE = "Complete"

#: Passages looked at for each requirement: those that the search puts first, and those that an engine re-orders.
CANDIDATES = 20
#: Passages kept for each requirement.
KEPT_PASSAGES = 5
#: Requirements whose results are kept together. With an engine, each: its answers are paid for.
BATCH_SIZE = 20
#: Longest title of a requirement in a progress event, in characters.
TITLE_LENGTH = 90
SCORE_DECIMALS = 4


class MatchingLibrary(Protocol):
    """Where the service reads requirements and passages, and where its results go."""

    def read_requirements(self, project_id: UUID) -> Sequence[RequirementQuery]:
        """Return the requirements to match, in the order in which they are shown."""

    def read_finished(self) -> Collection[UUID]:
        """Return the requirements that an earlier attempt has finished."""

    def read_passages(self, company_id: UUID) -> Sequence[Passage]:
        """Return all passages of a company."""

    def keep(self, found: Sequence[RequirementMatch]) -> None:
        """Keep results for good: a further attempt does not do them again."""


class ContentMatcher:
    """
    Matches the requirements of a project with the library of a company, reporting to `progress`.

    What `progress` or the engine raises ends the work; what was finished until then is kept.
    """

    def __init__(
        self,
        library: MatchingLibrary,
        engine: RankingEngine | None,
        progress: Progress,
        *,
        make_retriever: MakeRetriever = Bm25Retriever,
    ) -> None:
        """Take what is read and written, the engine that re-orders (None: the search's order stands), a voice."""
        self.library = library
        self.engine = engine
        self.progress = progress
        self.make_retriever = make_retriever

    def match_requirements(self, project_id: UUID, company_id: UUID) -> list[RequirementMatch]:
        """
        Match all requirements that no earlier attempt has finished; return what was found for them.

        Raises:
            OperationFailed: the engine failed.
        """
        requirements = self.library.read_requirements(project_id)
        finished = self.library.read_finished()
        waiting = [requirement for requirement in requirements if requirement.id not in finished]
        found = self._match_all(project_id, company_id, waiting, len(requirements)) if waiting else []
        self._send(project_id, COMPLETE, len(requirements), len(requirements))
        return found

    def _match_all(
        self, project_id: UUID, company_id: UUID, waiting: Sequence[RequirementQuery], total: int
    ) -> list[RequirementMatch]:
        search = _Search(self.library.read_passages(company_id), self.make_retriever, self.engine)
        batch = _Batch(self.library, size=BATCH_SIZE if self.engine is None else 1)
        found: list[RequirementMatch] = []
        try:
            for completed, requirement in enumerate(waiting, start=total - len(waiting)):
                self._send(project_id, title_of(requirement), completed, total)
                found.append(search.match(requirement))
                batch.add(found[-1])
        finally:
            batch.flush()
        return found

    def _send(self, project_id: UUID, title: str, completed: int, total: int) -> None:
        self.progress.send_matching_progress(
            project_id,
            current_requirement=title,
            requirements_completed=completed,
            requirements_total=total,
            progress=int(completed / total * 100) if total else 100,
        )


def title_of(requirement: RequirementQuery) -> str:
    """Return a requirement's code and text in one line, cut between words."""
    title = " ".join(f"{requirement.code} {requirement.text}".split())
    if len(title) <= TITLE_LENGTH:
        return title
    cut = title[:TITLE_LENGTH].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:.')}…"


class _Batch:
    """Results that wait to be kept together."""

    def __init__(self, library: MatchingLibrary, *, size: int) -> None:
        self._library = library
        self._size = size
        self._waiting: list[RequirementMatch] = []

    def add(self, found: RequirementMatch) -> None:
        self._waiting.append(found)
        if len(self._waiting) >= self._size:
            self.flush()

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._library.keep(waiting)


class _Search:
    """Finds, orders and judges the passages of one requirement at a time, in a library that is indexed once."""

    def __init__(
        self, passages: Sequence[Passage], make_retriever: MakeRetriever, engine: RankingEngine | None
    ) -> None:
        self._library = LibrarySearch(passages, make_retriever)
        self._engine = engine
        self._highlighter = Highlighter()

    def match(self, requirement: RequirementQuery) -> RequirementMatch:
        hits, thresholds = self._library.search(requirement, limit=CANDIDATES), self._library.thresholds
        if self._engine is not None and hits:
            hits, thresholds = self._rank(self._engine, requirement, hits), ENGINE_THRESHOLDS
        passages = tuple(
            self._describe(requirement, hit, rank, thresholds) for rank, hit in enumerate(hits[:KEPT_PASSAGES], start=1)
        )
        return RequirementMatch(requirement.id, passages[0].strength if passages else "none", passages)

    def _rank(self, engine: RankingEngine, requirement: RequirementQuery, hits: Sequence[Hit]) -> list[Hit]:
        """Return the candidates with the engine's scores; what else it names, or names again, does not count."""
        left = {hit.passage_id: self._library.passages[hit.passage_id] for hit in hits}
        ranked = engine.rank(requirement, list(left.values()))
        known = [Hit(key, min(1.0, max(0.0, score))) for key, score in ranked if left.pop(key, None) is not None]
        return self._library.lower_expired(known)

    def _describe(self, requirement: RequirementQuery, hit: Hit, rank: int, thresholds: Thresholds) -> PassageMatch:
        score = round(hit.score, SCORE_DECIMALS)
        body = self._library.passages[hit.passage_id].body
        highlights = self._highlighter.find(requirement, body)
        return PassageMatch(hit.passage_id, rank, score, thresholds.judge(score), highlights)
