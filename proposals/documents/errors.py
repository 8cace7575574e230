"""Why a document is refused: one named error each, with a sentence for the person who uploaded it."""

from __future__ import annotations

from typing import ClassVar


class DocumentError(Exception):
    """A document that cannot be used. `code` is stable, `user_message` is French and safe to show."""

    code: ClassVar[str] = "document_unreadable"
    user_message: str = "Ce document n’a pas pu être lu."

    def __init__(self, user_message: str | None = None) -> None:
        super().__init__(self.code)
        if user_message:
            self.user_message = user_message


class PdfError(DocumentError):
    """A PDF that cannot be used."""

    code = "pdf_unreadable"
    user_message = "Ce PDF n’a pas pu être lu."


class NotAPdf(PdfError):
    """The file is something else, whatever its name says."""

    code = "not_a_pdf"
    user_message = "Ce fichier n’est pas un PDF, même si son nom le laisse croire."


class EmptyPdf(PdfError):
    """The file has no content, or the document no page."""

    code = "pdf_empty"
    user_message = "Ce fichier est vide."


class DamagedPdf(PdfError):
    """The file is cut short or its structure is broken."""

    code = "pdf_damaged"
    user_message = "Ce PDF est tronqué ou endommagé. Téléchargez-le de nouveau depuis le profil d’acheteur."


class EncryptedPdf(PdfError):
    """A password is needed to open the document."""

    code = "pdf_encrypted"
    user_message = "Ce PDF est protégé par un mot de passe. Déposez une version sans protection."


class PdfTooLarge(PdfError):
    """The file has more bytes than allowed."""

    code = "pdf_too_large"
    user_message = "Ce PDF est trop volumineux."

    @classmethod
    def for_limit(cls, max_bytes: int) -> PdfTooLarge:
        """Return the error naming the limit in megabytes."""
        return cls(f"Ce PDF est trop volumineux : la limite est de {max_bytes / 1_000_000:.0f} Mo.")


class TooManyPages(PdfError):
    """The document has more pages than allowed."""

    code = "pdf_too_many_pages"
    user_message = "Ce PDF a trop de pages."

    @classmethod
    def for_limit(cls, max_pages: int) -> TooManyPages:
        """Return the error naming the limit."""
        return cls(f"Ce PDF a trop de pages : la limite est de {max_pages} pages.")


class PdfTooCostly(PdfError):
    """Reading it would take more memory or time than allowed (a decompression bomb, for instance)."""

    code = "pdf_too_costly"
    user_message = (
        "La lecture de ce PDF demande trop de mémoire ou de temps ; elle a été arrêtée. "
        "Réenregistrez-le (imprimer en PDF), puis déposez-le de nouveau."
    )


class ImageOnlyPdf(PdfError):
    """The pages are images and no text recognition is installed."""

    code = "pdf_image_only"
    user_message = (
        "Ce PDF ne contient que des images (document scanné) et la reconnaissance de texte n’est pas installée "
        "sur le serveur. Installez-la (apt install tesseract-ocr tesseract-ocr-fra) ou déposez un PDF avec du texte."
    )


ERRORS_BY_CODE: dict[str, type[PdfError]] = {
    error.code: error
    for error in (
        PdfError,
        NotAPdf,
        EmptyPdf,
        DamagedPdf,
        EncryptedPdf,
        PdfTooLarge,
        TooManyPages,
        PdfTooCostly,
        ImageOnlyPdf,
    )
}
