"""
The process that lays out a PDF. It may be killed at any time by its own limits or by its parent.

Run as `python -m proposals.documents.writers.pdf_writer_child HTML PDF LIMITS_JSON`. It says `{"page": n}` while pages
are laid out, and last `{"done": {"pages": n, "anchors": {id: page}}}` or `{"error": code, "detail": traceback}`. It
must import neither Django nor anything that does.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from proposals.documents.child_process import restrict, say

try:
    # Without its system libraries it explains itself on standard output, which belongs to our messages.
    with contextlib.redirect_stdout(sys.stderr):
        import weasyprint
        from weasyprint.urls import URLFetcher
except OSError:
    weasyprint = None
    URLFetcher = object

#: Archivable and accessible: tags, language, title, bookmarks.
VARIANT = "pdf/ua-1"
DETAIL_LETTERS = 4000
#: The flag "Print" of an annotation (ISO 32000-1, 12.5.3).
PRINTED = 4


class NothingIsFetched(URLFetcher):  # type: ignore[misc]
    """Refuses every address: a document has its style inside, and its texts come from strangers."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Refuse."""
        raise ValueError("Nothing is fetched.")


class PageReporter(logging.Handler):
    """Tells the parent which page is being laid out."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say the page of a message of the layout; other messages are no news."""
        if isinstance(record.msg, str) and "Page %d" in record.msg and isinstance(record.args, tuple):
            say({"page": record.args[0]})


def main(arguments: list[str]) -> int:
    """Lay out one page of HTML and return the exit code."""
    source, target, limits = Path(arguments[0]), Path(arguments[1]), json.loads(arguments[2])
    restrict(memory_bytes=limits["memory_bytes"], cpu_seconds=limits["cpu_seconds"])
    if weasyprint is None:
        say({"error": "pdf_writer_missing"})
        return 0
    sys.excepthook = _report_failure
    say({"done": _write(source, target)})
    return 0


def _report_failure(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell the parent, which writes the traceback to its log: nobody reads this process's."""
    code = "pdf_writer_too_costly" if issubclass(kind, MemoryError) else "pdf_writer_failed"
    detail = "".join(traceback.format_exception(kind, error, trace))
    say({"error": code, "detail": detail[-DETAIL_LETTERS:]})


def _write(source: Path, target: Path) -> dict[str, Any]:
    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.addHandler(PageReporter())
    html = weasyprint.HTML(string=source.read_text(encoding="utf-8"), url_fetcher=NothingIsFetched())
    document = html.render(pdf_variant=VARIANT)
    document.write_pdf(target, pdf_variant=VARIANT, finisher=_print_annotations)
    return {"pages": len(document.pages), "anchors": _first_pages(document.pages)}


def _print_annotations(document: Any, pdf: Any) -> None:
    """Let links be there on paper as on the screen: PDF/UA wants no hidden annotation."""
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Annot":
            item["F"] = PRINTED


def _first_pages(pages: list[Any]) -> dict[str, int]:
    """Return the page on which each anchor begins: what goes on over several pages has it on all of them."""
    first: dict[str, int] = {}
    for number, page in enumerate(pages, start=1):
        for name in page.anchors:
            first.setdefault(name, number)
    return first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
