"""
Who reaches what: the cast at every address of the API, taken from the URL patterns themselves.

An address that is added is tried without being named here; one with a new kind of id fails until it has a row below.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.core import serializers as rows
from django.urls import URLPattern, reverse
from rest_framework.test import APIClient

from proposals import models, sections
from proposals.api import urls
from proposals.models import Project
from tests.factories import (
    Cast,
    make_analysis,
    make_document,
    make_generated,
    make_import,
    make_item,
    make_match,
    make_operation,
    make_project,
    make_requirement,
    make_section,
)
from tests.integration.api.conftest import Login

METHODS = ("get", "post", "put", "patch", "delete")
#: Addresses that need no log-in. Everything else must refuse a stranger.
PUBLIC = {"token-obtain", "token-refresh", "token-verify", "token-blacklist", "schema", "docs"}
#: Addresses that speak of the caller alone.
OWN = {
    "me",
    "project-list",
    "library-item-list",
    "library-import-list",
    "library-export",
    "library-tags",
    "notification-commands",
    "notification-events",
    "notification-list",
    "notification-preferences",
    "notification-read",
    "notification-state",
    "notification-stream",
    "ticket",
    "usage",
}


class Endpoint(NamedTuple):
    """One method at one address."""

    name: str
    method: str
    ids: tuple[str, ...]


def list_endpoints() -> Iterator[Endpoint]:
    """Return every method of every named address."""
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern), "include() would hide addresses from these tests"
        if pattern.name is None:
            continue
        view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
        for method in METHODS:
            if hasattr(view, method):
                yield Endpoint(pattern.name, method, tuple(pattern.pattern.converters))


ENDPOINTS = [endpoint for endpoint in list_endpoints() if endpoint.name not in PUBLIC]
ON_ROWS = [endpoint for endpoint in ENDPOINTS if endpoint.ids]


@pytest.fixture
def ids(project: Project) -> dict[str, uuid.UUID | int]:
    """The id of a row of company A for each kind of id in an address."""
    document = make_document(project)
    make_analysis(document)
    section = make_section(project)
    version = sections.add_version(section, origin=models.SectionVersion.Origin.GENERATED, text="Un texte.")
    return {
        "project_id": project.id,
        "document_id": document.id,
        "operation_id": make_operation(project).id,
        "requirement_id": make_requirement(project).id,
        "item_id": make_item(project.company).id,
        "import_id": make_import(project.company).id,
        "match_id": make_match(project).id,
        "section_id": section.id,
        "number": version.number,
        "generated_id": make_generated(project).id,
    }


def call(client: APIClient, endpoint: Endpoint, ids: dict[str, uuid.UUID | int]) -> Any:
    address = reverse(f"api:{endpoint.name}", kwargs={name: ids[name] for name in endpoint.ids})
    return getattr(client, endpoint.method)(address)


def dump_everything() -> str:
    """Return all rows of the domain as text."""
    tables = (
        models.Project,
        models.SourceDocument,
        models.Operation,
        models.RCAnalysis,
        models.Requirement,
        models.ContentItem,
        models.LibraryImport,
        models.ContentMatch,
        models.Section,
        models.SectionVersion,
        models.GeneratedDocument,
    )
    return "".join(rows.serialize("json", table.objects.order_by("pk")) for table in tables)


def describe(endpoint: Endpoint) -> str:
    return f"{endpoint.method}-{endpoint.name}"


def test_the_public_addresses_are_these_and_no_others() -> None:
    assert {endpoint.name for endpoint in list_endpoints() if endpoint.name in PUBLIC} == PUBLIC
    assert {endpoint.name for endpoint in ENDPOINTS if not endpoint.ids} == OWN


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=describe)
def test_a_stranger_is_asked_to_log_in(ids: dict[str, uuid.UUID | int], endpoint: Endpoint) -> None:
    before = dump_everything()

    response = call(APIClient(), endpoint, ids)

    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_authenticated")
    assert dump_everything() == before


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=describe)
def test_a_superuser_without_company_is_refused(
    ids: dict[str, uuid.UUID | int], cast: Cast, login: Login, endpoint: Endpoint
) -> None:
    before = dump_everything()

    response = call(login(cast.admin), endpoint, ids)

    assert (response.status_code, response.json()["error"]["code"]) == (403, "no_company")
    assert dump_everything() == before


@pytest.mark.parametrize("name", ["alice", "bob"])
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=describe)
def test_the_company_is_let_through(
    ids: dict[str, uuid.UUID | int], cast: Cast, login: Login, endpoint: Endpoint, name: str
) -> None:
    response = call(login(getattr(cast, name)), endpoint, ids)

    assert response.status_code in {200, 201, 202, 204, 400, 409, 415, 422}


@pytest.mark.parametrize("endpoint", ON_ROWS, ids=describe)
def test_another_company_cannot_tell_the_row_from_a_missing_one(
    ids: dict[str, uuid.UUID | int], cast: Cast, login: Login, endpoint: Endpoint
) -> None:
    before = dump_everything()
    # A number means something only beside an id, so it may stay.
    nowhere = {name: value if isinstance(value, int) else uuid.uuid4() for name, value in ids.items()}

    foreign = call(login(cast.charlie), endpoint, ids)
    missing = call(login(cast.charlie), endpoint, nowhere)
    missing_at_home = call(login(cast.alice), endpoint, nowhere)

    assert foreign.status_code == 404
    assert foreign.content == missing.content == missing_at_home.content
    assert set(foreign.headers) == set(missing.headers)
    assert dump_everything() == before


@pytest.mark.parametrize("endpoint", ON_ROWS, ids=describe)
def test_somebody_who_changes_company_leaves_the_rows_behind(
    ids: dict[str, uuid.UUID | int], cast: Cast, login: Login, endpoint: Endpoint
) -> None:
    client = login(cast.bob)
    cast.bob.company = cast.company_b
    cast.bob.save()

    assert call(client, endpoint, ids).status_code == 404


@pytest.mark.parametrize("endpoint", ON_ROWS, ids=describe)
def test_somebody_who_is_deactivated_is_refused_at_once(
    ids: dict[str, uuid.UUID | int], cast: Cast, login: Login, endpoint: Endpoint
) -> None:
    client = login(cast.bob)
    cast.bob.is_active = False
    cast.bob.save()

    assert call(client, endpoint, ids).status_code == 401


def test_a_list_of_projects_holds_those_of_the_company_alone(cast: Cast, login: Login, project: Project) -> None:
    other = make_project(cast.company_b)

    def seen(user: models.User) -> set[str]:
        return {row["id"] for row in login(user).get("/api/projects/").json()["results"]}

    assert seen(cast.alice) == seen(cast.bob) == {str(project.id)}
    assert seen(cast.charlie) == {str(other.id)}
    assert login(cast.charlie).get("/api/projects/?search=Services").json()["results"] == []
