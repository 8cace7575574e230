"""
What can go wrong in the domain, one class per meaning.

    ProposalsError                 has a `code` and a sentence that is safe to show
    ├── OperationAlreadyRunning    one unfinished operation per project and kind
    ├── IdempotencyKeyReused       the key belongs to another operation
    ├── KindNotAvailable           this installation cannot run that kind
    ├── DocumentMissing, AnalysisMissing, SectionsMissing
    ├── NotCancellable, NotRetryable
    └── OperationFailed            a run ends, for a reason that was foreseen
    RunStopped                     a run ends without being at fault; never shown
    ├── CancelRequested            somebody asked
    ├── LeaseLost                  another attempt has taken over
    └── WorkerStopping             the process ends; another worker goes on

Source: PROTOCOL.md, "Error codes".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proposals.models import Operation


class ProposalsError(Exception):
    """
    Base of the errors that users may see. The sentence is French, for bid teams.

    `details` names what is in question, field by field, each with texts; None when there is nothing to name.
    """

    code = "error"
    user_message = "La demande n'a pas pu être traitée."
    details: dict[str, list[str]] | None = None

    def __init__(self, user_message: str | None = None) -> None:
        self.user_message = user_message or self.user_message
        super().__init__(self.user_message)


class OperationAlreadyRunning(ProposalsError):
    """An operation of this kind is unfinished on this project."""

    code = "operation_already_running"
    user_message = "Cette opération est déjà en cours sur ce projet."

    def __init__(self, operation: Operation) -> None:
        super().__init__()
        self.operation = operation
        self.details = {"operation_id": [str(operation.id)]}


class IdempotencyKeyReused(ProposalsError):
    """The same key came with another kind of operation."""

    code = "idempotency_key_reused"
    user_message = "Cette clé d'idempotence a déjà servi pour une autre opération."


class KindNotAvailable(ProposalsError):
    """This installation does not run that kind of operation."""

    code = "kind_not_available"
    user_message = "Cette opération n'est pas disponible sur cette installation."


class DocumentMissing(ProposalsError):
    """The operation needs a document that the project does not have."""

    code = "document_missing"
    user_message = "Ce projet n'a pas encore de règlement de la consultation : déposez-le d'abord."


class AnalysisMissing(ProposalsError):
    """The operation needs an analysis of the RC."""

    code = "analysis_missing"
    user_message = "Le règlement de la consultation n'est pas encore analysé : lancez d'abord l'analyse."


class SectionsMissing(ProposalsError):
    """The operation needs at least one written section."""

    code = "sections_missing"
    user_message = "Aucune section n'est encore rédigée : lancez d'abord la rédaction."


class NotCancellable(ProposalsError):
    """The operation is already finished."""

    code = "not_cancellable"
    user_message = "Cette opération est déjà terminée."


class NotRetryable(ProposalsError):
    """The operation did not fail, or a newer one of its kind replaces it."""

    code = "not_retryable"
    user_message = "Cette opération ne peut pas être relancée."


class OperationFailed(ProposalsError):
    """
    A run ends in failure for a reason that was foreseen.

    Args:
        code: from the closed list of PROTOCOL.md.
        user_message: the sentence to show.
        retryable: whether the same again may succeed.
    """

    def __init__(self, *, code: str, user_message: str, retryable: bool) -> None:
        super().__init__(user_message)
        self.code = code
        self.retryable = retryable


class RunStopped(Exception):
    """Base of what ends a run that did nothing wrong."""


class CancelRequested(RunStopped):
    """Somebody asked this operation to stop."""


class LeaseLost(RunStopped):
    """The lease expired and another attempt, or none, holds the operation: write nothing more."""


class WorkerStopping(RunStopped):
    """The worker's process ends: give the operation back."""
