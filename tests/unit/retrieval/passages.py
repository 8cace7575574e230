"""Requirements and passages for tests of the search, with ids that say their order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from proposals.matching import Passage, RequirementQuery


def make_passage(number: int, title: str, body: str = "", **fields: Any) -> Passage:
    """Return a passage whose id is a small number."""
    return Passage(id=UUID(int=number), title=title, body=body, **fields)


def make_query(text: str, **fields: Any) -> RequirementQuery:
    """Return a requirement."""
    return RequirementQuery(**{"id": UUID(int=1), "code": "R-001", "text": text, **fields})
