"""The matching service: what it says, what it keeps, and in which order it ranks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from proposals.exceptions import OperationFailed
from proposals.matching import Passage, RequirementMatch, RequirementQuery
from proposals.retrieval.bm25 import Bm25Retriever
from proposals.retrieval.retriever import Retriever
from proposals.services.content_matcher import BATCH_SIZE, KEPT_PASSAGES, ContentMatcher, title_of
from realtime.progress import ProgressUpdater
from tests.unit.retrieval.passages import make_passage, make_query

PROJECT, COMPANY = uuid4(), uuid4()

BACKUP = make_passage(1, "Sauvegardes", "Les sauvegardes sont quotidiennes et chiffrées.")
TRAINING = make_passage(2, "Formation", "Nous formons les équipes de l’acheteur.")
WASTE = make_passage(3, "Déchets", "Le tri des déchets se fait à la source.")


def ask(number: int, text: str) -> RequirementQuery:
    return make_query(text, id=UUID(int=number), code=f"R-{number:03}")


BOTH = [ask(1, "Sauvegardes quotidiennes."), ask(2, "Former les équipes.")]


class Shelf:
    """A library in memory; it remembers what was kept, batch by batch."""

    def __init__(
        self,
        requirements: Sequence[RequirementQuery] = BOTH,
        passages: Sequence[Passage] = (BACKUP, TRAINING, WASTE),
        finished: Collection[UUID] = (),
    ) -> None:
        self.requirements = requirements
        self.passages = passages
        self.finished = finished
        self.batches: list[list[UUID]] = []
        self.read_for: list[UUID] = []

    def read_requirements(self, project_id: UUID) -> Sequence[RequirementQuery]:
        self.read_for.append(project_id)
        return self.requirements

    def read_finished(self) -> Collection[UUID]:
        return self.finished

    def read_passages(self, company_id: UUID) -> Sequence[Passage]:
        self.read_for.append(company_id)
        return self.passages

    def keep(self, found: Sequence[RequirementMatch]) -> None:
        self.batches.append([match.requirement_id for match in found])


class Engine:
    """A ranking engine that follows a script; it remembers what it was shown."""

    name = "scripted"

    def __init__(self, rank: Callable[[RequirementQuery, Sequence[Passage]], Sequence[tuple[UUID, float]]]) -> None:
        self._rank = rank
        self.shown: list[Sequence[Passage]] = []

    def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
        self.shown.append(passages)
        return self._rank(requirement, passages)


def match(shelf: Shelf, engine: Engine | None = None, said: list[Any] | None = None) -> list[RequirementMatch]:
    heard: list[Any] = [] if said is None else said
    return ContentMatcher(shelf, engine, ProgressUpdater(publish=heard.append)).match_requirements(PROJECT, COMPANY)


def match_one(text: str, passages: Sequence[Passage], engine: Engine | None = None) -> RequirementMatch:
    return match(Shelf([ask(1, text)], passages), engine)[0]


def found(result: RequirementMatch) -> list[int]:
    return [passage.passage_id.int for passage in result.passages]


def test_progress_is_said_before_each_requirement_and_at_the_end() -> None:
    said: list[Any] = []

    match(Shelf([*BOTH, ask(3, "Trier les déchets.")]), said=said)

    assert [
        (event.current_requirement, event.requirements_completed, event.requirements_total, event.progress)
        for event in said
    ] == [
        ("R-001 Sauvegardes quotidiennes.", 0, 3, 0),
        ("R-002 Former les équipes.", 1, 3, 33),
        ("R-003 Trier les déchets.", 2, 3, 66),
        ("Complete", 3, 3, 100),
    ]
    assert {event.project_id for event in said} == {PROJECT}


def test_nothing_to_match_is_complete_at_once_and_reads_no_library() -> None:
    shelf, said = Shelf([]), list[Any]()

    assert match(shelf, said=said) == []
    assert [(event.current_requirement, event.progress) for event in said] == [("Complete", 100)]
    assert shelf.read_for == [PROJECT]


def test_each_requirement_gets_its_passage_in_the_order_of_the_requirements() -> None:
    results = match(Shelf())

    assert [result.requirement_id for result in results] == [UUID(int=1), UUID(int=2)]
    assert [found(result)[0] for result in results] == [1, 2]
    assert [passage.rank for passage in results[0].passages] == list(range(1, len(results[0].passages) + 1))


def test_the_library_is_read_and_indexed_once_for_all_requirements() -> None:
    made: list[Retriever] = []

    def make(passages: Sequence[Passage]) -> Retriever:
        made.append(Bm25Retriever(passages))
        return made[-1]

    shelf = Shelf([ask(number, "Sauvegardes.") for number in range(1, 60)])

    ContentMatcher(shelf, None, ProgressUpdater(publish=lambda event: None), make_retriever=make).match_requirements(
        PROJECT, COMPANY
    )

    assert len(made) == 1
    assert shelf.read_for == [PROJECT, COMPANY]


def test_finished_requirements_are_counted_and_not_matched_again() -> None:
    shelf, said = Shelf(finished={UUID(int=1)}), list[Any]()

    results = match(shelf, said=said)

    assert [result.requirement_id.int for result in results] == [2]
    assert [event.requirements_completed for event in said] == [1, 2]
    assert shelf.batches == [[UUID(int=2)]]


def test_when_all_are_finished_only_the_end_is_said() -> None:
    said: list[Any] = []

    match(Shelf(finished={UUID(int=1), UUID(int=2)}), said=said)

    assert [event.current_requirement for event in said] == ["Complete"]


def test_results_are_kept_in_batches_before_the_end_is_said() -> None:
    total = BATCH_SIZE + 3
    shelf = Shelf([ask(number, "Sauvegardes.") for number in range(1, total + 1)])
    kept_at_the_end: list[int] = []

    def hear(event: Any) -> None:
        if event.current_requirement == "Complete":
            kept_at_the_end.append(sum(map(len, shelf.batches)))

    ContentMatcher(shelf, None, ProgressUpdater(publish=hear)).match_requirements(PROJECT, COMPANY)

    assert [len(batch) for batch in shelf.batches] == [BATCH_SIZE, 3]
    assert kept_at_the_end == [total]


def test_what_an_engine_ranked_is_kept_at_once() -> None:
    shelf = Shelf()

    match(shelf, Engine(lambda requirement, passages: []))

    assert shelf.batches == [[UUID(int=1)], [UUID(int=2)]]


class Stopped(Exception):
    """Somebody asked to stop."""


def test_what_was_finished_is_kept_when_progress_stops_the_run() -> None:
    shelf = Shelf([*BOTH, ask(3, "Trier.")])

    def stop_at_the_third(event: Any) -> None:
        if event.requirements_completed == 2:
            raise Stopped

    with pytest.raises(Stopped):
        ContentMatcher(shelf, None, ProgressUpdater(publish=stop_at_the_third)).match_requirements(PROJECT, COMPANY)

    assert shelf.batches == [[UUID(int=1), UUID(int=2)]]


def test_a_failure_of_the_engine_passes_with_its_sentence() -> None:
    def fail(requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
        raise OperationFailed(code="engine_overloaded", user_message="Surchargé.", retryable=True)

    with pytest.raises(OperationFailed, match="Surchargé"):
        match(Shelf(), Engine(fail))


def test_a_requirement_that_nothing_answers_is_a_gap() -> None:
    result = match_one("Tondre les pelouses.", [BACKUP, TRAINING])

    assert (result.strength, result.passages) == ("none", ())


def test_an_empty_library_leaves_gaps() -> None:
    assert [result.strength for result in match(Shelf(passages=[]))] == ["none", "none"]


def test_the_strength_of_a_requirement_is_that_of_its_best_passage() -> None:
    full = match_one("Sauvegardes quotidiennes et chiffrées.", [BACKUP, TRAINING, WASTE])
    weak = match_one("Sauvegardes des aquariums du muséum océanographique de Brest.", [BACKUP, TRAINING, WASTE])

    assert (full.strength, full.passages[0].strength) == ("strong", "strong")
    assert weak.strength == weak.passages[0].strength != "strong"


def test_no_more_passages_are_kept_than_people_will_read() -> None:
    passages = [make_passage(number, f"Sauvegardes {number}") for number in range(1, 30)]

    assert len(match_one("Sauvegardes.", passages).passages) == KEPT_PASSAGES


def test_an_out_of_date_passage_falls_behind_and_is_weaker() -> None:
    expired = make_passage(1, BACKUP.title, BACKUP.body, is_expired=True)
    valid = make_passage(2, BACKUP.title, BACKUP.body)

    result = match_one("Sauvegardes quotidiennes.", [expired, valid, WASTE])

    assert found(result)[:2] == [2, 1]
    assert result.passages[1].score == pytest.approx(0.7 * result.passages[0].score, abs=1e-3)


def test_the_highlights_are_words_of_the_requirement() -> None:
    result = match_one("Sauvegarder chaque jour, quotidiennement, de façon chiffrée.", [BACKUP, TRAINING])

    spans = result.passages[0].highlights

    assert [BACKUP.body[start:end] for start, end in spans] == ["sauvegardes", "quotidiennes", "chiffrées"]


def test_the_engine_decides_order_score_and_strength() -> None:
    engine = Engine(lambda requirement, passages: [(TRAINING.id, 0.9), (BACKUP.id, 0.5)])

    result = match_one("Sauvegardes et formation.", [BACKUP, TRAINING, WASTE], engine)

    assert [(item.passage_id.int, item.score, item.strength) for item in result.passages] == [
        (2, 0.9, "strong"),
        (1, 0.5, "partial"),
    ]
    assert result.strength == "strong"


def test_the_engine_sees_the_best_twenty_passages() -> None:
    engine = Engine(lambda requirement, passages: [])
    passages = [make_passage(number, "Sauvegardes", "mot " * number) for number in range(1, 40)]

    match_one("Sauvegardes.", passages, engine)

    assert len(engine.shown[0]) == 20


def test_the_engine_is_not_asked_about_nothing() -> None:
    engine = Engine(lambda requirement, passages: [])

    match_one("Tondre les pelouses.", [BACKUP], engine)

    assert engine.shown == []


def test_what_the_engine_leaves_out_does_not_answer() -> None:
    result = match_one("Sauvegardes.", [BACKUP], Engine(lambda requirement, passages: []))

    assert (result.strength, result.passages) == ("none", ())


def test_ids_and_scores_that_an_engine_invents_do_no_harm() -> None:
    invented = [(uuid4(), 1.0), (BACKUP.id, 7.0), (BACKUP.id, 0.1), (TRAINING.id, -3.0), (WASTE.id, 1.0)]

    result = match_one("Sauvegardes et formation.", [BACKUP, TRAINING, WASTE], Engine(lambda *_: invented))

    assert [(item.passage_id.int, item.score) for item in result.passages] == [(1, 1.0), (2, 0.0)]


def test_out_of_date_passages_fall_behind_for_an_engine_too() -> None:
    expired = make_passage(1, BACKUP.title, BACKUP.body, is_expired=True)
    engine = Engine(lambda requirement, passages: [(expired.id, 0.9), (TRAINING.id, 0.8)])

    result = match_one("Sauvegardes et formation.", [expired, TRAINING], engine)

    assert [(item.passage_id.int, item.score) for item in result.passages] == [(2, 0.8), (1, 0.63)]


def test_a_long_title_is_cut_between_words() -> None:
    title = title_of(ask(7, f"Le titulaire remet   chaque\nannée, {'un bilan carbone, ' * 20}"))

    assert title.startswith("R-007 Le titulaire remet chaque année, un bilan carbone, un")
    assert title.endswith("…")
    assert not title.endswith((" …", ",…"))
    assert len(title) <= 91


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert len(title_of(ask(1, "x" * 500))) <= 91
