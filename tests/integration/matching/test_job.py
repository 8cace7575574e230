"""Matching as an operation: what it leaves in the database, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from proposals import engine_choice, matches, operations, reviews, runner
from proposals.exceptions import AnalysisMissing, OperationFailed
from proposals.matching import Passage, RequirementQuery
from proposals.models import ContentItem, ContentMatch, Operation, Project, RCAnalysis, Requirement
from tests.factories import make_company, make_item, make_user

pytestmark = pytest.mark.django_db(transaction=True)

Library = dict[str, ContentItem]
Ask = Callable[..., Requirement]
Match = Callable[[], Operation]
Events = Callable[[str], list[dict[str, Any]]]


def found_for(requirement: Requirement) -> list[ContentItem]:
    return [match.content_item for match in ContentMatch.objects.filter(requirement=requirement).order_by("rank")]


def test_each_requirement_gets_the_passage_about_it(ask: Ask, match: Match, library: Library) -> None:
    backup, training = ask("Les sauvegardes doivent être quotidiennes."), ask("Former les équipes de l’Agence.")

    operation = match()

    assert operation.status == Operation.Status.SUCCEEDED
    assert found_for(backup)[0] == library["backup"]
    assert found_for(training)[0] == library["training"]


def test_the_completion_carries_the_totals(ask: Ask, match: Match, library: Library, events: Events) -> None:
    ask("Les sauvegardes sont quotidiennes, chiffrées, et leur restauration testée.")
    ask("Tondre les pelouses deux fois par mois.")
    ask("Trier les déchets.", status=Requirement.Status.REJECTED)
    ContentItem.objects.filter(id=library["backup"].id).update(valid_until=timezone.localdate() - timedelta(days=1))

    operation = match()

    expected = {
        "requirements_total": 2,
        "strong_total": 1,
        "partial_total": 0,
        "gaps_total": 1,
        "expired_total": 1,
        "engine": "bm25",
    }
    assert operation.result == expected
    assert events("completion")[-1]["result"] == expected


def test_progress_names_each_requirement_and_ends_as_the_sketch(
    ask: Ask, match: Match, library: Library, events: Events
) -> None:
    ask("Sauvegarder.", code="R-001")
    ask("Former.", code="R-002")

    match()

    said = [
        (
            event["current_requirement"],
            event["requirements_completed"],
            event["requirements_total"],
            event["progress"],
        )
        for event in events("matching_progress")
    ]
    assert said == [("R-001 Sauvegarder.", 0, 2, 0), ("R-002 Former.", 1, 2, 50), ("Complete", 2, 2, 100)]


def test_without_an_analysis_there_is_nothing_to_match(project: Project) -> None:
    RCAnalysis.objects.all().delete()

    with pytest.raises(AnalysisMissing):
        operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)


def test_a_project_without_requirements_is_complete_at_once(match: Match, events: Events) -> None:
    operation = match()

    assert operation.result is not None
    assert operation.result["requirements_total"] == 0
    assert [event["current_requirement"] for event in events("matching_progress")] == ["Complete"]


def test_another_company_s_passages_are_never_used(ask: Ask, match: Match, library: Library) -> None:
    make_item(make_company("B"), title="Sauvegardes quotidiennes", body="Sauvegardes quotidiennes.")
    requirement = ask("Sauvegardes quotidiennes.")

    match()

    assert found_for(requirement) == [library["backup"]]


def test_an_out_of_date_passage_falls_behind_the_same_one_that_is_valid(
    ask: Ask, match: Match, project: Project
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    texts = {"title": "Sauvegardes", "body": "Les sauvegardes sont quotidiennes."}
    expired = make_item(project.company, valid_until=yesterday, **texts)
    valid = make_item(project.company, valid_until=timezone.localdate(), **texts)
    requirement = ask("Sauvegardes quotidiennes.")

    match()

    first, second = ContentMatch.objects.filter(requirement=requirement).order_by("rank")
    assert (first.content_item, second.content_item) == (valid, expired)
    assert second.score < first.score


def test_the_same_again_gives_the_same(ask: Ask, match: Match, library: Library) -> None:
    ask("Les sauvegardes et la formation.")

    def rows() -> list[tuple[Any, ...]]:
        columns = ("requirement", "content_item", "rank", "score", "strength", "highlights")
        return list(ContentMatch.objects.order_by("rank").values_list(*columns))

    match()
    first = rows()
    match()

    assert rows() == first


def test_a_new_matching_replaces_what_nobody_decided_on(ask: Ask, match: Match, library: Library) -> None:
    requirement = ask("Sauvegardes quotidiennes.")
    match()
    ContentItem.objects.filter(id=library["backup"].id).update(title="Autre chose", body="Rien à voir.")
    new = ContentItem.objects.create(company=library["backup"].company, title="Sauvegardes", body="Quotidiennes.")

    match()

    assert found_for(requirement) == [new]


def test_verdicts_stay_through_a_new_matching(ask: Ask, match: Match, library: Library, project: Project) -> None:
    alice = make_user("alice", company=project.company)
    requirement = ask("Sauvegardes quotidiennes et formation des équipes.")
    match()
    backup, training = (
        ContentMatch.objects.get(requirement=requirement, content_item=library[name]) for name in ("backup", "training")
    )
    reviews.accept(backup, by=alice)
    reviews.reject(training, by=alice)

    match()

    kept = {row.id: (row.content_item_id, row.status) for row in ContentMatch.objects.all()}
    assert kept == {
        backup.id: (library["backup"].id, "accepted"),
        training.id: (library["training"].id, "rejected"),
    }


def test_an_accepted_passage_that_is_no_longer_found_stays(ask: Ask, match: Match, library: Library) -> None:
    alice = make_user("alice", company=library["backup"].company)
    requirement = ask("Sauvegardes quotidiennes.")
    match()
    reviews.accept(ContentMatch.objects.get(), by=alice)
    Requirement.objects.filter(id=requirement.id).update(text="Trier les déchets.")

    match()

    assert {(row.content_item_id, row.status) for row in ContentMatch.objects.all()} == {
        (library["backup"].id, "accepted"),
        (library["waste"].id, "proposed"),
    }


def test_what_a_person_attached_is_left_alone(ask: Ask, match: Match, library: Library) -> None:
    alice = make_user("alice", company=library["backup"].company)
    requirement = ask("Sauvegardes quotidiennes.")
    attached = reviews.attach(requirement, library["backup"], by=alice)

    match()

    row = ContentMatch.objects.get(requirement=requirement)
    assert (row.id, row.status, row.score, row.operation) == (attached.id, "accepted", 1.0, None)


class Killed(BaseException):
    """The worker dies: nothing of it runs any more."""


def break_off_at(monkeypatch: pytest.MonkeyPatch, text: str, error: BaseException) -> list[str]:
    """Let an engine rank the passages; it breaks off at one requirement. Return the texts it was asked about."""
    asked: list[str] = []

    class Engine:
        name = "scripted"

        def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
            asked.append(requirement.text)
            if requirement.text == text and asked.count(text) == 1:
                raise error
            return [(passage.id, 0.8) for passage in passages]

    monkeypatch.setattr(engine_choice, "find_ranking_engine", lambda operation, check: Engine())
    return asked


def expire_lease(operation: Operation) -> None:
    Operation.objects.filter(id=operation.id).update(status="pending", lease_until=None)


def test_a_second_attempt_goes_on_where_a_killed_worker_stopped(
    project: Project, ask: Ask, library: Library, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, text in enumerate(("Sauvegarder.", "Former.", "Trier les déchets."), start=1):
        ask(text, code=f"R-00{number}")
    asked = break_off_at(monkeypatch, "Former.", Killed())
    operation, _ = operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)
    with pytest.raises(Killed):
        runner.run(operation.id)
    assert ContentMatch.objects.count() == 1
    expire_lease(operation)

    runner.run(operation.id)

    operation.refresh_from_db()
    assert operation.status == Operation.Status.SUCCEEDED
    assert asked == ["Sauvegarder.", "Former.", "Former.", "Trier les déchets."]
    second = [event for event in events("matching_progress") if event["attempt"] == 2]
    assert [event["requirements_completed"] for event in second] == [1, 2, 3]
    assert operation.result is not None
    assert operation.result["engine"] == "scripted"
    assert operation.result["strong_total"] == 3


def test_a_failure_of_the_engine_keeps_what_was_finished_and_a_retry_goes_on(
    project: Project, ask: Ask, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("Sauvegarder.", code="R-001")
    ask("Former.", code="R-002")
    failure = OperationFailed(code="engine_overloaded", user_message="Le moteur est surchargé.", retryable=True)
    asked = break_off_at(monkeypatch, "Former.", failure)
    operation, _ = operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)
    runner.run(operation.id)
    operation.refresh_from_db()
    assert operation.error == {"code": "engine_overloaded", "error": "Le moteur est surchargé.", "retryable": True}

    operations.retry(operation)
    runner.run(operation.id)

    operation.refresh_from_db()
    assert operation.status == Operation.Status.SUCCEEDED
    assert asked == ["Sauvegarder.", "Former.", "Former."]


def test_a_new_operation_starts_from_the_beginning(
    ask: Ask, match: Match, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("Sauvegarder.")
    asked = break_off_at(monkeypatch, "", OperationFailed(code="x", user_message="", retryable=False))

    match()
    match()

    assert asked == ["Sauvegarder.", "Sauvegarder."]


def test_a_cancellation_keeps_what_was_finished(
    project: Project, ask: Ask, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask("Sauvegarder.", code="R-001"), ask("Former.", code="R-002")
    operation, _ = operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)

    class Engine:
        name = "scripted"

        def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
            operations.cancel(operation)
            return [(passage.id, 0.8) for passage in passages]

    monkeypatch.setattr(engine_choice, "find_ranking_engine", lambda operation, check: Engine())

    runner.run(operation.id)

    operation.refresh_from_db()
    assert operation.status == Operation.Status.CANCELLED
    assert found_for(first) == [library["backup"]]
    assert found_for(second) == []
    assert operation.checkpoint == {"requirement_ids": [str(first.id)]}


def test_a_worker_that_was_thought_dead_writes_nothing_more(
    project: Project, ask: Ask, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("Sauvegarder.")
    operation, _ = operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)

    class Engine:
        name = "scripted"

        def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
            Operation.objects.filter(id=operation.id).update(attempt=7)
            return [(passage.id, 0.8) for passage in passages]

    monkeypatch.setattr(engine_choice, "find_ranking_engine", lambda operation, check: Engine())

    runner.run(operation.id)

    assert not ContentMatch.objects.exists()
    assert Operation.objects.get().checkpoint is None


def test_a_passage_that_is_deleted_during_the_search_is_left_out(
    project: Project, ask: Ask, match: Match, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirement = ask("Sauvegardes quotidiennes et formation des équipes.")

    class Engine:
        name = "scripted"

        def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
            library["backup"].delete()
            return [(passage.id, 0.8) for passage in passages]

    monkeypatch.setattr(engine_choice, "find_ranking_engine", lambda operation, check: Engine())

    operation = match()

    assert operation.status == Operation.Status.SUCCEEDED
    assert found_for(requirement) == [library["training"]]


def test_a_requirement_that_a_new_analysis_deletes_meanwhile_is_left_out(
    project: Project, ask: Ask, library: Library, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirement = ask("Sauvegardes quotidiennes.")

    class Engine:
        name = "scripted"

        def rank(self, query: RequirementQuery, passages: Sequence[Passage]) -> Sequence[tuple[UUID, float]]:
            requirement.delete()
            return [(passage.id, 0.8) for passage in passages]

    monkeypatch.setattr(engine_choice, "find_ranking_engine", lambda operation, check: Engine())

    operation = match()

    assert operation.status == Operation.Status.SUCCEEDED
    assert not ContentMatch.objects.exists()


def test_the_library_is_read_in_the_order_of_the_ids(project: Project, library: Library) -> None:
    passages = matches.read_passages(project.company_id, today=timezone.localdate())

    assert [passage.id for passage in passages] == sorted(item.id for item in library.values())
