"""The words of one paragraph of a DOCX, with what stands out, and the text boxes that hang on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from proposals.documents.passages.docx_package import word
from proposals.documents.passages.docx_styles import Styles, read_flag, read_value
from proposals.documents.passages.markdown_text import Span

#: What may stand around the runs of a paragraph. Deleted and moved text is not among them.
CONTAINERS = {
    word(tag)
    for tag in (
        "hyperlink",
        "ins",
        "moveTo",
        "smartTag",
        "sdt",
        "sdtContent",
        "fldSimple",
        "customXml",
        "dir",
        "bdo",
    )
}
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
SHAPES = {word("drawing"), word("pict"), ALTERNATIVES, CHOICE}
TEXT_BOX = word("txbxContent")
PLAIN = {word("tab"): " ", word("cr"): "\n", word("noBreakHyphen"): "-"}
TEXT, BREAK, RUN = word("t"), word("br"), word("r")


@dataclass
class ParagraphText:
    """What a paragraph says: its runs, and the elements of its text boxes."""

    spans: list[Span] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """Return the words on one line."""
        return " ".join("".join(span.text for span in self.spans).split())

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(span.bold for span in self.spans if span.text.strip())


def read_paragraph(element: Any, styles: Styles) -> ParagraphText:
    """Return what a paragraph says."""
    properties = element.find(word("pPr"))
    found = ParagraphText()
    _collect(element, found, styles, styles.emphasis(read_value(properties, "pStyle")))
    return found


def _collect(element: Any, found: ParagraphText, styles: Styles, inherited: tuple[bool | None, bool | None]) -> None:
    for child in element:
        if child.tag == RUN:
            _read_run(child, found, styles, inherited)
        elif child.tag in CONTAINERS:
            _collect(child, found, styles, inherited)
        elif child.tag in SHAPES:
            found.boxes += find_boxes(child)


def _read_run(run: Any, found: ParagraphText, styles: Styles, inherited: tuple[bool | None, bool | None]) -> None:
    properties = run.find(word("rPr"))
    if read_flag(properties, "vanish"):
        return
    own = (read_flag(properties, "b"), read_flag(properties, "i"))
    named = styles.emphasis(read_value(properties, "rStyle"))
    bold, italic = (
        next((said for said in choices if said is not None), False)
        for choices in zip(own, named, inherited, strict=True)
    )
    found.spans.append(Span("".join(_read_pieces(run, found)), bold, italic))


def _read_pieces(run: Any, found: ParagraphText) -> Iterator[str]:
    for child in run:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag == BREAK:
            yield "\n" if child.get(word("type")) in {None, "textWrapping"} else " "
        elif child.tag in PLAIN:
            yield PLAIN[child.tag]
        elif child.tag in SHAPES:
            found.boxes += find_boxes(child)


def find_boxes(element: Any) -> Iterator[Any]:
    """Yield the outermost text boxes of a shape; of two ways to draw it, the first."""
    if element.tag == TEXT_BOX:
        yield element
    elif element.tag == ALTERNATIVES:
        for choice in element.iterfind(CHOICE):
            yield from find_boxes(choice)
    else:
        for child in element:
            yield from find_boxes(child)
