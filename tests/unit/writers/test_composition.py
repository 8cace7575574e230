"""The tree of a document: numbers, anchors, table of contents, annexes."""

from __future__ import annotations

from dataclasses import replace

from proposals.documents.blocks import Annex, Heading, Inline, Landscape, Paragraph, Span, Table, text_of, walk
from proposals.documents.composition import compose
from proposals.documents.content import ProposalContent
from proposals.documents.tables import CELL_MARGIN, PORTRAIT_LETTERS
from tests.unit.writers.content import make_content, make_section


def headings(content: ProposalContent) -> list[tuple[int, str, str, str]]:
    found = (block for block in compose(content).body if isinstance(block, Heading))
    return [(block.level, block.number, text_of(block.content), block.anchor) for block in found]


def find_annex(content: ProposalContent, title: str) -> Annex:
    return next(annex for annex in compose(content).annexes if text_of(annex.heading.content) == title)


def tables(annex: Annex) -> list[Table]:
    return [block for block in walk(annex.blocks) if isinstance(block, Table)]


def sentences(annex: Annex) -> list[str]:
    return [text_of(block.content) for block in annex.blocks if isinstance(block, Paragraph)]


def texts(row: tuple[Inline, ...]) -> list[str]:
    return [text_of(cell) for cell in row]


def test_headings_are_numbered_and_anchored_below_their_section() -> None:
    assert headings(make_content()) == [
        (1, "1", "Méthodologie", "section_1"),
        (2, "1.1", "Organisation", "section_1_1"),
        (3, "1.1.1", "Phases", "section_1_1_1"),
        (1, "2", "Moyens humains", "section_2"),
        (1, "3", "Références", "section_3"),
    ]


def test_no_level_of_numbers_is_left_out_whatever_levels_a_text_has() -> None:
    content = make_content(sections=(make_section(1, "A", "#### Bas\n\n# Haut\n\n###### Fond\n\n## Milieu"),))

    assert [entry[:3] for entry in headings(content)] == [
        (1, "1", "A"),
        (2, "1.1", "Bas"),
        (2, "1.2", "Haut"),
        (3, "1.2.1", "Fond"),
        (3, "1.2.2", "Milieu"),
    ]


def test_a_heading_that_repeats_the_title_of_its_section_is_left_out() -> None:
    content = make_content(sections=(make_section(1, "Moyens humains", "# MOYENS HUMAINS\n\nTexte."),))

    assert [title for _, _, title, _ in headings(content)] == ["Moyens humains"]


def test_an_unwritten_section_stands_there_as_a_gap() -> None:
    last = compose(make_content()).body[-1]

    assert last == Paragraph((Span("[à compléter : section à rédiger]", mark="gap"),))


def test_the_table_of_contents_has_two_levels_and_the_annexes() -> None:
    entries = [(entry.number, entry.title) for entry in compose(make_content()).toc]

    assert entries == [
        ("1", "Méthodologie"),
        ("1.1", "Organisation"),
        ("2", "Moyens humains"),
        ("3", "Références"),
        ("A", "Matrice de conformité"),
        ("B", "Points à compléter"),
        ("C", "Traçabilité"),
    ]


def test_a_table_too_wide_for_portrait_stands_in_landscape() -> None:
    tree = compose(make_content())

    wide = [block for block in tree.body if isinstance(block, Landscape)]
    narrow = [block for block in tree.body if isinstance(block, Table)]
    assert [len(table.header) for page in wide for table in page.blocks if isinstance(table, Table)] == [8]
    assert [len(table.header) for table in narrow] == [2]


def test_captions_are_counted_through_body_and_annexes() -> None:
    tree = compose(make_content())

    blocks = [*walk(tree.body), *(block for annex in tree.annexes for block in walk(annex.blocks))]
    numbers = [block.number for block in blocks if isinstance(block, Table) and block.caption]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_statement_is_traced_to_its_passage_and_page() -> None:
    annex = find_annex(make_content(), "Traçabilité")

    statements, sources = tables(annex)
    assert texts(statements.rows[0])[1].startswith("Le planning est tenu à jour")
    assert texts(statements.rows[0])[2] == "L1, RC4"
    assert texts(sources.rows[0]) == ["L1", "Bibliothèque", "Planning type", "memoire-2025.docx, § 3.2"]
    assert texts(sources.rows[1])[2:] == ["Règlement « Un planning à jour chaque semaine »", "p. 4"]


def test_what_is_left_to_do_lists_gaps_doubts_and_unanswered_requirements() -> None:
    [table] = tables(find_annex(make_content(), "Points à compléter"))

    assert [texts(row)[1:] for row in table.rows] == [
        ["1. Méthodologie", "à compléter", "nom du chef de projet"],
        ["1. Méthodologie", "chiffre à vérifier", "14"],
        ["3. Références", "à compléter", "section à rédiger"],
        ["Exigence R-003", "sans réponse", "=HYPERLINK(A1)"],
    ]


def test_texts_of_the_offline_engine_are_called_a_draft_until_somebody_edits_them() -> None:
    content = make_content()
    edited = [replace(section, edited=True) for section in content.sections]

    said = "La section 1 est un brouillon composé de passages de la bibliothèque : à relire avant la remise."
    assert said in sentences(find_annex(content, "Points à compléter"))
    assert said not in sentences(find_annex(make_content(sections=tuple(edited)), "Points à compléter"))


def test_a_doubt_that_was_edited_away_is_no_longer_listed() -> None:
    section = make_content().sections[0]
    edited = make_section(1, section.title, section.text.replace("14", "quatorze"), grounding=section.grounding)

    assert edited.violations == []


def test_the_matrix_shows_every_requirement_that_nobody_dropped() -> None:
    [matrix] = tables(find_annex(make_content(), "Matrice de conformité"))

    assert [texts(row)[0] for row in matrix.rows] == ["R-001", "R-002", "R-003"]
    assert texts(matrix.rows[0]) == [
        "R-001",
        "Exigence R-001.",
        "p. 4, art. 5.2",
        "2. Valeur technique (60 %)",
        "1",
        "Planning type : forte",
        "Couverte",
    ]
    assert matrix.rows[0][4] == (Span("1", href="#section_1"),)


def test_documents_to_hand_in_have_neither_internal_annexes_nor_states() -> None:
    tree = compose(make_content(internal_annexes=False))

    [annex] = tree.annexes
    [matrix] = tables(annex)
    assert texts(matrix.header) == ["Code", "Exigence", "RC", "Critère", "Sections"]
    assert not annex.internal


def test_the_heading_of_an_annex_goes_along_onto_its_wide_pages() -> None:
    annex = find_annex(make_content(), "Matrice de conformité")

    [page] = annex.flow
    assert isinstance(page, Landscape)
    assert page.blocks[0] == annex.heading


def test_a_proposal_without_requirements_or_gaps_composes() -> None:
    content = make_content(requirements=(), sections=(make_section(1, "A", "Texte."),))

    assert [text_of(annex.heading.content) for annex in compose(content).annexes] == [
        "Points à compléter",
        "Traçabilité",
    ]


def test_no_column_is_narrower_than_its_longest_word() -> None:
    text = "| An | Démonstrations | Texte |\n|--|--|--|\n| 1 | 2 | " + "mot " * 60 + "|"
    content = make_content(sections=(make_section(1, "A", text),))

    [table] = [block for block in compose(content).body if isinstance(block, Table)]

    letters = [table.share(column) * PORTRAIT_LETTERS for column in range(3)]
    assert letters[0] >= len("An") + CELL_MARGIN
    assert letters[1] >= len("Démonstrations") + CELL_MARGIN
    assert letters[2] == max(letters)
