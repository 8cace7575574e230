"""What a run does to sections: plan, begin, grow, finish, abandon."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from proposals import lifecycle, sections
from proposals.models import Operation, Project, Section
from proposals.sections import SectionGone, max_piece
from proposals.writing import Criterion, PlannedSection
from tests.factories import Cast, make_project, make_requirement, make_section
from tests.integration.sections.conftest import QUALITY, WRITTEN, Events

Status = Section.Status


def plan(*titles: str, **fields: Any) -> list[PlannedSection]:
    return [PlannedSection(title=title, **fields) for title in titles]


def titles(project: Project) -> list[tuple[int, str]]:
    return list(Section.objects.filter(project=project).values_list("order", "title"))


def begun(section: Section, generation: Operation) -> Section:
    return sections.begin(section.id, operation=generation)


def test_a_plan_becomes_numbered_sections(project: Project, cast: Cast, events: Events) -> None:
    requirement = make_requirement(project)
    criterion = Criterion(number="2", name="Valeur technique", weight=60, unit="percent")
    planned = PlannedSection(
        key="team", title="Moyens", guidance="Décrire.", criterion=criterion, requirement_ids=(requirement.id,)
    )

    first, second = sections.store_plan(project, [planned, *plan("Méthode")], by=cast.alice)

    assert titles(project) == [(1, "Moyens"), (2, "Méthode")]
    assert (first.key, first.guidance, first.updated_by) == ("team", "Décrire.", cast.alice)
    assert first.criterion == criterion.model_dump(mode="json")
    assert list(first.requirements.all()) == [requirement]
    assert not second.requirements.exists()
    assert [(frame["order"], frame["title"], frame["status"]) for frame in events("section")] == [
        (1, "Moyens", "planned"),
        (2, "Méthode", "planned"),
    ]


def test_a_requirement_of_another_project_is_not_planned(project: Project, cast: Cast) -> None:
    foreign = make_requirement(make_project(cast.company_b))

    (section,) = sections.store_plan(project, plan("Méthode", requirement_ids=(foreign.id,)), by=None)

    assert not section.requirements.exists()


def test_a_new_plan_replaces_what_nobody_wrote_or_locked(project: Project, events: Events) -> None:
    unwritten = make_section(project, order=1, title="Ancien")
    make_section(project, order=2, title="Écrit", text="Un texte.", version=1, status=Status.WRITTEN)
    make_section(project, order=3, title="Réservé", locked=True)

    sections.store_plan(project, plan("Nouveau"), by=None)

    assert titles(project) == [(1, "Nouveau"), (2, "Écrit"), (3, "Réservé")]
    removed = [frame["section_id"] for frame in events("section") if frame["status"] == "removed"]
    assert removed == [str(unwritten.id)]


def test_a_section_with_versions_alone_is_kept_too(project: Project) -> None:
    section = make_section(project, order=1, title="Gardé")
    sections.add_version(section, origin="generated", text="Écarté au dernier moment.")

    sections.store_plan(project, plan("Nouveau"), by=None)

    assert titles(project) == [(1, "Nouveau"), (2, "Gardé")]


@pytest.mark.parametrize("planned", [{"title": "MOYENS humains"}, {"title": "L'équipe", "key": "team"}])
def test_a_written_section_takes_the_place_that_the_plan_has_for_it(project: Project, planned: dict[str, Any]) -> None:
    own, new = make_requirement(project), make_requirement(project)
    kept = make_section(project, order=4, title="Moyens humains", key="team", text="Nous.", version=1)
    kept.requirements.add(own)

    sections.store_plan(project, [*plan("Avant"), PlannedSection(**planned, requirement_ids=(new.id,))], by=None)

    assert titles(project) == [(1, "Avant"), (2, "Moyens humains")]
    assert set(kept.requirements.all()) == {own, new}


def test_a_section_of_ones_own_is_never_taken_for_another_of_that_kind(project: Project) -> None:
    make_section(project, order=1, title="À nous", text="Texte.", version=1)

    sections.store_plan(project, plan("Autre"), by=None)

    assert titles(project) == [(1, "Autre"), (2, "À nous")]


def test_writing_shows_an_empty_draft_that_grows(project: Project, generation: Operation, events: Events) -> None:
    section = make_section(project, text="Avant.", version=1, status=Status.WRITTEN)

    started = begun(section, generation)
    sections.append(section.id, operation=generation, position=0, text="Nous 🙂 ")
    sections.append(section.id, operation=generation, position=7, text="sommes")
    sections.append(section.id, operation=generation, position=5, text="y ")

    section.refresh_from_db()
    assert started.version == 1
    assert (section.status, section.draft, section.text) == (Status.WRITING, "Nous y ", "Avant.")
    assert [frame["position"] for frame in events("section_text")] == [0, 7, 5]
    assert {(frame["operation_id"], frame["attempt"]) for frame in events()} == {(str(generation.id), 1)}


def test_a_long_text_is_said_in_pieces_that_an_event_can_hold(
    project: Project, generation: Operation, events: Events
) -> None:
    section = make_section(project)
    begun(section, generation)
    longest = max_piece()
    text = "\x01" * (2 * longest + 5)

    sections.append(section.id, operation=generation, position=0, text=text)

    said = events("section_text")
    assert [(frame["position"], len(frame["text"])) for frame in said] == [
        (0, longest),
        (longest, longest),
        (2 * longest, 5),
    ]
    assert "".join(frame["text"] for frame in said) == text


def test_a_draft_has_no_holes_and_grows_only_while_it_is_written(project: Project, generation: Operation) -> None:
    section = make_section(project)

    with pytest.raises(ValueError, match="being written"):
        sections.append(section.id, operation=generation, position=0, text="x")
    begun(section, generation)
    with pytest.raises(ValueError, match="holes"):
        sections.append(section.id, operation=generation, position=1, text="x")


def test_an_attempt_that_begins_again_drops_what_the_lost_one_wrote(
    project: Project, generation: Operation, events: Events
) -> None:
    section = make_section(project)
    begun(section, generation)
    sections.append(section.id, operation=generation, position=0, text="Moitié")
    generation.attempt = 2

    begun(section, generation)

    section.refresh_from_db()
    assert section.draft == ""
    last = events("section_text")[-1]
    assert (last["position"], last["text"], last["attempt"]) == (0, "", 2)


def test_a_finished_section_has_its_text_as_a_version(project: Project, generation: Operation, events: Events) -> None:
    section = make_section(project, edited=True)
    begun(section, generation)

    assert sections.finish(section.id, operation=generation, started_version=0, **WRITTEN)

    section.refresh_from_db()
    (version,) = section.versions.all()
    assert (section.text, section.status, section.version, section.draft) == (WRITTEN["text"], Status.WRITTEN, 1, "")
    assert (section.quality_score, section.engine, section.edited) == (0.8, "offline", False)
    assert section.quality == QUALITY.model_dump(mode="json")
    assert (version.number, version.origin, version.text) == (1, "generated", WRITTEN["text"])
    assert version.operation == generation
    done, changed = events()[-2:]
    assert (done["type"], done["length"], done["quality_score"]) == ("section_done", 22, 0.8)
    assert (changed["type"], changed["status"], changed["sha256"]) == ("section", "written", done["sha256"])


@pytest.mark.parametrize("change", [{"locked": True}, {"version": 3, "text": "À moi.", "edited": True}])
def test_what_a_person_changed_or_locked_meanwhile_stays(
    project: Project, generation: Operation, change: dict[str, Any], events: Events
) -> None:
    section = make_section(project)
    begun(section, generation)
    Section.objects.filter(id=section.id).update(**change)

    assert not sections.finish(section.id, operation=generation, started_version=0, **WRITTEN)

    section.refresh_from_db()
    (version,) = section.versions.all()
    assert section.text == change.get("text", "")
    assert section.status == (Status.WRITTEN if "text" in change else Status.PLANNED)
    assert version.text == WRITTEN["text"]
    assert version.number == section.version + 1
    assert not events("section_done")
    assert events("section")[-1]["status"] == section.status


def test_a_section_that_left_the_plan_is_not_written(project: Project, generation: Operation) -> None:
    nowhere = uuid.uuid4()

    with pytest.raises(SectionGone):
        sections.begin(nowhere, operation=generation)
    with pytest.raises(SectionGone):
        sections.append(nowhere, operation=generation, position=0, text="x")
    assert not sections.finish(nowhere, operation=generation, started_version=0, **WRITTEN)
    sections.abandon(nowhere, operation=generation)


@pytest.mark.parametrize(("text", "version", "status"), [("", 0, Status.PLANNED), ("Avant.", 2, Status.WRITTEN)])
def test_an_abandoned_section_is_as_it_was(
    project: Project, generation: Operation, text: str, version: int, status: str, events: Events
) -> None:
    section = make_section(project, text=text, version=version, status=status)
    begun(section, generation)
    sections.append(section.id, operation=generation, position=0, text="Moitié")

    sections.abandon(section.id, operation=generation)
    sections.abandon(section.id, operation=generation)

    section.refresh_from_db()
    assert (section.text, section.draft, section.status) == (text, "", status)
    assert [frame["status"] for frame in events("section")] == ["writing", status]


@pytest.mark.parametrize("end", ["failed", "cancelled", "succeeded"])
def test_no_section_stays_unfinished_when_its_run_ends(project: Project, generation: Operation, end: str) -> None:
    section = make_section(project)
    begun(section, generation)
    now = lifecycle.current_time()
    run: dict[str, Any] = {"operation_id": generation.id, "attempt": 1, "now": now}

    if end == "succeeded":
        lifecycle.succeed(**run, result={})
    elif end == "cancelled":
        lifecycle.fail(**run, error=lifecycle.cancelled_error())
    else:
        lifecycle.fail(**run, error=lifecycle.make_error("internal_error", "Non.", retryable=True))

    section.refresh_from_db()
    generation.refresh_from_db()
    assert (generation.status, section.status) == (end, Status.PLANNED)


def test_the_end_of_another_kind_of_run_leaves_sections_alone(project: Project, generation: Operation) -> None:
    section = make_section(project)
    begun(section, generation)
    Operation.objects.filter(id=generation.id).update(kind=Operation.Kind.MATCHING)

    lifecycle.succeed(operation_id=generation.id, attempt=1, now=lifecycle.current_time(), result={})

    section.refresh_from_db()
    assert section.status == Status.WRITING
