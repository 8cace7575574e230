"""
The clauses of a document: headings, paragraphs, list items and table rows, with the article they stand in.

Nothing here knows what an RC says; only how French administrative documents are laid out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from proposals.engines.offline.folding import fold

BlockKind = Literal["heading", "paragraph", "bullet", "row"]


@dataclass(frozen=True)
class Block:
    """
    One clause.

    `text` is without the list marker; a row's text is its cells joined by a space. `article` is the number of
    the nearest numbered heading, `trail` the folded headings above (outermost first), `lead` the folded last
    paragraph or heading before a list or table. `table` numbers the tables of the document.
    """

    index: int
    page: int
    kind: BlockKind
    text: str
    cells: tuple[str, ...] = ()
    marker: str = ""
    number: str | None = None
    article: str | None = None
    trail: tuple[str, ...] = ()
    lead: str = ""
    table: int | None = None
    left: float = 0.0
    bold: bool = False
    size: float = 0.0
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(self.text))

    @property
    def context(self) -> str:
        """Return the folded headings above and the lead, as one text."""
        return " / ".join((*self.trail, self.lead))
