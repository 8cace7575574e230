"""
References to the RC inside a text ("(RC, art. 5.4, p. 9)"). They say where something stands and claim nothing, as
long as the RC has the page.
"""

from __future__ import annotations

import re

_CITATION = re.compile(
    r"\(?\bRC,?\s(?:art(?:icle|\.)\s?(?P<article>[\w.]+?),?\s)?p(?:age|\.)\s?(?P<page>\d+)\)?", re.IGNORECASE
)


def blank_citations(text: str, *, pages: int) -> str:
    """
    Return the text with its references to the RC blanked out; positions stay.

    Args:
        pages: of the RC; a reference to a page beyond stays, and counts as a figure.
    """

    def blank(found: re.Match[str]) -> str:
        exists = 1 <= int(found["page"]) <= pages
        return " " * len(found.group()) if exists else found.group()

    return _CITATION.sub(blank, text)
