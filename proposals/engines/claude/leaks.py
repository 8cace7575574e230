"""Keep our own rules out of answers: whoever got a model to recite them gets no further."""

from __future__ import annotations

import re

#: So many words in the order of the rules are no accident.
RECITED_WORDS = 8
#: Text kept to see words that come in pieces.
TAIL_CHARACTERS = 400

_WORD = re.compile(r"\w+")


class RulesRecited(Exception):
    """An answer repeats the rules."""


class LeakGuard:
    """
    Reads an answer as it comes.

    Args:
        rules: what must not be repeated.
    """

    def __init__(self, rules: str) -> None:
        self._secret = set(_runs(rules))
        self._tail = ""

    def read(self, piece: str) -> None:
        """
        Read on.

        Raises:
            RulesRecited: the answer repeats RECITED_WORDS words of the rules.
        """
        text = self._tail + piece
        if not self._secret.isdisjoint(_runs(text)):
            raise RulesRecited
        self._tail = text[-TAIL_CHARACTERS:]


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return [tuple(words[start : start + RECITED_WORDS]) for start in range(len(words) - RECITED_WORDS + 1)]
