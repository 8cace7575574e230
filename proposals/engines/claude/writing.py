"""Asks for one section. The RC comes first and is the same for all sections, so that the provider's cache has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from anthropic.types import ContentBlockParam
from pydantic import JsonValue

from proposals.engines.claude.conversation import Conversation
from proposals.engines.claude.rules import WRITING
from proposals.engines.claude.streaming import Question
from proposals.engines.claude.untrusted import data_document, pages_document
from proposals.writing import RequirementToCover, SectionBrief, Source

#: Room for thoughts, and for each word of the budget.
THINKING_TOKENS = 16_000
TOKENS_PER_WORD = 4
TASK = "Write the section described in the block “section”."


def write(conversation: Conversation, brief: SectionBrief, *, on_text: Callable[[str], None]) -> str:
    """
    Return the text of a section.

    Raises:
        OperationFailed: as `Conversation.ask`.
    """
    question = Question(
        rules=WRITING,
        content=tuple(_content(brief)),
        max_tokens=THINKING_TOKENS + TOKENS_PER_WORD * brief.words_budget,
    )
    return conversation.ask(question, on_text=on_text)


def _content(brief: SectionBrief) -> Iterable[ContentBlockParam]:
    if brief.rc_pages:
        yield pages_document(brief.rc_pages, cached=True)
    yield data_document("section", _describe(brief))
    yield {"type": "text", "text": TASK}


def _describe(brief: SectionBrief) -> JsonValue:
    return {
        "section": {
            "title": brief.title,
            "guidance": brief.guidance,
            "criterion": brief.criterion.model_dump(mode="json") if brief.criterion else None,
            "words": brief.words_budget,
        },
        "requirements": [_describe_requirement(requirement) for requirement in brief.requirements],
        "sources": [_describe_source(source) for source in brief.passages],
        "tender": brief.tender.model_dump(mode="json"),
        "outline": list(brief.outline),
    }


def _describe_requirement(requirement: RequirementToCover) -> JsonValue:
    return {
        "key": requirement.source.key,
        "text": requirement.source.text or requirement.source.title,
        "mandatory": requirement.mandatory,
        "confirmed": requirement.confirmed,
        "partial": requirement.is_partial,
        "sources": list(requirement.passages),
    }


def _describe_source(source: Source) -> JsonValue:
    return {
        "key": source.key,
        "kind": source.kind,
        "title": source.title,
        "text": source.text,
        "expired": source.is_expired,
        "used_in": source.used_in,
    }
