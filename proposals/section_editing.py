"""
What people do with the text of a section: edit, lock, restore. Nobody overwrites what they have not seen: who saves
says which version they started from.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from proposals import differences, sections
from proposals.differences import Piece
from proposals.exceptions import ProposalsError
from proposals.models import Section, SectionVersion, User

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
    Save the text that a person wrote, and return the section as it is now. The same text again changes nothing.

    Args:
        version: the section's version when the person began to edit.

    Raises:
        SectionChanged: it has another text by now.
        SectionLocked, SectionBeingWritten, SectionGone: it cannot be changed.
    """
    return _change(section, version, lambda held: _save(held, text, origin=Origin.EDITED, by=by))


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
    return _change(section, version, lambda held: _save(held, text, origin=Origin.RESTORED, by=by))


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


@transaction.atomic
def _change(section: Section, version: int, change: Callable[[Section], None]) -> Section:
    held = sections.hold(section.id)
    if held.version != version:
        raise SectionChanged(held)
    if held.locked:
        raise SectionLocked
    if held.status == Section.Status.WRITING:
        raise SectionBeingWritten
    change(held)
    return held


def _save(section: Section, text: str, *, origin: str, by: User) -> None:
    if section.version and text == section.text:
        return
    added = sections.add_version(section, origin=origin, text=text, author=by)
    sections.adopt(section, added, edited=True, by=by)
    sections.announce([section])


@transaction.atomic
def _set_lock(section: Section, *, locked: bool) -> Section:
    held = sections.hold(section.id)
    if held.locked != locked:
        held.locked = locked
        held.save(update_fields=["locked", "updated_at"])
        sections.announce([held])
    return held
