"""
Take a file into the content library: all its passages or none, with progress that others see while it is read.

Source: docs/library.md, "Import".
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from proposals import library, uploads
from proposals.documents.errors import DocumentError
from proposals.documents.passages.errors import FileTooLarge, LibraryFileInvalid, NoPassages, UnknownFormat
from proposals.documents.passages.kinds import guess_kind
from proposals.documents.passages.passage import FoundPassage
from proposals.documents.passages.reader import split_docx, split_markdown_file
from proposals.engines.offline.passages import split_pdf
from proposals.exceptions import ProposalsError
from proposals.limits import pdf_limits
from proposals.models import Company, ContentItem, LibraryImport, User
from proposals.models.library import INTERRUPTED, fold_for_search, make_search_text

#: What the name of a file that can be read ends in.
MARKDOWN_SUFFIXES = (".md", ".markdown", ".txt")
SUFFIXES = (".docx", ".pdf", *MARKDOWN_SUFFIXES)
MAX_FILENAME = 255
#: Reading is this part of an import, storing the rest.
READING_PERCENT = 90
#: A DOCX or text says nothing while it is taken apart, then all its passages at once.
DIVIDED_PERCENT = 60
#: Passages between two steps that are shown, and passages in one query.
STEP_PASSAGES = 50
BATCH = 500

OnProgress = Callable[[int, str], None]


class ImportExists(ProposalsError):
    """The id that the caller chose for the import is taken."""

    code = "import_exists"
    user_message = "Un import porte déjà cet identifiant."


class ImportFailed(ProposalsError):
    """An import ended without a passage; says why, as its row does."""

    code = "import_failed"

    def __init__(self, row: LibraryImport) -> None:
        error = row.error or INTERRUPTED
        super().__init__(error["error"])
        self.code = error["code"]
        self.details = {"import_id": [str(row.id)]}


@dataclass(frozen=True)
class Defaults:
    """What the person who imports says about all passages: used where the file says nothing; tags add up."""

    kind: str = ""
    tags: tuple[str, ...] = ()
    owner: User | None = None
    valid_until: date | None = None


NO_DEFAULTS = Defaults()


def receive(
    *,
    company: Company,
    file: File[bytes],
    by: User | None,
    import_id: uuid.UUID | None = None,
    defaults: Defaults = NO_DEFAULTS,
    on_progress: OnProgress | None = None,
) -> LibraryImport:
    """
    Read a DOCX, PDF or Markdown file and store its passages; return the finished import, succeeded or failed.

    Not to be called inside a transaction: others could not see the progress.

    Args:
        import_id: chosen by the caller, so that the import can be asked for while this runs.
        on_progress: called with percent (0–100) and a French message after each step was written.

    Raises:
        InvalidItem: no passage may have these defaults.
        ImportExists: the id is taken.
    """
    values = _clean_defaults(defaults, company)
    row = _open(company, file.name, by, import_id)
    steps = _Steps(row, on_progress)
    try:
        _store(row, list(_to_items(row, _read(file, row, steps), values)), steps)
    except DocumentError as error:
        _fail(row, {"code": error.code, "error": error.user_message})
    except BaseException:
        _fail(row, INTERRUPTED)
        raise
    return row


class _Steps:
    """Writes the progress of an import where others see it."""

    def __init__(self, row: LibraryImport, on_progress: OnProgress | None) -> None:
        self._row = row
        self._on_progress = on_progress

    def show(self, progress: int, message: str) -> None:
        """Write one step; the same one again says that the import is alive."""
        _update(self._row, progress=progress, message=message)
        self.tell()

    def tell(self) -> None:
        """Tell the caller what the row says."""
        if self._on_progress:
            self._on_progress(self._row.progress, self._row.message)

    def show_page(self, done: int, total: int) -> None:
        """Write how many pages of a PDF are read."""
        self.show(READING_PERCENT * done // total, f"Lecture : page {max(done, 1)} sur {total}")

    def show_passages(self, count: int) -> None:
        """Write now and then how many passages were found."""
        if count and count % STEP_PASSAGES == 0:
            self.show(DIVIDED_PERCENT, f"Lecture : {count} passages trouvés")


def _clean_defaults(defaults: Defaults, company: Company) -> Defaults:
    values = {"kind": defaults.kind or ContentItem.Kind.OTHER, "tags": defaults.tags, "owner": defaults.owner}
    cleaned = library.clean(values, company=company)
    return Defaults(defaults.kind, tuple(cleaned["tags"]), defaults.owner, defaults.valid_until)


def _open(company: Company, name: str | None, by: User | None, import_id: uuid.UUID | None) -> LibraryImport:
    filename = library.clean_line(PurePath(name or "").name)[-MAX_FILENAME:] or "document"
    try:
        with transaction.atomic():
            return LibraryImport.objects.create(
                id=import_id or uuid.uuid4(), company=company, filename=filename, created_by=by
            )
    except IntegrityError as error:
        raise ImportExists from error


def _read(file: File[bytes], row: LibraryImport, steps: _Steps) -> list[FoundPassage]:
    """Return the passages of an uploaded file, read from a copy that only this import knows."""
    suffix = PurePath(row.filename).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnknownFormat
    if file.size > settings.PROPOSALS_MAX_UPLOAD_BYTES:
        raise FileTooLarge.for_limit(settings.PROPOSALS_MAX_UPLOAD_BYTES)
    steps.show(0, "Lecture du fichier")
    with tempfile.NamedTemporaryFile(prefix="tenderwire-import-", suffix=suffix) as copy:
        _update(row, sha256=uploads.copy_hashed(file, copy))
        passages = _split(Path(copy.name), suffix, row.filename, steps)
    if not passages:
        raise NoPassages
    return passages


def _split(path: Path, suffix: str, name: str, steps: _Steps) -> list[FoundPassage]:
    limits = pdf_limits()
    if suffix == ".pdf":
        return split_pdf(path, limits, name=name, on_page=steps.show_page)
    split = split_docx if suffix == ".docx" else split_markdown_file
    return split(path, limits, name=name, on_passage=steps.show_passages)


def _to_items(row: LibraryImport, passages: Sequence[FoundPassage], defaults: Defaults) -> Iterator[ContentItem]:
    """Yield the rows to store; the file's own values win over the defaults."""
    names = {passage.meta.owner for passage in passages if passage.meta.owner}
    owners = {user.username: user for user in User.objects.filter(company=row.company, username__in=names)}
    for passage in passages:
        meta = passage.meta
        fields = {
            "title": passage.title,
            "body": passage.body,
            "kind": meta.kind or defaults.kind or guess_kind(fold_for_search(passage.title)),
            "tags": (*meta.tags, *defaults.tags),
            "language": meta.language or "fr",
            "valid_until": meta.valid_until or defaults.valid_until,
            "owner": owners.get(meta.owner or "", defaults.owner),
            "source": passage.source,
        }
        yield _to_item(row, fields, passage.line)


def _to_item(row: LibraryImport, fields: dict[str, Any], line: int | None) -> ContentItem:
    try:
        values = library.clean(fields, company=row.company)
    except library.InvalidItem as error:
        name, [sentence] = next(iter((error.details or {}).items()))
        raise LibraryFileInvalid.at(line, f"{name} : {sentence}") from error
    return ContentItem(
        company=row.company,
        imported_by=row,
        created_by=row.created_by,
        updated_by=row.created_by,
        search_text=make_search_text(values["title"], values["body"], values["tags"]),
        **values,
    )


def _store(row: LibraryImport, items: Sequence[ContentItem], steps: _Steps) -> None:
    """Store what the library does not have yet, and say so, in one transaction."""
    steps.show(READING_PERCENT, f"Enregistrement de {_count(len(items), 'passage')}")
    with transaction.atomic(durable=True):
        # Two imports of the same file at once: the second waits here, and then finds the first's passages.
        Company.objects.select_for_update().get(id=row.company_id)
        fresh = list(_drop_known(row.company, items))
        ContentItem.objects.bulk_create(fresh, batch_size=BATCH)
        _update(
            row,
            status=LibraryImport.Status.SUCCEEDED,
            progress=100,
            message=_describe(len(fresh), len(items) - len(fresh)),
            items_total=len(items),
            created_total=len(fresh),
            finished_at=timezone.now(),
        )
    steps.tell()


def _drop_known(company: Company, items: Iterable[ContentItem]) -> Iterator[ContentItem]:
    """Yield the items whose title and text neither the library nor an earlier item has."""
    seen: set[tuple[str, str]] = set()
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        titles = [item.title for item in batch]
        seen.update(ContentItem.objects.filter(company=company, title__in=titles).values_list("title", "body"))
        for item in batch:
            if (item.title, item.body) not in seen:
                seen.add((item.title, item.body))
                yield item


def _describe(created: int, duplicates: int) -> str:
    added = f"{_count(created, 'passage')} enregistré{'s' if created > 1 else ''}"
    return added + (f", {duplicates} déjà présent{'s' if duplicates > 1 else ''}" if duplicates else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _fail(row: LibraryImport, error: dict[str, str]) -> None:
    _update(row, status=LibraryImport.Status.FAILED, error=error, message="", finished_at=timezone.now())


def _update(row: LibraryImport, **values: Any) -> None:
    """Write values of the row, at once and in the database."""
    values["updated_at"] = timezone.now()
    for name, value in values.items():
        setattr(row, name, value)
    LibraryImport.objects.filter(id=row.id).update(**values)
