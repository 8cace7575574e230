"""What a person must look at before answering; the codes are listed in docs/rc-analysis.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from proposals.analysis import AnalysisWarning, AwardCriterion, RCAnalysisResult
from proposals.engines.offline.folding import fold

#: From this day an award criterion must look at the environment (loi 2021-1104, article 35; L.2152-7).
ENVIRONMENT_REQUIRED_FROM = date(2026, 8, 21)
ENVIRONMENT = re.compile(
    r"environnement|ecolog|carbone|durable|eco-?conception|energ|rse\b|dechet|recycl|emission|sobriete|"
    r"vert|climat|biodivers|cycle de vie|ecorespons"
)
PRICE = re.compile(r"prix|cout|tarif|financ|montant|remise")
TOLERANCE = 0.05
#: Procedures in which the buyer first chooses who may make an offer.
TWO_PHASES = frozenset({"restricted", "negotiated", "competitive_dialogue"})
#: Weights that are all this small are coefficients of notes, which need not add up to anything.
LARGEST_COEFFICIENT = 10


def find_warnings(result: RCAnalysisResult, other_deadlines: Sequence[datetime]) -> tuple[AnalysisWarning, ...]:
    """Return the warnings that follow from an analysis, in a fixed order."""
    found = [
        *_about_dates(result, other_deadlines),
        *_about_criteria(result),
        *_about_documents(result),
        *_about_answer(result),
    ]
    return tuple(AnalysisWarning(code=code, message=message) for code, message in found)


def _about_dates(result: RCAnalysisResult, others: Sequence[datetime]) -> Iterator[tuple[str, str]]:
    deadline = result.submission_deadline
    if deadline.status == "not_found":
        yield (
            "deadline_not_found",
            "La date limite de remise n’a pas été trouvée dans ce document : vérifiez-la sur le profil d’acheteur.",
        )
    if deadline.status == "conflict" and deadline.value:
        dates = ", ".join(_french(moment) for moment in (deadline.value, *others))
        yield (
            "deadline_conflict",
            f"Le document donne plusieurs dates limites de remise ({dates}) : interrogez l’acheteur et "
            f"retenez la plus proche.",
        )
    if result.procedure.value in TWO_PHASES and not _is_about_offers(deadline.quote):
        yield (
            "application_phase_only",
            "La procédure se déroule en deux temps : seule la candidature est à remettre à cette date.",
        )


def _is_about_offers(quote: str | None) -> bool:
    """Return whether the deadline is that of the offers: then the applications are already closed."""
    folded = fold(quote or "")
    return "offre" in folded and ("candidature" not in folded or "closes" in folded)


def _french(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y à %Hh%M}"


def _about_documents(result: RCAnalysisResult) -> Iterator[tuple[str, str]]:
    if not result.required_documents:
        yield "documents_not_found", "Les pièces à remettre n’ont pas été trouvées : relisez le document."


def _about_criteria(result: RCAnalysisResult) -> Iterator[tuple[str, str]]:
    criteria = result.award_criteria
    if not criteria:
        yield "criteria_not_found", "Les critères d’attribution n’ont pas été trouvés dans ce document."
        return
    yield from _about_weights(criteria)
    if all(_is_price(criterion) for criterion in criteria):
        yield "price_only_criteria", "Le prix est le seul critère d’attribution."
    due = result.submission_deadline.value
    if (
        due
        and due.date() >= ENVIRONMENT_REQUIRED_FROM
        and not any(_is_environmental(criterion) for criterion in criteria)
    ):
        yield (
            "no_environmental_criterion",
            "Aucun critère d’attribution ne porte sur l’environnement, alors qu’il est obligatoire "
            "depuis le 21 août 2026 (L. 2152-7).",
        )


def _about_weights(criteria: Sequence[AwardCriterion]) -> Iterator[tuple[str, str]]:
    if any(criterion.weight is None for criterion in criteria):
        yield (
            "weights_missing",
            "La pondération de certains critères n’est pas indiquée : ils sont peut-être classés par "
            "ordre d’importance.",
        )
        return
    total = sum(criterion.weight or 0 for criterion in criteria)
    if not _adds_up(criteria):
        yield "weights_sum_not_100", f"La somme des pondérations des critères fait {total:g} au lieu de 100."
    for criterion in criteria:
        parts = sum(child.weight or 0 for child in criterion.children)
        if criterion.children and min(abs(parts - (criterion.weight or 0)), abs(parts - 100)) > TOLERANCE:
            yield (
                "subweights_sum_mismatch",
                f"Les sous-critères de « {criterion.name} » totalisent {parts:g}, ni {criterion.weight:g} ni 100.",
            )


def _adds_up(criteria: Sequence[AwardCriterion]) -> bool:
    """Return whether the weights make 100, or 100 for each list when every lot has its own."""
    if all((criterion.weight or 0) <= LARGEST_COEFFICIENT for criterion in criteria):
        return True
    total = 0.0
    for criterion in criteria:
        total += criterion.weight or 0
        total = 0.0 if abs(total - 100) <= TOLERANCE else total
    return total == 0.0


def _is_price(criterion: AwardCriterion) -> bool:
    return bool(PRICE.search(fold(criterion.name)))


def _is_environmental(criterion: AwardCriterion) -> bool:
    return bool(ENVIRONMENT.search(fold(criterion.name))) or any(
        _is_environmental(child) for child in criterion.children
    )


def _about_answer(result: RCAnalysisResult) -> Iterator[tuple[str, str]]:
    if result.site_visit.value == "mandatory":
        yield "mandatory_site_visit", "La visite du site est obligatoire : sans elle, l’offre sera écartée."
    if result.answer_frame.value:
        yield "answer_frame_imposed", f"Un cadre de réponse est imposé : {result.answer_frame.value}."
    if result.page_limit.value:
        yield "page_limit", f"La réponse technique est limitée à {result.page_limit.value} pages."
    if result.variants.value == "required":
        yield "variants_required", "Au moins une variante est exigée avec l’offre."
    if result.electronic_signature.value == "required":
        yield (
            "signature_required",
            "La signature électronique est exigée au dépôt : vérifiez la validité du certificat.",
        )
