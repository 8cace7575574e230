"""The project page and its fragments: states, evidence, escaping, cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from proposals.analysis import AwardCriterion, Fact, RequiredDocument
from proposals.models import Operation, Project, SourceDocument
from tests.factories import (
    make_analysis,
    make_document,
    make_generated,
    make_match,
    make_operation,
    make_requirement,
    make_result,
    make_section,
)

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'


def show(client: Client, project: Project, page: str = "project-page") -> str:
    response = client.get(reverse(page, args=[project.id]))
    assert response.status_code == 200
    return unescape(response.content.decode())


def analyse(project: Project, **fields: Any) -> SourceDocument:
    document = make_document(project)
    make_analysis(document, result=make_result(**fields).model_dump(mode="json"))
    return document


def test_a_new_project_explains_what_to_do(alice: Client, project: Project) -> None:
    text = show(alice, project)

    assert "Aucun document pour l’instant" in text
    assert "L’analyse apparaîtra ici" in text
    assert 'data-has-rc="false"' in text


def test_the_page_says_that_an_rc_is_there(alice: Client, project: Project) -> None:
    make_document(project, filename="règlement.pdf", pages=12)

    text = show(alice, project)

    assert 'data-has-rc="true"' in text
    assert "règlement.pdf" in text
    assert "12 pages" in text


def test_another_kind_of_document_is_no_rc(alice: Client, project: Project) -> None:
    make_document(project, kind=SourceDocument.Kind.CCAP)

    assert 'data-has-rc="false"' in show(alice, project)


def test_a_reload_in_mid_run_shows_the_stored_progress(alice: Client, project: Project) -> None:
    step = {"status": "extracting_text", "message": "Lecture du texte : page 3 sur 9"}
    make_operation(project, status=Operation.Status.RUNNING, progress=37, step=step)

    text = show(alice, project)

    assert 'aria-valuenow="37"' in text
    assert "Lecture du texte : page 3 sur 9" in text
    assert "En cours" in text


def test_a_failed_operation_says_why(alice: Client, project: Project) -> None:
    error = {"code": "pdf_encrypted", "error": "Ce PDF est protégé.", "retryable": False}
    make_operation(project, status=Operation.Status.FAILED, error=error)

    assert "Ce PDF est protégé." in show(alice, project)


def test_facts_stand_with_their_page_and_quote(alice: Client, project: Project) -> None:
    document = analyse(project)

    text = show(alice, project, "analysis-panel")

    assert "2026-042" in text
    assert "Marché n° 2026-042" in text
    assert f"/documents/{document.id}/#page=1" in text


def test_what_was_not_found_is_said(alice: Client, project: Project) -> None:
    analyse(project)

    text = show(alice, project, "analysis-panel")

    assert "Non trouvé – allez le lire" in text
    assert "Date limite non trouvée." in text


def test_a_contradiction_is_said(alice: Client, project: Project) -> None:
    deadline = datetime(2027, 5, 1, 10, 0, tzinfo=UTC)
    analyse(project, submission_deadline=Fact[Any](value=deadline, status="conflict", page=1, quote="1er mai"))

    text = show(alice, project, "analysis-panel")

    assert "samedi 1er mai 2027 à 12\u00a0h\u00a000" in text
    assert "Contradictoire" in text


def test_what_no_words_of_the_document_prove_is_marked(alice: Client, project: Project) -> None:
    deadline = datetime(2027, 5, 1, 10, 0, tzinfo=UTC)
    proven = analyse(project)
    before = show(alice, project, "analysis-panel").count("Non vérifié")
    proven.analyses.all().delete()
    analyse(
        project,
        submission_deadline=Fact[Any](value=deadline, status="found"),
        buyer=Fact[Any](value="Commune de Valmont", status="found"),
        award_criteria=(AwardCriterion(name="Prix", weight=40, unit="percent"),),
    )
    make_requirement(project, page=None, quote="")

    text = show(alice, project, "analysis-panel")

    assert (before, text.count("Non vérifié")) == (0, 4)


def test_an_analysis_that_found_nothing_has_an_empty_state_for_each_list(alice: Client, project: Project) -> None:
    analyse(project, award_criteria=(), warnings=())

    text = show(alice, project, "analysis-panel")

    assert "Aucun critère trouvé" in text
    assert "Aucune pièce trouvée" in text
    assert "Aucune exigence trouvée" in text
    assert "d’attention" not in text


def test_documents_to_hand_in_stand_by_part(alice: Client, project: Project) -> None:
    documents = (
        RequiredDocument(name="Acte d’engagement", part="offer"),
        RequiredDocument(name="DC1", part="application", mandatory=False),
    )
    analyse(project, required_documents=documents)

    text = show(alice, project, "analysis-panel")

    assert text.index("Candidature") < text.index("DC1") < text.index("Offre") < text.index("Acte d’engagement")
    assert text.count("si concerné") == 1


def test_criteria_without_weights_are_said_to_be_ranked(alice: Client, project: Project) -> None:
    analyse(project, award_criteria=(AwardCriterion(name="Pertinence"), AwardCriterion(name="Coût")))

    text = show(alice, project, "analysis-panel")

    assert "ne donne pas de pondération" in text


def test_requirements_show_category_duty_and_review(alice: Client, project: Project) -> None:
    analyse(project)
    make_requirement(project, category="social", mandatory=False, status="rejected", article="6.2")

    text = show(alice, project, "analysis-panel")

    assert 'data-category="social"' in text
    assert ">Social<" in text
    assert "Facultative" in text
    assert "art. 6.2" in text
    assert 'data-status="rejected"' in text


def test_an_analysis_of_an_older_schema_does_not_break_the_page(alice: Client, project: Project) -> None:
    make_analysis(make_document(project), result={"unknown": True})

    assert "L’analyse apparaîtra ici" in show(alice, project)


def test_the_newest_analysis_is_shown(alice: Client, project: Project) -> None:
    analyse(project, reference=Fact[str](value="ANCIENNE", status="found", page=1, quote="ANCIENNE"))
    analyse(project, reference=Fact[str](value="NOUVELLE", status="found", page=1, quote="NOUVELLE"))

    text = show(alice, project, "analysis-panel")

    assert "NOUVELLE" in text
    assert "ANCIENNE" not in text


@pytest.mark.parametrize("page", ["project-page", "analysis-panel", "documents-panel"])
def test_hostile_texts_are_shown_as_text(page: str, alice: Client, project: Project) -> None:
    project.title = project.buyer = HOSTILE
    project.save()
    document = make_document(project, filename=f"{HOSTILE}.pdf")
    fact = Fact[str](value=HOSTILE, status="found", page=1, quote=HOSTILE)
    result = make_result(object=fact, platform_url=fact, award_criteria=(AwardCriterion(name=HOSTILE, quote=HOSTILE),))
    make_analysis(document, result=result.model_dump(mode="json"))
    make_requirement(project, text=HOSTILE, quote=HOSTILE, category=HOSTILE[:50])
    make_operation(project, step={"message": HOSTILE})

    html = alice.get(reverse(page, args=[project.id])).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_a_platform_address_is_a_link_only_when_it_is_one(alice: Client, project: Project) -> None:
    analyse(project, platform_url=Fact[str](value="javascript:alert(1)", status="found", page=1, quote="x"))

    html = alice.get(reverse("analysis-panel", args=[project.id])).content.decode()

    assert 'href="javascript' not in html


def test_nothing_on_the_page_runs_or_styles_inline(alice: Client, project: Project) -> None:
    analyse(project)
    make_requirement(project)

    response = alice.get(reverse("project-page", args=[project.id]))

    html = response.content.decode()
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", html) == []
    assert re.findall(r'\s(?:style|on\w+)="', html) == []
    assert re.findall(r'(?:src|href)="https?://(?!testserver)', html) == []
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_more_of_everything_costs_no_more_queries(
    alice: Client, project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def add() -> None:
        analyse(project)
        make_match(project)
        make_section(project, text="Un texte").requirements.add(make_requirement(project))
        make_generated(project)

    def open_page() -> None:
        alice.get(reverse("project-page", args=[project.id]))

    add()
    make_operation(project)
    with CaptureQueriesContext(connection) as first:
        open_page()
    for _ in range(5):
        add()

    with django_assert_num_queries(len(first)):
        open_page()
