"""The Word document, opened again: styles, numbers, table of contents, links, marks, pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from proposals.documents.composition import compose
from proposals.documents.writers.docx_writer import write_docx
from tests.unit.writers.content import make_content, make_line, make_section

#: The order of the schema (ECMA-376, 17) for the elements that we write: Word repairs or refuses another one.
SCHEMA_ORDER = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs suppressAutoHyphens spacing ind "
        "contextualSpacing jc outlineLvl sectPr"
    ),
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs highlight u lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW shd",
    "sectPr": "headerReference footerReference type pgSz pgMar",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr tblStylePr",
    "lvl": "start numFmt pStyle suff lvlText lvlJc pPr rPr",
    "numbering": "abstractNum num",
    "settings": (
        "zoom defaultTabStop autoHyphenation characterSpacingControl compat themeFontLang decimalSymbol listSeparator"
    ),
}


@pytest.fixture(scope="module")
def file() -> bytes:
    tree = compose(make_content())
    return write_docx(tree, {entry.anchor: number for number, entry in enumerate(tree.toc, start=3)})


@pytest.fixture(scope="module")
def document(file: bytes) -> Document:
    return open_docx(file)


def open_docx(file: bytes) -> Document:
    return docx.Document(io.BytesIO(file))


def write(**fields: Any) -> Document:
    return open_docx(write_docx(compose(make_content(**fields))))


def find(document: Document, tag: str) -> list[Any]:
    return list(document.element.body.iter(qn(f"w:{tag}")))


def text_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def local(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def parts(file: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def test_headings_have_real_styles_numbered_by_a_definition(document: Document) -> None:
    named = {
        paragraph.text: paragraph.style.name
        for paragraph in document.paragraphs
        if paragraph.style is not None and paragraph.style.name in ("Heading 1", "Heading 2", "Heading 3", "Annexe 1")
    }
    numbering = document.part.numbering_part.element

    assert named["Méthodologie"] == "Heading 1"
    assert named["Organisation"] == "Heading 2"
    assert named["Phases"] == "Heading 3"
    assert named["Traçabilité"] == "Annexe 1"
    levels = {style.get(qn("w:val")): level_text(style) for style in numbering.iter(qn("w:pStyle"))}
    assert levels["Heading1"] == "%1"
    assert levels["Heading2"] == "%1.%2"
    assert levels["Annexe1"] == "Annexe %1 –"


def level_text(style: Any) -> str:
    return str(style.getparent().find(qn("w:lvlText")).get(qn("w:val")))


def test_every_style_that_a_paragraph_names_exists(document: Document) -> None:
    known = {style.style_id for style in document.styles}

    used = {element.get(qn("w:val")) for tag in ("pStyle", "rStyle", "tblStyle") for element in find(document, tag)}
    assert used <= known


def test_the_table_of_contents_is_a_field_filled_in_already(document: Document) -> None:
    [toc] = find(document, "sdt")
    lines = [text_of(line) for line in toc.iter(qn("w:hyperlink"))]
    instructions = [node.text.strip() for node in toc.iter(qn("w:instrText"))]

    assert instructions[0] == 'TOC \\o "1-2" \\h \\z \\u'
    assert lines[:2] == ["1 Méthodologie3", "1.1 Organisation4"]
    assert lines[-1] == "Annexe C – Traçabilité9"


def test_links_inside_the_document_reach_a_bookmark(document: Document) -> None:
    bookmarks = [element.get(qn("w:name")) for element in find(document, "bookmarkStart")]
    targets = {link.get(qn("w:anchor")) for link in find(document, "hyperlink")} - {None}
    pages = {node.text.split()[1] for node in find(document, "instrText") if "PAGEREF" in node.text}

    assert targets
    assert targets | pages <= set(bookmarks)
    assert len(bookmarks) == len(set(bookmarks))
    assert all(len(name) <= 40 for name in bookmarks)


def test_fields_begin_and_end_in_pairs(document: Document) -> None:
    depth = 0
    for mark in find(document, "fldChar"):
        depth += {"begin": 1, "end": -1}.get(mark.get(qn("w:fldCharType")), 0)
        assert depth >= 0

    assert depth == 0


def test_word_is_not_asked_to_update_fields_on_every_opening(file: bytes) -> None:
    settings = dict(parts(file))["word/settings.xml"]

    assert b"<w:updateFields" not in settings
    assert b'w:dirty="' not in dict(parts(file))["word/document.xml"]


def test_the_running_head_names_tender_and_company_but_not_on_the_cover(document: Document) -> None:
    cover, *others = document.sections

    assert "".join(paragraph.text for paragraph in cover.header.paragraphs) == ""
    for section in others:
        assert section.header.paragraphs[0].text == "2026-DSI-042\tAtelier Rivoli"
        instructions = [node.text.strip() for node in section.footer._element.iter(qn("w:instrText"))]
        assert instructions == ["PAGE", "NUMPAGES"]


def test_wide_tables_stand_on_landscape_pages(document: Document) -> None:
    orientations = [section.orientation for section in document.sections]

    assert orientations == [
        WD_ORIENT.PORTRAIT,  # cover
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,  # the table of section 2
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,  # the matrix
        WD_ORIENT.PORTRAIT,
    ]


def test_a_table_has_a_style_a_caption_and_a_header_that_repeats(document: Document) -> None:
    table = next(table for table in document.tables if table.cell(0, 0).text == "Phase")

    assert table.style is not None
    assert table.style.name == "Tableau du mémoire"
    assert len(list(table.rows[0]._tr.iter(qn("w:tblHeader")))) == 1
    assert [cell.text for cell in table.rows[1].cells] == ["Cadrage", "3 semaines"]
    captions = [
        paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "Caption"
    ]
    assert captions[0] == "Tableau 1 – durée des phases"


def test_gaps_are_highlighted_in_yellow_and_doubts_in_blue(document: Document) -> None:
    marked = {
        run.text: run.font.highlight_color
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.font.highlight_color is not None
    }

    assert marked["[à compléter : nom du chef de projet]"] == WD_COLOR_INDEX.YELLOW
    assert marked["14"] == WD_COLOR_INDEX.TURQUOISE


def test_each_numbered_list_counts_for_itself() -> None:
    text = "1. un\n2. deux\n\nEntre.\n\n5. cinq\n6. six"
    document = write(sections=(make_section(1, "A", text),))

    ids = [element.get(qn("w:val")) for element in find(document, "numId")]
    starts = {
        num.get(qn("w:numId")): num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val"))
        for num in document.part.numbering_part.element.iter(qn("w:num"))
        if num.find(qn("w:lvlOverride")) is not None
    }
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert [starts[ids[0]], starts[ids[2]]] == ["1", "5"]


def test_an_outside_link_is_a_relationship(document: Document) -> None:
    targets = {relation.target_ref for relation in document.part.rels.values() if relation.is_external}

    assert targets == {"https://exemple.fr/"}


def test_the_file_says_what_it_is_and_speaks_french(document: Document) -> None:
    core = document.core_properties

    assert core.title == "Mémoire technique – Refonte du portail de la Région"
    assert (core.author, core.subject) == ("Atelier Rivoli", "Refonte du portail de la Région")
    assert (core.keywords, core.language) == ("2026-DSI-042", "fr-FR")
    assert str(core.created) == "2026-11-22 09:00:00+00:00"
    language = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "fr-FR"


def test_nothing_of_the_library_s_template_is_left(file: bytes) -> None:
    names = {name for name, _ in parts(file)}

    assert not [name for name in names if "thumbnail" in name or "customXml" in name or "Effects" in name]


@pytest.mark.parametrize("tag", sorted(SCHEMA_ORDER))
def test_elements_stand_in_the_order_of_the_schema(file: bytes, tag: str) -> None:
    order = SCHEMA_ORDER[tag].split()

    seen = 0
    for name, content in parts(file):
        if not name.startswith("word/") or not name.endswith(".xml") or "theme" in name:
            continue
        for element in docx.oxml.parse_xml(content).iter(qn(f"w:{tag}")):
            positions = [order.index(local(child)) for child in element]
            assert positions == sorted(positions), [local(child) for child in element]
            seen += 1
    assert seen


def test_hostile_characters_do_not_break_the_file() -> None:
    hostile = "a\x00\x0b<w:p>&\ufffe\ud800"
    content = {
        "company": hostile,
        "reference": hostile,
        "object": hostile * 100,
        "sections": (make_section(1, hostile, hostile),),
        "requirements": (make_line(hostile, "missing", text=hostile, quote=hostile),),
    }

    document = write(**content)

    assert "a<w:p>&" in document.paragraphs[0].text


def test_a_proposal_of_every_nesting_writes() -> None:
    deep = "\n".join(f"{'   ' * depth}1. niveau {depth}" for depth in range(12))
    text = f"{deep}\n\n> - a\n>   > b\n\n- \n\n```\nx\n```\n\n-     code\n"

    document = write(sections=(make_section(1, "A", text),))

    assert "niveau 11" in "".join(paragraph.text for paragraph in document.paragraphs)


def test_without_pages_the_table_of_contents_has_no_numbers() -> None:
    [toc] = find(write(), "sdt")

    assert text_of(next(iter(toc.iter(qn("w:hyperlink"))))) == "1 Méthodologie"
