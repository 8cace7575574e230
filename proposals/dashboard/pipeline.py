"""The four operations in a row: what each is for, what it still lacks, and what follows by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from proposals import engine_choice, operations
from proposals.exceptions import KindNotAvailable, ProposalsError
from proposals.jobs import JOBS
from proposals.models import Operation, Project

NO_KEY = "aucune clé Claude n’est configurée"
FORCED = "les réglages de ce serveur l’imposent"


@dataclass(frozen=True)
class Words:
    """
    What the pages say of a kind.

    Args:
        noun: goes with a verb: "Lancer l’analyse".
        panel: the part of the page that shows what it leaves.
    """

    icon: str
    noun: str
    panel: str
    intro: str


WORDS: dict[str, Words] = {
    Operation.Kind.RC_ANALYSIS: Words(
        icon="scan",
        noun="l’analyse",
        panel="analyse",
        intro="Lit le règlement page à page : échéances, critères, pièces, exigences, avec page et citation.",
    ),
    Operation.Kind.MATCHING: Words(
        icon="match",
        noun="la recherche",
        panel="correspondances",
        intro="Cherche pour chaque exigence les meilleurs passages de votre bibliothèque, et liste les manques.",
    ),
    Operation.Kind.GENERATION: Words(
        icon="pen",
        noun="la rédaction",
        panel="memoire",
        intro="Rédige le mémoire technique section par section ; le texte s’affiche pendant qu’il s’écrit.",
    ),
    Operation.Kind.DOCUMENT_GENERATION: Words(
        icon="files",
        noun="la production",
        panel="documents-produits",
        intro="Produit le mémoire en Word et en PDF, la matrice de conformité et le calendrier.",
    ),
}


@dataclass(frozen=True)
class Step:
    """One operation of the row. `need` says what must be there before it can start; "" when it can."""

    kind: str
    label: str
    words: Words
    operation: Operation | None
    need: str


@dataclass(frozen=True)
class EngineNotice:
    """Which engine works: the model that writes, or why the offline engine does."""

    is_offline: bool
    reason: str = ""
    model: str = ""


@dataclass(frozen=True)
class Pipeline:
    """
    The row.

    Args:
        then: the kinds that follow by themselves once the newest operation has succeeded.
        need: why "run everything" cannot start; "" when it can.
        engine: which engine works.
    """

    steps: tuple[Step, ...]
    then: tuple[str, ...]
    need: str
    engine: EngineNotice


def build(project: Project, latest: Sequence[Operation]) -> Pipeline:
    """
    Return the row.

    Args:
        latest: the newest operation of each kind.
    """
    by_kind = {operation.kind: operation for operation in latest}
    steps = tuple(
        Step(kind, kind.label, WORDS[kind], by_kind.get(kind), need=_find_need(project, kind))
        for kind in Operation.Kind
    )
    first = operations.kinds_of_everything(project)[0]
    return Pipeline(
        steps=steps,
        then=_find_following(latest),
        need=next(step.need for step in steps if step.kind == first),
        engine=_describe_engine(),
    )


def _describe_engine() -> EngineNotice:
    if not engine_choice.is_offline():
        return EngineNotice(is_offline=False, model=settings.PROPOSALS_CLAUDE_WRITING_MODEL)
    return EngineNotice(is_offline=True, reason=FORCED if settings.ANTHROPIC_API_KEY else NO_KEY)


def _find_need(project: Project, kind: str) -> str:
    """Ask the job itself: it refuses a start for the same reason."""
    job = JOBS.get(kind)
    if job is None:
        return KindNotAvailable.user_message
    try:
        job.check(project)
    except ProposalsError as error:
        return error.user_message
    return ""


def _find_following(latest: Sequence[Operation]) -> tuple[str, ...]:
    newest = max(latest, key=lambda operation: operation.created_at, default=None)
    if newest is None or newest.status == Operation.Status.SUCCEEDED:
        return ()
    return tuple(newest.parameters.get("then") or ())
