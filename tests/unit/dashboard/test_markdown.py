"""Markdown that people wrote, in a page."""

from __future__ import annotations

import pytest

from proposals.dashboard import markdown


def test_raw_html_stays_text() -> None:
    html = markdown.render("Avant <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>")

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("link", ["javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd"])
def test_a_dangerous_link_is_no_link(link: str) -> None:
    assert "<a" not in markdown.render(f"[ici]({link})")


def test_a_link_tells_the_foreign_site_nothing() -> None:
    html = markdown.render("[ici](https://exemple.fr)")

    assert '<a href="https://exemple.fr" rel="noopener noreferrer nofollow">ici</a>' in html


def test_a_picture_is_not_loaded() -> None:
    assert "<img" not in markdown.render("![plan](https://exemple.fr/plan.png)")


def test_a_table_scrolls_by_itself_and_is_aligned_without_inline_style() -> None:
    html = markdown.render("| Qui | Combien |\n|---|---:|\n| Chef | 1 |")

    assert 'class="prose__table" role="region"' in html
    assert '<td class="prose__right">1</td>' in html
    assert "style=" not in html


def test_french_signs_and_numbers_do_not_begin_a_line() -> None:
    html = markdown.render("« 1 200 heures » ; 95 %")

    assert html == "<p>«\u00a01\u00a0200 heures\u00a0»\u00a0; 95\u00a0%</p>\n"


def test_plain_text_has_the_words_without_the_signs() -> None:
    text = markdown.to_plain_text(
        "## Sous-titre\n\n- **Chef** de\n  projet\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n`code`"
    )

    assert text == "Sous-titre Chef de projet A · B · 1 · 2 · code"
