"""The page of one section: its text with what it rests on, its quality, its versions; and who sees it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from proposals import sections
from proposals.models import Operation, Project, Section
from proposals.writing import Gap, Grounding, Quality, Source, Statement, Violation
from tests.factories import (
    Cast,
    make_analysis,
    make_document,
    make_item,
    make_operation,
    make_project,
    make_requirement,
    make_section,
)
from tests.integration.dashboard.conftest import Browse

TEXT = "Nous sommes 12 chez Dupont.\n\nUn <b>planning</b> est tenu. [à compléter : effectif]"
QUALITY = Quality(score=0.5, coverage=1, evidence=0.5, specificity=0.3, length=0.4)


@pytest.fixture
def section(project: Project) -> Section:
    """The second of three sections, written by a run from a passage, a requirement and a page of the RC."""
    document = make_document(project)
    make_analysis(document)
    requirement = make_requirement(project, code="R-007", text="Tenir un planning.", page=4)
    item = make_item(project.company, title="Notre équipe")
    make_section(project, order=1, title="Avant")
    section = make_section(
        project,
        order=2,
        title="Moyens humains",
        guidance="Décrire l’équipe.",
        criterion={"number": "2", "name": "Valeur technique", "weight": 60.0, "unit": "percent"},
    )
    make_section(project, order=3, title="Après")
    section.requirements.add(requirement, make_requirement(project, code="R-008", text="Former l’équipe."))
    grounding = Grounding(
        sources=(
            Source(key="L1", kind="library", id=item.id, title="Notre équipe", text=item.body, is_expired=True),
            Source(key="E1", kind="requirement", id=requirement.id, title="R-007", text=requirement.text, page=4),
            Source(key="RC2", kind="rc", title="Règlement de la consultation, p. 2", page=2),
        ),
        statements=(
            Statement(start=0, end=27, sources=("L1", "RC2")),
            Statement(start=29, end=56, sources=("E1",)),
            Statement(start=57, end=len(TEXT)),
        ),
        violations=(Violation(start=20, end=26, text="Dupont", kind="name"),),
        gaps=(Gap(start=57, end=len(TEXT), text="effectif"),),
        covered_requirement_ids=(requirement.id,),
    )
    run = make_operation(project, kind=Operation.Kind.GENERATION, status=Operation.Status.RUNNING, attempt=1)
    sections.finish(
        section.id, operation=run, started_version=0, text=TEXT, grounding=grounding, quality=QUALITY, engine="offline"
    )
    run.delete()
    section.refresh_from_db()
    return section


def page_of(client: Client, section: Section, name: str = "section-page") -> str:
    return client.get(reverse(name, args=[section.project_id, section.id])).content.decode()


def test_each_statement_shows_its_sources_and_what_has_none(alice: Client, section: Section) -> None:
    page = page_of(alice, section)

    assert '<a href="#source-L1" data-source="L1" title="Notre équipe">L1</a>' in page
    assert '<mark class="violation" title="Nom sans source">Dupont</mark>' in page
    assert '<mark class="gap" title="À compléter">' in page
    assert '<span class="said said--unproven" data-statement="2">' in page
    assert "&lt;b&gt;planning&lt;/b&gt;" in page
    assert "2 affirmations sur 3 reposent sur une source." in page


def test_sources_lead_to_the_passage_and_to_the_page_of_the_rc(alice: Client, section: Section) -> None:
    page = page_of(alice, section)

    document = section.project.documents.get()
    passage = section.grounding["sources"][0]["id"]
    assert f'<a href="{reverse("library-item", args=[passage])}"' in page
    assert f'{reverse("document-file", args=[section.project_id, document.id])}#page=2"' in page
    assert f'{reverse("document-file", args=[section.project_id, document.id])}#page=4"' in page
    assert "Périmé" in page


def test_the_quality_is_shown_in_its_parts_with_words(alice: Client, section: Section) -> None:
    page = page_of(alice, section)

    for words in (
        "Couverture",
        "Preuves",
        "Spécificité",
        "Longueur",
        "30 %",
        "part des affirmations qui ont une source",
    ):
        assert words in page
    assert "<strong>11</strong> sur 400" in page


def test_requirements_are_shown_as_covered_or_not(alice: Client, section: Section) -> None:
    page = page_of(alice, section)

    assert "covered__item--yes" in page
    assert page.index("covered__item--yes") < page.index("R-007 ·")
    assert page.index("covered__item--no") < page.index("R-008 ·")


def test_the_head_says_where_and_what_for(alice: Client, section: Section) -> None:
    page = page_of(alice, section)

    assert "Section 2 sur 3 · critère « Valeur technique » (60 %)" in page
    assert "Décrire l’équipe." in page
    assert "Version 1, rédigée par le moteur hors ligne le" in page
    assert page.index("Précédente") < page.index("Suivante")


def test_versions_are_listed_with_their_authors(alice: Client, cast: Cast, section: Section) -> None:
    version = sections.add_version(section, origin="edited", text="Autre.", author=cast.bob)
    sections.adopt(section, version, edited=True, by=cast.bob)

    page = page_of(alice, section)

    assert "Version 2, modifiée par bob" in page
    assert 'data-version-compare="1"' in page
    assert 'data-version-restore="1"' in page
    assert 'data-version-restore="2"' not in page


@pytest.mark.parametrize(("fields", "is_off"), [({}, False), ({"locked": True}, True), ({"status": "writing"}, True)])
def test_a_text_that_cannot_change_offers_no_change(
    alice: Client, section: Section, fields: dict[str, object], is_off: bool
) -> None:
    Section.objects.filter(id=section.id).update(**fields)

    page = page_of(alice, section)

    button = page[page.index("data-write") : page.index(">", page.index("data-write"))]
    assert ("disabled" in button) is is_off


def test_a_section_that_was_never_written_says_so(alice: Client, project: Project) -> None:
    section = make_section(project, order=1, title="Vide")

    page = page_of(alice, section)

    assert "Cette section n’est pas encore rédigée." in page
    assert "Versions" not in page
    assert "Reste à régler" not in page


def test_what_an_older_schema_stored_is_left_out(alice: Client, section: Section) -> None:
    Section.objects.filter(id=section.id).update(grounding={"old": True}, quality={"score": 1})

    page = page_of(alice, section)

    assert "Nous sommes 12 chez Dupont." in page
    assert "Couverture" not in page


def test_the_panel_holds_the_same_parts_alone(alice: Client, section: Section) -> None:
    page, panel = page_of(alice, section), page_of(alice, section, "section-panel")

    for name in ("section-head", "section-text", "section-aside"):
        assert f'data-fragment="{name}"' in page
        assert f'data-fragment="{name}"' in panel
    assert "<html" not in panel


def test_the_script_begins_with_the_state_of_the_section(alice: Client, section: Section) -> None:
    response = alice.get(reverse("section-page", args=[section.project_id, section.id]))

    config = response.context["config"]
    assert config["section_id"] == str(section.id)
    assert (config["section"]["version"], config["section"]["text"]) == (1, None)


@pytest.mark.parametrize("name", ["section-page", "section-panel"])
@pytest.mark.parametrize("person", ["charlie", "admin"])
def test_everybody_else_gets_404(cast: Cast, browse: Browse, section: Section, name: str, person: str) -> None:
    response = browse(getattr(cast, person)).get(reverse(name, args=[section.project_id, section.id]))

    assert response.status_code == 404


@pytest.mark.parametrize("name", ["section-page", "section-panel"])
def test_a_stranger_is_sent_to_the_login_page(browse: Browse, section: Section, name: str) -> None:
    address = reverse(name, args=[section.project_id, section.id])

    response = browse(None).get(address)

    assert response.headers["Location"] == f"{reverse('login')}?next={address}"


def test_a_section_is_found_under_its_own_project_only(alice: Client, cast: Cast, section: Section) -> None:
    other = make_project(cast.company_a)

    assert alice.get(reverse("section-page", args=[other.id, section.id])).status_code == 404
    assert alice.get(reverse("section-page", args=[section.project_id, uuid.uuid4()])).status_code == 404


def test_a_page_costs_the_same_for_few_sections_and_many(
    alice: Client, section: Section, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(20) as few:  # type: ignore[attr-defined]
        page_of(alice, section)
    for order in range(4, 24):
        make_section(section.project, order=order).requirements.add(make_requirement(section.project))

    with django_assert_max_num_queries(len(few.captured_queries)):  # type: ignore[attr-defined]
        page_of(alice, section)
