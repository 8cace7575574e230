"""What a DOCX says, block by block. The child process has tests of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.parser import parse_xml

from proposals.documents.passages.docx_document import split_docx_file
from proposals.documents.passages.docx_package import NAMESPACE, STRICT_NAMESPACE
from proposals.documents.passages.passage import FoundPassage
from tests.docx_files import DOCUMENT, W, make_body, make_docx, replace_part

#: A list of three depths numbered 1, 1.1, 1.1.1, whose levels belong to the styles of headings.
OUTLINE = "".join(
    f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{depth + 1}"/>'
    f'<w:lvlText w:val="{".".join(f"%{level}" for level in range(1, depth + 2))}"/></w:lvl>'
    for depth in range(3)
)


@pytest.fixture
def split(tmp_path: Path) -> Any:
    """Divide the content of a file named memoire.docx."""

    def split_content(content: bytes) -> list[FoundPassage]:
        path = tmp_path / "memoire.docx"
        path.write_bytes(content)
        return list(split_docx_file(path, name=path.name))

    return split_content


def bodies(passages: list[FoundPassage]) -> dict[str, str]:
    return {passage.title: passage.body for passage in passages}


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def heading(text: str, level: int = 1) -> str:
    return paragraph(text, f'<w:pStyle w:val="Heading{level}"/>')


def test_a_passage_is_called_by_its_heading_and_the_one_above(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Mémoire technique – Voirie", 0)
        document.add_heading("Moyens humains", 1)
        document.add_paragraph("Douze personnes.")
        document.add_heading("Équipe dédiée", 2)
        document.add_paragraph("Un conducteur de travaux.")
        document.add_heading("Sans texte", 2)

    found = split(make_docx(fill))

    assert bodies(found) == {
        "Moyens humains": "Douze personnes.",
        "Moyens humains – Équipe dédiée": "Un conducteur de travaux.",
    }
    assert [passage.source for passage in found] == ["memoire.docx, § Moyens humains", "memoire.docx, § Équipe dédiée"]


def test_french_style_names_and_styles_based_on_headings_are_headings(split: Any) -> None:
    def fill(document: Any) -> None:
        french = document.styles.add_style("Titre 1", WD_STYLE_TYPE.PARAGRAPH)
        derived = document.styles.add_style("Chapitre maison", WD_STYLE_TYPE.PARAGRAPH)
        derived.base_style = french
        for style, text in ((french, "Qualité"), (derived, "Sécurité")):
            document.add_paragraph(text, style=style)
            document.add_paragraph(f"Notre démarche : {text}.")

    assert list(bodies(split(make_docx(fill)))) == ["Qualité", "Sécurité"]


def test_an_outline_level_on_a_paragraph_makes_it_a_heading(split: Any) -> None:
    level = '<w:outlineLvl w:val="0"/>'
    body = paragraph("Qualité", level) + paragraph("Un.") + paragraph("Sécurité", level) + paragraph("Deux.")

    assert bodies(split(make_body(body))) == {"Qualité": "Un.", "Sécurité": "Deux."}


def test_automatic_numbers_of_headings_are_counted_for_the_source(split: Any) -> None:
    def fill(document: Any) -> None:
        root = document.part.numbering_part.element
        root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{OUTLINE}</w:abstractNum>'))
        root.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        for level in (1, 2):
            properties = document.styles[f"Heading {level}"].element.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {W}><w:numId w:val="90"/></w:numPr>'))
        for text, level in (("Présentation", 1), ("Moyens", 1), ("Matériel", 2), ("Équipe", 2), ("Suivi", 1)):
            document.add_heading(text, level)
            document.add_paragraph("Texte.")

    assert [passage.source.split("§ ")[1] for passage in split(make_docx(fill))] == [
        "1 Présentation",
        "2 Moyens",
        "2.1 Matériel",
        "2.2 Équipe",
        "3 Suivi",
    ]


def test_a_number_typed_before_a_heading_goes_into_the_source(split: Any) -> None:
    body = heading("3. Moyens") + paragraph("A.") + heading("3.2 Moyens humains", 2) + paragraph("B.")

    found = split(make_body(body))

    assert [passage.title for passage in found] == ["Moyens", "Moyens – Moyens humains"]
    assert found[1].source == "memoire.docx, § 3.2 Moyens humains"


def test_without_heading_styles_bold_numbered_and_shouted_lines_are_headings(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph().add_run("1. Moyens humains").bold = True
        document.add_paragraph("Douze personnes.")
        document.add_paragraph("1.2 Équipe dédiée")
        document.add_paragraph("Un conducteur de travaux.")
        document.add_paragraph("RÉFÉRENCES")
        document.add_paragraph("2. Un chantier en 2024.")

    assert list(bodies(split(make_docx(fill)))) == ["Moyens humains", "Moyens humains – Équipe dédiée", "RÉFÉRENCES"]


def test_with_heading_styles_a_bold_line_stays_text(split: Any) -> None:
    def fill(document: Any) -> None:
        for text in ("Qualité", "Sécurité"):
            document.add_heading(text, 1)
            document.add_paragraph().add_run("À retenir").bold = True

    assert set(bodies(split(make_docx(fill))).values()) == {"**À retenir**"}


def test_lists_keep_their_signs_numbers_and_depth(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Phases", 1)
        document.add_paragraph("Trois phases :")
        for text, style in (("préparer", "List Number"), ("faire", "List Number"), ("rendre", "List Bullet")):
            document.add_paragraph(text, style=style)
        document.add_paragraph("➢ typed by hand")

    assert bodies(split(make_docx(fill)))["Phases"] == (
        "Trois phases :\n\n1. préparer\n2. faire\n\n- rendre\n- typed by hand"
    )


def test_a_deeper_item_is_indented(split: Any) -> None:
    def fill(document: Any) -> None:
        root = document.part.numbering_part.element
        levels = "".join(f'<w:lvl w:ilvl="{depth}"><w:numFmt w:val="bullet"/></w:lvl>' for depth in (0, 1))
        root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
        root.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        document.add_heading("Engins", 1)
        for text, depth in (("pelles", 0), ("de 8 tonnes", 1)):
            numbering = f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
            document.add_paragraph(text)._p.get_or_add_pPr().append(parse_xml(numbering))

    assert bodies(split(make_docx(fill)))["Engins"] == "- pelles\n   - de 8 tonnes"


def test_a_table_becomes_a_markdown_table_with_its_merged_cells_empty(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Équipe", 1)
        table = document.add_table(3, 2)
        for cell, text in zip(table._cells, ("Nom", "Rôle", "A | B", "Chef", "", "Maçon", "", ""), strict=False):
            cell.text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(2, 1).add_paragraph("Certifié")

    assert bodies(split(make_docx(fill)))["Équipe"] == (
        "| Nom | Rôle |\n| --- | --- |\n| A \\| B | Chef |\n|  | Maçon ; Certifié |"
    )


def test_a_frame_around_a_text_is_no_table(split: Any) -> None:
    cell = f"<w:tc>{heading('Encadré')}{paragraph('Dans un cadre.')}</w:tc>"

    assert bodies(split(make_body(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"))) == {"Encadré": "Dans un cadre."}


def test_bold_and_italics_stay_and_signs_of_markdown_are_escaped(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Style", 1)
        line = document.add_paragraph("Le ")
        line.add_run("chef de projet ").bold = True
        line.add_run("est ")
        line.add_run("présent").italic = True
        line.add_run(" : 2 * 3 = [6](x) <b>")
        document.add_paragraph("# 1 au classement")

    assert bodies(split(make_docx(fill)))["Style"] == (
        "Le **chef de projet** est *présent* : 2 * 3 = [6\\](x) \\<b>\n\n\\# 1 au classement"
    )


def test_contents_headers_deleted_and_hidden_text_and_images_are_left_out(split: Any) -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = (
        heading("Qualité")
        + f"<w:sdt>{gallery}<w:sdtContent>{paragraph('Qualité 3')}</w:sdtContent></w:sdt>"
        + paragraph("Moyens ........................ 12")
        + "<w:p><w:r><w:t>Vu</w:t></w:r><w:del><w:r><w:delText>barré</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> et ajouté</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r>"
        "<w:r><w:drawing/></w:r></w:p>" + heading("Suite") + paragraph("Fin.")
    )

    def add_header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "SARL Exemple"

    content = make_body(body)

    assert bodies(split(content)) == {"Qualité": "Vu et ajouté", "Suite": "Fin."}
    assert split(make_docx(add_header)) == []


def test_paragraphs_in_the_style_of_a_table_of_contents_are_left_out(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Qualité", 1)
        document.add_paragraph("Texte.")
        document.add_paragraph("Illustrations", style="TOC Heading")
        document.add_paragraph("Plan 3", style=document.styles.add_style("table of figures", WD_STYLE_TYPE.PARAGRAPH))
        document.add_paragraph("Qualité 3", style=document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH))

    assert bodies(split(make_docx(fill))) == {"Qualité": "Texte."}


def test_links_and_text_boxes_and_content_controls_are_read(split: Any) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('Dans une zone de texte.')}</w:txbxContent></w:pict></w:r>"
    link = "<w:hyperlink><w:r><w:t>notre site</w:t></w:r></w:hyperlink>"
    control = f"<w:sdt><w:sdtContent>{paragraph('Dans un contrôle.')}</w:sdtContent></w:sdt>"
    body = heading("Liens") + f"<w:p>{link}{box}</w:p>" + control + heading("Fin")

    assert bodies(split(make_body(body))) == {"Liens": "notre site\n\nDans une zone de texte.\n\nDans un contrôle."}


def test_a_long_text_is_divided_at_its_paragraphs(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Méthode", 1)
        for number in range(6):
            document.add_paragraph(f"Étape {number} " + "mot " * 148)

    found = split(make_docx(fill))

    assert [passage.title for passage in found] == ["Méthode", "Méthode (suite 2)", "Méthode (suite 3)"]
    assert all(len(passage.body.split()) == 300 for passage in found)


def test_a_document_without_headings_gives_passages_called_by_their_first_words(split: Any) -> None:
    def fill(document: Any) -> None:
        for number in range(3):
            document.add_paragraph(f"Notre société numéro {number} " + "travaille bien " * 45 + "partout.")

    found = split(make_docx(fill))

    assert len(found) == 3
    assert found[0].title.startswith("Notre société numéro 0 travaille")
    assert found[0].source == "memoire.docx"


def test_a_strict_document_is_read_like_any_other(split: Any) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Qualité", 1)
        document.add_paragraph("Texte.")

    strict = replace_part(make_docx(fill), DOCUMENT, lambda part: part.replace(NAMESPACE, STRICT_NAMESPACE))

    assert bodies(split(strict)) == {"Qualité": "Texte."}


def test_a_relation_that_leads_nowhere_harms_nobody(split: Any) -> None:
    def point_nowhere(part: bytes) -> bytes:
        return part.replace(b'Target="styles.xml"', b'Target="NULL"').replace(b"theme/theme1.xml", b"NULL")

    content = replace_part(make_body(paragraph("Bonjour.")), "word/_rels/document.xml.rels", point_nowhere)

    assert bodies(split(content)) == {"Bonjour.": "Bonjour."}
