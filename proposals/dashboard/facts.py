"""The facts of an analysis as rows of a table: what, value, status, evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from proposals.analysis import Fact, FactStatus, RCAnalysisResult
from proposals.dashboard import wording

Say = Callable[[Any], str]

STATUS_LABELS: dict[FactStatus, str] = {
    "found": "Trouvé",
    "not_found": "Non trouvé",
    "conflict": "Contradictoire",
}


@dataclass(frozen=True)
class FactRow:
    """One fact. `text` is empty when nothing was found; `link` is the address when the value is one."""

    key: str
    label: str
    text: str
    status: FactStatus
    status_label: str
    page: int | None
    quote: str
    link: str = ""

    @property
    def is_unproven(self) -> bool:
        """Whether a value is shown that no words of the document prove."""
        return bool(self.text) and not self.quote


@dataclass(frozen=True)
class FactGroup:
    """Facts that are read together."""

    title: str
    rows: tuple[FactRow, ...]

    @property
    def missing(self) -> int:
        """How many a person must look up."""
        return sum(row.status != "found" or row.is_unproven for row in self.rows)


_CONTRACT: tuple[tuple[str, str, Say], ...] = (
    ("object", "Objet", wording.say),
    ("buyer", "Acheteur", wording.say),
    ("reference", "Référence", wording.say),
    ("procedure", "Procédure", wording.PROCEDURES.__getitem__),
    ("contract_type", "Type de marché", wording.CONTRACT_TYPES.__getitem__),
    ("divided_into_lots", "Allotissement", wording.say_yes_no),
    ("lots", "Lots", wording.say_lots),
    ("duration", "Durée", wording.say),
    ("cpv", "Codes CPV", wording.say_list),
)
_ANSWER: tuple[tuple[str, str, Say], ...] = (
    ("question_deadline", "Questions jusqu’au", wording.say_instant),
    ("offer_validity", "Validité des offres", wording.say_validity),
    ("answer_frame", "Cadre de réponse", wording.say),
    ("page_limit", "Limite de pages", wording.say_pages),
    ("variants", "Variantes", wording.VARIANTS.__getitem__),
    ("site_visit", "Visite du site", wording.SITE_VISITS.__getitem__),
    ("negotiation", "Négociation", wording.say_yes_no),
    ("electronic_signature", "Signature électronique", wording.SIGNATURES.__getitem__),
    ("platform_url", "Plateforme de dépôt", wording.say),
)


def fact_groups(result: RCAnalysisResult) -> tuple[FactGroup, ...]:
    """Return the facts in the order in which bid teams ask for them."""
    return (
        FactGroup("Le marché", _rows(result, _CONTRACT)),
        FactGroup("Pour répondre", _rows(result, _ANSWER)),
    )


def describe_fact(key: str, label: str, fact: Fact[Any], say: Say) -> FactRow:
    """Return one fact as a row."""
    text = say(fact.value) if fact.value is not None else ""
    return FactRow(
        key=key,
        label=label,
        text=text,
        status=fact.status,
        status_label=STATUS_LABELS[fact.status],
        page=fact.page,
        quote=fact.quote or "",
        link=text if text.startswith(("https://", "http://")) and " " not in text else "",
    )


def _rows(result: RCAnalysisResult, columns: tuple[tuple[str, str, Say], ...]) -> tuple[FactRow, ...]:
    return tuple(
        describe_fact(key, label, getattr(result, key), say) for key, label, say in columns if not _is_idle(result, key)
    )


def _is_idle(result: RCAnalysisResult, key: str) -> bool:
    """The list of lots says nothing about a contract that has none."""
    return key == "lots" and result.divided_into_lots.value is False
