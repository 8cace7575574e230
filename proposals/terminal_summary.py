"""What the operations brought, as a readable page for the terminal, in the words of the web pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from proposals.analysis import RCAnalysisResult
from proposals.dashboard import criteria
from proposals.dashboard.facts import FactRow, describe_fact, fact_groups
from proposals.dashboard.wording import PARTS, say_instant
from realtime.terminal.wording import to_printable

BAR_WIDTH = 24
#: Longest text of one fact; the whole is in the analysis.
MAX_FACT_LENGTH = 240

CATEGORIES = {
    "technical": "techniques",
    "submission": "remise de l’offre",
    "deadline": "délais",
    "administrative": "administratives",
    "financial": "financières",
    "contractual": "contractuelles",
    "environmental": "environnementales",
    "data_protection": "protection des données",
    "social": "sociales",
    "site_visit": "visite du site",
}

Add = Callable[..., None]


def print_analysis(result: RCAnalysisResult, console: Console) -> None:
    """
    Print what a bid team asks first: deadline, facts, criteria, documents, obligations, warnings.

    Every fact stands with its page; what the RC does not say is said to be missing.
    """
    deadline = describe_fact("submission_deadline", "Remise des offres", result.submission_deadline, say_instant)
    _print_section(console, "Échéance", _facts_table([deadline]))
    for group in fact_groups(result):
        _print_section(console, group.title, _facts_table(group.rows))
    _print_section(console, "Critères de jugement", _criteria_table(criteria.draw(result.award_criteria)))
    for part, title in PARTS.items():
        _print_section(console, f"Pièces à remettre — {title.lower()}", _documents_table(result, part))
    _print_section(console, "Exigences", Text(_count_requirements(result)))
    _print_section(console, "Points d’attention", _warnings_table(result))


def print_results(results: Mapping[str, Mapping[str, Any]], files: Sequence[Path], console: Console) -> None:
    """
    Print what matching and writing brought, and where the documents are.

    Args:
        results: the result of each operation by its kind, as its `completion` carries it.
        files: the written documents.
    """
    _print_section(console, "Correspondances", Text(_describe_matching(results["matching"])))
    _print_section(console, "Mémoire technique", _lines(_describe_writing(results["generation"])))
    _print_section(console, "Documents", _files_table(files, results["document_generation"]))


def _describe_matching(result: Mapping[str, Any]) -> str:
    return (
        f"{result['requirements_total']} exigences : {result['strong_total']} couvertes, "
        f"{result['partial_total']} en partie, {result['gaps_total']} sans contenu dans la bibliothèque"
    )


def _describe_writing(result: Mapping[str, Any]) -> list[str]:
    score = result["quality_score"]
    return [
        f"{result['sections_written']} sections, {result['words_total']} mots (moteur : {result['engine']})",
        f"qualité moyenne : {'non mesurée' if score is None else f'{score:.2f} sur 1'}",
        f"points à compléter : {result['gaps_total']}, éléments sans source : {result['violations_total']}",
    ]


def _lines(lines: Sequence[str]) -> Text:
    return Text("\n".join(to_printable(line) for line in lines))


def _files_table(files: Sequence[Path], result: Mapping[str, Any]) -> RenderableType:
    table = _grid()
    for file, document in zip(files, result["documents"], strict=True):
        pages = f"{document['pages']} p." if document["pages"] else ""
        table.add_row(Text(document["format"].upper(), style="dim"), Text(str(file), overflow="fold"), Text(pages))
    return table


def _print_section(console: Console, title: str, content: RenderableType) -> None:
    console.print()
    console.print(Text(title, style="bold cyan"))
    console.print(Padding(content, (0, 0, 0, 2)))


def _facts_table(rows: Sequence[FactRow]) -> RenderableType:
    table = _grid()
    for row in rows:
        table.add_row(Text(row.label, style="dim"), _fact_text(row), _page(row.page))
    return table


def _fact_text(row: FactRow) -> Text:
    if row.status == "not_found":
        return Text("non trouvé dans le document", style="italic yellow")
    # Lots come one a line; everything else is one line.
    lines = [to_printable(line) for line in row.text.splitlines()]
    text = Text("\n".join(_shorten(line) for line in lines))
    return text.append("  (contradictoire : à vérifier)", style="bold red") if row.status == "conflict" else text


def _criteria_table(chart: criteria.Chart) -> RenderableType:
    if not chart.bars:
        return Text("aucun critère trouvé", style="italic yellow")
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True, justify="right")
    for bar in chart.bars:
        _add_criterion(table.add_row, bar, depth=0)
    if chart.total:
        table.add_row(Text("Total", style="dim"), "", Text(chart.total, style="dim"), "")
    return table


def _add_criterion(add: Add, bar: criteria.Bar, *, depth: int) -> None:
    name = to_printable(f"{bar.number} {bar.name}")
    style = "dim cyan" if depth else "cyan"
    drawn = "" if bar.width is None else ProgressBar(completed=bar.width, width=BAR_WIDTH, complete_style=style)
    text = Text(name, style="dim" if depth else "")
    add(Padding(text, (0, 0, 0, 2 * depth)), drawn, bar.value, _page(bar.page))
    for child in bar.children:
        _add_criterion(add, child, depth=depth + 1)


def _documents_table(result: RCAnalysisResult, part: str) -> RenderableType:
    documents = [document for document in result.required_documents if document.part == part]
    if not documents:
        return Text("aucune pièce trouvée", style="italic yellow")
    table = _grid()
    for document in documents:
        name = Text(_shorten(to_printable(document.name)))
        if not document.mandatory:
            name.append("  (le cas échéant)", style="dim")
        table.add_row("☐", name, _page(document.page))
    return table


def _count_requirements(result: RCAnalysisResult) -> str:
    total = len(result.requirements)
    if not total:
        return "aucune exigence relevée"
    mandatory = sum(requirement.mandatory for requirement in result.requirements)
    categories = Counter(to_printable(requirement.category) for requirement in result.requirements)
    split = ", ".join(f"{CATEGORIES.get(name, name)} {count}" for name, count in categories.most_common())
    return f"{total} au total, {mandatory} à caractère obligatoire ({split})"


def _warnings_table(result: RCAnalysisResult) -> RenderableType:
    if not result.warnings:
        return Text("aucun", style="dim")
    table = Table.grid(padding=(0, 1))
    for warning in result.warnings:
        table.add_row(Text("⚠", style="yellow"), Text(to_printable(warning.message)))
    return table


def _grid() -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True, justify="right")
    return table


def _page(page: int | None) -> Text:
    return Text(f"p. {page}" if page else "", style="dim")


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_FACT_LENGTH else f"{text[: MAX_FACT_LENGTH - 1]}…"
