"""
What the buyer wants the technical proposal to contain, in the buyer's words and order: a list of contents in the RC
("Le CRT comprend : …"), or an enumeration in a sentence about the proposal.

Source: docs/generation.md, "The buyer's frame".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from proposals.analysis import RCAnalysisResult
from proposals.engines.offline.folding import fold
from proposals.planning.requirement import PlannedRequirement

#: Items that make a list of contents a frame, and an enumeration one. A longer list is a catalogue.
LIST_AT_LEAST = 3
LIST_AT_MOST = 40
ENUMERATION_AT_LEAST = 2
#: Longer titles lose what follows their first clause.
MAX_TITLE = 100

_NOUN_PHRASE = re.compile(r"(?:l'|les? |la |une? |des )[a-z]")
#: A verb of duty before any relative clause makes it a sentence, not a title.
_SENTENCE = re.compile(
    r"\b(?:doi(?:t|vent)|devr(?:a|ont)|est|sont|s'engage|peut|peuvent|ne |seront?|respectent?|remet|comporte|"
    r"proviennent|"
    r"entraine|s'effectue|dispose|disponibles?)\b"
)
_CLAUSE = re.compile(r",? (?:qui|dont|lequel|laquelle|lesquels|que) ")

_ABOUT_THE_PROPOSAL = re.compile(
    r"\b(?:memoire|note|cadre|crt|cmt|dossier technique|reponse technique|offre technique|il y)\b[^.;:]{0,60}?"
    r"\b(?:presente\w*|decri\w+|indiqu\w+|precis\w+|detaill\w+|expos\w+|compren\w+|comport\w+|contien\w+|contenir|"
    r"port(?:e|ant|er) sur|trait\w+)\b(?: notamment| au minimum| au moins| obligatoirement)?\s*:?\s*"
)
_DETERMINER = r"(?:les? |la |l['’]|une? |ses |leurs? |son |sa )"
_ENUMERATED = re.compile(rf"[,;] (?:ainsi que |et |puis )?(?={_DETERMINER})| (?:et|ainsi que) (?={_DETERMINER})")
_LEADING_DETERMINER = re.compile(r"^(?:[Ll]['’]|[Ll]es? |[Ll]a |[Uu]ne? |[Dd]es |[Ss]es )")
_INNER_DETERMINER = re.compile(r"(, | et )(?:les? |la |l['’])")
_ASIDE = re.compile(r", (?:avec|y compris|en particulier|notamment|en précisant) .*$")
_CLAUSE_IN_TITLE = re.compile(r",? (?:qui|dont|lequel|laquelle|lesquels) .*$")


class FrameItem(NamedTuple):
    """
    One thing that the proposal must contain.

    Args:
        title: the buyer's words, short enough for a title.
        wording: all of the buyer's words.
        requirement_id: the requirement that is this item, or whose sentence begins the enumeration with it.
        page: in the RC.
    """

    title: str
    wording: str
    requirement_id: UUID | None
    page: int | None


def find_listed(requirements: Sequence[PlannedRequirement]) -> list[FrameItem]:
    """Return the longest list of contents: noun phrases that follow each other in one article; empty if too short."""
    ordered = sorted(requirements, key=lambda requirement: requirement.code)
    lists = [list(group) for named, group in groupby(ordered, key=_list_key) if named]
    longest = max(lists, key=len, default=[])
    if not LIST_AT_LEAST <= len(longest) <= LIST_AT_MOST:
        return []
    return [FrameItem(make_title(item.text), item.text, item.id, item.page) for item in longest]


def find_enumerated(result: RCAnalysisResult, requirements: Sequence[PlannedRequirement]) -> list[FrameItem]:
    """Return what a sentence about the proposal, or the name of a paper, says it must contain; empty if too short."""
    said: list[tuple[str, int | None, UUID | None]] = [(item.text, item.page, item.id) for item in requirements]
    said += [(document.quote or document.name, document.page, None) for document in result.required_documents]
    found = [list(_items_of(text, page, identity)) for text, page, identity in said]
    longest = max(found, key=len, default=[])
    return longest if len(longest) >= ENUMERATION_AT_LEAST else []


def make_title(wording: str) -> str:
    """Return a title from the buyer's words: without articles that only a sentence needs, and without asides."""
    title = _CLAUSE_IN_TITLE.sub("", wording.strip().rstrip(".;:, "))
    if len(title) > MAX_TITLE:
        title = _ASIDE.sub("", title)
    title = _INNER_DETERMINER.sub(r"\1", _LEADING_DETERMINER.sub("", title))
    if len(title) > MAX_TITLE:
        title = re.split(r"[,;:]", title[: MAX_TITLE * 2])[0]
    return title[:1].upper() + title[1:]


def _list_key(requirement: PlannedRequirement) -> str | None:
    """What the items of one list have in common; None for a sentence."""
    phrase = _CLAUSE.split(fold(requirement.text), maxsplit=1)[0]
    is_item = bool(_NOUN_PHRASE.match(phrase)) and not _SENTENCE.search(phrase)
    return requirement.article or "-" if is_item else None


def _items_of(text: str, page: int | None, identity: UUID | None) -> Iterator[FrameItem]:
    for number, part in enumerate(_enumerate(text)):
        yield FrameItem(make_title(part), part, identity if number == 0 else None, page)


def _enumerate(text: str) -> Iterable[str]:
    found = _ABOUT_THE_PROPOSAL.search(fold(text))
    if found is None:
        return []
    listed = re.split(r"[.;:](?:\s|$)", text[found.end() :])[0]
    if not re.match(_DETERMINER, listed, re.IGNORECASE):
        return []
    return [part.strip(" ,;.") for part in _ENUMERATED.split(listed) if part.strip(" ,;.")]
