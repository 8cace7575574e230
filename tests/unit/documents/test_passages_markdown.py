"""Markdown divided into passages, and Markdown written so that it reads back as the same words."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from proposals.documents.passages.decoding import decode_text
from proposals.documents.passages.errors import EmptyFile, UndecodableText
from proposals.documents.passages.kinds import guess_kind
from proposals.documents.passages.markdown_document import split_markdown
from proposals.documents.passages.markdown_text import Span, escape, write_spans, write_table
from proposals.documents.passages.outline import split_number
from proposals.documents.passages.passage import FoundPassage

LIST_SIGN = re.compile(r"^\s*(?:[-+*]|\d{1,9}[.)])(?:\s|$)", re.MULTILINE)


def titles(text: str) -> list[str]:
    return [passage.title for passage in split_markdown(text, name="memoire.md")]


def body(text: str) -> str:
    [passage] = split_markdown(text)
    return passage.body


def read_words(markdown: str) -> str:
    """Return the words of paragraphs as a reader sees them; what is no paragraph shows as a sign of its kind."""
    parts = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "inline":
            parts += [
                " " if child.type.endswith("break") else child.content
                for child in token.children or ()
                if not child.type.startswith(("strong", "em_"))
            ]
        elif token.type not in {"paragraph_open", "paragraph_close"}:
            parts.append(f"<{token.type}>")
    return " ".join("".join(parts).split())


def test_headings_of_both_kinds_begin_passages() -> None:
    text = "Qualité\n=======\nUn.\n\n## Contrôles\nDeux.\n\n# Sécurité\n\nTrois.\n\n### Vide\n"

    assert titles(text) == ["Qualité", "Qualité – Contrôles", "Sécurité"]


def test_lists_tables_and_code_stay_as_they_are() -> None:
    text = "- un\n  - deux\n- trois\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n# no heading\n```"

    assert body(f"# T\n\n{text}\n") == text


def test_images_remarks_rules_and_the_table_of_contents_are_left_out() -> None:
    contents = "[TOC]\n\n- [Un](#un)\n- [Deux](#deux)"

    assert (
        body(f"# T\n\n{contents}\n\n![plan](plan.png)\n\nTexte ![x](y).<!-- note -->\n\n---\n\nFin.")
        == "Texte .\n\nFin."
    )


def test_a_typed_table_of_contents_is_left_out_and_a_text_under_that_title_kept() -> None:
    sentence = "Ce sommaire dit en une longue phrase tout ce que les parties de ce document disent ensuite en détail."

    assert titles("# Sommaire\n\nQualité\n\nSécurité\n\n# Qualité\n\nUn ........ 3\n\nTexte.\n") == ["Qualité"]
    assert titles(f"# Sommaire\n\n{sentence}\n\n# Qualité\n\nTexte.\n") == ["Sommaire", "Qualité"]
    assert body("# Qualité\n\nSécurité .......... 3\n\nTexte.") == "Texte."


def test_numbers_emphasis_and_attributes_leave_the_title() -> None:
    [passage] = split_markdown("## 3.2. **Moyens** `humains` {#moyens}\n\nTexte.", name="m.md")

    assert (passage.title, passage.source) == ("Moyens humains", "m.md, § 3.2 Moyens humains")


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("3.2 Moyens humains", ("3.2", "Moyens humains")),
        ("Article 4 - Délais", ("4", "Délais")),
        ("IV. Organisation", ("IV", "Organisation")),
        ("B) Matériel", ("B", "Matériel")),
        ("2 équipes dédiées", ("", "2 équipes dédiées")),
        ("Vivre ensemble", ("", "Vivre ensemble")),
        ("A votre écoute", ("", "A votre écoute")),
        ("2025 en chiffres", ("", "2025 en chiffres")),
    ],
)
def test_a_number_is_told_from_words(title: str, parts: tuple[str, str]) -> None:
    assert split_number(title) == parts


def test_the_name_of_the_document_is_not_put_before_its_parts() -> None:
    assert titles("# Mémoire technique 2025\n\n## Qualité\n\nUn.\n") == ["Qualité"]


def test_a_cover_page_is_left_out_and_an_introduction_kept() -> None:
    cover = "SARL Exemple\n\nParis\n\n# Qualité\n\nUn.\n"
    introduction = (
        "Notre société répond aux marchés publics de voirie depuis plus de trente années.\n\n# Qualité\n\nUn.\n"
    )

    assert titles(cover) == ["Qualité"]
    assert len(titles(introduction)) == 2


def test_the_front_matter_speaks_for_all_passages() -> None:
    text = (
        "---\ntitle: Mémoire 2025\nlayout: page\nkind: method\ntags: [voirie, 'béton']\nvalid_until: 2027-06-30\n"
        "owner: alice\nlanguage: fr\n---\n# Un\n\nA.\n\n# Deux\n\nB.\n"
    )

    for passage in split_markdown(text, name="m.md"):
        assert passage.source.startswith("Mémoire 2025, § ")
        assert (passage.meta.kind, passage.meta.tags) == ("method", ("voirie", "béton"))
        assert (passage.meta.valid_until, passage.meta.owner) == (date(2027, 6, 30), "alice")


def test_a_front_matter_may_list_tags_line_by_line() -> None:
    [passage] = split_markdown("---\ntags:\n  - voirie\n  - béton\n---\nTexte.\n")

    assert passage.meta.tags == ("voirie", "béton")


def test_a_text_without_headings_is_called_by_the_front_matter_s_title() -> None:
    assert titles("---\ntitle: Qui sommes-nous\n---\nUn.\n\nDeux.\n") == ["Qui sommes-nous"]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert body("---\nDeux mots, pas une valeur.\n\n---\n") == "Deux mots, pas une valeur."


def test_a_lead_goes_with_its_list_and_a_short_rest_stays() -> None:
    words = "mot " * 390
    text = f"# T\n\n{words}\n\nNous assurons :\n\n- {'suivi ' * 80}\n- fin\n"

    first, second = split_markdown(text)

    assert second.body.startswith("Nous assurons :")
    assert (first.title, second.title) == ("T", "T (suite 2)")
    assert len(split_markdown(f"# T\n\n{words}\n\n{'mot ' * 40}")) == 1


def test_a_long_table_is_divided_between_rows_with_its_head() -> None:
    rows = "\n".join(f"| {number} | {'mot ' * 18}|" for number in range(60))

    found = split_markdown(f"# T\n\n| n | texte |\n| --- | --- |\n{rows}\n")

    assert len(found) > 2
    assert all(passage.body.startswith("| n | texte |\n| --- | --- |\n") for passage in found)
    assert sum(passage.body.count("\n| ") for passage in found) == 60 + len(found)


def test_a_text_without_blanks_is_cut_all_the_same() -> None:
    found = split_markdown("# T\n\n" + "x" * 100_000)

    assert sum(len(passage.body) for passage in found) == 100_000
    assert max(len(passage.body) for passage in found) <= 20_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_every_encoding_of_editors(encoding: str) -> None:
    assert decode_text("Été – 5 €\r\nfin".encode(encoding)) == "Été – 5 €\nfin"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b" \n\t\n", EmptyFile),
        (b"\x89PNG\r\n\x1a\n\0\0\0", UndecodableText),
        (b"\x81\x8d\x8f\x90", UndecodableText),
        (b"\xff\xfe\x00", UndecodableText),
    ],
    ids=["empty", "blank", "binary", "no Windows-1252", "half a character"],
)
def test_what_is_no_text_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        decode_text(data)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("moyens humains", "team"),
        ("references", "reference"),
        ("securite du chantier", "safety"),
        ("securite des si", "data_security"),
        ("moyens materiels – organisation", "planning"),
        ("moyens materiels – divers", "equipment"),
        ("poisson", "other"),
    ],
)
def test_the_kind_is_guessed_from_the_last_heading_that_says_one(title: str, kind: str) -> None:
    assert guess_kind(title) == kind


@given(st.text(alphabet="ab1 *_`[]()<>!&;#\\|~=-+.:\"'/é\n$%{}^,?@", max_size=30))
def test_escaped_text_reads_back_as_the_same_words(text: str) -> None:
    assume(not LIST_SIGN.search(text))
    lines = "\n".join(line for line in text.split("\n") if line.strip())

    assert read_words(escape(lines)) == " ".join(lines.split())


@given(st.lists(st.builds(Span, st.text(alphabet="ab *_(.«\n", max_size=5), st.booleans(), st.booleans()), max_size=5))
def test_styled_text_reads_back_as_the_same_words(spans: list[Span]) -> None:
    text = "".join(span.text for span in spans)
    assume(not LIST_SIGN.search(text))

    assert read_words(write_spans(spans)) == " ".join(text.split())


def test_a_table_of_one_column_is_no_table_and_empty_columns_are_left_out() -> None:
    assert write_table([["a", ""], ["b", ""]]) == "a\n\nb"
    assert write_table([["a", "", "b"], ["", "", ""], ["1", "", "2|3"]]) == "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"


def test_passages_of_a_text_file_say_where_they_come_from() -> None:
    assert split_markdown("Bonjour.", name="note.txt") == [FoundPassage("Bonjour.", "Bonjour.", "note.txt")]
