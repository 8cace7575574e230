"""`manage.py analyse_rc FILE`: run the analyser alone on a PDF and print what it found."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from proposals.analysis import AwardCriterion, Fact, OfferValidity, RCAnalysisResult
from proposals.documents.errors import PdfError
from proposals.documents.pdf_reader import read_pdf
from proposals.engines.offline.engine import OfflineEngine
from proposals.jobs import pdf_limits

LABELS = {
    "reference": "Référence",
    "object": "Objet",
    "buyer": "Acheteur",
    "procedure": "Procédure",
    "contract_type": "Type de marché",
    "submission_deadline": "Date limite de remise",
    "question_deadline": "Date limite des questions",
    "offer_validity": "Validité des offres",
    "divided_into_lots": "Allotissement",
    "lots": "Lots",
    "cpv": "Codes CPV",
    "duration": "Durée",
    "variants": "Variantes",
    "site_visit": "Visite du site",
    "negotiation": "Négociation",
    "platform_url": "Profil d’acheteur",
    "electronic_signature": "Signature électronique",
    "answer_frame": "Cadre de réponse",
    "page_limit": "Pages au maximum",
}
WORDS = {
    "mapa": "procédure adaptée",
    "open": "appel d’offres ouvert",
    "restricted": "appel d’offres restreint",
    "negotiated": "procédure avec négociation",
    "competitive_dialogue": "dialogue compétitif",
    "other": "autre",
    "supplies": "fournitures",
    "services": "services",
    "works": "travaux",
    "allowed": "autorisées",
    "forbidden": "interdites",
    "required": "exigées",
    "mandatory": "obligatoire",
    "optional": "facultative",
    "none": "aucune",
    "not_required": "non exigée",
    "days": "jours",
    "months": "mois",
}
SIGNATURE = {"required": "exigée", "allowed": "possible", "not_required": "non exigée"}


class Command(BaseCommand):
    help = "Analyse an RC (PDF) and print what it says; --json prints the analysis and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the RC, a PDF")
        parser.add_argument("--json", action="store_true", help="print the analysis as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        result = self._analyse(options["file"])
        if options["json"]:
            self.stdout.write(result.model_dump_json(indent=2))
        else:
            print_summary(result, Console(file=self.stdout))  # type: ignore[arg-type]

    def _analyse(self, path: Path) -> RCAnalysisResult:
        try:
            document = read_pdf(path, pdf_limits())
        except PdfError as error:
            raise CommandError(error.user_message) from error
        except OSError as error:
            raise CommandError(f"Le fichier {path} ne peut pas être lu : {error.strerror}.") from error
        return OfflineEngine().analyse(document, on_step=_say_nothing)


def _say_nothing(label: str, found: int, share: float) -> None:
    """Take the news of the engine without a word."""


def print_summary(result: RCAnalysisResult, console: Console) -> None:
    """Print an analysis for a person: facts, criteria, papers to hand in, warnings."""
    console.print(_facts_table(result))
    console.print(_criteria_table(result))
    console.print(_documents_table(result))
    console.print(f"{len(result.requirements)} exigences relevées.", style="bold")
    for warning in result.warnings:
        console.print(f"! {warning.message}", style="yellow", highlight=False)


def _facts_table(result: RCAnalysisResult) -> Table:
    table = Table(title="Consultation", title_justify="left", show_header=False)
    for name, label in LABELS.items():
        fact: Fact[Any] = getattr(result, name)
        page = f"p. {fact.page}" if fact.page else ""
        doubt = " (contradictoire)" if fact.status == "conflict" else ""
        table.add_row(label, f"{_say(name, fact.value)}{doubt}", page)
    return table


def _say(name: str, value: Any) -> str:
    if value is None:
        return "non trouvé"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y à %Hh%M}"
    if isinstance(value, OfferValidity):
        return f"{value.amount} {WORDS[value.unit]}"
    if name == "lots":
        return "\n".join(f"{lot.number} – {lot.title}" for lot in value)
    if name == "electronic_signature":
        return SIGNATURE[value]
    return ", ".join(value) if isinstance(value, tuple) else WORDS.get(str(value), str(value))


def _criteria_table(result: RCAnalysisResult) -> Table:
    table = Table(title="Critères d’attribution", title_justify="left", show_header=False)
    for criterion in result.award_criteria:
        table.add_row(criterion.name, _weight(criterion), style="bold")
        for child in criterion.children:
            table.add_row(f"  {child.name}", _weight(child))
    return table


def _weight(criterion: AwardCriterion) -> str:
    if criterion.weight is None:
        return "non pondéré"
    return f"{criterion.weight:g} {'%' if criterion.unit == 'percent' else 'points'}"


def _documents_table(result: RCAnalysisResult) -> Table:
    table = Table(title="Pièces à remettre", title_justify="left", show_header=False)
    for document in result.required_documents:
        part = "candidature" if document.part == "application" else "offre"
        table.add_row(part, document.name, "" if document.mandatory else "le cas échéant")
    return table
