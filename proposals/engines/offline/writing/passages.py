"""
A passage cut to length: whole sentences, lists and tables of it, those that answer the question best, in its order.
Nothing is reworded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from proposals.grounding.statements import split_sentences
from proposals.grounding.terms import Terms
from proposals.quality import count_words

#: How far a cut passage may exceed its words, for the sake of a whole sentence.
TOLERANCE = 1.15
#: What standing first counts beside the words that a sentence shares with the question: it says what follows is about.
FIRST = 2.0

#: The heading of a passage stands at this level in a section; headings inside it come below.
HEADING = "###"
_INNER_HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$")
_LIST_LINE = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
#: A sentence that begins so cannot stand without the one before it.
_LEANS_BACK = re.compile(
    r"^[*_]*(?:Ils?|Elles?|Cet?|Cette|Ces|Ceci|Cela|Celui|Celles?|Ceux|Leurs?|Son|Sa|Ses|Lui|Y|Ainsi|De plus|En outre|"
    r"Par ailleurs|Enfin|Ensuite|Puis|Toutefois|Cependant|Chacune?|Les deux|Tous|Toutes|Au total|À défaut|Dans ce cas|"
    r"Le cas échéant|En parallèle|De même|Il en|On y)\b"
)


@dataclass(frozen=True)
class _Part:
    """
    A sentence, list, table or heading of a passage.

    Args:
        block: number of the paragraph, list or table it belongs to.
        needs: numbers of the parts without which it cannot stand.
    """

    text: str
    block: int
    kind: str
    needs: tuple[int, ...] = ()


def tidy(body: str) -> str:
    """Return a passage's Markdown as it stands in a section: its headings below the passage's own."""
    return _join(_read(body))


def cut(body: str, *, words: int, question: frozenset[str], terms: Terms) -> str:
    """
    Return a passage's Markdown within a number of words.

    Args:
        question: stems of what is asked; parts that share them are kept first.
        terms: reads the stems of the passage.
    """
    parts = _read(body)
    if count_words(body) <= words * TOLERANCE:
        return _join(parts)
    chosen: set[int] = set()
    for number in _by_fit(parts, question, terms):
        wanted = chosen | set(_with_needs(number, parts))
        length = sum(count_words(parts[index].text) for index in wanted)
        if length <= words * TOLERANCE or not chosen:
            chosen = wanted
    return _join([part for number, part in enumerate(parts) if number in chosen or _heads(number, parts, chosen)])


def share_out(lengths: Sequence[int], words: int) -> list[int]:
    """Return how many of the words each passage gets: what a short one leaves over goes to the long ones."""
    shares = [0] * len(lengths)
    left = words
    waiting = sorted(range(len(lengths)), key=lambda number: lengths[number])
    for done, number in enumerate(waiting):
        shares[number] = min(lengths[number], left // (len(waiting) - done))
        left -= shares[number]
    return shares


def _read(body: str) -> list[_Part]:
    parts: list[_Part] = []
    for block, chunk in enumerate(_chunks(body)):
        kind = _kind_of(chunk)
        if kind == "heading":
            found = _INNER_HEADING.match(chunk)
            parts.append(_Part(f"{HEADING}# {found['title'] if found else chunk}", block, kind))
        elif kind == "paragraph":
            parts += _sentences(chunk, block, len(parts))
        else:
            _tie_to_introduction(parts, _Part(chunk, block, kind))
    return parts


def _chunks(body: str) -> Iterator[str]:
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.splitlines()
        first_item = next((number for number, line in enumerate(lines) if _LIST_LINE.match(line)), 0)
        yield from filter(None, ("\n".join(lines[:first_item]).strip(), "\n".join(lines[first_item:]).rstrip()))


def _kind_of(chunk: str) -> str:
    if _INNER_HEADING.match(chunk):
        return "heading"
    return "whole" if _LIST_LINE.match(chunk) or chunk.lstrip().startswith(("|", ">", "```")) else "paragraph"


def _sentences(chunk: str, block: int, first: int) -> Iterable[_Part]:
    for offset, (start, end) in enumerate(split_sentences(chunk)):
        text = " ".join(chunk[start:end].split())
        leans = first + offset > 0 and bool(_LEANS_BACK.match(text))
        yield _Part(text, block, "sentence", (first + offset - 1,) if leans else ())


def _tie_to_introduction(parts: list[_Part], part: _Part) -> None:
    """A list or table and the sentence that announces it ("… :") need each other."""
    number = len(parts)
    if parts and parts[-1].text.rstrip().endswith(":"):
        before = parts[-1]
        parts[-1] = _Part(before.text, before.block, before.kind, (*before.needs, number))
        part = _Part(part.text, part.block, part.kind, (number - 1,))
    parts.append(part)


def _by_fit(parts: Sequence[_Part], question: frozenset[str], terms: Terms) -> list[int]:
    def fit(number: int) -> float:
        shared = question.intersection(terms.of(parts[number].text))
        return len(shared) + (FIRST if number == 0 else 0.0)

    numbers = [number for number, part in enumerate(parts) if part.kind != "heading"]
    return sorted(numbers, key=lambda number: (-fit(number), number))


def _with_needs(number: int, parts: Sequence[_Part]) -> Iterator[int]:
    reached = {number}
    waiting = [number]
    while waiting:
        current = waiting.pop()
        yield current
        fresh = [need for need in parts[current].needs if need not in reached and parts[need].kind != "heading"]
        reached.update(fresh)
        waiting += fresh


def _heads(number: int, parts: Sequence[_Part], chosen: set[int]) -> bool:
    """Whether a heading has something left under it."""
    if parts[number].kind != "heading":
        return False
    end = next((later for later in range(number + 1, len(parts)) if parts[later].kind == "heading"), len(parts))
    return any(index in chosen for index in range(number + 1, end))


def _join(parts: Sequence[_Part]) -> str:
    blocks: list[str] = []
    last = -1
    for part in parts:
        if part.block == last:
            blocks[-1] += f" {part.text}"
        else:
            blocks.append(part.text)
        last = part.block
    return "\n\n".join(blocks)
