"""`manage.py score_rc [DIR …]`: compare the analyser with hand-made expected results, field by field."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from proposals.documents.errors import PdfError
from proposals.documents.pdf_reader import read_pdf
from proposals.engines import scoring
from proposals.engines.offline.engine import OfflineEngine
from proposals.engines.scoring import Score, Scored
from proposals.limits import pdf_limits

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "rc"


class Command(BaseCommand):
    help = "Score the analyser on every NAME.pdf that has a NAME.expected.json beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, help=f"default: {SAMPLES.name} samples of the repository")
        parser.add_argument("--json", action="store_true", help="print the scores as JSON")
        parser.add_argument("--mistakes", action="store_true", help="print what was wrong or missed, too")

    def handle(self, *args: Any, **options: Any) -> None:
        scored = dict(self._score(options["folders"] or [SAMPLES]))
        if not scored:
            raise CommandError("Aucun PDF accompagné d’un fichier .expected.json dans ces dossiers.")
        scores = scoring.add_up(scored.values())
        if options["json"]:
            self.stdout.write(json.dumps(_to_json(scores), indent=2))
            return
        Console(file=self.stdout).print(_table(scores, len(scored)))  # type: ignore[arg-type]
        if options["mistakes"]:
            self._print_mistakes(scored)

    def _score(self, folders: list[Path]) -> Iterator[tuple[str, Scored]]:
        for pdf in sorted(path for folder in folders for path in folder.glob("*.pdf")):
            expected = pdf.with_suffix(".expected.json")
            if expected.exists():
                yield pdf.name, self._score_one(pdf, json.loads(expected.read_text(encoding="utf-8")))

    def _score_one(self, pdf: Path, expected: dict[str, Any]) -> Scored:
        try:
            document = read_pdf(pdf, pdf_limits())
        except PdfError as error:
            raise CommandError(f"{pdf.name} : {error.user_message}") from error
        result = OfflineEngine().analyse(document, on_step=_say_nothing)
        return scoring.score(result.model_dump(mode="json"), expected)

    def _print_mistakes(self, scored: dict[str, Scored]) -> None:
        for name, one in scored.items():
            for mistake in one.mistakes:
                self.stdout.write(f"{name} · {mistake.field} · attendu {mistake.expected!r} · trouvé {mistake.found!r}")


def _say_nothing(label: str, found: int, share: float) -> None:
    """Take the news of the engine without a word."""


def _total(scores: dict[str, Score]) -> Score:
    return sum(scores.values(), Score())


def _to_json(scores: dict[str, Score]) -> dict[str, dict[str, float]]:
    rows = {**scores, "all": _total(scores)}
    return {
        field: {
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "right": score.right,
            "wrong": score.wrong,
            "missed": score.missed,
        }
        for field, score in rows.items()
    }


def _table(scores: dict[str, Score], documents: int) -> Table:
    table = Table("Champ", "Précision", "Rappel", "Justes", "Faux", "Manqués", title=f"{documents} documents")
    for field, score in {**scores, "TOTAL": _total(scores)}.items():
        counts = (str(score.right), str(score.wrong), str(score.missed))
        table.add_row(field, f"{score.precision:.2f}", f"{score.recall:.2f}", *counts)
    return table
