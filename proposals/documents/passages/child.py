"""
The process that opens a DOCX or a Markdown file. It may be killed at any time by its own limits or by its parent.

Run as `python -m proposals.documents.passages.child docx|markdown PATH NAME LIMITS_JSON`. It writes lines of JSON:
`{"passage": {…}}` for each, and last `{"done": number}` or `{"error": code, "message": sentence}`. It must import
neither Django nor anything that does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from proposals.documents.child_process import restrict, say
from proposals.documents.errors import DocumentError
from proposals.documents.passages.decoding import decode_text
from proposals.documents.passages.docx_document import split_docx_file
from proposals.documents.passages.errors import FileTooCostly, TooManyPassages
from proposals.documents.passages.markdown_document import split_markdown
from proposals.documents.passages.passage import FoundPassage, to_json

MAX_PASSAGES = 10_000


def main(arguments: list[str]) -> int:
    """Divide one file and return the exit code."""
    kind, path, name, limits = arguments[0], Path(arguments[1]), arguments[2], json.loads(arguments[3])
    restrict(memory_bytes=limits["memory_bytes"], cpu_seconds=limits["cpu_seconds"])
    try:
        say({"done": _tell(_split(kind, path, name))})
    except DocumentError as error:
        say({"error": error.code, "message": error.user_message})
    except (MemoryError, RecursionError):
        say({"error": FileTooCostly.code, "message": FileTooCostly.user_message})
    return 0


def _split(kind: str, path: Path, name: str) -> Iterable[FoundPassage]:
    if kind == "docx":
        return split_docx_file(path, name=name)
    return split_markdown(decode_text(path.read_bytes()), name=name)


def _tell(passages: Iterable[FoundPassage]) -> int:
    number = 0
    for number, passage in enumerate(passages, start=1):
        if number > MAX_PASSAGES:
            raise TooManyPassages
        say({"passage": to_json(passage)})
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
