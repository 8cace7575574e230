"""
The schema of an RC analysis, the same everywhere: engines return it, the database stores it, REST and
`analyse_rc --json` print it. It knows nothing of PDF, Django or the network.

An RC (*règlement de la consultation*) is the document in which a public buyer says how it will choose.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Value = TypeVar("Value")

FactStatus = Literal["found", "not_found", "conflict"]
Procedure = Literal["mapa", "open", "restricted", "negotiated", "competitive_dialogue", "other"]
ContractType = Literal["supplies", "services", "works"]
Variants = Literal["allowed", "forbidden", "required"]
SiteVisit = Literal["mandatory", "optional", "none"]
DurationUnit = Literal["days", "months"]
WeightUnit = Literal["percent", "points"]
DocumentPart = Literal["application", "offer"]
ElectronicSignature = Literal["required", "allowed", "not_required"]

#: 1-based page of the source document; None where nothing was found.
Page = Annotated[int, Field(ge=1)] | None


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Schema, Generic[Value]):
    """
    One fact read from the RC, with its evidence.

    `status` is "not_found" when the document does not say it (then `value`, `page` and `quote` are None),
    "conflict" when it says two different things (then `value` is the best supported one and a warning
    names the others). `quote` stands verbatim on `page`, white space apart. `confidence` is 0–1.
    """

    value: Value | None = None
    status: FactStatus = "not_found"
    page: Page = None
    quote: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.0

    @property
    def proven(self) -> Value | None:
        """The value that the document's own words prove; None for one that people must look at first."""
        return self.value if self.quote else None


class OfferValidity(_Schema):
    """How long the bidder is bound by its offer."""

    amount: Annotated[int, Field(gt=0)]
    unit: DurationUnit


class Lot(_Schema):
    """One lot of a divided contract. `number` as the RC writes it, without the word "lot" ("1", "2A")."""

    number: str
    title: str


class AwardCriterion(_Schema):
    """
    One criterion by which offers are judged; sub-criteria are `children`.

    `weight` is None where the RC gives none (criteria by decreasing importance). The weight of a child is
    in the RC's own terms: children may add up to the parent's weight or to 100.
    """

    number: str | None = None
    name: str
    weight: Annotated[float, Field(ge=0)] | None = None
    unit: WeightUnit | None = None
    page: Page = None
    quote: str | None = None
    children: tuple[AwardCriterion, ...] = ()


class RequiredDocument(_Schema):
    """One paper the bidder hands in, with the application (candidature) or with the offer."""

    name: str
    part: DocumentPart
    mandatory: bool = True
    page: Page = None
    quote: str | None = None


class RequirementItem(_Schema):
    """One obligation of the bidder. `code` is stable for the same document ("R-001")."""

    code: str
    text: str
    category: str
    mandatory: bool
    article: str | None = None
    page: Page = None
    quote: str | None = None


class AnalysisWarning(_Schema):
    """Something a person must look at. `code` is from a closed list, `message` is a French sentence."""

    code: str
    message: str


class RCAnalysisResult(_Schema):
    """
    Everything read from one RC. Instants are ISO-8601 with the offset of Europe/Paris on that day.

    Source: the field list of docs/rc-analysis.md.
    """

    reference: Fact[str] = Fact[str]()
    object: Fact[str] = Fact[str]()
    buyer: Fact[str] = Fact[str]()
    procedure: Fact[Procedure] = Fact[Procedure]()
    contract_type: Fact[ContractType] = Fact[ContractType]()
    submission_deadline: Fact[AwareDatetime] = Fact[AwareDatetime]()
    question_deadline: Fact[AwareDatetime] = Fact[AwareDatetime]()
    offer_validity: Fact[OfferValidity] = Fact[OfferValidity]()
    divided_into_lots: Fact[bool] = Fact[bool]()
    lots: Fact[tuple[Lot, ...]] = Fact[tuple[Lot, ...]]()
    cpv: Fact[tuple[str, ...]] = Fact[tuple[str, ...]]()
    duration: Fact[str] = Fact[str]()
    variants: Fact[Variants] = Fact[Variants]()
    site_visit: Fact[SiteVisit] = Fact[SiteVisit]()
    negotiation: Fact[bool] = Fact[bool]()
    platform_url: Fact[str] = Fact[str]()
    electronic_signature: Fact[ElectronicSignature] = Fact[ElectronicSignature]()
    answer_frame: Fact[str] = Fact[str]()
    page_limit: Fact[int] = Fact[int]()
    award_criteria: tuple[AwardCriterion, ...] = ()
    required_documents: tuple[RequiredDocument, ...] = ()
    requirements: tuple[RequirementItem, ...] = ()
    warnings: tuple[AnalysisWarning, ...] = ()
