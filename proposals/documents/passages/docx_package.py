"""
The parts of a DOCX that hold its text, as XML elements. Runs in the child process.

Nothing else of the package is read: pictures stay packed, and a relation that leads nowhere harms nobody.
"""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree  # type: ignore[import-untyped]

from proposals.documents.passages.docx_archive import CONTENT_TYPES, check_archive
from proposals.documents.passages.errors import DamagedDocx, NotADocx

NAMESPACE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: What documents saved as "Strict Open XML" call the same.
STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
DEFAULT = "{http://schemas.openxmlformats.org/package/2006/content-types}Default"
OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
MAIN_TYPES = ("application/vnd.openxmlformats-officedocument.wordprocessingml.", "application/vnd.ms-word.")


class Package(NamedTuple):
    """The body of a document, and the roots of its styles and its lists; None where it has none."""

    body: Any
    styles: Any
    numbering: Any


def word(name: str) -> str:
    """Return the full name of an element or attribute of WordprocessingML."""
    return f"{{{NAMESPACE.decode()}}}{name}"


def open_package(path: Path) -> Package:
    """
    Return the text of a DOCX as elements.

    Raises:
        DocumentError: the file cannot be used; the class says why.
    """
    check_archive(path)
    with zipfile.ZipFile(path) as archive:
        main = _find_target(archive, "", "/officeDocument")
        if main is None or not _type_of(archive, main).startswith(MAIN_TYPES):
            raise NotADocx
        root = _parse(archive, main)
        body = root.find(word("body")) if root is not None else None
        if body is None:
            raise DamagedDocx
        return Package(
            body, *(_parse(archive, _find_target(archive, main, kind)) for kind in ("/styles", "/numbering"))
        )


def _find_target(archive: zipfile.ZipFile, source: str, kind: str) -> str | None:
    """Return the name of the part that another part, or the package as a whole, has in that relation."""
    folder, name = posixpath.split(source)
    relations = _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in () if relations is None else relations.iter(RELATIONSHIP):
        if relation.get("Type", "").endswith(kind):
            return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
    return None


def _type_of(archive: zipfile.ZipFile, part: str) -> str:
    types = _parse(archive, CONTENT_TYPES)
    named = types.iterfind(f"{OVERRIDE}[@PartName='/{part}']") if types is not None and "'" not in part else ()
    by_ending = types.iterfind(f"{DEFAULT}[@Extension='xml']") if types is not None else ()
    return next((str(one.get("ContentType")) for one in (*named, *by_ending)), "")


def _parse(archive: zipfile.ZipFile, part: str | None) -> Any:
    """Return the root element of a part; None where there is no such part."""
    if part is None or part not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(archive.read(part).replace(STRICT_NAMESPACE, NAMESPACE), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedDocx from error
