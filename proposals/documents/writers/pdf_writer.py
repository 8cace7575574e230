"""
HTML to PDF/UA-1, in a process of its own with limits: what strangers wrote is laid out there, and the serving process
never loads the layout library.
"""

from __future__ import annotations

import contextlib
import json
import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from proposals.documents.child_process import ChildProcess, TooCostly
from proposals.documents.writers.errors import WRITER_ERRORS, PdfWriterTooCostly, WriterError
from proposals.documents.writers.limits import WriterLimits

logger = logging.getLogger(__name__)

CHILD = "proposals.documents.writers.pdf_writer_child"


@dataclass(frozen=True, slots=True)
class WrittenPdf:
    """A PDF, how many pages it has, and on which of them (from 1) each anchor stands."""

    content: bytes
    pages: int
    anchors: Mapping[str, int]


def write_pdf(
    html: str, limits: WriterLimits | None = None, *, on_page: Callable[[int], None] = lambda page: None
) -> WrittenPdf:
    """
    Lay out a page of HTML that needs nothing from elsewhere.

    Args:
        on_page: called with the number of the page being laid out, and again about twice a second while one takes
            long; a layout may run through the pages more than once. What it raises ends the layout at once.

    Raises:
        WriterError: there is no PDF; the class says why.
    """
    with tempfile.TemporaryDirectory(prefix="tenderwire-pdf-") as folder:
        source, target = Path(folder) / "document.html", Path(folder) / "document.pdf"
        source.write_text(html, encoding="utf-8")
        layout = _Layout([str(source), str(target)], limits or WriterLimits(), on_page)
        done = layout.run()
        return WrittenPdf(content=target.read_bytes(), pages=done["pages"], anchors=done["anchors"])


class _Layout:
    """One child process and what it has said so far."""

    def __init__(self, paths: list[str], limits: WriterLimits, on_page: Callable[[int], None]) -> None:
        self._page = 0
        self._on_page = on_page
        self._done: dict[str, Any] | None = None
        self._child = ChildProcess(
            CHILD,
            [*paths, json.dumps(asdict(limits))],
            wall_seconds=limits.wall_seconds,
            on_silence=self._report,
        )

    def run(self) -> dict[str, Any]:
        # Closed on every way out: what the callback raises must end the child now, not when it is collected.
        with contextlib.closing(self._child.messages()) as messages:
            try:
                for message in messages:
                    self._take(message)
            except TooCostly as error:
                raise PdfWriterTooCostly from error
        if self._done is None:
            raise self._judge_end()
        return self._done

    def _take(self, message: dict[str, Any]) -> None:
        if "error" in message:
            logger.error("No PDF was written: %s. %s", message["error"], message.get("detail", ""))
            raise WRITER_ERRORS.get(message["error"], WriterError)()
        if "page" in message:
            self._page = message["page"]
            self._report()
        elif "done" in message:
            self._done = message["done"]

    def _report(self) -> None:
        self._on_page(self._page)

    def _judge_end(self) -> WriterError:
        if not self._child.has_failed:
            return PdfWriterTooCostly()
        logger.error("The PDF writer failed before it could say why.")
        return WriterError()
