"""The text of a section as HTML."""

from __future__ import annotations

import pytest

from proposals.dashboard.prose import Mark, render

GAP = "[à compléter : le nombre de projets]"


def mark(text: str, part: str, kind: str = "violation") -> Mark:
    start = text.index(part)
    return Mark(start, start + len(part), kind)  # type: ignore[arg-type]


def test_markdown_becomes_html() -> None:
    html = render("Une équipe **dédiée**.")

    assert "<strong>dédiée</strong>" in html


def test_a_gap_is_marked() -> None:
    text = f"Nous avons mené {GAP}."

    assert f">{GAP}</mark>" in render(text, [mark(text, GAP, "gap")]).replace("\u00a0", " ")


def test_words_without_a_source_are_marked_also_inside_of_other_marks() -> None:
    text = "Selon **ISO 99999** et `Dupont`."

    html = render(text, [mark(text, "ISO 99999"), mark(text, "Dupont")])

    assert html.count('class="violation"') == 2
    assert "<strong><mark" in html


@pytest.mark.parametrize(
    "text",
    [
        '<script>alert(1)</script> <img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](https://x.fr/p.png)",
    ],
)
def test_nothing_of_a_text_becomes_markup_or_is_loaded(text: str) -> None:
    html = render(text, [Mark(0, len(text), "gap")])

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_private_characters_of_a_text_make_no_mark() -> None:
    assert "<mark" not in render("\ue000faux\ue002")


def test_a_mark_that_spans_several_elements_tears_none_apart() -> None:
    text = "Un **mot** ici"

    html = render(text, [Mark(0, 6, "gap")])

    assert html == "<p>Un <strong>mot</strong> ici</p>\n"


def test_marks_outside_of_the_text_are_left_out() -> None:
    assert "<mark" not in render("Court", [Mark(3, 40, "gap"), Mark(2, 2, "gap")])
