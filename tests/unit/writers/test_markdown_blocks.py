"""Markdown of sections becomes blocks; nothing passes as markup, nothing gets lost."""

from __future__ import annotations

import pytest

from proposals.documents.blocks import (
    Block,
    CodeBlock,
    Heading,
    Landscape,
    ListBlock,
    Paragraph,
    Quote,
    Span,
    Table,
    text_of,
    walk,
)
from proposals.documents.markdown_blocks import find_gaps, to_blocks, to_inline


def one(text: str) -> Block:
    [block] = to_blocks(text)
    return block


def spans(text: str) -> tuple[Span, ...]:
    block = one(text)
    assert isinstance(block, Paragraph)
    return block.content


def all_text(text: str) -> str:
    """Return every text of the blocks, in order."""
    found = []
    for block in walk(to_blocks(text)):
        match block:
            case Heading() | Paragraph():
                found.append(text_of(block.content))
            case CodeBlock():
                found.append(block.text)
            case Table():
                found += [text_of(cell) for row in (block.header, *block.rows) for cell in row]
    return " ".join(found)


def test_styles_of_a_line_are_kept() -> None:
    content = spans("Un **mot *fort*** et `code`.")

    assert content == (
        Span("Un "),
        Span("mot ", bold=True),
        Span("fort", bold=True, italic=True),
        Span(" et "),
        Span("code", code=True),
        Span("."),
    )


def test_a_gap_is_marked_with_the_styles_inside_it() -> None:
    content = spans("Chef : [à compléter : **nom** du chef](http://x).")

    assert [span.text for span in content if span.mark == "gap"] == ["[à compléter : ", "nom", " du chef]"]
    assert content[-1].mark is None


@pytest.mark.parametrize("text", ["[à compléter : a]", "[À compléter: a]", "[à compléter]", "[ à  compléter : [x] y ]"])
def test_a_gap_is_found_however_it_is_written(text: str) -> None:
    assert len(find_gaps(f"Avant {text} après")) == 1
    assert any(span.mark == "gap" for span in spans(f"Avant {text} après"))


def test_doubts_are_marked_where_they_stand() -> None:
    text = "Une équipe de **14 personnes** à Lyon."
    start = text.index("14")

    [paragraph] = to_blocks(text, doubts=[(start, start + 2)])

    assert isinstance(paragraph, Paragraph)
    assert [(span.text, span.bold) for span in paragraph.content if span.mark == "doubt"] == [("14", True)]


def test_a_doubt_in_the_number_of_a_list_does_not_undo_the_list() -> None:
    [block] = to_blocks("2026. premier\n2027. second", doubts=[(0, 4)])

    assert isinstance(block, ListBlock)
    assert (block.ordered, block.start, len(block.items)) == (True, 2026, 2)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "Texte <b onclick=x>gras</b>",
        "![pixel](http://exemple.fr/p.png)",
        "[piège](javascript:alert(1))",
        "[fichier](file:///etc/passwd)",
        "[piège](ftp://exemple.fr)",
        "[piège](/admin/)",
        "[piège](//exemple.fr)",
        "&lt;script&gt;",
    ],
)
def test_nothing_of_a_text_becomes_markup_or_an_address(text: str) -> None:
    content = spans(text)

    assert all(span.href is None for span in content)
    assert any(word in text_of(content) for word in ("script", "img", "gras", "pixel", "piège", "fichier"))


@pytest.mark.parametrize("address", ["https://exemple.fr/a", "http://exemple.fr", "mailto:a@exemple.fr"])
def test_an_honest_link_keeps_its_address(address: str) -> None:
    assert spans(f"Voir [ici]({address}).")[1] == Span("ici", href=address)


def test_lists_nest_and_count_from_their_first_number() -> None:
    block = one("3. trois\n   - dedans\n4. quatre")

    assert isinstance(block, ListBlock)
    assert (block.ordered, block.start) == (True, 3)
    inner = block.items[0].blocks[1]
    assert isinstance(inner, ListBlock)
    assert not inner.ordered


def test_a_table_keeps_cells_and_alignments_and_takes_the_caption_before_it() -> None:
    block = one("Tableau 4 : les **phases**\n\n| A | B | C |\n|:-:|--:|---|\n| 1 | x<br>y | 3 |")

    assert isinstance(block, Table)
    assert text_of(block.caption) == "les phases"
    assert block.alignments == ("center", "right", "left")
    assert block.rows[0][1] == (Span("x\ny"),)


def test_headings_outside_are_headings_and_inside_a_quote_are_bold() -> None:
    heading, quote = to_blocks("## Titre\n\n> # Cité")

    assert heading == Heading(2, (Span("Titre"),))
    assert isinstance(quote, Quote)
    assert quote.blocks == (Paragraph((Span("Cité", bold=True),)),)


def test_code_keeps_its_lines_and_no_mark() -> None:
    assert one("```\na\n  [à compléter : x]\n```") == CodeBlock("a\n  [à compléter : x]")


def test_characters_that_no_file_may_hold_are_dropped() -> None:
    text = "a\x00b\x0bc\ue000d\ufffee\ud800f"

    assert all_text(text).replace(" ", "").replace("\ufffd", "") == "abcdef"


def test_deep_nesting_ends_in_time_and_keeps_the_text() -> None:
    text = "> " * 60 + "au fond"

    assert "au fond" in all_text(text)


def test_a_statement_is_read_as_one_line() -> None:
    assert to_inline("- un **chef**\n  de projet") == (Span("un "), Span("chef", bold=True), Span(" de projet"))
    assert to_inline("| a | b |") == (Span("a | b"),)
    assert to_inline("La fonction f(1) est à jour") == (Span("La fonction f(1) est à jour"),)


def test_walking_reaches_blocks_inside_blocks() -> None:
    inner = Paragraph((Span("x"),))

    assert inner in list(walk([Landscape((Quote((inner,)),))]))
