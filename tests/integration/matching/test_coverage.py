"""How well requirements are covered, and what people's decisions make of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proposals import matches, reviews
from proposals.models import ContentMatch, Project, Requirement, Strength, User
from tests.factories import make_company, make_item, make_match, make_project, make_user

pytestmark = pytest.mark.django_db

Ask = Callable[..., Requirement]


@pytest.fixture
def alice(project: Project) -> User:
    return make_user("alice", company=project.company)


@pytest.mark.parametrize(
    ("pairs", "strength"),
    [
        ([], "none"),
        ([("proposed", "partial"), ("proposed", "strong")], "strong"),
        ([("proposed", "strong"), ("accepted", "partial")], "partial"),
        ([("accepted", "none")], "partial"),
        ([("accepted", "partial"), ("accepted", "strong")], "strong"),
        ([("rejected", "strong"), ("proposed", "partial")], "partial"),
        ([("rejected", "strong"), ("rejected", "partial")], "none"),
        ([("proposed", "none")], "none"),
    ],
)
def test_what_people_accepted_decides_and_what_they_rejected_does_not_count(
    pairs: list[tuple[str, str]], strength: str
) -> None:
    assert matches.judge(pairs) == strength


def test_requirements_come_in_the_order_of_their_codes_with_accepted_passages_first(project: Project, ask: Ask) -> None:
    second, first = ask("…", code="R-002"), ask("…", code="R-001")
    ask("…", code="R-003", status=Requirement.Status.REJECTED)
    rows = [
        make_match(project, requirement=second, rank=rank, status=status)
        for rank, status in ((1, "rejected"), (2, "proposed"), (3, "accepted"), (4, "proposed"))
    ]

    covered = matches.coverage(project)

    assert [row.requirement for row in covered] == [first, second]
    assert [match.rank for match in covered[1].matches] == [3, 2, 4, 1]
    assert covered[0].matches == ()
    assert len(rows) == 4


def test_evidence_is_what_was_accepted_else_what_is_proposed_and_answers(project: Project, ask: Ask) -> None:
    requirement = ask("…")
    strong = make_match(project, requirement=requirement, rank=1, strength="strong")
    partial = make_match(project, requirement=requirement, rank=2, strength="partial")
    make_match(project, requirement=requirement, rank=3, strength="none")
    make_match(project, requirement=requirement, rank=4, strength="strong", status="rejected")

    before = matches.coverage(project)[0].evidence
    ContentMatch.objects.filter(id=partial.id).update(status="accepted")
    after = matches.coverage(project)[0].evidence

    assert before == (strong, partial)
    assert after == (partial,)


def test_strengths_and_gaps_agree_with_the_coverage(project: Project, ask: Ask) -> None:
    answered, missing = ask("…", code="R-001"), ask("…", code="R-002")
    make_match(project, requirement=answered, strength="partial")
    make_match(make_project(project.company), strength="strong")

    assert matches.strengths(project) == {answered.id: Strength.PARTIAL, missing.id: Strength.NONE}
    assert [row.requirement for row in matches.gaps(project)] == [missing]
    assert {row.requirement.id: row.strength for row in matches.coverage(project)} == matches.strengths(project)


def test_a_decision_on_a_match_that_was_replaced_says_so(project: Project, alice: User) -> None:
    match = make_match(project)
    ContentMatch.objects.all().delete()

    with pytest.raises(reviews.MatchGone):
        reviews.accept(match, by=alice)
    with pytest.raises(reviews.MatchGone):
        reviews.reset(match)


def test_another_company_s_passage_is_refused_whoever_asks(ask: Ask, alice: User) -> None:
    foreign = make_item(make_company())

    with pytest.raises(reviews.PassageOfAnotherCompany):
        reviews.attach(ask("…"), foreign, by=alice)

    assert not ContentMatch.objects.exists()


def test_attached_passages_come_after_those_that_were_found(project: Project, ask: Ask, alice: User) -> None:
    requirement = ask("…")
    make_match(project, requirement=requirement, rank=4)

    assert reviews.attach(requirement, make_item(project.company), by=alice).rank == 5
