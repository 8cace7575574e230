"""The schema is valid, whole and true."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.utils import timezone
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rest_framework.test import APIClient

from proposals import sections
from proposals.models import Project, User
from realtime import notifications
from realtime.notifications import Message
from tests.factories import make_analysis, make_document, make_operation, make_requirement, make_section
from tests.integration.api.test_isolation import PUBLIC, list_endpoints

#: Not part of the API it describes.
UNDESCRIBED = {"schema", "docs"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema as the command writes it, any warning being a failure."""
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return dict(yaml.safe_load(out.getvalue()))


def operations_of(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation) for path, methods in schema["paths"].items() for method, operation in methods.items()
    ]


def test_every_endpoint_is_described(schema: dict[str, Any]) -> None:
    described = len(operations_of(schema))

    assert described == len([endpoint for endpoint in list_endpoints() if endpoint.name not in UNDESCRIBED])


def test_every_endpoint_has_a_summary_a_name_and_its_errors(schema: dict[str, Any]) -> None:
    for path, method, operation in operations_of(schema):
        assert operation["summary"], (path, method)
        expected = {"429"} if "/auth/token" in path else {"401", "403", "429"}
        expected |= {"404"} if "{" in path else set()
        assert expected <= set(operation["responses"]), (path, method)


def test_every_error_has_the_one_format(schema: dict[str, Any]) -> None:
    for path, method, operation in operations_of(schema):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                content = response["content"]
                assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}, (path, method)


def test_both_ways_to_log_in_are_offered(schema: dict[str, Any]) -> None:
    assert set(schema["components"]["securitySchemes"]) == {"jwtAuth", "cookieAuth", "ticketAuth"}
    for path, _, operation in operations_of(schema):
        schemes = {name for entry in operation.get("security", []) for name in entry}
        bearer = "ticketAuth" if re.search(r"/(events|stream|state|commands)/?$", path) else "jwtAuth"
        assert schemes == (set() if "/auth/token" in path else {bearer, "cookieAuth"}), path


def answers(client: APIClient, project: Project) -> dict[str, Any]:
    document = make_document(project)
    make_analysis(document)
    operation = make_operation(project, error={"code": "cancelled", "error": "Annulée.", "retryable": True})
    requirement = make_requirement(project)
    section = make_section(project)
    sections.add_version(section, origin="generated", text="Un texte.")
    people = User.objects.filter(company=project.company).values_list("pk", flat=True)
    notifications.notify(people, Message("error", "Échec", "Relancez."), now=timezone.now())
    addresses = {
        "Me": "/api/me/",
        "Project": f"/api/projects/{project.id}/",
        "PaginatedProjectList": "/api/projects/",
        "PaginatedDocumentList": f"/api/projects/{project.id}/documents/",
        "PaginatedOperationList": f"/api/projects/{project.id}/operations/",
        "Operation": f"/api/operations/{operation.id}/",
        "Analysis": f"/api/projects/{project.id}/analysis/",
        "Events": f"/api/projects/{project.id}/events/",
        "ProjectState": f"/api/projects/{project.id}/state/",
        "PaginatedRequirementList": f"/api/projects/{project.id}/requirements/",
        "Requirement": f"/api/requirements/{requirement.id}/",
        "Plan": f"/api/projects/{project.id}/sections/",
        "Section": f"/api/sections/{section.id}/",
        "Versions": f"/api/sections/{section.id}/versions/",
        "Version": f"/api/sections/{section.id}/versions/1/",
        "Difference": f"/api/sections/{section.id}/diff/?from=1&to=1",
        "ToDoList": f"/api/projects/{project.id}/todo/",
        "PaginatedNotificationList": "/api/notifications/",
        "Preferences": "/api/notifications/preferences/",
        "Error": "/api/nope/",
    }
    return {name: client.get(address).json() for name, address in addresses.items()}


def test_answers_keep_what_the_schema_promises(schema: dict[str, Any], alice: APIClient, project: Project) -> None:
    for name, body in answers(alice, project).items():
        validator = Draft202012Validator({**schema, "$ref": f"#/components/schemas/{name}"})
        assert [error.message for error in validator.iter_errors(body)] == [], name
        missing = set(schema["components"]["schemas"][name].get("properties", {})) - set(body)
        assert not missing, name


def test_the_schema_of_an_analysis_comes_from_its_model(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]

    assert parts["Analysis"]["properties"]["result"]["allOf"] == [{"$ref": "#/components/schemas/RCAnalysisResult"}]
    assert {"submission_deadline", "award_criteria", "warnings"} <= set(parts["RCAnalysisResult"]["properties"])


def test_schema_and_page_are_served_to_everybody(db: None) -> None:
    client = APIClient()

    page = client.get("/api/docs/", HTTP_ACCEPT="text/html")

    assert client.get("/api/schema/").status_code == 200
    assert page.status_code == 200
    assert b"/static/drf_spectacular_sidecar/" in page.content
    assert b"cdn." not in page.content
    assert {"schema", "docs"} <= PUBLIC
