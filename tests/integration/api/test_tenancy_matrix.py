"""
T18 over HTTP: three companies, each with a member and an administrator, a superuser of none and a stranger, at every
operation that the API's schema describes, with ids of every company and with ids of nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from proposals import models, sections
from proposals.models import Company, User
from tests.factories import (
    make_analysis,
    make_company,
    make_document,
    make_generated,
    make_import,
    make_item,
    make_match,
    make_operation,
    make_project,
    make_requirement,
    make_section,
    make_user,
)
from tests.integration.api.test_isolation import dump_everything

#: Described, and open to everybody by their nature.
PUBLIC = "/api/auth/token/"
Ids = dict[str, uuid.UUID | int]


@dataclass(frozen=True)
class World:
    """One company: its people, the ids of its rows, and a word that stands in all of its texts."""

    company: Company
    word: str
    people: tuple[APIClient, APIClient]
    ids: Ids

    def speaks_in(self, text: str) -> bool:
        """Whether an answer holds anything of this company."""
        own = [str(value) for value in self.ids.values() if isinstance(value, uuid.UUID)]
        return any(secret in text for secret in (self.word, str(self.company.id), *own))


@dataclass(frozen=True)
class Call:
    """One operation of the schema."""

    method: str
    path: str
    ids: tuple[str, ...]
    filters: tuple[str, ...]
    body: dict[str, Any]

    def by(self, client: APIClient, ids: Ids, *, filters: dict[str, str] | None = None, body: Any = None) -> Any:
        cache.clear()  # throttles
        query = "&".join(f"{name}={value}" for name, value in (filters or {}).items())
        return getattr(client, self.method)(f"{self.path.format(**ids)}?{query}", body)


def sign_in(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
    return client


def make_world(word: str) -> World:
    company = make_company(f"Entreprise {word}")
    people = (
        sign_in(make_user(f"membre-{word}", company=company)),
        sign_in(make_user(f"admin-{word}", company=company, role=User.Role.ADMIN)),
    )
    project = make_project(company, title=f"Marché {word}", buyer=word, reference=word)
    document = make_document(project, filename=f"{word}.pdf")
    make_analysis(document)
    section = make_section(project, title=f"Section {word}")
    version = sections.add_version(section, origin=models.SectionVersion.Origin.GENERATED, text=f"Un texte de {word}.")
    requirement = make_requirement(project, text=f"Fournir {word}.")
    item = make_item(company, title=f"Passage {word}", body=f"Notre {word}.", tags=[word])
    return World(
        company,
        word,
        people,
        {
            "project_id": project.id,
            "document_id": document.id,
            "operation_id": make_operation(project).id,
            "requirement_id": requirement.id,
            "item_id": item.id,
            "import_id": make_import(company, filename=f"{word}.docx").id,
            "match_id": make_match(project, requirement=requirement, content_item=item).id,
            "section_id": section.id,
            "number": version.number,
            "generated_id": make_generated(project, filename=f"{word}.docx").id,
        },
    )


def read_calls() -> Iterator[Call]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if path.startswith(PUBLIC):
                continue
            parameters = operation.get("parameters", [])
            names = {where: tuple(p["name"] for p in parameters if p["in"] == where) for where in ("path", "query")}
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = body.get("$ref", "").rpartition("/")[2]
            described = schema["components"]["schemas"].get(name, body)
            yield Call(method, path, names["path"], names["query"], described.get("properties", {}))


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    return list(read_calls())


@pytest.fixture
def worlds(db: None) -> list[World]:
    return [make_world(word) for word in ("amarante", "bergamote", "cardamome")]


def make_nowhere(ids: Ids) -> Ids:
    """Return ids of nothing; a number means something only beside an id, so it stays."""
    return {name: value if isinstance(value, int) else uuid.uuid4() for name, value in ids.items()}


def hint_at(call: Call, world: World) -> list[dict[str, str]]:
    """Return a query for each filter of an operation that points to a company's rows."""
    hints = (world.word, str(world.ids["project_id"]))
    return [{name: hint} for name in call.filters for hint in hints]


def test_nobody_reaches_another_company_by_any_operation(
    worlds: list[World], calls: list[Call], note_figure: Callable[..., None]
) -> None:
    tried = 0
    before = dump_everything()
    for call in calls:
        for world in worlds if call.ids else []:
            for client in world.people:
                missing = call.by(client, make_nowhere(world.ids))
                foreign = [call.by(client, owner.ids) for owner in worlds if owner is not world]
                tried += len(foreign)

                assert {answer.status_code for answer in (missing, *foreign)} == {404}, call
                assert {answer.content for answer in foreign} == {missing.content}, call
                assert {tuple(answer.headers) for answer in foreign} == {tuple(missing.headers)}, call
    assert dump_everything() == before

    measured = f"0 reached in {tried} calls; each answered like a missing row"
    note_figure("T18", "REST: rows of others, 3 companies x 2 roles", asked="0; same answer", measured=measured)
    assert tried > 400


def test_what_a_company_reads_holds_nothing_of_the_others_whatever_it_filters_by(
    worlds: list[World], calls: list[Call], note_figure: Callable[..., None]
) -> None:
    readings = [call for call in calls if call.method == "get" and not call.path.endswith("/stream")]
    tried, own = 0, 0
    for call in readings:
        for number, world in enumerate(worlds):
            others = [other for other in worlds if other is not world]
            queries = [{}, *hint_at(call, worlds[number - 1])]
            for query in queries:
                answer = call.by(world.people[tried % 2], world.ids, filters=query)
                text = b"".join(answer) if answer.streaming else answer.content
                tried += 1
                own += world.speaks_in(text.decode(errors="replace"))

                echoed = " ".join(query.values())  # an error may repeat what was asked for
                shown = text.decode(errors="replace").replace(echoed, "") if echoed else text.decode(errors="replace")
                assert not any(other.speaks_in(shown) for other in others), (call, query)

    note_figure("T18", "REST: own readings, filtered by others' words and ids", asked="0", measured=f"0 of {tried}")
    assert tried > 100
    assert own > 50  # what is looked for would be found


def test_a_superuser_of_no_company_and_a_stranger_reach_nothing(worlds: list[World], calls: list[Call]) -> None:
    superuser = sign_in(make_user("superuser", company=None, is_staff=True, is_superuser=True))
    before = dump_everything()

    for call in calls:
        for ids in (worlds[0].ids, make_nowhere(worlds[0].ids)):
            assert call.by(superuser, ids).status_code == 403, call
            assert call.by(APIClient(), ids).status_code == 401, call

    assert dump_everything() == before


def is_id(field: dict[str, Any]) -> bool:
    return "uuid" in (field.get("format"), field.get("items", {}).get("format"))


def test_a_body_that_names_another_company_s_row_changes_nothing_of_it(
    worlds: list[World], calls: list[Call], note_figure: Callable[..., None]
) -> None:
    home, other = worlds[0], worlds[1]
    taking = [(call, name) for call in calls for name, field in call.body.items() if is_id(field)]
    foreign_before = [row for row in dump_everything().split("}}") if other.speaks_in(row)]

    for call, name in taking:
        for value in other.ids.values():
            sent = [str(value)] if call.body[name].get("type") == "array" else str(value)
            answer = call.by(home.people[1], home.ids, body={name: sent})

            shown = answer.content.decode().replace(str(value), "")
            assert not other.speaks_in(shown), (call, name)
            assert answer.status_code != 500

    assert [row for row in dump_everything().split("}}") if other.speaks_in(row)] == foreign_before
    note_figure("T18", "REST: ids of others in bodies", asked="0 changed", measured=f"0 in {len(taking)} fields")
    assert taking
