"""The offline writing engine: extractive, deterministic, without network or key."""

from __future__ import annotations

from collections.abc import Callable

from proposals.engines.offline.writing.composition import compose
from proposals.writing import SectionBrief

BETWEEN_BLOCKS = "\n\n"


class OfflineWriter:
    """Composes sections from the passages that were found for them. The same brief always gives the same text."""

    name = "offline"

    def write_section(self, brief: SectionBrief, *, on_text: Callable[[str], None]) -> str:
        """Return the section's text in Markdown, told to `on_text` paragraph by paragraph."""
        pieces: list[str] = []
        for block in compose(brief):
            piece = f"{BETWEEN_BLOCKS}{block}" if pieces else block
            on_text(piece)
            pieces.append(piece)
        return "".join(pieces)
