"""
Reading of DOCX and Markdown files nobody has vouched for: every one in a process of its own with limits.

The parent looks at the size and the first bytes, and never opens the document.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from proposals.documents.child_process import ChildProcess, TooCostly
from proposals.documents.errors import DocumentError
from proposals.documents.limits import Limits
from proposals.documents.passages.errors import (
    ERRORS_BY_CODE,
    EmptyFile,
    EncryptedDocx,
    FileTooCostly,
    FileTooLarge,
    FileUnreadable,
    NotADocx,
    OldWordFile,
)
from proposals.documents.passages.passage import FoundPassage, from_json

logger = logging.getLogger(__name__)

ZIP_MAGIC = b"PK\x03\x04"
#: Compound files: Word 97–2003, and documents with a password whatever their version.
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The stream of a compound file that holds a document with a password ([MS-OFFCRYPTO], 2.3.4.4).
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

OnPassage = Callable[[int], None]


def split_docx(
    path: Path, limits: Limits | None = None, *, name: str = "", on_passage: OnPassage | None = None
) -> list[FoundPassage]:
    """
    Return the passages of a DOCX.

    Args:
        name: of the file; what the sources begin with.
        on_passage: called with the number of passages found so far. What it raises ends the reading.

    Raises:
        DocumentError: the file cannot be used; the class says why.
    """
    bounds = limits or Limits()
    _check_size(path, bounds)
    _check_docx(path)
    return _read("docx", path, bounds, name or path.name, on_passage)


def split_markdown_file(
    path: Path, limits: Limits | None = None, *, name: str = "", on_passage: OnPassage | None = None
) -> list[FoundPassage]:
    """
    Return the passages of a Markdown or plain text file, as `split_docx` does.

    Raises:
        DocumentError: the file cannot be used; the class says why.
    """
    bounds = limits or Limits()
    _check_size(path, bounds)
    return _read("markdown", path, bounds, name or path.name, on_passage)


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile
    if size > limits.max_bytes:
        raise FileTooLarge.for_limit(limits.max_bytes)


def _check_docx(path: Path) -> None:
    with path.open("rb") as file:
        magic = file.read(len(OLE_MAGIC))
        if magic == OLE_MAGIC:
            raise EncryptedDocx if ENCRYPTED_STREAM in file.read() else OldWordFile
    if not magic.startswith(ZIP_MAGIC):
        raise NotADocx


def _read(kind: str, path: Path, limits: Limits, name: str, on_passage: OnPassage | None) -> list[FoundPassage]:
    passages: list[FoundPassage] = []
    report = on_passage or _say_nothing
    child = ChildProcess(
        "proposals.documents.passages.child",
        [kind, str(path.resolve()), name, json.dumps(asdict(limits))],
        wall_seconds=limits.wall_seconds,
        on_silence=lambda: report(len(passages)),
    )
    is_done = False
    with contextlib.closing(child.messages()) as messages:
        try:
            for message in messages:
                if "passage" in message:
                    passages.append(from_json(message["passage"]))
                    report(len(passages))
                elif "error" in message:
                    raise _to_error(message)
                is_done = "done" in message
        except TooCostly as error:
            raise FileTooCostly from error
    if is_done:
        return passages
    raise _judge_end(child, name)


def _judge_end(child: ChildProcess, name: str) -> DocumentError:
    """Say why the child stopped early: it was over a limit, or it failed on this file."""
    if not child.has_failed:
        return FileTooCostly()
    logger.error("The reader of %s failed.", name)
    return FileUnreadable()


def _to_error(message: dict[str, Any]) -> DocumentError:
    return ERRORS_BY_CODE.get(message["error"], FileUnreadable)(message.get("message"))


def _say_nothing(count: int) -> None:
    """Take the news without a word."""
