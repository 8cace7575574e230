"""Asks for a better order of passages. Only keys that we gave count, whatever comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from anthropic import transform_schema
from pydantic import BaseModel, ConfigDict, ValidationError

from proposals.engines.claude.conversation import Conversation
from proposals.engines.claude.failures import make_failure
from proposals.engines.claude.rules import RANKING
from proposals.engines.claude.streaming import Question
from proposals.engines.claude.untrusted import data_document
from proposals.matching import Passage, RequirementQuery

#: Passages beyond these are not shown to the model, and not returned.
MOST_PASSAGES = 20
#: A passage is judged by its beginning.
LONGEST_BODY = 4_000
MAX_TOKENS = 8_000
EFFORT = "low"
TASK = "Score the passages for the requirement, as JSON of the given schema."


class ScoredPassage(BaseModel):
    """How well one passage answers, 0–1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    score: float


class Ranking(BaseModel):
    """The answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passages: tuple[ScoredPassage, ...]


def rank(
    conversation: Conversation, requirement: RequirementQuery, passages: Sequence[Passage]
) -> list[tuple[UUID, float]]:
    """
    Return the ids of the passages that answer a requirement with their scores, the best first.

    Raises:
        OperationFailed: as `Conversation.ask`.
    """
    by_key = {f"P{number}": passage for number, passage in enumerate(passages[:MOST_PASSAGES], start=1)}
    if not by_key:
        return []
    question = Question(
        rules=RANKING,
        content=(
            data_document("requirement", {"text": requirement.text, "quote": requirement.quote}),
            data_document("passages", [_describe(key, passage) for key, passage in by_key.items()]),
            {"type": "text", "text": TASK},
        ),
        max_tokens=MAX_TOKENS,
        schema=_schema(by_key),
        effort=EFFORT,
        repeatable=True,
    )
    answer = conversation.ask(question, on_text=_wait_for_the_end)
    try:
        ranking = Ranking.model_validate_json(answer)
    except ValidationError as error:
        raise make_failure("engine_bad_answer") from error
    return _order(ranking, by_key)


def _describe(key: str, passage: Passage) -> dict[str, Any]:
    return {"key": key, "title": passage.title, "text": passage.body[:LONGEST_BODY], "expired": passage.is_expired}


def _schema(by_key: Mapping[str, Passage]) -> dict[str, Any]:
    """Return the schema of the answer in which only the given keys may stand."""
    schema = transform_schema(Ranking)
    schema["$defs"]["ScoredPassage"]["properties"]["key"] = {"enum": list(by_key)}
    return schema


def _order(ranking: Ranking, by_key: Mapping[str, Passage]) -> list[tuple[UUID, float]]:
    scores: dict[UUID, float] = {}
    for scored in ranking.passages:
        passage = by_key.get(scored.key)
        if passage is not None and scored.score > 0:
            scores.setdefault(passage.id, min(scored.score, 1.0))
    return sorted(scores.items(), key=lambda entry: -entry[1])


def _wait_for_the_end(piece: str) -> None:
    """A ranking is used when it is complete."""
