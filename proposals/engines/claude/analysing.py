"""Asks for the analysis of an RC and follows the answer while it is written."""

from __future__ import annotations

import re

from anthropic import transform_schema
from pydantic import ValidationError

from proposals.documents.document import Document
from proposals.engines.claude.analysis_schema import ReportedAnalysis
from proposals.engines.claude.conversation import Conversation
from proposals.engines.claude.failures import make_failure
from proposals.engines.claude.rules import ANALYSIS
from proposals.engines.claude.streaming import Question
from proposals.engines.claude.untrusted import pages_document
from proposals.engines.protocol import OnStep

#: Room for thoughts and for the ledger of the longest RC.
MAX_TOKENS = 100_000
TASK = "Report what this RC says, as JSON of the given schema."

#: What is being written, by the key of the answer that has just begun, in the words of the offline engine.
FAMILIES: dict[str, str] = {
    "facts": "Identité, dates et règles de la consultation",
    "lots": "Lots et nomenclature",
    "award_criteria": "Critères d’attribution",
    "required_documents": "Pièces à remettre",
    "requirements": "Exigences",
}
_TOKEN = re.compile('"(' + "|".join(FAMILIES) + r'|quote)"\s*:')
#: Longer than any token: what is kept of the text in case a token is cut between two pieces.
LONGEST_TOKEN = 40
#: Entries of a family after which half of its share is passed: how many will come is not known.
HALF_WAY_ENTRIES = 15


class AnswerWatcher:
    """Says how far an analysis is, from the JSON as it comes."""

    def __init__(self, on_step: OnStep) -> None:
        self._on_step = on_step
        self._unread = ""
        self._families: list[str] = []
        self._found = self._found_before = 0

    def read(self, piece: str) -> None:
        """Read on, and tell of each family that begins and each entry that is complete."""
        text = self._unread + piece
        read_to = 0
        for token in _TOKEN.finditer(text):
            read_to = token.end()
            self._take(token[1])
        self._unread = text[read_to:][-LONGEST_TOKEN:]

    def _take(self, key: str) -> None:
        if key in FAMILIES:
            self._families.append(key)
            self._found_before = self._found
        else:
            self._found += 1
        if self._families:
            in_family = self._found - self._found_before
            passed = len(self._families) - 1 + in_family / (in_family + HALF_WAY_ENTRIES)
            self._on_step(FAMILIES[self._families[-1]], self._found, min(passed / len(FAMILIES), 1.0))


def report(conversation: Conversation, document: Document, *, on_step: OnStep) -> ReportedAnalysis:
    """
    Return what the model reports; nothing of it is checked yet but its form.

    Raises:
        OperationFailed: as `Conversation.ask`.
    """
    pages = [page.text for page in document.pages]
    question = Question(
        rules=ANALYSIS,
        content=(pages_document(pages, cached=False), {"type": "text", "text": TASK}),
        max_tokens=MAX_TOKENS,
        schema=transform_schema(ReportedAnalysis),
        repeatable=True,
    )
    answer = conversation.ask(question, on_text=AnswerWatcher(on_step).read)
    try:
        return ReportedAnalysis.model_validate_json(answer)
    except ValidationError as error:
        raise make_failure("engine_bad_answer") from error
