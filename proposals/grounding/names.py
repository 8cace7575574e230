"""
The names in a text: people, organisations, places, products. A name is a run of words in capitals ("Karim Benhaddou",
"Région Armor-Océane", "RGAA"), also at the beginning of a sentence when the word is no ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from proposals.engines.offline.folding import words

_TOKEN = re.compile(r"[^\W\d_][\w]*(?:[-‑][^\W_]+)*")
#: What may stand between two words of one name.
_LINK = re.compile(r"[ \u00a0\u202f]+(?:(?:de la|de|du|des|la|le|les|en|sur|sous|lès)[ \u00a0\u202f]+)?(?:[dDlL][’'])?")
#: What stands before the first word of a sentence, cell, item or heading.
_BEGINNING = re.compile(
    r"(?:^|[\n.!?…:;|«“\"(\[>]|[-*+•#]\s|\d[.)]\s)[\s*_«“\"(\[#>]*(?:[DdLlQqNnSsJjCc][’']|[Qq]u[’'])?$"
)
#: How far back to look for it.
_LOOK_BACK = 16

#: Words that link the parts of a name; they count neither in it nor where it is looked up.
LINKS = frozenset(("d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur"))


class Name(NamedTuple):
    """
    A run of words in capitals, [start, end).

    Args:
        words: folded, without those that only link.
        begins: it begins a sentence, where any word has a capital.
        acronym: it is one word, all in capitals.
    """

    start: int
    end: int
    words: tuple[str, ...]
    begins: bool
    acronym: bool


def find_names(text: str) -> list[Name]:
    """Return what may be a name, in order."""
    names: list[Name] = []
    for run in map(_without_links, _runs(text)):
        if not run:
            continue
        start, end = run[0].start(), run[-1].end()
        key = key_words(text[start:end])
        if any(len(word) > 1 for word in key):
            begins = bool(_BEGINNING.search(text[max(0, start - _LOOK_BACK) : start]))
            acronym = len(key) == 1 and run[-1].group().isupper()
            names.append(Name(start, end, key, begins, acronym))
    return names


def key_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a name, without those that only link."""
    return tuple(word for word in words(text) if word not in LINKS)


def _without_links(run: list[re.Match[str]]) -> list[re.Match[str]]:
    """Leave out the article that begins a sentence: "Le SIRH"."""
    first = next((number for number, token in enumerate(run) if token.group().lower() not in LINKS), len(run))
    return run[first:]


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if not token.group()[0].isupper():
            continue
        if run and not _LINK.fullmatch(text, run[-1].end(), token.start()):
            yield run
            run = []
        run.append(token)
    if run:
        yield run
