"""The proposal on the project page: sections, quality in its parts, what is left to do."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from proposals.dashboard import outline
from proposals.models import Project, Section
from tests.factories import Cast, make_analysis, make_document, make_requirement, make_section

QUALITY = {"score": 0.5, "coverage": 0.8, "evidence": 0.92, "specificity": 0.456, "length": 0.3}
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)">'


def show(client: Client, project: Project) -> str:
    return unescape(client.get(reverse("outline-panel", args=[project.id])).content.decode())


def write(project: Project, text: str = "Un texte de cinq mots", **fields: Any) -> Section:
    return make_section(
        project, **{"text": text, "status": Section.Status.WRITTEN, "version": 1, "engine": "offline", **fields}
    )


def test_sections_stand_in_their_order(project: Project) -> None:
    for order, title in ((3, "Trois"), (1, "Un"), (2, "Deux")):
        make_section(project, order=order, title=title)

    rows = outline.build_outline(project).rows

    assert [row.section.title for row in rows] == ["Un", "Deux", "Trois"]


def test_words_are_counted_against_the_budget(project: Project) -> None:
    write(project, "mot " * 300, words_budget=400)
    make_section(project, words_budget=1_000)

    built = outline.build_outline(project)

    assert [row.length_percent for row in built.rows] == [75, 0]
    assert (built.words, built.words_budget, built.written_total) == (300, 1_400, 1)
    assert built.pages == 1


def test_a_text_over_its_budget_fills_the_bar_once(project: Project) -> None:
    write(project, "mot " * 900, words_budget=400)

    assert outline.build_outline(project).rows[0].length_percent == 100


def test_quality_is_shown_in_its_parts(alice: Client, project: Project) -> None:
    write(project, quality=QUALITY, quality_score=0.5)

    html = show(alice, project)

    row = outline.build_outline(project).rows[0]
    assert [(part.label, part.percent) for part in row.quality_parts] == [
        ("Couverture", 80),
        ("Preuves", 92),
        ("Spécificité", 46),
        ("Longueur", 30),
    ]
    assert "46 %" in html


def test_the_mean_quality_leaves_out_sections_without_one(project: Project) -> None:
    write(project, quality=QUALITY, quality_score=1.0)
    write(project, quality=QUALITY, quality_score=0.2)
    make_section(project)

    assert outline.build_outline(project).quality_percent == 60


def test_gaps_and_words_without_a_source_are_collected(alice: Client, project: Project) -> None:
    text = "Selon ISO 99999. [à compléter : le nombre de projets]"
    gap = {"start": 17, "end": len(text), "text": "le nombre de projets"}
    violation = {"start": 6, "end": 15, "text": "ISO 99999", "kind": "reference"}
    write(project, text, title="Méthode", grounding={"gaps": [gap], "violations": [violation]})

    built = outline.build_outline(project)
    html = show(alice, project)

    assert (built.rows[0].gaps_total, built.rows[0].violations_total) == (1, 1)
    assert [row.label for row in built.violations] == ["Référence"]
    assert "« ISO 99999 »" in html
    assert "1 à compléter" in html
    assert "1 sans source" in html
    assert 'class="violation"' in html


def test_a_section_says_who_changed_it_and_that_it_is_locked(alice: Client, project: Project, cast: Cast) -> None:
    write(project, locked=True, edited=True, updated_by=cast.bob)

    html = show(alice, project)

    assert "Verrouillée" in html
    assert "Modifiée par bob" in html


def test_covered_requirements_are_counted(project: Project) -> None:
    requirements = [make_requirement(project) for _ in range(3)]
    section = write(project, grounding={"covered_requirement_ids": [str(requirements[0].id)]})
    section.requirements.set(requirements)

    row = outline.build_outline(project).rows[0]

    assert (row.covered_total, row.requirements_total) == (1, 3)


def test_a_proposal_without_a_plan_says_what_to_do_next(alice: Client, project: Project) -> None:
    before = show(alice, project)
    make_analysis(make_document(project))

    assert "Analysez d’abord le règlement" in before
    assert "Lancez la rédaction" in show(alice, project)


def test_hostile_texts_are_shown_as_text(alice: Client, project: Project, cast: Cast) -> None:
    gap = {"start": 0, "end": 8, "text": HOSTILE}
    criterion = {"number": None, "name": HOSTILE, "weight": None, "unit": None}
    write(project, HOSTILE, title=HOSTILE, criterion=criterion, engine=HOSTILE[:50], grounding={"gaps": [gap]})

    html = alice.get(reverse("outline-panel", args=[project.id])).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_more_sections_cost_no_more_queries(
    project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        write(project).requirements.add(make_requirement(project))

    # What is left to do, the sections, the page limit.
    with django_assert_num_queries(3):
        outline.build_outline(project)
