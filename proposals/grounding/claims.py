"""
The checkable parts of a text: figures, dates and references, each with a normal form ("1 500 €" and "1500 euros" are
the same figure).

Names are in `names`. Figures are numbers, in digits, or in words before a unit; references are norms, articles,
contract numbers, telephone numbers, e-mail addresses and URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from proposals.engines.offline.dates import MONTHS
from proposals.engines.offline.folding import fold
from proposals.engines.offline.numbers import parse_number

Kind = Literal["name", "figure", "date", "reference"]

#: The normal form of a claim; its first part says what it is.
Key = tuple[str, ...]


class Claim(NamedTuple):
    """
    A checkable part of a text.

    Args:
        keys: a source says it when it has one of them; the first is what it says itself.
        also: what it says besides.
    """

    start: int
    end: int
    kind: Kind
    keys: tuple[Key, ...]
    also: tuple[Key, ...] = ()


#: Units, as they are written after folding, and their normal form.
_UNITS = {
    "€": "eur", "euro": "eur", "euros": "eur", "eur": "eur", "%": "%", "pour cent": "%", "‰": "‰",
    "h": "hour", "heure": "hour", "heures": "hour", "min": "minute", "mn": "minute", "minute": "minute",
    "minutes": "minute", "s": "second", "seconde": "second", "secondes": "second", "ms": "ms",
    "milliseconde": "ms", "millisecondes": "ms", "jour": "day", "jours": "day", "j": "day", "journee": "day",
    "journees": "day", "semaine": "week", "semaines": "week", "mois": "month", "trimestre": "quarter",
    "trimestres": "quarter", "an": "year", "ans": "year", "annee": "year", "annees": "year", "km": "km", "m": "m",
    "metre": "m", "metres": "m", "m2": "m2", "m3": "m3", "cm": "cm", "mm": "mm", "ha": "ha", "hectare": "ha",
    "hectares": "ha", "kg": "kg", "g": "g", "tonne": "t", "tonnes": "t", "t": "t", "kw": "kw", "kwh": "kwh",
    "mwh": "mwh", "kwc": "kwc", "w": "w", "ko": "ko", "mo": "mo", "go": "go", "to": "to", "°c": "°c", "l": "l",
    "litre": "l", "litres": "l", "page": "page", "pages": "page", "point": "point", "points": "point",
    "personne": "person", "personnes": "person", "salarie": "person", "salaries": "person", "agent": "agent",
    "agents": "agent", "etp": "etp", "visite": "visit", "visites": "visit", "reference": "reference",
    "references": "reference",
}  # fmt: skip
_TIMES = {"k": 1_000, "millier": 1_000, "milliers": 1_000, "million": 1_000_000, "millions": 1_000_000, "m": 1_000_000,
          "milliard": 1_000_000_000, "milliards": 1_000_000_000}  # fmt: skip

_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_DIGITS = r"(?P<whole>\d{1,3}(?:[ .]\d{3})+(?!\d)|\d+)(?:[.,](?P<part>\d+))?"
_FIGURE = re.compile(
    rf"(?<![\w.,])(?<![a-z]-){_DIGITS}"
    rf"(?: ?(?P<times>milliers?|millions?|milliards?|[km](?=€))(?: de(?= )| d'(?! ))?)?"
    rf"(?: ?(?P<unit>{_UNIT})(?![a-z0-9']))?"
)
#: A number alone in a cell of a table has its unit in the head of the column.
_CELL_BEFORE = re.compile(r"\|\s*$")
_CELL_AFTER = re.compile(r"\s*\|")
_CLOCK = re.compile(r"(?<![\w.,])(?P<hour>[01]?\d|2[0-4]) ?(?:h|heures?|:) ?(?P<minute>[0-5]\d)(?![\d\w])")

_NAMED = (
    "quarante|cinquante|soixante|quatorze|quatre|quinze|trente|treize|trois|vingts?|seize|douze|onze|neuf|huit|sept|cinq|"
    "cents?|deux|six|dix"
)
_NAMED_NUMBER = rf"(?P<number>(?:{_NAMED})(?:[ -](?:et[ -])?(?:{_NAMED}|un|une))*)"
_NAMED_FIGURE = re.compile(rf"\b{_NAMED_NUMBER} (?:\(\d+\) )?(?P<unit>{_UNIT})(?![a-z0-9'])")
_NAMED_ANYWHERE = re.compile(rf"\b{_NAMED_NUMBER}\b")

_MONTH = (
    r"(?P<month>janvier|janv\.?|fevrier|fevr?\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|aout|septembre|sept\.?|"
    r"octobre|oct\.?|novembre|nov\.?|decembre|dec\.?)"
)
_DATES = (
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:er)? {_MONTH}(?: (?P<year>\d{{4}}))?(?!\d)"),
    re.compile(rf"\b{_MONTH} (?P<year>\d{{4}})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})(?P<sep>[/.-])(?P<nmonth>\d{1,2})(?P=sep)(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<nmonth>\d{2})-(?P<day>\d{2})(?!\d)"),
)
_YEAR = re.compile(rf"(?<![\d.,])(?P<year>(?:19|20)\d{{2}})(?!\d|[.,]\d| ?(?:{_UNIT})(?![a-z0-9'])| \d{{3}}(?!\d))")

_ADDRESS = re.compile(
    r"https?://[^\s<>\"»)\]]+|www\.[^\s<>\"»)\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|io|info)\b(?:/[^\s<>\"»)\]]*)?"
)
_HINT_OF_ADDRESS = re.compile(r"@|://|www\.|\.(?:fr|com|org|net|eu|io|info)\b")
_ARTICLE = re.compile(r"\b(?P<letter>[lrd])\.? ?\*?(?P<number>\d{1,4}(?:-\d+)+)")
_BODY = "NF|ISO|IEC|CEI|EN|DTU|UTE|OHSAS|SA|NFX|FSC|PCI"
_NORM = re.compile(
    rf"\b(?:{_BODY})(?:[ /-](?:{_BODY}|TS|TR|[CPXSZDFQ]|HQE))*[ -]?(?P<number>\d[\d.-]*)(?P<version>:\d{{4}})?(?!\w)"
)
_CODE = re.compile(r"(?<![\w/.-])[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)+(?![\w])")
_PHONE = re.compile(r"(?<!\d)0\d(?:[ .]\d{2}){4}(?!\d)")
#: "24h/24" and "7j/7" are figures, not contract numbers.
_AROUND_THE_CLOCK = re.compile(r"\d+[hHjJ]?/\d+[hHjJ]?$")


def read_claims(text: str) -> list[Claim]:
    """Return the figures, dates and references of a text, in order; none overlaps another."""
    claims: list[Claim] = []
    folded = fold(text)
    for read in (_references, _dates, _figures):
        found = list(read(text, folded))
        claims += found
        folded = _blank(folded, found)
    return sorted(claims)


def keys_of(claims: Iterable[Claim]) -> set[Key]:
    """Return everything that a text with these claims says."""
    return {key for claim in claims for key in (claim.keys[0], *claim.also)}


def read_source_keys(text: str) -> set[Key]:
    """Return everything checkable that a source says; its numbers in words count with and without a unit."""
    keys = keys_of(read_claims(text))
    for found in _NAMED_ANYWHERE.finditer(fold(text)):
        value = parse_number(found["number"])
        if value is not None:
            keys.add(("number", str(value)))
    return keys


def _references(text: str, folded: str) -> Iterator[Claim]:
    taken: list[Claim] = []
    for read in (_addresses, _norms, _articles, _phones, _codes):
        for claim in read(text, folded):
            if not any(claim.start < other.end and other.start < claim.end for other in taken):
                taken.append(claim)
                yield claim


def _addresses(text: str, folded: str) -> Iterator[Claim]:
    if not _HINT_OF_ADDRESS.search(text):
        return
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,;:!?/")
        plain = re.sub(r"^https?://(?:www\.)?|^www\.", "", address.lower())
        yield Claim(found.start(), found.start() + len(address), "reference", (("address", plain),))


def _norms(text: str, folded: str) -> Iterator[Claim]:
    for found in _NORM.finditer(text):
        number = found["number"].strip(".-")
        version = found["version"] or ""
        implied = (("norm", number), ("number", number))
        end = found.end() if version else found.start("number") + len(number)
        yield Claim(found.start(), end, "reference", (("norm", number + version),), implied)


def _articles(text: str, folded: str) -> Iterator[Claim]:
    for found in _ARTICLE.finditer(folded):
        yield Claim(found.start(), found.end(), "reference", (("article", found["letter"] + found["number"]),))


def _phones(text: str, folded: str) -> Iterator[Claim]:
    for found in _PHONE.finditer(folded):
        yield Claim(found.start(), found.end(), "reference", (("phone", re.sub(r"\D", "", found.group())),))


def _codes(text: str, folded: str) -> Iterator[Claim]:
    for found in _CODE.finditer(text):
        code = found.group()
        parts = re.split(r"[-/]", code)
        lettered = any(part[0].isupper() for part in parts)
        if lettered and any(character.isdigit() for character in code) and not _AROUND_THE_CLOCK.match(code):
            yield Claim(found.start(), found.end(), "reference", (("code", fold("".join(parts))),))


def _dates(text: str, folded: str) -> Iterator[Claim]:
    for pattern in _DATES:
        found_here = list(_dates_like(pattern, folded))
        yield from found_here
        folded = _blank(folded, found_here)
    for found in _YEAR.finditer(folded):
        year = found["year"]
        yield Claim(found.start(), found.end(), "date", (("year", year), ("number", year)), (("number", year),))


def _dates_like(pattern: re.Pattern[str], folded: str) -> Iterator[Claim]:
    for found in pattern.finditer(folded):
        parts = found.groupdict()
        month = str(_month_number(parts))
        day, year = parts.get("day"), parts.get("year")
        if day and year:
            implied = (("month", month, year), ("day", str(int(day)), month), ("year", year))
            yield Claim(found.start(), found.end(), "date", (("date", str(int(day)), month, year),), implied)
        elif day:
            yield Claim(found.start(), found.end(), "date", (("day", str(int(day)), month),))
        elif year:
            yield Claim(found.start(), found.end(), "date", (("month", month, year),), (("year", year),))


def _month_number(parts: dict[str, str | None]) -> int:
    name = parts.get("month")
    if name is None:
        return int(parts["nmonth"] or 0)
    return next(number for beginning, number in MONTHS.items() if name.startswith(beginning))


def _figures(text: str, folded: str) -> Iterator[Claim]:
    clocks = [
        Claim(found.start(), found.end(), "figure", (("clock", str(int(found["hour"])), found["minute"]),))
        for found in _CLOCK.finditer(folded)
    ]
    yield from clocks
    folded = _blank(folded, clocks)
    for found in _FIGURE.finditer(folded):
        yield _figure(found, _value_of(found), text)
    for found in _NAMED_FIGURE.finditer(folded):
        yield _figure(found, str(parse_number(found["number"])), text)


def _figure(found: re.Match[str], value: str, text: str) -> Claim:
    start = found.start()
    end = max(found.end(name) for name in found.groupdict())
    unit = _UNITS.get(found["unit"] or "")
    if unit:
        return Claim(start, end, "figure", (("figure", value, unit), ("cell", value)), (("number", value),))
    alone = _CELL_BEFORE.search(text, 0, start) and _CELL_AFTER.match(text, end)
    return Claim(start, end, "figure", (("number", value),), (("cell", value),) if alone else ())


def _value_of(found: re.Match[str]) -> str:
    whole = re.sub(r"\D", "", found["whole"])
    part = (found["part"] or "").rstrip("0")
    times = _TIMES.get(found["times"] or "", 1)
    if times == 1:
        return f"{int(whole)}.{part}" if part else str(int(whole))
    shift = len(str(times)) - 1
    digits = whole + part.ljust(shift, "0")
    scaled = str(int(digits[: len(whole) + shift]))
    rest = part[shift:]
    return f"{scaled}.{rest}" if rest else scaled


def _blank(text: str, claims: Sequence[Claim]) -> str:
    """Return the text with claims blanked out, so that nothing reads them again; positions stay."""
    if not claims:
        return text
    parts: list[str] = []
    end = 0
    for claim in sorted(claims):
        parts += [text[end : claim.start], " " * (claim.end - claim.start)]
        end = claim.end
    return "".join([*parts, text[end:]])
