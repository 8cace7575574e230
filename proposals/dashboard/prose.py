"""The text of a section as HTML, with what is left to complete and what has no source marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from proposals.dashboard import markdown


class Mark(NamedTuple):
    """A part of a text, [start, end) in code points: a gap, or words that nobody vouches for."""

    start: int
    end: int
    kind: Literal["gap", "violation"]


#: Private characters around marked parts: they pass through the parser as letters would.
OPENING = {"gap": "\ue000", "violation": "\ue001"}
CLOSING = "\ue002"
TITLES = {"gap": "À compléter", "violation": "Sans source dans le règlement ni dans la bibliothèque"}

_LEFT_OVER = re.compile("[\ue000-\ue002]")
_MARKED = {kind: re.compile(f"{opening}([^<\ue000-\ue002]*){CLOSING}") for kind, opening in OPENING.items()}


def render(text: str, marks: Sequence[Mark] = ()) -> SafeString:
    """
    Return the Markdown of a section as HTML that may be put into a page as it is.

    Args:
        marks: parts of `text`; those that overlap an earlier one are left out.
    """
    html = str(markdown.render(_insert(_LEFT_OVER.sub(" ", text), marks)))
    for kind, pattern in _MARKED.items():
        # Only text without any tag is wrapped, so what was escaped stays so and no element is torn apart.
        html = pattern.sub(rf'<mark class="{kind}" title="{TITLES[kind]}">\1</mark>', html)
    return mark_safe(_LEFT_OVER.sub("", html))  # noqa: S308  # `markdown.render` lets no markup of the text through


def _insert(text: str, marks: Sequence[Mark]) -> str:
    parts, done = [], 0
    for mark in sorted(marks):
        if done <= mark.start < mark.end <= len(text):
            parts += [text[done : mark.start], OPENING[mark.kind], text[mark.start : mark.end], CLOSING]
            done = mark.end
    return "".join([*parts, text[done:]])
