"""The text of a section as HTML: statements with their sources, gaps and violations marked, nothing let through."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proposals.dashboard import markdown, section_text
from proposals.grounding.gaps import find_gaps
from proposals.grounding.statements import split_statements
from proposals.writing import Grounding, Source, Statement, Violation

SOURCE = Source(key="L1", kind="library", title="L’équipe & co")


def ground(text: str, *invented: str, sources: tuple[str, ...] = ("L1",)) -> Grounding:
    """Return a grounding in which every statement rests on the same sources and some words on none."""
    return Grounding(
        sources=(SOURCE,),
        statements=tuple(Statement(start=start, end=end, sources=sources) for start, end in split_statements(text)),
        violations=tuple(
            Violation(start=text.index(words), end=text.index(words) + len(words), text=words, kind="figure")
            for words in invented
        ),
        gaps=find_gaps(text),
    )


def render(text: str, *invented: str, sources: tuple[str, ...] = ("L1",)) -> str:
    return str(section_text.render(text, ground(text, *invented, sources=sources)))


def without_marks(html: str) -> str:
    """Return the HTML without what the grounding adds, the level of headings, and the width of spaces."""
    bare = re.sub(r'<sup class="refs">.*?</sup>', "", html)
    plain = re.sub(r"</?(?:span|mark)\b[^>]*>", "", bare)
    return re.sub(r"<(/?)h\d>", r"<\1h>", plain).replace("\u00a0", " ")


def test_a_statement_is_followed_by_its_sources() -> None:
    html = render("Nous sommes douze.")

    reference = '<a href="#source-L1" data-source="L1" title="L’équipe &amp; co">L1</a>'
    assert html == (
        '<p><span class="said" data-statement="0">Nous sommes douze.</span><sup class="refs">'
        + reference
        + "</sup></p>\n"
    )


def test_a_statement_without_sources_says_so() -> None:
    html = render("Nous sommes douze.", sources=())

    assert '<span class="said said--unproven" data-statement="0">Nous sommes douze.</span></p>' in html


def test_a_statement_may_hold_emphasis_links_and_code() -> None:
    html = render("**Notre équipe** _compte_ [douze](https://exemple.fr/a_b) `agents`.")

    assert "<strong><span" in html
    assert "<em><span" in html
    assert 'href="https://exemple.fr/a_b"' in html
    assert "<code>agents</code>" in html
    assert html.count('class="refs"') == 1
    assert set(re.findall(r'data-statement="(\d+)"', html)) == {"0"}


def test_a_row_of_a_table_keeps_its_cells() -> None:
    text = "| Rôle | Jours |\n|---|---|\n| Chef de projet | 12 |\n"

    html = render(text, "12")

    assert without_marks(html) == str(markdown.render(text))
    assert '<mark class="violation" title="Chiffre sans source">12</mark>' in html


def test_a_gap_is_marked_inside_of_its_statement() -> None:
    html = render("Nous sommes [à compléter : effectif] agents.").replace("\u00a0", " ")

    assert '<mark class="gap" title="À compléter">[à compléter : effectif]</mark>' in html
    assert html.count("<mark") == 1


def test_a_violation_in_an_address_leaves_the_address_alone() -> None:
    html = render("Voir [la page](https://exemple.fr/2031) de 1999.", "2031", "1999")

    assert 'href="https://exemple.fr/2031"' in html
    assert '<mark class="violation" title="Chiffre sans source">1999</mark>' in html


def test_what_overlaps_or_lies_beyond_the_text_is_left_out() -> None:
    grounding = Grounding(
        statements=(Statement(start=0, end=9), Statement(start=5, end=12), Statement(start=50, end=60)),
        violations=(
            Violation(start=0, end=4, text="Nous", kind="name"),
            Violation(start=2, end=6, text="us s", kind="name"),
        ),
    )

    html = str(section_text.render("Nous sommes.", grounding))

    assert html.count("<mark") == 1
    assert set(re.findall(r'data-statement="(\d+)"', html)) == {"0"}


def test_signs_that_marks_are_made_of_are_blanks_in_a_text() -> None:
    html = render("Nous\ue000sommes\u2e2a12\U000f0003agents.", "12")

    assert without_marks(html) == "<p>Nous sommes 12 agents.</p>\n"


def test_headings_stand_below_those_of_the_page() -> None:
    html = render("## Titre\n\n#### Sous-titre\n")

    assert html == "<h3>Titre</h3>\n<h5>Sous-titre</h5>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://exemple.fr/suivi.png)",
        '<img src=x onerror="alert(1)">',
        "[à compléter : <b>x</b>]",
    ],
)
def test_no_markup_of_the_text_gets_through(text: str) -> None:
    html = render(f"{text} et 12 <i>agents</i>.", "12")

    assert not re.search(r"<(?:script|img|b|i)\b|javascript:\w+\(1\)\"", html)


PIECES = st.sampled_from(
    [
        "Nous ",
        "**fort** ",
        "_doux_ ",
        "12 ",
        "[lien](http://a.fr/12) ",
        "`code` ",
        "| a | b |",
        "\n",
        "\n\n",
        "- ",
        "# ",
        ". ",
        "Il est là. ",
        "[à compléter : x] ",
        "<b>",
        "&amp; ",
        "> ",
        "🙂 ",
        "\\*",
        "1. ",
        "« ",
        " ; ",
    ]
)


@example(pieces=["Nous ", "\n", "> ", "# ", "# "])
@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=25))
def test_marking_changes_nothing_but_the_marks(pieces: list[str]) -> None:
    text = "".join(pieces)
    figures = [found.span() for found in re.finditer("12", text)]
    grounding = ground(text).model_copy(
        update={"violations": tuple(Violation(start=s, end=e, text="12", kind="figure") for s, e in figures)}
    )

    assert without_marks(str(section_text.render(text, grounding))) == without_marks(str(markdown.render(text)))
