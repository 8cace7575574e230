"""The pages against the code: settings, headings cited as a source, make targets, links."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime import conf

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs/operations.md"
README = ROOT / "README.md"
FOLDERS = ("docs", "project", "proposals", "realtime", "tests")


def files(*suffixes: str) -> list[Path]:
    """Return the repository's own files with these suffixes."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in (*ROOT.iterdir(), *inside) if path.suffix in suffixes and path.is_file())


def name_of(path: Path) -> str:
    """Return a file's path inside the repository, to name a test case."""
    return str(path.relative_to(ROOT))


PAGES = files(".md")
SOURCES = files(".py", ".ts")


def outside_code(text: str) -> str:
    """Return a page's text without its blocks and spans of code."""
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", without_blocks)


def headings(page: Path) -> set[str]:
    """Return the headings of a page, without code marks."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {line.replace("`", "").strip() for line in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)}


def anchors(page: Path) -> set[str]:
    """Return the fragments that a page's headings can be linked by."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(page)}


# Settings


def documented_settings() -> dict[str, str]:
    """Return the default that the settings tables give for each variable, as it is written there."""
    text = OPERATIONS.read_text().split("\n## Settings\n")[1].split("\n## ")[0]
    return {row[0]: row[1] for row in re.findall(r"^\| `([A-Z_]+)` \| ([^|]+?) \|", text, flags=re.MULTILINE)}


def environment_reads() -> Iterator[tuple[str, ast.Call]]:
    """Yield each variable that the settings read by its name, with the call."""
    for node in ast.walk(ast.parse((ROOT / "project/settings.py").read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        on_env = isinstance(node.func.value, ast.Name) and node.func.value.id == "env"
        if on_env and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value), node


def constant(node: ast.expr) -> object:
    """
    Return the value of a literal, or of a product of numbers.

    Raises:
        ValueError: it depends on something else.
    """
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = constant(node.left), constant(node.right)
        assert isinstance(left, int)
        assert isinstance(right, int)
        return left * right
    return ast.literal_eval(node)


def literal_defaults() -> Iterator[tuple[str, object]]:
    """Yield each setting whose default is written out in the code, with it."""
    yield from conf.DEFAULTS.items()
    for name, call in environment_reads():
        default = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
        try:
            value = constant(default) if default is not None else None
        except ValueError:
            continue
        if value is not None:
            yield name, value


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    in_code = {name for name, _ in environment_reads()} | set(conf.DEFAULTS)

    assert set(documented_settings()) == in_code


@pytest.mark.parametrize(("name", "default"), sorted(literal_defaults()))
def test_a_documented_default_is_the_code_s(name: str, default: object) -> None:
    written = documented_settings()[name]

    assert written.startswith("empty") if default == "" else written == f"`{default}`"


def test_the_documented_least_values_are_the_code_s() -> None:
    rows = re.findall(
        r"^\| `(REALTIME_[A-Z_]+)` \| [^|]+ \| (any|[\d.]+) \|", OPERATIONS.read_text(), flags=re.MULTILINE
    )
    in_code = {name: setting.least for name, setting in conf.SETTINGS.items()}

    assert {name: None if least == "any" else float(least) for name, least in rows} == in_code


# Sources

CITATION = re.compile(r"([\w./-]+\.md)((?:(?:,| and) *\"[^\"]+\")*)")


def citations() -> Iterator[tuple[str, str, str]]:
    """Yield file, page and heading of each "Source:" in the code; an empty heading for the page as a whole."""
    for path in SOURCES:
        for statement in re.findall(r"^[ *]*Source: (.+(?:\n[ *]*\S.*)*)", path.read_text(), flags=re.MULTILINE):
            for page, cited in CITATION.findall(" ".join(statement.split())):
                for heading in re.findall(r'"([^"]+)"', cited) or [""]:
                    yield name_of(path), page, heading


def page_of(cited: str) -> Path:
    """Return the page that a citation means: the protocol is cited by its bare name."""
    return ROOT / ("realtime/PROTOCOL.md" if cited == "PROTOCOL.md" else cited)


@pytest.mark.parametrize(("file", "page", "heading"), sorted(set(citations())))
def test_a_cited_source_exists(file: str, page: str, heading: str) -> None:
    assert page_of(page).is_file()
    assert not heading or heading in headings(page_of(page))


def test_the_modules_of_the_lifecycle_and_the_hub_cite_the_architecture() -> None:
    found = {(file, heading) for file, page, heading in citations() if page == "docs/architecture.md"}

    assert {
        ("proposals/runner.py", "Life of an operation"),
        ("realtime/access.py", "The seam"),
        ("realtime/hub.py", "Life of one event"),
    } <= found


# Commands


def make_targets() -> set[str]:
    """Return the targets of the Makefile that people call."""
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def test_the_readme_names_the_two_commands_and_stays_short() -> None:
    text = README.read_text()

    assert "make run" in text
    assert "make test" in text
    assert len(text.splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^    |`)make ([a-z][a-z-]*)", page.read_text(), flags=re.MULTILINE))

    assert named <= make_targets()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_management_command_that_a_page_names_exists(page: Path) -> None:
    ours = {path.stem for path in SOURCES if path.parent.name == "commands"}
    others = {"check", "clearsessions", "createsuperuser", "flushexpiredtokens", "migrate", "shell"}

    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))

    assert named <= ours | others


# Links


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", outside_code(page.read_text())):
        if "://" in target:
            continue
        path, _, fragment = target.partition("#")
        linked = (page.parent / path).resolve() if path else page

        assert linked.exists(), target
        assert not fragment or fragment in anchors(linked), target
