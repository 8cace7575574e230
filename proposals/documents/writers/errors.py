"""Why a format could not be written; the other files of the production are there all the same."""

from __future__ import annotations

from typing import ClassVar


class WriterError(Exception):
    """A file that could not be written. `code` is stable, `user_message` is French and safe to show."""

    code: ClassVar[str] = "pdf_writer_failed"
    user_message: ClassVar[str] = (
        "Le PDF n’a pas pu être produit. Les autres documents sont prêts ; relancez la production pour réessayer."
    )

    def __init__(self) -> None:
        super().__init__(self.code)


class PdfWriterMissing(WriterError):
    """The system libraries of the PDF writer are not installed."""

    code = "pdf_writer_missing"
    user_message = (
        "Le PDF n’a pas été produit : il manque au serveur les bibliothèques de mise en page "
        "(apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0). Les autres documents sont prêts."
    )


class PdfWriterTooCostly(WriterError):
    """Laying it out would take more memory or time than allowed."""

    code = "pdf_writer_too_costly"
    user_message = (
        "La mise en page du PDF demande trop de mémoire ou de temps ; elle a été arrêtée. "
        "Les autres documents sont prêts ; raccourcissez les sections les plus longues, ou leurs tableaux."
    )


WRITER_ERRORS: dict[str, type[WriterError]] = {
    error.code: error for error in (WriterError, PdfWriterMissing, PdfWriterTooCostly)
}
