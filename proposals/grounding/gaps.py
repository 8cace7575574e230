"""The gaps of a text: each `[à compléter : …]`, which says what is missing."""

from __future__ import annotations

from proposals.writing import GAP, GAP_CLOSING, GAP_OPENING, Gap


def find_gaps(text: str) -> tuple[Gap, ...]:
    """Return the gaps of a text, in order."""
    return tuple(
        Gap(start=found.start(), end=found.end(), text=" ".join(found[1].split())) for found in GAP.finditer(text)
    )


def make_gap(missing: str) -> str:
    """Return the marker of a gap. Brackets of what is missing become parentheses: they would end it."""
    plain = missing.replace("[", "(").replace("]", ")")
    return f"{GAP_OPENING}{plain}{GAP_CLOSING}"


def blank_gaps(text: str) -> str:
    """Return the text with its gaps blanked out; positions stay."""
    return GAP.sub(lambda found: " " * len(found.group()), text)
