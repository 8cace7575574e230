"""
The form in which the model reports an analysis: flat lists of strings and numbers, which a grammar can enforce; what
they mean is checked by `reading`. The schema of an analysis itself is `proposals.analysis`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

FieldName = Literal[
    "reference",
    "object",
    "buyer",
    "procedure",
    "contract_type",
    "submission_deadline",
    "question_deadline",
    "offer_validity",
    "divided_into_lots",
    "cpv",
    "duration",
    "variants",
    "site_visit",
    "negotiation",
    "platform_url",
    "electronic_signature",
    "answer_frame",
    "page_limit",
]
Category = Literal[
    "site_visit",
    "deadline",
    "environmental",
    "social",
    "data_protection",
    "submission",
    "financial",
    "administrative",
    "contractual",
    "technical",
]


class _Reported(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quoted(_Reported):
    """Anything that stands on a page."""

    page: int
    quote: str


class ReportedFact(Quoted):
    """One value of one field, in the form that the rules give for it."""

    field: FieldName
    value: str


class ReportedLot(Quoted):
    """One lot."""

    number: str
    title: str


class ReportedPart(Quoted):
    """A sub-criterion; `weight` is a number or empty."""

    number: str
    name: str
    weight: str
    unit: Literal["percent", "points", "none"]


class ReportedCriterion(ReportedPart):
    """An award criterion with its parts."""

    parts: tuple[ReportedPart, ...]


class ReportedDocument(Quoted):
    """A paper to hand in."""

    name: str
    part: Literal["application", "offer"]
    mandatory: bool


class ReportedRequirement(Quoted):
    """An obligation of the bidder; `article` may be empty."""

    text: str
    category: Category
    mandatory: bool
    article: str


class ReportedAnalysis(_Reported):
    """Everything that was read. The order of the lists is the order in which they are written."""

    facts: tuple[ReportedFact, ...]
    lots: tuple[ReportedLot, ...]
    award_criteria: tuple[ReportedCriterion, ...]
    required_documents: tuple[ReportedDocument, ...]
    requirements: tuple[ReportedRequirement, ...]
