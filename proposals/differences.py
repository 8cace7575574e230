"""What changed from one text to another, as pieces that were kept, taken out or added. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Change = Literal["equal", "insert", "delete"]

#: A changed passage with more words than this, old and new together, is shown whole: comparing takes quadratic time.
MAX_WORDS = 4_000

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A piece of the old text ("delete"), of the new one ("insert"), or of both."""

    change: Change
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """
    Return the way from an old text to a new one, compared by lines and then, inside changed lines, by words.

    All pieces but those inserted give the old text, all but those deleted the new one.
    """
    return list(_join(_compare_lines(_LINES.findall(old), _LINES.findall(new))))


def _compare_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, old_start, old_end, new_start, new_end in _opcodes(old, new):
        before, after = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if tag == "replace":
            yield from _compare_words(before, after)
        else:
            yield from _pieces(tag, before, after)


def _compare_words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MAX_WORDS:
        yield from _pieces("replace", old, new)
        return
    for tag, old_start, old_end, new_start, new_end in _opcodes(before, after):
        yield from _pieces(tag, "".join(before[old_start:old_end]), "".join(after[new_start:new_end]))


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _pieces(tag: str, old: str, new: str) -> Iterator[Piece]:
    if tag == "equal":
        yield Piece("equal", old)
        return
    if old:
        yield Piece("delete", old)
    if new:
        yield Piece("insert", new)


def _join(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Make one piece of neighbours that changed in the same way."""
    held: Piece | None = None
    for piece in pieces:
        if held is not None and held.change == piece.change:
            held = Piece(held.change, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
