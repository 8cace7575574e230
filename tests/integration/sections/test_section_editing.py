"""What people do with the text of a section, also when two do it at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from proposals import section_editing, sections
from proposals.models import Operation, Project, Section, SectionVersion
from proposals.section_editing import SectionBeingWritten, SectionChanged, SectionLocked, VersionMissing
from proposals.sections import SectionGone
from proposals.writing import Grounding
from tests.factories import Cast, make_analysis, make_document, make_item, make_section
from tests.integration.sections.conftest import WRITTEN, Events

Status = Section.Status


@pytest.fixture
def section(project: Project, generation: Operation) -> Section:
    """A section that a run has written."""
    section = make_section(project, order=1, title="Moyens humains")
    sections.begin(section.id, operation=generation)
    sections.finish(section.id, operation=generation, started_version=0, **WRITTEN)
    section.refresh_from_db()
    return section


def numbers(section: Section) -> list[tuple[int, str]]:
    return list(section.versions.values_list("number", "origin"))


def test_an_edit_is_a_new_version_with_its_author(section: Section, cast: Cast, events: Events) -> None:
    edited = section_editing.edit(section, text="Nous sommes cinq.", version=1, by=cast.alice)

    section.refresh_from_db()
    newest = section.versions.get(number=2)
    assert (edited.text, edited.version, edited.edited, edited.updated_by) == ("Nous sommes cinq.", 2, True, cast.alice)
    assert section.text == "Nous sommes cinq."
    assert (newest.origin, newest.author, newest.text) == ("edited", cast.alice, "Nous sommes cinq.")
    assert section.versions.get(number=1).text == WRITTEN["text"]
    said = events("section")[-1]
    assert (said["version"], said["edited"], said["length"], said["operation_id"]) == (2, True, 17, None)


def test_a_section_that_was_never_written_can_be_written_by_hand(project: Project, cast: Cast) -> None:
    section = make_section(project)

    edited = section_editing.edit(section, text="À la main.", version=0, by=cast.bob)

    assert (edited.status, edited.version) == (Status.WRITTEN, 1)


def test_saving_the_same_text_again_changes_nothing(section: Section, cast: Cast, events: Events) -> None:
    before = len(events())

    section_editing.edit(section, text=WRITTEN["text"], version=1, by=cast.alice)

    assert numbers(section) == [(1, "generated")]
    assert len(events()) == before


def test_who_edits_an_older_version_gets_the_present_one_and_overwrites_nothing(section: Section, cast: Cast) -> None:
    stale = Section.objects.get(id=section.id)
    section_editing.edit(section, text="De Bob.", version=1, by=cast.bob)

    with pytest.raises(SectionChanged) as refusal:
        section_editing.edit(stale, text="D'Alice.", version=1, by=cast.alice)

    assert refusal.value.details == {"version": ["2"], "text": ["De Bob."], "author": ["bob"]}
    section.refresh_from_db()
    assert section.text == "De Bob."


def test_the_author_of_a_generated_text_is_nobody(section: Section, cast: Cast) -> None:
    with pytest.raises(SectionChanged) as refusal:
        section_editing.edit(section, text="D'Alice.", version=0, by=cast.alice)

    assert refusal.value.details is not None
    assert refusal.value.details["author"] == [""]


def test_a_locked_section_is_neither_edited_nor_restored(section: Section, cast: Cast, events: Events) -> None:
    locked = section_editing.lock(section)
    section_editing.lock(section)

    with pytest.raises(SectionLocked):
        section_editing.edit(section, text="Autre.", version=1, by=cast.alice)
    with pytest.raises(SectionLocked):
        section_editing.restore(section, number=1, version=1, by=cast.alice)
    assert locked.locked
    assert [frame["locked"] for frame in events("section")][-2:] == [False, True]


def test_an_unlocked_section_can_be_edited_again(section: Section, cast: Cast) -> None:
    section_editing.lock(section)

    unlocked = section_editing.unlock(section)

    assert not unlocked.locked
    assert section_editing.edit(section, text="Autre.", version=1, by=cast.alice).version == 2


def test_a_section_that_is_being_written_is_not_edited(section: Section, generation: Operation, cast: Cast) -> None:
    sections.begin(section.id, operation=generation)

    with pytest.raises(SectionBeingWritten):
        section_editing.edit(section, text="Autre.", version=1, by=cast.alice)


def test_a_lock_while_it_is_written_keeps_the_draft_and_the_text(
    section: Section, generation: Operation, events: Events
) -> None:
    sections.begin(section.id, operation=generation)
    sections.append(section.id, operation=generation, position=0, text="En cours")

    section_editing.lock(section)

    section.refresh_from_db()
    assert (section.status, section.draft, section.locked) == (Status.WRITING, "En cours", True)
    assert not sections.finish(section.id, operation=generation, started_version=1, **{**WRITTEN, "text": "Neuf."})
    section.refresh_from_db()
    assert section.text == WRITTEN["text"]


def test_a_restored_text_is_a_new_version(section: Section, cast: Cast) -> None:
    section_editing.edit(section, text="Autre.", version=1, by=cast.bob)

    restored = section_editing.restore(section, number=1, version=2, by=cast.alice)

    assert (restored.text, restored.version) == (WRITTEN["text"], 3)
    assert numbers(section) == [(3, "restored"), (2, "edited"), (1, "generated")]
    assert section.versions.get(number=3).author == cast.alice


def test_who_restores_without_having_seen_the_present_text_is_told(section: Section, cast: Cast) -> None:
    section_editing.edit(section, text="Autre.", version=1, by=cast.bob)

    with pytest.raises(SectionChanged):
        section_editing.restore(section, number=1, version=1, by=cast.alice)


def test_a_version_that_never_was_is_missing(section: Section, cast: Cast) -> None:
    with pytest.raises(VersionMissing):
        section_editing.restore(section, number=9, version=1, by=cast.alice)
    with pytest.raises(VersionMissing):
        section_editing.compare_versions(section, earlier=1, later=9)


def test_versions_never_share_a_number_with_one_that_was_kept_aside(
    section: Section, generation: Operation, cast: Cast
) -> None:
    section_editing.lock(section)
    sections.begin(section.id, operation=generation)
    sections.finish(section.id, operation=generation, started_version=1, **{**WRITTEN, "text": "Mis de côté."})
    section_editing.unlock(section)

    edited = section_editing.edit(section, text="Le mien.", version=1, by=cast.alice)

    assert edited.version == 3
    assert numbers(section) == [(3, "edited"), (2, "generated"), (1, "generated")]


def test_a_difference_is_told_word_by_word(section: Section, cast: Cast) -> None:
    edited = section_editing.edit(section, text="Notre grande équipe 🙂 est là.", version=1, by=cast.alice)

    pieces = section_editing.compare_versions(edited, earlier=1, later=2)

    assert [tuple(piece) for piece in pieces] == [
        ("equal", "Notre"),
        ("insert", " grande"),
        ("equal", " équipe 🙂 est là."),
    ]


def test_every_text_that_a_section_had_can_be_read(section: Section, cast: Cast) -> None:
    section_editing.edit(section, text="Autre.", version=1, by=cast.bob)

    texts = {number: section_editing.get_version(section, number).text for number, _ in numbers(section)}

    assert texts == {1: WRITTEN["text"], 2: "Autre."}
    assert SectionVersion.objects.filter(section=section).count() == 2


def test_an_edited_text_is_assessed_anew(section: Section, cast: Cast) -> None:
    document = make_document(section.project)
    make_analysis(document, page_texts=["Le marché porte sur des services numériques."])
    make_item(section.project.company, body="Notre équipe compte 12 ingénieurs certifiés et un directeur de projet.")
    text = "Notre équipe compte 12 ingénieurs certifiés et un directeur de projet. Elle a 47 ans. [à compléter : CV]"

    edited = section_editing.edit(section, text=text, version=1, by=cast.alice)

    found = Grounding.model_validate(edited.grounding)
    assert [source.kind for source in found.sources] == ["library"]
    assert [violation.text for violation in found.violations] == ["47 ans"]
    assert [gap.text for gap in found.gaps] == ["CV"]
    assert edited.quality is not None
    assert edited.quality_score == edited.quality["score"] != WRITTEN["quality"].score
    assert edited.versions.get(number=2).grounding == edited.grounding


def test_without_an_analysis_what_is_missing_is_still_found(section: Section, cast: Cast) -> None:
    edited = section_editing.edit(section, text="Nous [à compléter : effectif].", version=1, by=cast.alice)

    assert [gap.text for gap in Grounding.model_validate(edited.grounding).gaps] == ["effectif"]
    assert (edited.quality, edited.quality_score) == (None, None)


def test_a_section_that_left_the_plan_is_not_edited(section: Section, cast: Cast) -> None:
    Section.objects.filter(id=section.id).delete()

    with pytest.raises(SectionGone):
        section_editing.edit(section, text="Autre.", version=1, by=cast.alice)
    with pytest.raises(SectionGone):
        section_editing.lock(section)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_save_in_the_same_moment_one_wins_and_the_others_are_told(section: Section, cast: Cast) -> None:
    ready = threading.Barrier(4)

    def save(number: int) -> bool:
        try:
            ready.wait(timeout=10)
            section_editing.edit(section, text=f"Texte {number}.", version=1, by=cast.alice)
        except SectionChanged:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(save, range(4)))

    section.refresh_from_db()
    assert sorted(outcomes) == [False, False, False, True]
    assert (section.version, section.text) == (2, f"Texte {outcomes.index(True)}.")
