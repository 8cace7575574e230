"""The matrix of requirements and passages on the project page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from proposals.dashboard import coverage
from proposals.dashboard.coverage import Matrix
from proposals.models import ContentMatch, Operation, Project, Requirement, Strength
from tests.factories import Cast, make_analysis, make_document, make_item, make_match, make_operation, make_requirement
from tests.integration.dashboard.conftest import Browse

TODAY = date(2026, 11, 22)
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'


def build(project: Project) -> Matrix:
    return coverage.build_matrix(project, newest=None, today=TODAY)


def show(client: Client, project: Project, name: str = "matrix-panel", *ids: object) -> str:
    response = client.get(reverse(name, args=[project.id, *ids]))
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.fixture
def requirement(project: Project) -> Requirement:
    """A requirement with a strong, a partial and a weak passage."""
    requirement = make_requirement(project, code="R-001", category="technical")
    for rank, strength in enumerate((Strength.STRONG, Strength.PARTIAL, Strength.NONE), start=1):
        make_match(project, requirement=requirement, rank=rank, strength=strength)
    return requirement


def test_each_requirement_stands_with_its_coverage_in_words(project: Project, requirement: Requirement) -> None:
    make_match(project, requirement=make_requirement(project, code="R-002"), strength=Strength.PARTIAL)
    make_requirement(project, code="R-003")

    matrix = build(project)

    assert [(row.requirement.code, row.grade.label) for row in matrix.rows] == [
        ("R-001", "Couverte"),
        ("R-002", "Partielle"),
        ("R-003", "Manque"),
    ]
    assert [(share.total, share.label) for share in matrix.summary.shares] == [
        (1, "couverte"),
        (1, "partielle"),
        (1, "manque"),
    ]
    assert [row.code for row in matrix.summary.gaps] == ["R-003"]


def test_the_parts_of_the_bar_fill_it(project: Project, requirement: Requirement) -> None:
    for _ in range(2):
        make_requirement(project)

    shares = build(project).summary.shares

    assert sum(share.width for share in shares) == pytest.approx(100, abs=0.05)
    assert shares[2].start == pytest.approx(shares[0].width, abs=0.05)


def test_the_best_passage_is_in_sight_and_the_others_are_folded(project: Project, requirement: Requirement) -> None:
    row = build(project).rows[0]

    assert len(row.first) == 1
    assert row.others_total == 2


def test_folded_passages_come_when_they_are_asked_for(
    alice: Client, project: Project, requirement: Requirement
) -> None:
    whole, row = show(alice, project), show(alice, project, "matrix-row", requirement.id)

    assert whole.count("data-match=") == 1
    assert "data-others-missing" in whole
    assert "2 autres passages" in whole
    assert "data-others-missing" not in row


def test_all_passages_that_people_chose_are_in_sight(project: Project, requirement: Requirement) -> None:
    chosen = requirement.matches.filter(rank__gte=2)
    chosen.update(status=ContentMatch.Status.ACCEPTED)

    row = build(project).rows[0]

    assert {passage.match.id for passage in row.first} == {match.id for match in chosen}


def test_no_passage_is_in_sight_for_a_gap(project: Project) -> None:
    make_match(project, strength=Strength.NONE)
    make_match(project, strength=Strength.STRONG, status=ContentMatch.Status.REJECTED)

    rows = build(project).rows

    assert [(len(row.first), row.others_total) for row in rows] == [(0, 1), (0, 1)]


def test_a_passage_attached_by_hand_is_said_to_be(alice: Client, project: Project) -> None:
    make_match(project, operation=None)
    found = make_match(project, operation=make_operation(project, kind="matching"), score=0.62)

    html = show(alice, project)

    assert html.count("Joint à la main") == 1
    assert f"{found.get_strength_display()} · 62 %" in html


def test_matched_words_are_marked(alice: Client, project: Project) -> None:
    item = make_item(project.company, body="Un planning détaillé & <b>suivi</b>.")
    run = make_operation(project, kind="matching", started_at=timezone.now() + timedelta(minutes=1))
    make_match(project, content_item=item, highlights=[[3, 11]], operation=run)

    html = alice.get(reverse("matrix-panel", args=[project.id])).content.decode()

    assert "Un <mark>planning</mark> détaillé &amp; &lt;b&gt;suivi&lt;/b&gt;." in html


def test_an_expired_passage_says_since_when(project: Project) -> None:
    make_match(project, content_item=make_item(project.company, valid_until=TODAY - timedelta(days=1)))

    validity = build(project).rows[0].first[0].validity

    assert validity.state == "expired"
    assert validity.label == "Périmé depuis le 22 nov. 2026"


def test_a_decision_shows_its_author_and_a_way_back(alice: Client, project: Project, cast: Cast) -> None:
    match = make_match(project, status=ContentMatch.Status.ACCEPTED, reviewed_by=cast.bob)

    html = show(alice, project)

    assert f'id="reset-{match.id}"' in html
    assert "par bob" in html
    assert re.search(rf'id="accept-{match.id}"[^>]*aria-pressed="true"', html)


def test_one_row_comes_with_the_summary_that_it_changes(
    alice: Client, project: Project, requirement: Requirement
) -> None:
    other = make_requirement(project)

    html = show(alice, project, "matrix-row", requirement.id)

    assert html.count("data-match=") == 3
    assert f'data-fragment="match-row-{requirement.id}"' in html
    assert f'data-fragment="match-row-{other.id}"' not in html
    assert 'data-fragment="coverage-summary"' in html


def test_the_row_of_a_requirement_that_is_gone_is_left_out(alice: Client, project: Project, cast: Cast) -> None:
    foreign = make_match(Project.objects.create(company=cast.company_b, title="B")).requirement

    assert "match-row-" not in show(alice, project, "matrix-row", foreign.id)


@pytest.mark.parametrize(
    ("has_requirement", "has_item", "sentence"),
    [
        (False, False, "Analysez d’abord le règlement"),
        (True, False, "Votre bibliothèque est vide"),
        (True, True, "Lancez la recherche de contenus"),
    ],
)
def test_an_empty_matrix_says_what_to_do_next(
    has_requirement: bool, has_item: bool, sentence: str, alice: Client, project: Project
) -> None:
    if has_requirement:
        make_requirement(project)
    if has_item:
        make_item(project.company)

    assert sentence in show(alice, project)


def test_a_matching_that_found_nothing_shows_its_gaps(alice: Client, project: Project) -> None:
    make_requirement(project)
    make_operation(project, kind="matching", status=Operation.Status.SUCCEEDED, result={"engine": "offline"})

    html = show(alice, project)

    assert "Manque" in html
    assert "moteur « hors ligne »" in html


def test_hostile_texts_are_shown_as_text(alice: Client, project: Project) -> None:
    item = make_item(project.company, title=HOSTILE, body=HOSTILE)
    requirement = make_requirement(project, text=HOSTILE, category=HOSTILE[:50])
    make_match(project, requirement=requirement, content_item=item, highlights=[[0, 20]])

    html = alice.get(reverse("matrix-panel", args=[project.id])).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_more_requirements_and_passages_cost_no_more_queries(
    project: Project, requirement: Requirement, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_match(project)

    # Requirements, matches with their passages, whether there is a library.
    with django_assert_num_queries(3):
        build(project)


def test_another_company_sees_no_row(browse: Browse, cast: Cast, project: Project, requirement: Requirement) -> None:
    charlie = browse(cast.charlie)
    make_analysis(make_document(project))

    for name, ids in (("matrix-panel", ()), ("matrix-row", (requirement.id,))):
        assert charlie.get(reverse(name, args=[project.id, *ids])).status_code == 404
