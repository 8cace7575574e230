"""
Store the files of a production: all of them with their rows, or nothing.

Source: docs/documents.md, "Storage".
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models import Max
from django.utils import timezone

from proposals.documents.production import Format, ProducedFile, StoredFile
from proposals.models import GeneratedDocument, Operation
from proposals.models.generated import generated_document_path


def next_version(operation: Operation) -> int:
    """Return the version that this operation produces: a further attempt or a retry replaces its own."""
    own = GeneratedDocument.objects.filter(operation=operation).values_list("version", flat=True).first()
    if own is not None:
        return own
    last = GeneratedDocument.objects.filter(project_id=operation.project_id).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def store(
    *,
    operation: Operation,
    version: int,
    files: Sequence[ProducedFile],
    transaction: Callable[[], AbstractContextManager[None]],
) -> list[StoredFile]:
    """
    Store the files of a production as one version of its project.

    Args:
        version: as `next_version` gave it.
        transaction: the run's, which holds other attempts off.

    What an earlier attempt of the same operation stored is replaced; files that a killed attempt left behind
    without a row are removed. If the transaction fails, so are those written in it.
    """
    documents = [_make_row(operation, version, file) for file in files]
    try:
        with transaction():
            replaced = _take_out(operation)
            for document, file in zip(documents, files, strict=True):
                document.file.save(document.filename, ContentFile(file.content), save=False)
                document.save(force_insert=True)
    except BaseException:
        # Also files that were written in part: their places are known before they are written.
        _delete(generated_document_path(document, document.filename) for document in documents)
        raise
    _delete(replaced)
    return [_to_value(document) for document in documents]


def _take_out(operation: Operation) -> list[str]:
    """
    Delete the rows of an earlier attempt and return the names of their files, which go after the commit.

    Files without any row are what a killed attempt left behind. They go at once: nobody else writes to this folder
    while the run's transaction holds the operation.
    """
    rows = GeneratedDocument.objects.filter(project_id=operation.project_id)
    _delete(_list_files(operation) - set(rows.values_list("file", flat=True)))
    own = rows.filter(operation=operation)
    replaced = list(own.values_list("file", flat=True))
    own.delete()
    return replaced


def _list_files(operation: Operation) -> set[str]:
    folder = os.path.dirname(generated_document_path(GeneratedDocument(project_id=operation.project_id), ""))
    try:
        _, names = _storage().listdir(folder)
    except FileNotFoundError:
        return set()
    return {f"{folder}/{name}" for name in names}


def _delete(names: Iterable[str]) -> None:
    for name in names:
        _storage().delete(name)


def _storage() -> Storage:
    return GeneratedDocument().file.storage


def _to_value(document: GeneratedDocument) -> StoredFile:
    return StoredFile(
        id=document.id,
        format=cast(Format, document.format),
        filename=document.filename,
        size_bytes=document.size_bytes,
        pages=document.pages,
    )


def _make_row(operation: Operation, version: int, file: ProducedFile) -> GeneratedDocument:
    return GeneratedDocument(
        project_id=operation.project_id,
        operation=operation,
        version=version,
        format=file.format,
        filename=file.filename,
        sha256=hashlib.sha256(file.content).hexdigest(),
        size_bytes=len(file.content),
        pages=file.pages,
        created_at=timezone.now(),
    )
