"""What is still to be done before a proposal can be handed in, as one list for every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proposals.documents.characters import one_line
from proposals.documents.content import ProposalContent, ProposalSection, RequirementLine

VIOLATIONS = {"name": "nom", "figure": "chiffre", "date": "date", "reference": "référence"}


@dataclass(frozen=True, slots=True)
class ToDo:
    """
    One thing to do.

    Args:
        section: number of the section; empty for a requirement that no section answers.
        kind: what sort of thing, in words for the team.
        text: what is asked, Markdown.
    """

    section: str
    place: str
    kind: str
    text: str


def list_to_do(content: ProposalContent) -> Iterator[ToDo]:
    """Yield gaps and unproven statements in the order of the sections, then requirements without an answer."""
    for section in content.sections:
        yield from _of_section(section)
    for line in content.requirements:
        if line.coverage == "missing":
            yield _of_requirement(line)


def _of_section(section: ProposalSection) -> Iterator[ToDo]:
    place = f"{section.number}. {one_line(section.title)}"
    for gap in section.gaps:
        yield ToDo(section.number, place, "à compléter", gap)
    for violation in section.violations:
        yield ToDo(section.number, place, f"{VIOLATIONS[violation.kind]} à vérifier", one_line(violation.text))


def _of_requirement(line: RequirementLine) -> ToDo:
    return ToDo("", f"Exigence {line.code}", "sans réponse", one_line(line.text))
