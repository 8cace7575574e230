"""
The closed list of what goes wrong with a language model, as people are told.

Source: PROTOCOL.md, "Error codes".
"""

from __future__ import annotations

from dataclasses import dataclass

from proposals.exceptions import OperationFailed


@dataclass(frozen=True, slots=True)
class Failure:
    """
    One reason: the sentence for users, and whether the same again may succeed, if need be after somebody has repaired
    something: an operation that is retried keeps what it has finished.
    """

    sentence: str
    retryable: bool


FAILURES: dict[str, Failure] = {
    "engine_overloaded": Failure(
        "Le service d’intelligence artificielle est surchargé. Relancez l’opération dans quelques minutes.", True
    ),
    "engine_rate_limited": Failure(
        "Le service d’intelligence artificielle limite nos demandes pour le moment. "
        "Relancez l’opération dans quelques minutes.",
        True,
    ),
    "engine_unreachable": Failure(
        "La liaison avec le service d’intelligence artificielle est interrompue. Relancez l’opération.", True
    ),
    "engine_timeout": Failure(
        "Le service d’intelligence artificielle n’a pas répondu à temps. Relancez l’opération.", True
    ),
    "engine_not_authorized": Failure(
        "Le service d’intelligence artificielle refuse l’accès à cette installation. Prévenez votre administrateur, "
        "puis relancez l’opération.",
        True,
    ),
    "engine_refused": Failure(
        "Le service d’intelligence artificielle a refusé de traiter ce contenu. Relisez le document et les consignes, "
        "ou rédigez cette partie vous-même.",
        False,
    ),
    "engine_answer_cut": Failure(
        "La réponse du service d’intelligence artificielle était trop longue et a été coupée : elle n’est pas gardée. "
        "Relancez l’opération ou réduisez la longueur visée.",
        True,
    ),
    "engine_context_exceeded": Failure(
        "Le document et les contenus sont trop longs pour le service d’intelligence artificielle.", False
    ),
    "engine_bad_answer": Failure(
        "La réponse du service d’intelligence artificielle est inutilisable : elle n’est pas gardée. "
        "Relancez l’opération.",
        True,
    ),
    "engine_request_refused": Failure(
        "Le service d’intelligence artificielle n’accepte pas notre demande. Prévenez votre administrateur, puis "
        "relancez l’opération.",
        True,
    ),
    "engine_failed": Failure(
        "Le service d’intelligence artificielle est en panne. Relancez l’opération plus tard.", True
    ),
    "budget_exceeded": Failure(
        "Le budget mensuel de votre entreprise pour l’intelligence artificielle est épuisé. Relancez l’opération le "
        "mois prochain, ou quand l’administrateur l’aura relevé.",
        True,
    ),
}


def make_failure(code: str) -> OperationFailed:
    """Return the end of a run, for one of the reasons of FAILURES."""
    failure = FAILURES[code]
    return OperationFailed(code=code, user_message=failure.sentence, retryable=failure.retryable)
