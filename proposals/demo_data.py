"""
The demo: two companies, their people and content libraries, and a project with a sample RC for each.

Loading it again adds what is missing and changes nothing that is there, passwords least of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File

from proposals import imports, uploads
from proposals.models import Company, Project, SourceDocument, User

PASSWORD = "demo-tenderwire"
SAMPLES = Path(__file__).resolve().parent / "samples" / "rc"
LIBRARIES = Path(__file__).resolve().parent / "samples" / "library"
#: What the pages say the demo's passages come from.
LIBRARY_FILENAME = "bibliotheque-de-demonstration.md"


@dataclass(frozen=True)
class DemoCompany:
    """One company of the demo; the first of its users creates the project."""

    name: str
    users: tuple[tuple[str, str, str, str], ...]  # username, first name, last name, role
    project_title: str
    sample: str
    library: str  # folder of `LIBRARIES`


COMPANIES = (
    DemoCompany(
        name="Atelier Numérique Rivoli",
        users=(("alice", "Alice", "Arnaud", User.Role.ADMIN), ("bob", "Bob", "Bernard", User.Role.MEMBER)),
        project_title="Accord-cadre de services numériques",
        sample="accord-cadre-services-numeriques.pdf",
        library="atelier-numerique-rivoli",
    ),
    DemoCompany(
        name="Bâtisseurs du Vexin",
        users=(("charlie", "Charlie", "Caron", User.Role.ADMIN),),
        project_title="Travaux avec visite obligatoire",
        sample="travaux-visite-obligatoire.pdf",
        library="batisseurs-du-vexin",
    ),
)


def load(*, with_library: bool = True, company: str = "") -> Iterator[str]:
    """
    Add what is missing of the demo; yield a line for each thing added.

    Args:
        company: name of the first company, if not its own.

    Raises:
        PdfError: a sample RC was refused.
        ImportFailed: a sample library was refused.
    """
    first, *others = COMPANIES
    for demo in (replace(first, name=company or first.name), *others):
        yield from _load_company(demo, with_library=with_library)
    yield from _load_user("admin", company=None, is_staff=True, is_superuser=True)


def _load_company(demo: DemoCompany, *, with_library: bool) -> Iterator[str]:
    company, is_new = Company.objects.get_or_create(name=demo.name)
    if is_new:
        yield f"company {company.name}"
    yield from _load_users(demo, company)
    if with_library:
        yield from _load_library(demo, company)
    yield from _load_project(demo, company)


def _load_users(demo: DemoCompany, company: Company) -> Iterator[str]:
    for username, first_name, last_name, role in demo.users:
        yield from _load_user(username, company=company, first_name=first_name, last_name=last_name, role=role)


def _load_user(username: str, **fields: Any) -> Iterator[str]:
    user, is_new = User.objects.get_or_create(username=username, defaults=fields)
    if is_new:
        user.set_password(PASSWORD)
        user.save()
        yield f"user {username}"


def _load_library(demo: DemoCompany, company: Company) -> Iterator[str]:
    """Load a library for a company that never had one: passages that somebody deleted do not come back."""
    if company.library.exists() or company.imports.exists():
        return
    # Library files put together are a library file: one import, one process that reads it.
    content = "\n".join(path.read_text(encoding="utf-8") for path in sorted((LIBRARIES / demo.library).glob("*.md")))
    row = imports.receive(
        company=company, file=ContentFile(content.encode(), LIBRARY_FILENAME), by=_author(demo, company)
    )
    if row.status == row.Status.FAILED:
        raise imports.ImportFailed(row)
    yield f"library of {company.name}: {row.created_total} passages"


def _author(demo: DemoCompany, company: Company) -> User | None:
    return User.objects.filter(username=demo.users[0][0], company=company).first()


def _load_project(demo: DemoCompany, company: Company) -> Iterator[str]:
    author = _author(demo, company)
    earlier = Project.objects.filter(company=company, title=demo.project_title).last()
    project = earlier or Project.objects.create(company=company, title=demo.project_title, created_by=author)
    if earlier is None:
        yield f"project {project.title}"
    if not project.documents.exists():
        with (SAMPLES / demo.sample).open("rb") as file:
            uploads.store(project, File(file), SourceDocument.Kind.RC, author)
        yield f"document {demo.sample}"
