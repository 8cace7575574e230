"""
Who is told what when an operation ends: the people of the company, of its success, of its failure, and of what is left
to do. In the transaction that ends it, so a notification comes exactly when an end does.

Source: docs/notifications.md, "Who is told what".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format

from proposals.models import Operation, User
from realtime import notifications
from realtime.events import NotificationKind
from realtime.notifications import Message

logger = logging.getLogger(__name__)

Kind = Operation.Kind
Result = Mapping[str, Any]

#: The part of the project page that shows what a kind left.
PANELS = {
    Kind.RC_ANALYSIS: "analyse",
    Kind.MATCHING: "correspondances",
    Kind.GENERATION: "memoire",
    Kind.DOCUMENT_GENERATION: "documents-produits",
}

#: Failures after which somebody has to do something before a retry can help. Any other is an `error`.
NEED_SOMEBODY = frozenset(
    {
        "document_missing",
        "analysis_missing",
        "sections_missing",
        "pdf_unreadable",
        "not_a_pdf",
        "pdf_empty",
        "pdf_damaged",
        "pdf_encrypted",
        "pdf_too_large",
        "pdf_too_many_pages",
        "pdf_too_costly",
        "pdf_image_only",
        "section_gone",
        "section_locked",
        "engine_not_authorized",
        "engine_refused",
        "engine_context_exceeded",
        "engine_request_refused",
        "budget_exceeded",
    }
)
#: Ends that nobody is told of: somebody asked for them.
SILENT = frozenset({"cancelled"})
#: Documents that are missing for a reason which an earlier operation has told already.
EXPECTED_MISSING = frozenset({"no_date_known"})


def tell_success(operation: Operation, *, result: Result, now: datetime) -> None:
    """
    Tell of a success, with what needs a person; also of the operations that went before in the same row.

    Call it for the last operation of a row only: those before it would be noise.
    """
    _tell(operation, lambda: _describe_success(operation, result), now=now)


def tell_failure(operation: Operation, *, error: Mapping[str, Any], now: datetime) -> None:
    """Tell of a failure; a cancellation is none."""
    if error["code"] not in SILENT:
        _tell(operation, lambda: _describe_failure(operation, error), now=now)


def _tell(operation: Operation, describe: Callable[[], Message], *, now: datetime) -> None:
    try:
        with transaction.atomic():  # a savepoint: whatever goes wrong here must not cost the run its end
            notifications.notify(_lock_colleagues(operation), describe(), now=now)
    except Exception:
        if transaction.get_rollback():  # the connection is gone, and the end with it
            raise
        logger.exception("Nobody was told of the end of operation %s.", operation.id)


def _lock_colleagues(operation: Operation) -> list[UUID]:
    """
    Return the active people of the company, none of whom leaves it before the transaction ends.

    Else somebody who moves in this moment could take a former company's news along (see `User.save`).
    """
    active = User.objects.filter(company=operation.project.company_id, is_active=True).order_by("pk")
    return list(active.select_for_update(no_key=True).values_list("pk", flat=True))


def _describe_success(operation: Operation, result: Result) -> Message:
    points: dict[str, tuple[str, str]] = {}
    for kind, its_result in [*_results_before(operation), (operation.kind, result)]:
        points |= {name: (text, kind) for name, text in POINTS[kind](its_result)}
    label = operation.get_kind_display()
    if not points:
        return _message(operation, "completion", f"{label} terminée", SUMMARIES[operation.kind](result))
    text = " ; ".join(text for text, _ in points.values())
    first_kind = next(kind for _, kind in points.values())
    return _message(
        operation, "attention", f"{label} terminée : à vérifier", f"{text}.", panel=PANELS[Kind(first_kind)]
    )


def _describe_failure(operation: Operation, error: Mapping[str, Any]) -> Message:
    label, panel = operation.get_kind_display(), f"operation-{operation.kind}"
    if error["code"] in NEED_SOMEBODY:
        return _message(
            operation, "attention", f"{label} arrêtée : intervention nécessaire", error["error"], panel=panel
        )
    return _message(operation, "error", f"{label} : échec", error["error"], panel=panel)


def _message(
    operation: Operation, kind: NotificationKind, title: str, text: str, *, panel: str | None = None
) -> Message:
    page = reverse("project-page", args=[operation.project_id])
    return Message(
        kind=kind,
        title=title,
        text=f"« {operation.project.title} » : {text}",
        url=f"{page}#{panel or PANELS[Kind(operation.kind)]}",
        project_id=operation.project_id,
        operation_id=operation.id,
        attempt=operation.attempt,
    )


def _results_before(operation: Operation) -> list[tuple[str, Result]]:
    """Return the results of the operations of the same row, in the order in which they ran."""
    earlier = operation.parameters.get("after") or []
    rows = Operation.objects.in_bulk([UUID(key) for key in earlier])
    found = [rows[UUID(key)] for key in earlier if UUID(key) in rows]
    return [(row.kind, row.result or {}) for row in found]


def _points_of_analysis(result: Result) -> Iterator[tuple[str, str]]:
    if "submission_deadline" in result and result["submission_deadline"] is None:
        yield "deadline", "la date limite de remise n’est pas établie"
    if count := result.get("warnings_total"):
        yield "warnings", _count(count, "point d’attention dans le règlement", "points d’attention dans le règlement")


def _points_of_matching(result: Result) -> Iterator[tuple[str, str]]:
    if count := result.get("gaps_total"):
        yield "uncovered", _count(count, "exigence sans passage", "exigences sans passage")
    if count := result.get("expired_total"):
        yield "expired", _count(count, "passage périmé", "passages périmés")


def _points_of_generation(result: Result) -> Iterator[tuple[str, str]]:
    if count := result.get("gaps_total"):
        yield "gaps", _count(count, "point à compléter dans le mémoire", "points à compléter dans le mémoire")
    if count := result.get("violations_total"):
        yield "violations", _count(count, "affirmation sans source", "affirmations sans source")


def _points_of_documents(result: Result) -> Iterator[tuple[str, str]]:
    if count := result.get("gaps_total"):  # the same points as those of the generation: they take its place
        yield "gaps", _count(count, "point à compléter dans le mémoire", "points à compléter dans le mémoire")
    if result.get("over_limit"):
        yield "pages", f"{result['pages_counted']} pages pour {result['page_limit']} admises"
    missing = [row for row in result.get("not_produced") or [] if row["code"] not in EXPECTED_MISSING]
    if missing:
        yield "missing", f"fichier non produit : {', '.join(str(row['format']).upper() for row in missing)}"


#: What needs a person after a success, by kind of operation: a name for each point and its words.
POINTS: dict[str, Callable[[Result], Iterator[tuple[str, str]]]] = {
    Kind.RC_ANALYSIS: _points_of_analysis,
    Kind.MATCHING: _points_of_matching,
    Kind.GENERATION: _points_of_generation,
    Kind.DOCUMENT_GENERATION: _points_of_documents,
}


def _sum_up_analysis(result: Result) -> str:
    found = _count(result.get("requirements_total", 0), "exigence relevée", "exigences relevées")
    deadline = parse_datetime(result.get("submission_deadline") or "")
    if deadline is None:
        return f"{found}."
    return f"{found} ; remise des plis le {date_format(timezone.localtime(deadline), 'j F Y à H:i')}."


def _sum_up_matching(result: Result) -> str:
    covered = result.get("strong_total", 0) + result.get("partial_total", 0)
    return f"{_count(covered, 'exigence a un passage', 'exigences ont un passage')}."


def _sum_up_generation(result: Result) -> str:
    sections = _count(result.get("sections_written", 0), "section rédigée", "sections rédigées")
    return f"{sections}, {_count(result.get('words_total', 0), 'mot', 'mots')}."


def _sum_up_documents(result: Result) -> str:
    produced = _count(len(result.get("documents") or []), "fichier prêt", "fichiers prêts")
    return f"version {result.get('version', 1)}, {produced}."


#: What there is to say of a success that needs nobody.
SUMMARIES: dict[str, Callable[[Result], str]] = {
    Kind.RC_ANALYSIS: _sum_up_analysis,
    Kind.MATCHING: _sum_up_matching,
    Kind.GENERATION: _sum_up_generation,
    Kind.DOCUMENT_GENERATION: _sum_up_documents,
}


def _count(number: int, singular: str, plural: str) -> str:
    """Return "1 exigence", "4 210 exigences"."""
    return f"{number_format(number, use_l10n=True, force_grouping=True)} {plural if number > 1 else singular}"
