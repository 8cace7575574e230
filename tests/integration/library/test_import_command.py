"""`manage.py import_library`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from proposals.models import ContentItem
from tests.factories import Cast


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two good files, one of them deeper, and what is no document."""
    (tmp_path / "sous-dossier").mkdir()
    (tmp_path / "équipe.md").write_text("# Équipe\n\nDouze personnes.\n")
    (tmp_path / "sous-dossier" / "qualité.txt").write_text("Nos contrôles.")
    for name in ("~$équipe.docx", ".caché.md", "photo.png"):
        (tmp_path / name).write_text("x")
    return tmp_path


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("import_library", *arguments, stdout=output)
    return output.getvalue()


def test_a_folder_is_imported_with_what_lies_deeper(cast: Cast, folder: Path) -> None:
    printed = run(str(folder), "--company", "Entreprise A", "--tag", "2026", "--owner", "bob", "--kind", "method")

    assert printed.count("✓") == 2
    assert "1 passage enregistré" in printed
    for item in ContentItem.objects.filter(company=cast.company_a):
        assert (item.tags, item.owner, item.kind) == (["2026"], cast.bob, "method")


def test_bad_files_are_named_the_rest_goes_on_and_the_command_fails(cast: Cast, folder: Path) -> None:
    bad = folder / "faux.docx"
    bad.write_text("pas un DOCX")
    output = StringIO()

    with pytest.raises(CommandError, match="2 fichier") as failed:
        call_command(
            "import_library", str(folder / "absent.md"), str(folder), "--company", "Entreprise A", stdout=output
        )

    assert failed.value.returncode == 1
    assert "absent.md : ce fichier ne peut pas être lu" in output.getvalue()
    assert "faux.docx : Ce fichier n’est pas un document Word" in output.getvalue()
    assert ContentItem.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--company", "Personne"], "Personne"),
        (["--company", "Entreprise A", "--owner", "charlie"], "charlie"),
        (["--company", "Entreprise A", "--valid-until", "demain"], "demain"),
        (["--company", "Entreprise A", "--tag", "x" * 41], "40"),
    ],
    ids=["company", "owner", "day", "tag"],
)
def test_wrong_arguments_are_refused(cast: Cast, folder: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(str(folder), *arguments)

    assert not ContentItem.objects.exists()


def test_a_folder_without_documents_is_refused(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Aucun fichier"):
        run(str(tmp_path), "--company", "Entreprise A")
