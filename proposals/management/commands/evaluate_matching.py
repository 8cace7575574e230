"""`manage.py evaluate_matching FILE.json …`: how often matching finds the passages that a person has named."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from proposals.documents.errors import DocumentError
from proposals.documents.limits import Limits
from proposals.documents.passages.decoding import decode_text
from proposals.documents.passages.markdown_document import split_markdown
from proposals.documents.passages.passage import FoundPassage
from proposals.documents.passages.reader import split_docx
from proposals.engines.offline.passages import split_pdf
from proposals.limits import pdf_limits
from proposals.matching import Passage, StrengthName
from proposals.retrieval import evaluation
from proposals.retrieval.choice import RETRIEVERS, find_retriever
from proposals.retrieval.evaluation import EvaluationError, EvaluationSet, Measures, Outcome

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "matching"


def _split_text(path: Path, limits: Limits) -> list[FoundPassage]:
    """Read a text that whoever evaluates has named themselves: without a process of its own, as uploads have."""
    return split_markdown(decode_text(path.read_bytes()), name=path.name)


READERS: dict[str, Callable[[Path, Limits], list[FoundPassage]]] = {
    ".md": _split_text,
    ".markdown": _split_text,
    ".txt": _split_text,
    ".docx": split_docx,
    ".pdf": split_pdf,
}
STRENGTHS: tuple[StrengthName, ...] = ("strong", "partial", "none")


class Command(BaseCommand):
    help = "Measure matching on requirements whose right passages are known (docs/matching.md, Measuring)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="evaluation sets; default: those of the repository")
        parser.add_argument("--library", type=Path, help="folder or file to search in, instead of the sets' own")
        parser.add_argument("--json", action="store_true", help="print the measures as JSON")
        parser.add_argument("--mistakes", action="store_true", help="print the queries whose first passage is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        sets = [_read_set(path, options["library"]) for path in options["files"] or sorted(SAMPLES.glob("*.json"))]
        outcomes = dict(self._search(sets))
        if options["json"]:
            self.stdout.write(json.dumps({name: _to_json(found) for name, found in outcomes.items()}, indent=2))
        else:
            Console(file=self.stdout, width=100).print(*map(_to_table, outcomes.items()))  # type: ignore[arg-type]
        if options["mistakes"]:
            self._print_mistakes(sets, outcomes)

    def _search(self, sets: Sequence[EvaluationSet]) -> Iterator[tuple[str, list[Outcome]]]:
        for name in RETRIEVERS:
            try:
                retriever = find_retriever(name)
            except ImportError:
                self.stderr.write(f"{name} : non installé (requirements-embeddings.txt).")
                continue
            yield name, [outcome for one in sets for outcome in one.run(retriever)]

    def _print_mistakes(self, sets: Sequence[EvaluationSet], outcomes: dict[str, list[Outcome]]) -> None:
        # The same id is another passage in another set.
        titles = [one.titles for one in sets for _ in one.queries]
        for name, found in outcomes.items():
            for outcome, known in zip(found, titles, strict=True):
                if outcome.query.expected and outcome.rank != 1:
                    self.stdout.write(_describe(name, outcome, known))


def _read_set(path: Path, library: Path | None) -> EvaluationSet:
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
        passages, keys = _read_passages(values, path, library)
        return evaluation.read_set(values, passages, keys)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} : illisible ou pas du JSON.") from error
    except EvaluationError as error:
        raise CommandError(f"{path} : {error}") from error


def _read_passages(values: object, path: Path, library: Path | None) -> tuple[list[Passage], dict[str, set[UUID]]]:
    if not isinstance(values, dict):
        raise EvaluationError("un objet avec « queries », et « passages » ou « library », est attendu.")
    if library is None and "passages" in values:
        return evaluation.read_passages(values["passages"])
    if library is None and not isinstance(values.get("library"), str):
        raise EvaluationError("« passages » ou « library » (un chemin) manque.")
    passages = _read_library(library or path.parent / values["library"], today=timezone.localdate())
    return passages, evaluation.make_keys(passages)


def _read_library(place: Path, *, today: date) -> list[Passage]:
    paths = sorted(place.rglob("*")) if place.is_dir() else [place]
    readable = [path for path in paths if path.suffix.lower() in READERS and path.is_file()]
    if not readable:
        raise EvaluationError(f"aucun fichier DOCX, PDF, Markdown ou texte dans « {place} ».")
    found = [passage for path in readable for passage in _read_file(path)]
    return [_to_passage(passage, number, today=today) for number, passage in enumerate(found, start=1)]


def _read_file(path: Path) -> list[FoundPassage]:
    try:
        return READERS[path.suffix.lower()](path, pdf_limits())
    except DocumentError as error:
        raise EvaluationError(f"{path.name} : {error.user_message}") from error


def _to_passage(found: FoundPassage, number: int, *, today: date) -> Passage:
    last_day = found.meta.valid_until
    return Passage(
        id=UUID(int=number),
        title=found.title,
        body=found.body,
        tags=found.meta.tags,
        is_expired=last_day is not None and last_day < today,
    )


def _to_table(named: tuple[str, list[Outcome]]) -> Table:
    name, outcomes = named
    table = Table("", "Requêtes", "hit@1", "hit@3", "hit@10", "MRR", "fort / partiel / aucun", title=name)
    for label, rows in _group(outcomes):
        counts = Counter(row.strength for row in rows)
        shown = _show(evaluation.measure(rows)) if any(row.query.expected for row in rows) else ["–"] * 4
        table.add_row(label, str(len(rows)), *shown, " / ".join(str(counts[strength]) for strength in STRENGTHS))
    return table


def _group(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """Yield the outcomes by the style of their queries, those without a right passage apart, and all that have one."""
    answered = [outcome for outcome in outcomes if outcome.query.expected]
    yield from ((style, [row for row in answered if row.query.style == style]) for style in _styles(answered))
    yield "TOTAL", answered
    if len(answered) < len(outcomes):
        yield "sans réponse", [outcome for outcome in outcomes if not outcome.query.expected]


def _styles(outcomes: Iterable[Outcome]) -> list[str]:
    styles = dict.fromkeys(outcome.query.style for outcome in outcomes)
    return [style for style in styles if style]


def _show(measures: Measures) -> list[str]:
    values = (measures.hit_at_1, measures.hit_at_3, measures.hit_at_10, measures.mrr)
    return [f"{value:.3f}" for value in values]


def _to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {label: _measures_to_json(rows) for label, rows in _group(outcomes)}


def _measures_to_json(rows: Sequence[Outcome]) -> dict[str, Any]:
    measures = evaluation.measure(rows)
    counts = Counter(row.strength for row in rows)
    strengths = {"strengths": {strength: counts[strength] for strength in STRENGTHS}}
    if not measures.queries:
        return {"queries": len(rows), **strengths}
    return {
        "queries": measures.queries,
        "hit@1": round(measures.hit_at_1, 4),
        "hit@3": round(measures.hit_at_3, 4),
        "hit@10": round(measures.hit_at_10, 4),
        "mrr": round(measures.mrr, 4),
        **strengths,
    }


def _describe(name: str, outcome: Outcome, titles: dict[UUID, str]) -> str:
    rank = f"rang {outcome.rank}" if outcome.rank else "absent"
    expected = " | ".join(titles[key] for key in sorted(outcome.query.expected))
    found = " | ".join(titles[key] for key in outcome.first) or "rien"
    return f"{name} · {rank} · {outcome.query.requirement}\n    attendu : {expected}\n    trouvé : {found}"
