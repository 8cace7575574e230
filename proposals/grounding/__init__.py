"""
What a section's text rests on: its statements with the sources that say them, what nobody said, what is missing.

The same for the text of any engine and of a person. Knows no database.

Source: docs/generation.md, "Grounding".
"""

from __future__ import annotations

from proposals.grounding.corpus import Corpus
from proposals.grounding.grounding import ground

__all__ = ["Corpus", "ground"]
