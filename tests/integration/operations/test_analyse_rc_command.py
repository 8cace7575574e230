"""The analyser alone, from the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from proposals.analysis import RCAnalysisResult
from tests.servers import ROOT

SAMPLE = ROOT / "proposals/samples/rc/mapa-petite-commune.pdf"


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("analyse_rc", *arguments, stdout=output)
    return output.getvalue()


def test_json_is_the_analysis_in_its_schema_and_nothing_else() -> None:
    result = RCAnalysisResult.model_validate_json(run(str(SAMPLE), "--json"))

    assert result.reference.value == "2027-02"


def test_without_json_a_person_reads_the_facts_with_their_pages() -> None:
    summary = run(str(SAMPLE))

    assert "Commune de Saint-Aubin-les-Prés" in summary
    assert "p. 3" in summary


def test_a_file_that_is_no_pdf_ends_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "rc.pdf"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)

    with pytest.raises(CommandError, match="PDF"):
        run(str(file), "--json")
