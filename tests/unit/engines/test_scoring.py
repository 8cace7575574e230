from __future__ import annotations

from proposals.analysis import RCAnalysisResult
from proposals.engines.scoring import Score, score

EMPTY = RCAnalysisResult().model_dump(mode="json")


def test_saying_nothing_where_nothing_is_said_costs_nothing() -> None:
    assert score(EMPTY, {"variants": None}).scores == {"variants": Score()}


def test_a_missed_fact_lowers_recall_only() -> None:
    counts = score(EMPTY, {"variants": "allowed"}).scores["variants"]

    assert (counts.precision, counts.recall) == (1.0, 0.0)


def test_a_wrong_fact_lowers_both() -> None:
    found = {**EMPTY, "variants": {"value": "allowed", "status": "found"}}

    assert score(found, {"variants": "forbidden"}).scores["variants"] == Score(wrong=1, missed=1)


def test_a_fact_that_should_not_be_there_lowers_precision() -> None:
    found = {**EMPTY, "variants": {"value": "allowed", "status": "found"}}

    assert score(found, {"variants": None}).scores["variants"] == Score(wrong=1)


def test_the_same_paper_under_a_longer_name_is_the_same() -> None:
    paper = {"name": "Attestation d’assurance de responsabilité civile", "part": "application"}
    found = {**EMPTY, "required_documents": [paper]}
    wanted = {"required_documents": [{"name": "attestation d’assurance", "part": "application"}]}

    assert score(found, wanted).scores["required_documents"] == Score(right=1)


def test_a_criterion_with_another_weight_is_wrong() -> None:
    found = {**EMPTY, "award_criteria": [{"name": "Prix", "weight": 40.0, "children": []}]}

    assert score(found, {"award_criteria": [{"name": "Prix", "weight": 50}]}).scores["award_criteria"] == Score(0, 1, 1)


def test_a_field_that_is_not_expected_is_not_scored() -> None:
    assert score(EMPTY, {}).scores == {}
