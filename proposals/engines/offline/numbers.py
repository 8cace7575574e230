"""French cardinal numbers, in figures or in words ("quatre", "cent vingt", "quatre (4)")."""

from __future__ import annotations

import re

_UNITS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_VALUES = {**_UNITS, **_TENS, "cent": 100, "cents": 100}

_NAME = "|".join(sorted(_VALUES, key=len, reverse=True))
#: A number in words or figures, perhaps said twice; matches folded text.
NUMBER = rf"(?:\d{{1,4}}|(?:{_NAME})(?:[ -](?:et[ -])?(?:{_NAME}))*)\b(?: ?\( ?[\w -]{{1,30}} ?\))?"


def parse_number(text: str) -> int | None:
    """Return the value of a folded number that matches NUMBER; figures win over words."""
    figures = re.search(r"\d+", text)
    if figures:
        return int(figures.group())
    names = [name for name in re.findall(r"[a-z]+", text.split("(", maxsplit=1)[0]) if name in _VALUES]
    return _sum(names) if names else None


def _sum(names: list[str]) -> int:
    total = 0
    for name in names:
        value = _VALUES[name]
        if value == 100:
            total = max(total, 1) * 100
        elif value == 20 and total % 100 == 4:
            total += 76  # "quatre-vingt" is four times twenty
        else:
            total += value
    return total
