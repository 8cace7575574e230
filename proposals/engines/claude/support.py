"""Does a quote say the value that was read from it? A quote that is really there may still prove something else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz

from proposals.analysis import OfferValidity
from proposals.engines.offline.dates import find_instants
from proposals.engines.offline.folding import fold, squash
from proposals.engines.offline.numbers import NUMBER, parse_number

#: Likeness (0–100) from which a text stands in another, some words apart.
CONTAINED = 80.0
_FIGURES = re.compile(r"\d+(?:[.,]\d+)?")
_NUMBERS = re.compile(NUMBER)
_SCHEME = re.compile(r"^https?://(?:www\.)?")


def says_text(value: str, quote: str) -> bool:
    """Return whether a text stands in a quote, some words apart; its figures must all be there."""
    folded, around = fold(value), fold(quote)
    if squash(folded) in squash(around):
        return True
    figures = set(_FIGURES.findall(folded)) <= set(_FIGURES.findall(around))
    return figures and fuzz.partial_ratio(folded, around) >= CONTAINED


def says_address(value: str, quote: str) -> bool:
    """Return whether an address stands in a quote, with or without its scheme."""
    return _SCHEME.sub("", squash(fold(value))).rstrip("/") in squash(fold(quote))


def says_number(value: float, quote: str) -> bool:
    """Return whether a quote holds a number, in figures or in words."""
    folded = fold(quote)
    figures = {float(found.replace(",", ".")) for found in _FIGURES.findall(folded)}
    named = {parse_number(found) for found in _NUMBERS.findall(folded)}
    return value in figures or value in named


def says_instant(value: datetime, quote: str) -> bool:
    """Return whether a quote gives an instant: its day, and its hour; a day without an hour lasts until its end."""
    return any(instant.at() == value for instant in find_instants(fold(quote)))


def says_days_before(value: datetime, quote: str, deadline: datetime | None) -> bool:
    """Return whether a quote counts back to an instant from the deadline; working days make the stretch longer."""
    if deadline is None:
        return False
    days = (deadline.date() - value.date()).days
    named = [parse_number(found) for found in _NUMBERS.findall(fold(quote))]
    return any(number is not None and number <= days <= 2 * number + 7 for number in named)


def _says_validity(value: OfferValidity, quote: str) -> bool:
    return says_number(value.amount, quote)


def _says_codes(value: tuple[str, ...], quote: str) -> bool:
    return all(squash(code) in squash(quote) for code in value)


#: Fields whose value is read out of the quote. The others sum a quote up in a word, which people must judge.
_CHECKS: dict[str, Callable[[Any, str], bool]] = {
    "reference": says_text,
    "object": says_text,
    "buyer": says_text,
    "duration": says_text,
    "answer_frame": says_text,
    "platform_url": says_address,
    "submission_deadline": says_instant,
    "question_deadline": says_instant,
    "offer_validity": _says_validity,
    "page_limit": says_number,
    "cpv": _says_codes,
}


def is_said(field: str, value: Any, quote: str) -> bool:
    """Return whether a quote supports the value of a field."""
    check = _CHECKS.get(field)
    return check is None or check(value, quote)
