"""The file that carries passages as they are."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.documents.passages.errors import LibraryFileInvalid
from proposals.documents.passages.library_file import write_library_file
from proposals.documents.passages.markdown_document import split_markdown
from proposals.documents.passages.passage import FoundPassage, Meta

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "library.md"

#: Pieces that could be taken for something else than text.
TRAPS = [
    "# Titre",
    "\\# Titre",
    "\\\\# Titre",
    "## Sous-titre",
    "<!-- kind: team -->",
    "-->",
    "---",
    "```",
    "~~~~",
    "| a | b |",
    "  indenté",
    "Texte : « voilà » ; 5 < 6",
    "",
]
BODIES = st.lists(st.sampled_from(TRAPS), min_size=1, max_size=8).map("\n".join).map(str.strip).filter(bool)
LINES = st.text(alphabet='aé ;:,"<>-!#\\[]{}=', min_size=1, max_size=20).map(lambda text: " ".join(text.split()))
TAGS = st.text(alphabet='aé "-#:!\\', min_size=1, max_size=10).map(lambda text: " ".join(text.split())).filter(bool)
METAS = st.builds(
    Meta,
    kind=st.sampled_from(["team", "other"]),
    tags=st.lists(TAGS, max_size=3, unique=True).map(tuple),
    language=st.sampled_from([None, "en"]),
    valid_until=st.none() | st.dates(min_value=date(2000, 1, 1)),
    owner=st.none() | LINES.filter(bool),
)
PASSAGES = st.builds(FoundPassage, title=LINES.filter(bool), body=BODIES, source=LINES, meta=METAS)


def without_lines(passages: list[FoundPassage]) -> list[FoundPassage]:
    return [FoundPassage(found.title, found.body, found.source, found.meta) for found in passages]


@given(st.lists(PASSAGES, min_size=1, max_size=4))
def test_what_is_written_reads_back_identical(passages: list[FoundPassage]) -> None:
    assert without_lines(split_markdown(write_library_file(passages), name="export.md")) == passages


def test_the_example_of_the_documentation_reads_as_it_says() -> None:
    found = re.search(r"```markdown\n(# É.*?)```\n\n- A passage", DOCUMENTATION.read_text(), re.DOTALL)
    assert found

    team, reference = split_markdown(found[1], name="exemple.md")

    assert (team.title, team.meta.kind, team.meta.owner) == ("Équipe dédiée au projet", "team", "alice")
    assert (team.meta.valid_until, team.source) == (date(2027, 6, 30), "memoire-2025.docx, § 3.2")
    assert "## Suppléance" in team.body
    assert (reference.source, reference.meta.tags) == ("exemple.md", ("voirie",))


def test_a_long_passage_is_not_divided_and_may_have_no_comment() -> None:
    text = "# Un\n\n<!-- kind: team -->\n\n" + "mot " * 2000 + "\n\n## Partie\n\nSuite.\n\n# Deux\n\nTexte.\n"

    one, two = split_markdown(text)

    assert one.body.endswith("## Partie\n\nSuite.")
    assert (two.title, two.meta.kind) == ("Deux", None)


def test_a_hash_in_a_block_of_code_needs_no_backslash() -> None:
    [passage] = split_markdown("# Un\n<!-- kind: method -->\n```\n# pip install\n```\n")

    assert passage.body == "```\n# pip install\n```"


def test_a_comment_may_stand_on_several_lines() -> None:
    [passage] = split_markdown("# Un\n\n<!--\nkind: team\ntags: a, b\n-->\n\nTexte.")

    assert (passage.meta.kind, passage.meta.tags, passage.body) == ("team", ("a", "b"), "Texte.")


def test_tags_add_up_and_the_nearest_value_wins() -> None:
    head = "---\nkind: method\ntags: 2025\nvalid_until: 2027-01-01\nsource: Mémoire\n---\n"

    one, two = split_markdown(f"{head}# Un\n<!-- kind: team; tags: voirie; source: -->\nA.\n\n# Deux\n\nB.")

    assert (one.meta.kind, one.meta.tags, one.source) == ("team", ("voirie", "2025"), "")
    assert one.meta.valid_until == date(2027, 1, 1)
    assert (two.meta.kind, two.source) == ("method", "Mémoire")


def test_another_comment_under_a_title_makes_no_library_file() -> None:
    found = split_markdown("# Un\n<!-- à relire -->\n\nA.\n\n## Deux\n\nB.")

    assert [passage.title for passage in found] == ["Un", "Un – Deux"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Un\n<!-- kind: team; tgas: a -->\nA.", "Ligne 2 : « tgas »"),
        ("# Un\n<!-- kind: team; valid_until: 2027-02-30 -->\nA.", "Ligne 2 : « 2027-02-30 »"),
        ('# Un\n<!-- kind: team; source: "a -->\nA.', "Ligne 2"),
        ("# Un\n<!-- kind: team; n'importe quoi -->\nA.", "Ligne 2 : « n'importe quoi »"),
        ("---\nkind: team\n---\nPerdu.\n\n# Un\n<!-- kind: team -->\nA.", "Ligne 4 : ce texte n’a pas de titre"),
        ("---\nvalid_until: demain\n---\nA.", "« demain »"),
    ],
    ids=["misspelt key", "no such day", "open quote", "no pair", "text before the first title", "front matter"],
)
def test_a_wrong_value_is_refused_naming_its_line(text: str, words: str) -> None:
    with pytest.raises(LibraryFileInvalid) as refused:
        split_markdown(text)

    assert words in refused.value.user_message
