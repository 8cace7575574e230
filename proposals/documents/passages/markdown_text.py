"""Plain text and tables written as Markdown, so that they read back as the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

#: What Markdown would take for a sign where it stands. Underscores inside words and lonely stars are none.
SIGNS = re.compile(
    r"\\|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|\](?=\()|<(?=[A-Za-z/!?])|"
    r"&(?=#?\w{1,40};)|~(?=~)"
)
#: What would turn a line into a heading, a quote, a rule, the rule of a table or a definition. List signs stay: such
#: a line is a list.
LINE_SIGNS = re.compile(
    r"^(?=#{1,6}(?:\s|$)|>|=+[ \t]*$|(?=[|: \t]*-)[|: \t-]+$|\+[ \t]*$|~~~|\[[^\]]{1,500}\]:)", re.MULTILINE
)


class Span(NamedTuple):
    """A run of text in one style; a line end in it is a forced one."""

    text: str
    bold: bool = False
    italic: bool = False


def escape(text: str) -> str:
    """Return the Markdown that says this text and nothing else, but for lists typed by hand."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return LINE_SIGNS.sub(r"\\", SIGNS.sub(lambda sign: "\\" + sign[0], "\n".join(lines)))


def write_spans(spans: Sequence[Span]) -> str:
    """Return the Markdown of a paragraph; a style that Markdown cannot show where it begins or ends is left out."""
    merged = _merge(spans)
    text = ""
    for index, span in enumerate(merged):
        following = merged[index + 1].text if index + 1 < len(merged) else ""
        text += _write_span(span, text[-1:], following[:1])
    lines = (line.strip() for line in text.strip().split("\n"))
    return "  \n".join(LINE_SIGNS.sub(r"\\", line) for line in lines if line)


def write_table(rows: Sequence[Sequence[str]]) -> str:
    """Return the Markdown of a table whose first row is its head; empty rows and columns are left out."""
    width = max((len(row) for row in rows), default=0)
    full = [[*row, *[""] * (width - len(row))] for row in rows if any(cell.strip() for cell in row)]
    used = [column for column in range(width) if any(row[column].strip() for row in full)]
    if len(used) < 2:
        return "\n\n".join(row[column].strip() for row in full for column in used)
    head, *body = ([_write_cell(row[column]) for column in used] for row in full)
    return "\n".join(_write_row(row) for row in (head, ["---"] * len(used), *body))


def _write_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _write_cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _merge(spans: Sequence[Span]) -> list[Span]:
    """Join neighbours of one style; blanks take the style of what stands before them."""
    merged: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        last = merged[-1] if merged else None
        if last and (span[1:] == last[1:] or not span.text.strip()):
            merged[-1] = last._replace(text=last.text + span.text)
        else:
            merged.append(span)
    return merged


def _write_span(span: Span, before: str, after: str) -> str:
    text = re.sub(r"[^\S\n]+", " ", span.text)
    bare = text.strip()
    mark = "*" * (2 * span.bold + span.italic)
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    written = SIGNS.sub(lambda sign: "\\" + sign[0], bare)
    if not mark or not bare:
        return f"{lead}{written}{trail}" if bare else text
    # CommonMark, "Emphasis and strong emphasis": a mark beside a sign must have a blank or a sign on its other side.
    opens = bare[0].isalnum() or not (lead or before)[-1:].isalnum()
    closes = bare[-1].isalnum() or not (trail or after)[:1].isalnum()
    touches_mark = not lead and before == "*"
    return f"{lead}{mark}{written}{mark}{trail}" if opens and closes and not touches_mark else f"{lead}{written}{trail}"
