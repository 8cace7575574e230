"""
The annexes of a proposal: the compliance matrix, what is still to be filled in, and what each statement rests on.

The last two are internal: they are for the bid team, which takes them out before handing in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from proposals.documents.blocks import (
    Annex,
    Block,
    Heading,
    Inline,
    Landscape,
    Paragraph,
    Span,
    Table,
    plain,
)
from proposals.documents.characters import one_line
from proposals.documents.content import Coverage, Evidence, ProposalContent, ProposalSection, RequirementLine
from proposals.documents.markdown_blocks import to_inline
from proposals.documents.to_do import ToDo, list_to_do
from proposals.documents.wording import STRENGTHS, say_count, say_engine, say_weight
from proposals.writing import Criterion, Source, Statement

COVERAGES: dict[Coverage, str] = {
    "covered": "Couverte",
    "partial": "Partielle",
    "missing": "À compléter",
    "outside": "Hors mémoire",
    "dropped": "Écartée",
}
KINDS = {"library": "Bibliothèque", "requirement": "Exigence du RC", "rc": "RC"}

INTERNAL_NOTICE = "Annexe interne, destinée à l’équipe de réponse : à retirer avant la remise de l’offre."
#: A statement is recognised by its beginning; the whole of it stands in the section.
EXCERPT_LETTERS = 180
QUOTE_LETTERS = 240
NOTHING = "—"
#: The name of the engine that composes texts from found passages.
OFFLINE = "offline"
#: What the annex leaves to the workbook: what the text of the proposal does not answer.
LEFT_OUT: frozenset[Coverage] = frozenset({"outside", "dropped"})
#: Passages named for one requirement; the workbook has them all.
MATRIX_EVIDENCE = 2


def write_annexes(content: ProposalContent) -> Iterator[Annex]:
    """Yield the annexes in the order in which they stand in the document."""
    if any(line.coverage not in LEFT_OUT for line in content.requirements):
        yield _write_matrix(content)
    if content.internal_annexes:
        yield _write_to_do(content)
        yield _write_traceability(content)


def say_criterion(criterion: Criterion) -> str:
    """Return "2. Valeur technique (60 %)"."""
    name = f"{criterion.number}. {criterion.name}" if criterion.number else criterion.name
    weight = f" ({say_weight(criterion.weight, criterion.unit)})" if criterion.weight is not None else ""
    return one_line(name) + weight


def say_place(page: int | None, article: str = "") -> str:
    """Return "p. 4, art. 5.2"."""
    return ", ".join(filter(None, [f"p.\u00a0{page}" if page else "", f"art.\u00a0{article}" if article else ""]))


def say_evidence(evidence: Evidence) -> str:
    """Return "Planning type (memoire-2025.docx) : forte"."""
    origin = f" ({one_line(evidence.origin)})" if evidence.origin else ""
    return f"{one_line(evidence.title)}{origin} : {STRENGTHS[evidence.strength]}"


# The compliance matrix


def _write_matrix(content: ProposalContent) -> Annex:
    kept = [line for line in content.requirements if line.coverage not in LEFT_OUT]
    header = ["Code", "Exigence", "RC", "Critère", "Sections"]
    widths = [9, 42, 14, 20, 12]
    if content.internal_annexes:
        header += ["Preuves", "Statut"]
        widths += [30, 14]
    table = Table(
        header=_cells(header),
        rows=tuple(_matrix_row(line, internal=content.internal_annexes) for line in kept),
        caption=plain("Exigences du règlement de la consultation et réponses apportées"),
        widths=tuple(widths),
    )
    return Annex(Heading(1, plain("Matrice de conformité")), (Landscape((_introduce_matrix(content, kept), table)),))


def _introduce_matrix(content: ProposalContent, kept: Sequence[RequirementLine]) -> Paragraph:
    total = say_count(len(kept), "exigence relevée", "exigences relevées")
    sentence = (
        f"{total} dans le règlement de la consultation (RC) pour le mémoire, avec les sections qui y répondent ; "
        "pièces, dates et prix sont remis à part."
    )
    if not content.internal_annexes:
        return Paragraph(plain(sentence))
    counts = (
        f"{label.lower()} : {sum(line.coverage == coverage for line in kept)}"
        for coverage, label in COVERAGES.items()
        if coverage not in LEFT_OUT
    )
    return Paragraph(plain(f"{sentence} État : {', '.join(counts)}."))


def _matrix_row(line: RequirementLine, *, internal: bool) -> tuple[Inline, ...]:
    cells = [
        plain(line.code, bold=True),
        plain(one_line(line.text)),
        plain(say_place(line.page, line.article) or NOTHING),
        plain("\n".join(map(say_criterion, line.criteria)) or NOTHING),
        _link_sections(line.sections),
    ]
    if internal:
        cells.append(plain("\n".join(map(_name_evidence, line.evidence[:MATRIX_EVIDENCE])) or NOTHING))
        cells.append(plain(COVERAGES[line.coverage], mark="gap" if line.coverage == "missing" else None))
    return tuple(cells)


def _name_evidence(evidence: Evidence) -> str:
    return f"{one_line(evidence.title)} : {STRENGTHS[evidence.strength]}"


def _link_sections(numbers: Sequence[str]) -> Inline:
    spans: list[Span] = []
    for number in numbers:
        spans += [Span(", ")] if spans else []
        spans.append(Span(number, href=f"#section_{number}"))
    return tuple(spans) or plain(NOTHING)


# What is still to be filled in


def _write_to_do(content: ProposalContent) -> Annex:
    rows = tuple(map(_to_do_row, list_to_do(content)))
    table = Table(
        header=_cells(["N°", "Où", "Nature", "À faire"]),
        rows=tuple((plain(str(number)), *row) for number, row in enumerate(rows, start=1)),
        caption=plain("Ce qui reste à faire avant la remise"),
        widths=(5, 24, 18, 53),
        alignments=("right",),
    )
    legend = Paragraph(
        (
            Span("Dans le texte, "),
            Span("les points à compléter", mark="gap"),
            Span(" et "),
            Span("ce que ni le RC ni la bibliothèque ne confirme", mark="doubt"),
            Span(" sont surlignés."),
        )
    )
    blocks: tuple[Block, ...] = (legend, table) if rows else (Paragraph(plain("Rien ne reste à compléter.")),)
    return Annex(Heading(1, plain("Points à compléter")), (_notice(), *_say_draft(content), *blocks), internal=True)


def _say_draft(content: ProposalContent) -> tuple[Block, ...]:
    """Say once that texts of the offline engine are a draft; those that a person edited are that person's."""
    drafted = [section.number for section in content.sections if section.engine == OFFLINE and not section.edited]
    if not drafted:
        return ()
    where = "La section" if len(drafted) == 1 else "Les sections"
    verb = "est un brouillon composé" if len(drafted) == 1 else "sont un brouillon composé"
    sentence = f"{where} {', '.join(drafted)} {verb} de passages de la bibliothèque : à relire avant la remise."
    return (Paragraph(plain(sentence)),)


def _to_do_row(item: ToDo) -> tuple[Inline, ...]:
    place = (Span(item.place, href=f"#section_{item.section}" if item.section else None),)
    # What a section lacks is a part of its Markdown; a requirement is plain text.
    return place, plain(item.kind), to_inline(item.text) if item.section else plain(item.text)


# What each statement rests on


def _write_traceability(content: ProposalContent) -> Annex:
    blocks: list[Block] = [
        _notice(),
        Paragraph(
            plain(
                "Pour chaque énoncé des sections : le passage de la bibliothèque ou la page du règlement de la "
                "consultation (RC) dont il provient."
            )
        ),
    ]
    for section in content.sections:
        if section.text.strip():
            blocks += _trace_section(section, content)
    return Annex(Heading(1, plain("Traçabilité")), tuple(blocks), internal=True)


def _trace_section(section: ProposalSection, content: ProposalContent) -> Iterator[Block]:
    grounding = section.grounding
    yield Heading(2, plain(f"Section {section.number} : {one_line(section.title)}"))
    yield Paragraph(plain(_say_history(section)), style="note")
    if grounding.statements:
        yield Table(
            header=_cells(["N°", "Énoncé", "Sources"]),
            rows=tuple(_statement_rows(section, grounding.statements)),
            caption=plain(f"Énoncés de la section {section.number}"),
            widths=(6, 72, 22),
            alignments=("right",),
        )
    if grounding.sources:
        yield Table(
            header=_cells(["Clé", "Nature", "Source", "Où"]),
            rows=tuple(_source_row(source, content) for source in grounding.sources),
            caption=plain(f"Sources de la section {section.number}"),
            widths=(8, 16, 50, 26),
        )


def _say_history(section: ProposalSection) -> str:
    engine = f", rédigée par le moteur «\u00a0{say_engine(section.engine)}\u00a0»" if section.engine else ""
    edited = ", modifiée par une personne" if section.edited else ""
    known = "" if section.grounding.statements else " Aucune source n’est enregistrée pour ce texte."
    return f"Version {section.version} du texte{engine}{edited}.{known}"


def _statement_rows(section: ProposalSection, statements: Iterable[Statement]) -> Iterator[tuple[Inline, ...]]:
    for number, statement in enumerate(statements, start=1):
        text = section.text[statement.start : statement.end]
        sources = plain(", ".join(statement.sources)) or plain("sans source", mark="doubt")
        yield plain(str(number)), _excerpt(to_inline(text)), sources


def _excerpt(content: Inline) -> Inline:
    """Cut a statement after so many letters, keeping its marks."""
    kept: list[Span] = []
    left = EXCERPT_LETTERS
    for span in content:
        if len(span.text) > left:
            return (*kept, Span(f"{span.text[:left].rstrip()}…", mark=span.mark))
        kept.append(Span(span.text, mark=span.mark))
        left -= len(span.text)
    return tuple(kept)


def _source_row(source: Source, content: ProposalContent) -> tuple[Inline, ...]:
    title = one_line(source.title) + (" (périmé)" if source.is_expired else "")
    quote = one_line(source.quote)
    quoted = f"\n«\u00a0{_shorten(quote)}\u00a0»" if quote else ""
    origin = one_line(content.origins.get(source.id, "")) if source.id else ""
    where = say_place(source.page) if source.page else origin
    return plain(source.key, bold=True), plain(KINDS[source.kind]), plain(title + quoted), plain(where or NOTHING)


def _shorten(text: str) -> str:
    return text if len(text) <= QUOTE_LETTERS else f"{text[:QUOTE_LETTERS].rstrip()}…"


def _notice() -> Paragraph:
    return Paragraph(plain(INTERNAL_NOTICE, bold=True), style="note")


def _cells(titles: Iterable[str]) -> tuple[Inline, ...]:
    return tuple(plain(title) for title in titles)
