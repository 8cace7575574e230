"""Values of facts as the model writes them, turned into those of an analysis."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from proposals.analysis import OfferValidity
from proposals.engines.offline.dates import END_OF_DAY, PARIS

_VALIDITY = re.compile(r"(\d{1,4}) (day|month)s?")
_BOOLEANS = {"true": True, "false": False}


def _to_instant(text: str) -> datetime:
    """A day without an hour lasts until its end."""
    day, _, hour = text.strip().partition("T")
    moment = time.fromisoformat(hour) if hour else END_OF_DAY
    return datetime.combine(date.fromisoformat(day), moment.replace(tzinfo=None), tzinfo=PARIS)


def _to_validity(text: str) -> OfferValidity:
    found = _VALIDITY.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    return OfferValidity(amount=int(found[1]), unit="days" if found[2] == "day" else "months")


def _to_bool(text: str) -> bool:
    return _BOOLEANS[text.strip().lower()]


def _to_codes(text: str) -> tuple[str, ...]:
    return (text.strip(),)


_READERS: dict[str, Callable[[str], Any]] = {
    "submission_deadline": _to_instant,
    "question_deadline": _to_instant,
    "offer_validity": _to_validity,
    "divided_into_lots": _to_bool,
    "negotiation": _to_bool,
    "cpv": _to_codes,
    "page_limit": int,
}


def read_value(field: str, text: str) -> Any:
    """
    Return the value of a field.

    Raises:
        ValueError: the text is none.
    """
    reader = _READERS.get(field)
    if reader is None:
        return text.strip()
    try:
        return reader(text)
    except KeyError as error:
        raise ValueError(text) from error
