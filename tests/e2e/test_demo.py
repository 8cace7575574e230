"""`manage.py demo` as a person starts it: a real process, which starts a real server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pypdfium2 import PdfDocument

from proposals import demo, scratch_server
from tests.pdfs import make_encrypted_pdf
from tests.servers import ROOT, Process, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


LIBRARY = """# Organigramme de l’équipe et modalités de remplacement

L’équipe est conduite par Zébulon Trismégiste, directeur de projet depuis dix ans. Tout intervenant clé a un suppléant
désigné, qui prend le relais sous un jour ouvré.

# Plan de réversibilité

Le code source et les données sont restitués en fin de marché dans un format ouvert, avec leur documentation.
"""


class Developer:
    """A developer's installation: the demo must leave its database alone, and nothing of its own behind."""

    def __init__(self, directory: Path) -> None:
        self.scratch = directory / "scratch"
        self.scratch.mkdir()
        self.site = Site(directory, TMPDIR=str(self.scratch))

    def demo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the demo to its end."""
        command = [sys.executable, "manage.py", "demo", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.site.env, capture_output=True, text=True, check=False)

    def start_demo(self, *arguments: str) -> Process:
        """Start the demo."""
        return self.site.start("manage.py", "demo", *arguments, name="demo")

    def has_leftovers(self) -> bool:
        """Whether a file or a process of the demo is still there."""
        return any(self.scratch.iterdir()) or any(str(self.scratch) in environment for environment in environments())

    @property
    def database(self) -> Path:
        return Path(self.site.env["DATABASE_URL"].removeprefix("sqlite:///"))


def environments() -> Iterator[str]:
    """The environments of all processes that we may read, this one aside."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                yield (process / "environ").read_bytes().decode(errors="replace")
            except OSError:  # it ended meanwhile, or is another user's
                continue


@pytest.fixture
def developer(tmp_path: Path) -> Iterator[Developer]:
    developer = Developer(tmp_path)
    yield developer
    developer.site.close()


def test_the_demo_prints_each_frame_as_a_line_of_json_and_nothing_else(developer: Developer, tmp_path: Path) -> None:
    out = tmp_path / "out"

    done = developer.demo("--json", "--out", str(out))

    assert (done.returncode, done.stderr) == (0, "")
    frames: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    assert [frame["type"] for frame in frames[:2]] == ["welcome", "snapshot"]
    assert [frame["type"] for frame in frames[-2:]] == ["completion", "operation"]
    assert [frame["operation"] for frame in frames if frame["type"] == "completion"] == list(demo.KINDS)
    for kind in demo.KINDS:
        assert any(frame["type"] == f"{kind}_progress" for frame in frames), kind
    assert any(frame["type"] == "section_text" for frame in frames)
    sequences = [frame["sequence"] for frame in frames if "operation_id" in frame]
    assert sequences == list(range(1, len(sequences) + 1))
    assert {file.suffix for file in out.iterdir()} == {".docx", ".pdf", ".xlsx", ".ics"}
    assert not developer.has_leftovers()
    assert not developer.database.exists()


def test_the_demo_ends_with_a_summary_in_which_facts_have_their_pages(developer: Developer) -> None:
    done = developer.demo()

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    for fact in (
        "mercredi 17 mars 2027",
        "Agence nationale des mobilités",
        "Appel d’offres ouvert",
        "Valeur technique",
    ):
        assert any(fact in line and "p. " in line for line in lines), fact
    assert "Analyse du RC : 100 % — terminée" in done.stdout
    assert "Mémoire technique" in done.stdout
    documents = list((Path(developer.site.env["VAR_DIR"]) / "demo").iterdir())
    assert len(documents) == 4
    assert not developer.has_leftovers()


def test_a_library_of_ones_own_takes_the_place_of_the_demos(developer: Developer, tmp_path: Path) -> None:
    library, out = tmp_path / "library", tmp_path / "out"
    library.mkdir()
    (library / "moyens.md").write_text(LIBRARY, encoding="utf-8")
    (library / "casse.docx").write_bytes(b"no document at all")
    (library / "notes.xyz").write_text("left out", encoding="utf-8")

    done = developer.demo("--library", str(library), "--out", str(out))

    assert (done.returncode, done.stderr) == (0, "")
    assert "moyens.md, 2 passages" in done.stdout
    assert "casse.docx laissé de côté" in done.stdout
    assert "notes.xyz" not in done.stdout
    text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(next(out.glob("*.pdf"))))
    assert "Zébulon Trismégiste" in text
    assert "Votre entreprise" in text
    assert "Karim Benhaddou" not in text
    assert "Atelier Numérique Rivoli" not in text


@pytest.mark.parametrize(
    ("option", "place", "sentence"),
    [
        ("--library", "nowhere", "La bibliothèque {} n’existe pas."),
        ("--library", "empty", "La bibliothèque {} ne contient aucun fichier DOCX, PDF ou Markdown."),
        ("--out", "file", "Impossible d’écrire dans le dossier {}."),
    ],
)
def test_a_bad_folder_is_told_before_anything_is_started(
    tmp_path: Path, option: str, place: str, sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    folder = tmp_path / place

    with pytest.raises(CommandError) as refusal:
        call_command("demo", option, str(folder))

    assert str(refusal.value) == sentence.format(folder)


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"Just a letter, whatever its name says.", "PDF"), (make_encrypted_pdf(), "protégé")],
    ids=["no-pdf", "encrypted"],
)
def test_a_file_that_cannot_be_analysed_ends_the_demo_with_one_sentence(
    developer: Developer, tmp_path: Path, content: bytes, part: str
) -> None:
    file = tmp_path / "rc.pdf"
    file.write_bytes(content)

    done = developer.demo("--rc", str(file), "--json")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert part in done.stderr
    assert done.stderr.endswith(".\n")
    assert not developer.has_leftovers()


def test_a_missing_file_is_told_before_anything_is_started(developer: Developer) -> None:
    done = developer.demo("--rc", "nowhere.pdf")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "CommandError: Le fichier nowhere.pdf n’existe pas.\n"


def test_a_demo_that_takes_too_long_gives_up(developer: Developer) -> None:
    done = developer.demo("--timeout", "1")

    assert done.returncode == 1
    assert done.stderr == "CommandError: La démonstration n’a pas abouti en 1 s.\n"
    assert not developer.has_leftovers()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_stops_everything_it_started(developer: Developer, number: signal.Signals) -> None:
    process = developer.start_demo()
    process.wait_for_output("En direct", seconds=120)

    process.signal(number)
    wait_until(lambda: not process.is_running, seconds=30, what="the demo to end")

    assert process.stop() == 130
    assert process.output.rstrip().endswith("Démonstration interrompue.")
    assert not developer.has_leftovers()


def test_a_server_that_does_not_start_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scratch_server, "PREPARATION", (("migrate", "no_such_app"),))

    with pytest.raises(CommandError, match=r"n’a pas démarré \(.*no_such_app.*\)\.$"):
        call_command("demo", "--json")

    assert capsys.readouterr().out == ""
