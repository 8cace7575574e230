"""Rows for tests, made by plain functions: each gives what is not asked for a sensible value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils import timezone

from proposals.analysis import AnalysisWarning, AwardCriterion, Fact, RCAnalysisResult
from proposals.models import (
    Company,
    ContentItem,
    ContentMatch,
    GeneratedDocument,
    LibraryImport,
    ModelUsage,
    Operation,
    Project,
    RCAnalysis,
    Requirement,
    Section,
    SourceDocument,
    Strength,
    User,
)
from tests.pdfs import make_pdf

PASSWORD = "un-mot-de-passe-solide"

_numbers = count(1)


@dataclass(frozen=True)
class Cast:
    """Alice (admin) and bob work for company A, charlie for company B, admin is a superuser of none."""

    company_a: Company
    company_b: Company
    alice: User
    bob: User
    charlie: User
    admin: User


def make_cast() -> Cast:
    """Return the people that isolation is tested with."""
    company_a, company_b = make_company("Entreprise A"), make_company("Entreprise B")
    return Cast(
        company_a=company_a,
        company_b=company_b,
        alice=make_user("alice", company=company_a, role=User.Role.ADMIN),
        bob=make_user("bob", company=company_a),
        charlie=make_user("charlie", company=company_b),
        admin=make_user("admin", company=None, is_staff=True, is_superuser=True),
    )


def make_company(name: str = "") -> Company:
    """Return a new company."""
    return Company.objects.create(name=name or f"Entreprise {next(_numbers)}")


def make_user(username: str = "", *, company: Company | None, **fields: Any) -> User:
    """Return a new user whose password is PASSWORD."""
    name = username or f"personne{next(_numbers)}"
    return User.objects.create(
        username=name, email=f"{name}@exemple.fr", company=company, password=make_password(PASSWORD), **fields
    )


def make_project(company: Company, **fields: Any) -> Project:
    """Return a new project of a company."""
    return Project.objects.create(company=company, **{"title": f"Marché n° {next(_numbers)}", **fields})


def make_document(project: Project, *, content: bytes = b"", **fields: Any) -> SourceDocument:
    """Return a stored document, by default an RC of one page."""
    data = content or make_pdf()
    document = SourceDocument(
        project=project,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        **{"kind": SourceDocument.Kind.RC, "filename": f"rc-{next(_numbers)}.pdf", "pages": 1, **fields},
    )
    document.file.save(document.filename, ContentFile(data))
    return document


def make_operation(project: Project, **fields: Any) -> Operation:
    """Return an operation as a row, by default a pending analysis that no worker will hear of."""
    now = timezone.now()
    return Operation.objects.create(
        project=project,
        **{"kind": Operation.Kind.RC_ANALYSIS, "attempt_limit": 3, "queued_at": now, "created_at": now, **fields},
    )


def make_result(**fields: Any) -> RCAnalysisResult:
    """Return a small analysis with a found fact, one not found, a criterion and a warning."""
    facts = {
        "reference": Fact[str](value="2026-042", status="found", page=1, quote="Marché n° 2026-042", confidence=0.9),
        "award_criteria": (AwardCriterion(name="Prix", weight=40, unit="percent", page=3, quote="Prix : 40 %"),),
        "warnings": (AnalysisWarning(code="weights_sum", message="Les pondérations ne font pas 100."),),
    }
    return RCAnalysisResult(**{**facts, **fields})


def make_analysis(document: SourceDocument, **fields: Any) -> RCAnalysis:
    """Return a stored analysis of a document."""
    values = {"engine": "offline", "result": make_result().model_dump(mode="json"), "created_at": timezone.now()}
    return RCAnalysis.objects.create(project=document.project, document=document, **{**values, **fields})


def make_requirement(project: Project, **fields: Any) -> Requirement:
    """Return a requirement that waits for review."""
    number = next(_numbers)
    values = {"code": f"R-{number:03}", "text": "Fournir un planning.", "category": "planning", "page": 4}
    return Requirement.objects.create(project=project, **{**values, **fields})


def make_item(company: Company, **fields: Any) -> ContentItem:
    """Return a passage of a company's library."""
    values = {
        "title": f"Passage {next(_numbers)}",
        "body": "Notre chef de projet établit un planning détaillé et le met à jour chaque semaine.",
        "kind": ContentItem.Kind.PLANNING,
    }
    return ContentItem.objects.create(company=company, **{**values, **fields})


def make_import(company: Company, **fields: Any) -> LibraryImport:
    """Return a finished import of a company."""
    values = {"filename": "memoire.docx", "sha256": "0" * 64, "status": LibraryImport.Status.SUCCEEDED}
    return LibraryImport.objects.create(company=company, **{**values, **fields})


def make_match(project: Project, **fields: Any) -> ContentMatch:
    """Return a passage proposed for a requirement of a project."""
    values = {"rank": 1, "score": 0.8, "strength": Strength.STRONG, "highlights": [[33, 41]], **fields}
    requirement = values.pop("requirement", None) or make_requirement(project)
    item = values.pop("content_item", None) or make_item(project.company)
    return ContentMatch.objects.create(project=project, requirement=requirement, content_item=item, **values)


def make_usage(operation: Operation, **fields: Any) -> ModelUsage:
    """Return a call of a language model that an operation made."""
    values = {"model": "claude-sonnet-5-5", "input_tokens": 1_000, "output_tokens": 100, "created_at": timezone.now()}
    return ModelUsage.objects.create(company=operation.project.company, operation=operation, **{**values, **fields})


def make_section(project: Project, **fields: Any) -> Section:
    """Return a planned section of a project's proposal."""
    number = next(_numbers)
    return Section.objects.create(project=project, **{"order": number, "title": f"Section {number}", **fields})


def make_generated(project: Project, *, content: bytes = b"PK", **fields: Any) -> GeneratedDocument:
    """Return a produced file of a project."""
    document = GeneratedDocument(
        project=project,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        created_at=timezone.now(),
        **{"version": next(_numbers), "format": GeneratedDocument.Format.DOCX, "filename": "memoire.docx", **fields},
    )
    document.file.save(document.filename, ContentFile(content))
    return document
