"""
A document tree as a Word document: real styles, numbered headings, a table of contents that is filled in already.

Source: docs/documents.md, "Word".
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC
from functools import partial

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart

from proposals.documents.blocks import DocumentTree, Properties
from proposals.documents.characters import printable
from proposals.documents.writers.docx_blocks import BlockWriter, write_list_counters
from proposals.documents.writers.docx_pages import (
    LANDSCAPE,
    PORTRAIT,
    close_sections,
    write_foot,
    write_head,
    write_sections,
)
from proposals.documents.writers.docx_xml import read_part, replace_content

#: Parts of python-docx's template that say nothing about our document.
FOREIGN_PARTS = ("stylesWithEffects", "customXml", "thumbnail", "extended-properties")
#: Longest text of a core property (OPC).
PROPERTY_LETTERS = 255


def write_docx(tree: DocumentTree, pages: Mapping[str, int] | None = None) -> bytes:
    """
    Return the file.

    Args:
        pages: the page of each anchor, taken from the PDF, for the table of contents; without them it shows no
            page numbers until Word updates it.
    """
    document = docx.Document()
    _clean(document)
    writer = BlockWriter(partial(_link, document.part))
    sections = write_sections(tree, writer, pages or {})
    document.part.numbering_part.element.extend(write_list_counters(writer.list_starts))
    body = document.element.body
    for child in list(body):
        body.remove(child)
    body.extend(close_sections(sections, _write_heads(document.part, tree.properties), _write_foot(document.part)))
    _describe(document, tree.properties)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _clean(document: Document) -> None:
    """Put our styles, numbering and settings in the place of the template's."""
    replace_content(document.styles.element, read_part("styles.xml"))
    replace_content(document.part.numbering_part.element, read_part("numbering.xml"))
    replace_content(document.settings.element, read_part("settings.xml"))
    for relationships in (document.part.rels, document.part.package.rels):
        foreign = [key for key, relation in relationships.items() if relation.reltype.endswith(FOREIGN_PARTS)]
        for key in foreign:
            del relationships[key]


def _link(part: DocumentPart, address: str) -> str:
    return part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)


def _write_heads(part: DocumentPart, properties: Properties) -> dict[str, str]:
    heads = {}
    for orientation in (PORTRAIT, LANDSCAPE):
        header, heads[orientation.name] = part.add_header_part()  # type: ignore[no-untyped-call]
        _fill(header.element, write_head(properties.reference, properties.author, orientation))
    return heads


def _write_foot(part: DocumentPart) -> str:
    footer, relationship_id = part.add_footer_part()  # type: ignore[no-untyped-call]
    _fill(footer.element, write_foot())
    return str(relationship_id)


def _fill(target: BaseOxmlElement, content: BaseOxmlElement) -> None:
    for child in list(target):
        target.remove(child)
    target.append(content)


def _describe(document: Document, properties: Properties) -> None:
    """Write the core properties, cut to what they may hold; instants are UTC."""
    core = document.core_properties
    created_at = properties.created_at.astimezone(UTC)
    core.title = _cut(properties.title)
    core.author = core.last_modified_by = _cut(properties.author)
    core.subject = _cut(properties.subject)
    core.keywords = _cut(properties.reference)
    core.language = properties.language
    core.comments = ""
    core.created = core.modified = created_at
    core.revision = 1


def _cut(text: str) -> str:
    return printable(text)[:PROPERTY_LETTERS]
