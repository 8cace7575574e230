"""
Compose a section: which passages stand under which requirements, in which order, and how much of each.

Source: docs/generation.md, "The offline writer".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from proposals.engines.offline.writing import wording
from proposals.engines.offline.writing.passages import HEADING, cut, share_out
from proposals.grounding.terms import Terms
from proposals.quality import count_words
from proposals.writing import RequirementToCover, SectionBrief, Source

#: No passage is cut below this: less than a few sentences proves nothing.
LEAST_WORDS = 45
#: How many times the words of a title the requirement may have that it is taken from.
MORE_THAN_THE_TITLE = 2.5
#: Share of a requirement's words from which on a passage tells what is asked.
TOLD = 0.7
#: Share of a section's budget that headings and announcements take.
OVERHEAD = 0.1

TO_COMPLETE = f"{HEADING} Points à compléter"


@dataclass
class Group:
    """Requirements that the same passage answers first, and the passages that stand under them."""

    requirements: list[RequirementToCover]
    passages: list[Source] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def compose(brief: SectionBrief) -> Iterator[str]:
    """Yield the paragraphs, lists, tables and headings of a section, in order."""
    asked = _asked_of_the_whole(brief)
    yield wording.open_section(brief, asked)
    groups, gaps = _group(brief, sorted(brief.requirements, key=lambda item: item is not asked))
    bodies = _bodies(brief, groups)
    for group in groups:
        yield from _write_group(group, brief, bodies, asked)
    missing = [wording.report_gap(requirement) for requirement in gaps]
    if not groups and not missing:
        missing = [wording.report_empty(brief)]
    if missing:
        yield TO_COMPLETE
        yield "\n".join(f"- {gap}" for gap in missing)


def _asked_of_the_whole(brief: SectionBrief) -> RequirementToCover | None:
    """Return the requirement that the section's title is taken from: it has the title's words and few others."""
    terms = Terms()
    title = frozenset(terms.of(brief.title))
    for item in brief.requirements:
        asked = frozenset(terms.of(item.source.text))
        if title and title <= asked and len(asked) <= MORE_THAN_THE_TITLE * len(title):
            return item
    return None


def _group(
    brief: SectionBrief, requirements: Sequence[RequirementToCover]
) -> tuple[list[Group], list[RequirementToCover]]:
    """Return the groups in the order of their first requirement, and the requirements that nothing answers."""
    known = {source.key: source for source in brief.passages}
    groups: dict[str, Group] = {}
    gaps = []
    taken: set[str] = set()
    for requirement in requirements:
        found = [known[key] for key in requirement.passages if key in known]
        own = [source for source in found if not source.used_in]
        if not found:
            gaps.append(requirement)
        elif own:
            _join_group(groups, requirement, own, taken)
        else:
            titles = list(dict.fromkeys(source.used_in for source in found))[:1]
            groups.setdefault(f"elsewhere {titles[0]}", Group([], elsewhere=titles)).requirements.append(requirement)
    answering = {key for item in brief.requirements for key in item.passages}
    others = [source for source in brief.passages if source.key not in answering and not source.used_in]
    if others:
        groups["others"] = Group([], passages=others)
    return list(groups.values()), gaps


def _join_group(
    groups: dict[str, Group], requirement: RequirementToCover, own: Sequence[Source], taken: set[str]
) -> None:
    home = next((key for key, group in groups.items() if own[0] in group.passages), own[0].key)
    group = groups.setdefault(home, Group([]))
    group.requirements.append(requirement)
    fresh = [source for source in own if source.key not in taken]
    group.passages += fresh
    taken.update(source.key for source in fresh)


def _bodies(brief: SectionBrief, groups: Sequence[Group]) -> dict[str, str]:
    """Return what is kept of each passage, so that the section keeps to its words."""
    terms = Terms()
    questions = {
        source.key: " ".join([brief.title, *(item.source.text for item in group.requirements)])
        for group in groups
        for source in group.passages
    }
    passages = [source for group in groups for source in group.passages]
    budget = round(brief.words_budget * (1 - OVERHEAD))
    shares = share_out([count_words(source.text) for source in passages], budget)
    return {
        source.key: cut(
            source.text,
            words=max(share, LEAST_WORDS),
            question=frozenset(terms.of(questions[source.key])),
            terms=terms,
        )
        for source, share in zip(passages, shares, strict=True)
    }


def _write_group(
    group: Group, brief: SectionBrief, bodies: dict[str, str], asked: RequirementToCover | None
) -> Iterator[str]:
    announced = [item for item in group.requirements if item is not asked]
    if group.elsewhere:
        if announced:
            yield wording.announce(announced, brief)
        yield wording.refer(group.elsewhere)
    unsure = [item for item in group.requirements if item.is_partial and not _is_told_by(item, group.passages)]
    for number, source in enumerate(group.passages):
        yield f"{HEADING} {source.title}"
        if number == 0 and announced:
            yield wording.announce(announced, brief)
        if number == 0 and unsure:
            yield "\n".join(f"- {wording.report_partial(item, source.title)}" for item in unsure)
        if source.is_expired:
            yield wording.report_expired(source.title)
        yield bodies[source.key]


def _is_told_by(requirement: RequirementToCover, passages: Sequence[Source]) -> bool:
    """Whether the passages have most of a requirement's words, however well the search thinks of them."""
    terms = Terms()
    asked = frozenset(terms.of(requirement.source.text))
    told = frozenset(stem for source in passages for stem in terms.of(f"{source.title} {source.text}"))
    return len(asked & told) >= TOLD * len(asked)
