"""Small pieces of WordprocessingML, each valid by itself: elements, runs, paragraphs, fields."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from proposals.documents.characters import printable

PARTS = Path(__file__).with_name("docx_parts")


def element(tag: str, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """Return `<w:tag w:name="…">` with its children."""
    made = OxmlElement(f"w:{tag}", attrs={_qualify(name): str(value) for name, value in attributes.items()})
    made.extend(children)
    return made


def read_part(name: str) -> BaseOxmlElement:
    """Return the root of one of our own parts ("styles.xml")."""
    return parse_xml((PARTS / name).read_bytes())


def replace_content(target: BaseOxmlElement, source: BaseOxmlElement) -> None:
    """Put the children of one element in the place of another's."""
    for child in list(target):
        target.remove(child)
    target.extend(list(source))


def run(text: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    """Return a run of text; newlines and tabs in it are line breaks and tabs. `properties` in the schema's order."""
    made = element("r", *([element("rPr", *properties)] if properties else []))
    for index, line in enumerate(printable(text).split("\n")):
        if index:
            made.append(element("br"))
        for position, part in enumerate(line.split("\t")):
            if position:
                made.append(element("tab"))
            if part:
                made.append(_text("t", part))
    return made


def paragraph(
    content: Iterable[BaseOxmlElement], *, style: str = "", properties: Iterable[BaseOxmlElement] = ()
) -> BaseOxmlElement:
    """Return a paragraph; `properties` follow the style in the schema's order."""
    settings = [*([element("pStyle", val=style)] if style else []), *properties]
    return element("p", *([element("pPr", *settings)] if settings else []), *content)


def field(instruction: str, result: str, *properties: BaseOxmlElement) -> list[BaseOxmlElement]:
    """Return the runs of a field that shows `result` until somebody updates it."""
    return [*field_start(instruction), run(result, *properties), field_end()]


def field_start(instruction: str) -> list[BaseOxmlElement]:
    """Return the runs before a field's result."""
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", _text("instrText", f" {instruction} ")),
        element("r", element("fldChar", fldCharType="separate")),
    ]


def field_end() -> BaseOxmlElement:
    """Return the run after a field's result."""
    return element("r", element("fldChar", fldCharType="end"))


def _text(tag: str, text: str) -> BaseOxmlElement:
    made = OxmlElement(f"w:{tag}", attrs={"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    made.text = text
    return made


def _qualify(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
