"""The whole chain on the sample RCs: every quote is verbatim, every run the same, and the scores hold."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from proposals.documents.document import Document
from proposals.documents.pdf_reader import read_pdf
from proposals.engines import scoring
from proposals.engines.offline.engine import all_quotes
from proposals.engines.offline.evidence import is_verbatim
from tests.unit.engines.documents import analyse

SAMPLES = Path(__file__).parents[3] / "proposals" / "samples" / "rc"
PDFS = sorted(pdf for pdf in SAMPLES.glob("*.pdf") if pdf.with_suffix(".expected.json").exists())

#: Lowest (precision, recall) accepted over all samples; what a field not named here must reach is 1.
FLOORS = {"required_documents": (0.97, 0.97), "requirements": (1.0, 0.9), "award_criteria": (0.98, 0.98)}


@cache
def read(pdf: Path) -> Document:
    return read_pdf(pdf)


@pytest.mark.parametrize("pdf", PDFS, ids=lambda pdf: pdf.stem)
def test_every_fact_is_quoted_word_for_word_from_its_page(pdf: Path) -> None:
    document = read(pdf)

    quotes = list(all_quotes(analyse(document)))

    assert quotes
    assert [
        found for found in quotes if not (found[1] and found[2] and is_verbatim(found[2], document.page(found[1])))
    ] == []


@pytest.mark.parametrize("pdf", PDFS, ids=lambda pdf: pdf.stem)
def test_two_runs_give_the_same_analysis(pdf: Path) -> None:
    assert analyse(read(pdf)).model_dump_json() == analyse(read(pdf)).model_dump_json()


def test_precision_and_recall_stay_above_their_floors() -> None:
    scored = [
        scoring.score(
            analyse(read(pdf)).model_dump(mode="json"),
            json.loads(pdf.with_suffix(".expected.json").read_text(encoding="utf-8")),
        )
        for pdf in PDFS
    ]

    total = scoring.add_up(scored)

    low = {
        field: (round(counts.precision, 3), round(counts.recall, 3))
        for field, counts in total.items()
        if counts.precision < FLOORS.get(field, (1.0, 1.0))[0] or counts.recall < FLOORS.get(field, (1.0, 1.0))[1]
    }
    assert low == {}
