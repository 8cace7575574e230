"""Rankings by the model: only what was asked about comes back, with a score between 0 and 1."""

from __future__ import annotations

import json
import uuid

import pytest

from proposals.engines.claude.ranking import LONGEST_BODY, MOST_PASSAGES
from proposals.exceptions import OperationFailed
from proposals.matching import Passage, RequirementQuery
from tests.claude_engine import make_engine
from tests.messages_answers import answer
from tests.messages_server import MessagesServer, structured

REQUIREMENT = RequirementQuery(
    id=uuid.uuid4(), code="R-001", text="Intervenir sous quatre heures", quote="sous 4 heures"
)
PASSAGES = tuple(
    Passage(id=uuid.uuid4(), title=f"Passage {number}", body=body)
    for number, body in enumerate(("Nos camions", "Nous intervenons sous quatre heures", "Intervenir vite"), start=1)
)


def rank(value: object, passages: tuple[Passage, ...] = PASSAGES) -> list[tuple[int, float]]:
    """Return positions of the passages with their scores, as the engine orders an answer."""
    with MessagesServer(structured(value)) as server:
        ranked = make_engine(server).rank(REQUIREMENT, passages)
    positions = {passage.id: position for position, passage in enumerate(passages)}
    return [(positions[passage_id], score) for passage_id, score in ranked]


def scored(*scores: tuple[str, float]) -> dict[str, object]:
    return {"passages": [{"key": key, "score": score} for key, score in scores]}


def test_the_best_comes_first() -> None:
    assert rank(scored(("P1", 0.2), ("P2", 0.9), ("P3", 0.5))) == [(1, 0.9), (2, 0.5), (0, 0.2)]


def test_passages_that_do_not_answer_are_left_out() -> None:
    assert rank(scored(("P1", 0.0), ("P2", 0.9), ("P3", -1.0))) == [(1, 0.9)]


def test_keys_that_were_not_given_are_ignored() -> None:
    foreign = str(uuid.uuid4())

    assert rank(scored((foreign, 1.0), ("P99", 1.0), ("p2", 1.0), ("P2", 0.4))) == [(1, 0.4)]


def test_a_key_counts_once_and_no_score_is_above_one() -> None:
    assert rank(scored(("P2", 7.0), ("P2", 0.1))) == [(1, 1.0)]


def test_the_form_of_the_answer_allows_the_given_keys_alone() -> None:
    with MessagesServer(answer) as server:
        make_engine(server).rank(REQUIREMENT, PASSAGES)
        (request,) = server.calls

    schema = request.body["output_config"]["format"]["schema"]
    assert schema["$defs"]["ScoredPassage"]["properties"]["key"] == {"enum": ["P1", "P2", "P3"]}
    assert str(PASSAGES[0].id) not in json.dumps(request.body)


def test_a_model_that_judges_by_words_finds_the_passage() -> None:
    with MessagesServer(answer) as server:
        ranked = make_engine(server).rank(REQUIREMENT, PASSAGES)

    assert ranked[0][0] == PASSAGES[1].id


def test_only_the_first_passages_and_their_beginnings_are_sent() -> None:
    many = tuple(Passage(id=uuid.uuid4(), title="T", body="x" * 10_000) for _ in range(MOST_PASSAGES + 5))

    with MessagesServer(structured(scored())) as server:
        make_engine(server).rank(REQUIREMENT, many)
        (request,) = server.calls

    sent = json.loads(request.document("passages"))
    assert [len(passage["text"]) for passage in sent] == [LONGEST_BODY] * MOST_PASSAGES


def test_nothing_is_asked_about_nothing() -> None:
    with MessagesServer(answer) as server:
        assert make_engine(server).rank(REQUIREMENT, ()) == []
        assert server.requests == []


def test_little_effort_is_asked_for() -> None:
    with MessagesServer(answer) as server:
        make_engine(server, effort="high").rank(REQUIREMENT, PASSAGES)
        (request,) = server.calls

    assert request.body["output_config"]["effort"] == "low"


def test_an_answer_of_another_form_fails() -> None:
    with MessagesServer(structured({"order": ["P1"]})) as server, pytest.raises(OperationFailed) as caught:
        make_engine(server).rank(REQUIREMENT, PASSAGES)

    assert caught.value.code == "engine_bad_answer"
