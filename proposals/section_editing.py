"""
What people do with the text of a section: edit, lock, restore. Nobody overwrites what they have not seen: who saves
says which version they started from.

Source: docs/sections.md, "Texts and versions".
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from proposals import briefs, differences, sections
from proposals.differences import Piece
from proposals.exceptions import AnalysisMissing, ProposalsError
from proposals.grounding.gaps import find_gaps
from proposals.models import Section, SectionVersion, User
from proposals.sections import SectionGone
from proposals.writing import Grounding

Origin = SectionVersion.Origin

#: Longest text of a section, in code points: some thirty thousand words.
MAX_TEXT = 200_000


class SectionChanged(ProposalsError):
    """Somebody changed the text after the version that was edited; `section` is what it is now."""

    code = "section_changed"
    user_message = "Cette section a changé entre-temps. Comparez avec le texte actuel avant d’enregistrer."

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        newest = section.versions.filter(number=section.version).select_related("author").first()
        author = newest.author.username if newest and newest.author else ""
        self.details = {"version": [str(section.version)], "text": [section.text], "author": [author]}


class SectionLocked(ProposalsError):
    """Somebody locked the section."""

    code = "section_locked"
    user_message = "Cette section est verrouillée. Déverrouillez-la pour la modifier."


class SectionBeingWritten(ProposalsError):
    """A run writes the section at this moment."""

    code = "section_being_written"
    user_message = "Cette section est en cours de rédaction. Attendez la fin, ou annulez la rédaction."


class VersionMissing(ProposalsError):
    """The section never had that version."""

    code = "version_missing"
    user_message = "Cette version n’existe pas."


def edit(section: Section, *, text: str, version: int, by: User) -> Section:
    """
    Save the text that a person wrote, and return the section as it is now. What it rests on and how good it is are
    worked out anew. The same text again changes nothing.

    Args:
        version: the section's version when the person began to edit.

    Raises:
        SectionChanged: it has another text by now.
        SectionLocked, SectionBeingWritten, SectionGone: it cannot be changed.
    """
    return _save(section, text, version=version, origin=Origin.EDITED, by=by)


def restore(section: Section, *, number: int, version: int, by: User) -> Section:
    """
    Make the text of an earlier version the present one, as a new version.

    Args:
        version: the section's version that the person saw.

    Raises:
        VersionMissing: there is no version of that number.
        SectionChanged, SectionLocked, SectionBeingWritten, SectionGone: as in `edit`.
    """
    text = get_version(section, number).text
    return _save(section, text, version=version, origin=Origin.RESTORED, by=by)


def lock(section: Section) -> Section:
    """Protect the text of a section from everybody, runs included. Locking again changes nothing."""
    return _set_lock(section, locked=True)


def unlock(section: Section) -> Section:
    """Let the text of a section be changed again."""
    return _set_lock(section, locked=False)


def get_version(section: Section, number: int) -> SectionVersion:
    """
    Return a version of a section.

    Raises:
        VersionMissing: there is none of that number.
    """
    version = section.versions.filter(number=number).select_related("author").first()
    if version is None:
        raise VersionMissing
    return version


def compare_versions(section: Section, *, earlier: int, later: int) -> list[Piece]:
    """
    Return what changed from one version of a section to another.

    Raises:
        VersionMissing: there is none of one of the numbers.
    """
    return differences.compare(get_version(section, earlier).text, get_version(section, later).text)


def compare_with_saved(section: Section, text: str) -> list[Piece]:
    """Return what saving a text would change of a section's present one."""
    return differences.compare(section.text, text)


def _save(section: Section, text: str, *, version: int, origin: str, by: User) -> Section:
    current = _read(section)
    _check(current, version)
    if current.version and text == current.text:
        return current
    assessment = _assess(current, text)  # takes a moment: before any row is held
    with transaction.atomic():
        held = sections.hold(section.id)
        _check(held, version)
        added = sections.add_version(held, origin=origin, text=text, author=by, **assessment)
        sections.adopt(held, added, edited=True, by=by)
        sections.announce([held])
    return held


def _read(section: Section) -> Section:
    current = Section.objects.select_related("project__company").filter(id=section.id).first()
    if current is None:
        raise SectionGone
    return current


def _check(section: Section, version: int) -> None:
    if section.version != version:
        raise SectionChanged(section)
    if section.locked:
        raise SectionLocked
    if section.status == Section.Status.WRITING:
        raise SectionBeingWritten


def _assess(section: Section, text: str) -> dict[str, Any]:
    """Return the fields of a version that say what its text rests on, and how good it is."""
    try:
        found, measured = briefs.assess(section, text)
    except AnalysisMissing:  # nothing to compare with yet; what the text itself says is missing counts all the same
        return {"grounding": Grounding(gaps=find_gaps(text)).model_dump(mode="json"), "quality": None}
    return {"grounding": found.model_dump(mode="json"), "quality": measured.model_dump(mode="json")}


@transaction.atomic
def _set_lock(section: Section, *, locked: bool) -> Section:
    held = sections.hold(section.id)
    if held.locked != locked:
        held.locked = locked
        held.save(update_fields=["locked", "updated_at"])
        sections.announce([held])
    return held
