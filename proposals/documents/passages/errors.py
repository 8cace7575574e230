"""Why a file is not taken into the library: one named error each, with a sentence for the person who chose it."""

from __future__ import annotations

from proposals.documents.errors import DocumentError


class EmptyFile(DocumentError):
    """The file has no content."""

    code = "file_empty"
    user_message = "Ce fichier est vide."


class UnknownFormat(DocumentError):
    """The name ends in nothing that can be read."""

    code = "format_unknown"
    user_message = (
        "Ce format n’est pas pris en charge : choisissez un fichier DOCX, PDF, Markdown (.md) ou texte (.txt)."
    )


class FileTooLarge(DocumentError):
    """The file has more bytes than allowed."""

    code = "file_too_large"
    user_message = "Ce fichier est trop volumineux."

    @classmethod
    def for_limit(cls, max_bytes: int) -> FileTooLarge:
        """Return the error naming the limit in megabytes."""
        return cls(f"Ce fichier est trop volumineux : la limite est de {max_bytes / 1_000_000:.0f} Mo.")


class FileTooCostly(DocumentError):
    """Reading it would take more memory or time than allowed (a decompression bomb, for instance)."""

    code = "file_too_costly"
    user_message = "La lecture de ce fichier demande trop de mémoire ou de temps ; elle a été arrêtée."


class FileUnreadable(DocumentError):
    """The reader failed on it."""

    code = "file_unreadable"
    user_message = "Ce fichier n’a pas pu être lu."


class NotADocx(DocumentError):
    """The file is something else, whatever its name says."""

    code = "not_a_docx"
    user_message = "Ce fichier n’est pas un document Word (.docx), même si son nom le laisse croire."


class OldWordFile(DocumentError):
    """A document of Word 97–2003."""

    code = "docx_old_format"
    user_message = "Ce document est dans l’ancien format de Word (.doc). Enregistrez-le au format .docx."


class EncryptedDocx(DocumentError):
    """A password is needed to open the document."""

    code = "docx_encrypted"
    user_message = "Ce document est protégé par un mot de passe. Choisissez une version sans protection."


class DamagedDocx(DocumentError):
    """The file is cut short or its structure is broken."""

    code = "docx_damaged"
    user_message = "Ce document Word est tronqué ou endommagé. Ouvrez-le dans Word et enregistrez-le de nouveau."


class UndecodableText(DocumentError):
    """The file holds no text in an encoding that we know."""

    code = "text_undecodable"
    user_message = "Ce fichier ne contient pas de texte lisible. Enregistrez-le en UTF-8."


class LibraryFileInvalid(DocumentError):
    """A line of a library file says something that cannot be."""

    code = "library_file_invalid"
    user_message = "Ce fichier de bibliothèque contient une valeur incorrecte."

    @classmethod
    def at(cls, line: int | None, fault: str) -> LibraryFileInvalid:
        """Return the error that names the line, from 1."""
        return cls(f"Ligne {line} : {fault}" if line else fault)


class NoPassages(DocumentError):
    """There is nothing in the file that a library could hold."""

    code = "no_passages"
    user_message = "Aucun texte exploitable n’a été trouvé dans ce fichier."


class TooManyPassages(DocumentError):
    """The file holds more passages than one import may bring."""

    code = "too_many_passages"
    user_message = "Ce fichier contient trop de passages. Divisez-le en plusieurs fichiers."


ERRORS_BY_CODE: dict[str, type[DocumentError]] = {
    error.code: error
    for error in (
        EmptyFile,
        FileTooCostly,
        FileUnreadable,
        NotADocx,
        DamagedDocx,
        UndecodableText,
        LibraryFileInvalid,
        TooManyPassages,
    )
}
