"""
What a library file says about its passages: the comment under a title, and the front matter.

Source: docs/library.md, "File format" and "Front matter".
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from proposals.documents.passages.errors import LibraryFileInvalid
from proposals.documents.passages.passage import Meta

KEYS = ("kind", "tags", "language", "valid_until", "owner", "source")
PAIR = re.compile(r"[\s;]*(?P<key>[^\W\d]\w*)[ \t]*:[ \t]*(?P<value>\"(?:[^\"\\]|\\.)*\"[ \t]*|[^;\n]*)(?=[;\n]|$)")
COMMENT_LINES = 20
FRONT_MATTER_LINES = 60
FRONT_MATTER_PAIR = re.compile(r"(?P<key>[^\W\d][\w -]*?)\s*:(?:\s+(?P<value>.*))?$")
#: What may stand between the marks of a front matter beside pairs: blanks, remarks, list items, continued values.
FRONT_MATTER_REST = re.compile(r"\s*(?:#.*)?$|\s*-\s+.*|\s+\S.*")
NEEDS_QUOTES = re.compile(r"[;\"<>\\]|--|^\s|\s$")


class Comment(NamedTuple):
    """A comment: its text without the marks, and the index of the line after it."""

    text: str
    end: int


class FrontMatter(NamedTuple):
    """The values at the top of a file, the name of the document, and the index of the first line of its text."""

    meta: Meta
    title: str
    end: int


def read_comment(lines: Sequence[str], start: int) -> Comment | None:
    """Return the comment that is the first thing from line index `start` on, blank lines aside."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    if start == len(lines) or not lines[start].startswith("<!--"):
        return None
    for end in range(start, min(start + COMMENT_LINES, len(lines))):
        if lines[end].rstrip().endswith("-->"):
            text = "\n".join(lines[start : end + 1]).strip()
            return Comment(text.removeprefix("<!--").removesuffix("-->").strip(), end + 1)
    return None


def parse_comment(text: str, *, line: int) -> Meta | None:
    """
    Return what a comment says about a passage; None when it is about something else.

    Raises:
        LibraryFileInvalid: beside a known key stands one that is not known, or a value cannot be.
    """
    pairs, rest = _read_pairs(text)
    if not any(key in KEYS for key in pairs):
        return None
    unknown = next((key for key in pairs if key not in KEYS), None) or rest
    if unknown:
        raise LibraryFileInvalid.at(line, f"« {unknown} » n’est pas une valeur connue.")
    return _to_meta(pairs, line=line)


def format_comment(meta: Meta) -> str:
    """Return the comment that `parse_comment` reads back; an empty source is written, so that none is made up."""
    values = {
        "kind": meta.kind,
        "tags": ", ".join(meta.tags) or None,
        "language": meta.language,
        "valid_until": meta.valid_until.isoformat() if meta.valid_until else None,
        "owner": meta.owner,
        "source": meta.source,
    }
    pairs = (f"{key}: {_quote(value)}".rstrip() for key, value in values.items() if value is not None)
    return f"<!-- {'; '.join(pairs)} -->"


def read_front_matter(lines: Sequence[str]) -> FrontMatter:
    """
    Return the values at the top of a file; a rule that only looks like one is left in the text.

    Raises:
        LibraryFileInvalid: a value of a known key cannot be.
    """
    end = _find_front_matter_end(lines)
    if end is None:
        return FrontMatter(Meta(), "", 0)
    values: dict[str, str] = {}
    key = ""
    for line in lines[1:end]:
        if pair := FRONT_MATTER_PAIR.match(line):
            key = pair["key"].casefold()
            values[key] = _read_value(pair["value"] or "")
        elif line.strip().startswith("- "):
            values[key] = f"{values.get(key, '')},{_unquote(line.strip()[2:])}"
    known = {key: value for key, value in values.items() if key in KEYS and value}
    return FrontMatter(_to_meta(known, line=1), values.get("title", ""), end + 1)


def _read_pairs(text: str) -> tuple[dict[str, str], str]:
    """Return the pairs at the beginning of a comment, and what is left of it that is none."""
    pairs: dict[str, str] = {}
    position = 0
    while found := PAIR.match(text, position):
        pairs[found["key"].casefold()] = found["value"].strip()
        position = found.end()
    return pairs, text[position:].strip("; \t\n")


def _to_meta(values: dict[str, str], *, line: int) -> Meta:
    plain = {key: _parse_quoted(value, line) for key, value in values.items()}
    return Meta(
        kind=plain.get("kind") or None,
        tags=tuple(tag.strip() for tag in plain.get("tags", "").split(",") if tag.strip()),
        language=plain.get("language") or None,
        valid_until=_parse_day(plain["valid_until"], line) if plain.get("valid_until") else None,
        owner=plain.get("owner") or None,
        source=plain.get("source"),
    )


def _parse_day(text: str, line: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LibraryFileInvalid.at(line, f"« {text} » n’est pas une date (2027-06-30).") from error


def _parse_quoted(text: str, line: int) -> str:
    if not text.startswith('"'):
        return text
    try:
        value = json.loads(text)
    except ValueError as error:
        raise LibraryFileInvalid.at(line, f"{text} n’est pas un texte entre guillemets.") from error
    return str(value)


def _quote(value: str) -> str:
    """Return a value that neither ends the comment nor is taken apart."""
    if not NEEDS_QUOTES.search(value):
        return value
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def _read_value(value: str) -> str:
    """Return a value of a front matter; a list in brackets becomes one with commas."""
    text = value.strip()
    if text.startswith("[") and text.endswith("]"):
        return ",".join(_unquote(part) for part in text[1:-1].split(","))
    return _unquote(text)


def _unquote(value: str) -> str:
    text = value.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _find_front_matter_end(lines: Sequence[str]) -> int | None:
    if not lines or lines[0].rstrip() != "---":
        return None
    for index, line in enumerate(lines[1:FRONT_MATTER_LINES], start=1):
        if line.rstrip() in {"---", "..."}:
            return index if index > 1 else None
        if not FRONT_MATTER_PAIR.match(line) and not FRONT_MATTER_REST.fullmatch(line):
            return None
    return None
