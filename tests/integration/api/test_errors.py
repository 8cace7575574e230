"""One error format, whatever goes wrong."""

from __future__ import annotations

import json
import logging
import uuid

import pytest
from rest_framework.test import APIClient

from proposals import projects
from proposals.models import Project
from tests.factories import Cast
from tests.integration.api.conftest import Login


def assert_error(response: object, status: int, code: str) -> dict[str, object]:
    assert response.status_code == status  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/json"  # type: ignore[attr-defined]
    body = response.json()  # type: ignore[attr-defined]
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["error"]["code"] == code
    assert body["error"]["message"].endswith((".", "!"))
    return dict(body["error"])


def test_no_log_in_is_401_with_a_challenge(db: None) -> None:
    response = APIClient().get("/api/projects/")

    assert_error(response, 401, "not_authenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_superuser_without_company_is_403(cast: Cast, login: Login) -> None:
    assert_error(login(cast.admin).get("/api/projects/"), 403, "no_company")


def test_a_session_without_csrf_token_is_403(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.alice)

    assert client.get("/api/me/").status_code == 200
    assert_error(client.post("/api/projects/", {"title": "Sans jeton"}), 403, "permission_denied")


@pytest.mark.parametrize("path", ["/api/", "/api/nope/", "/api/projects", "/api/projects/42/", "/api/me/plus/"])
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_an_unknown_address_is_404_in_the_same_format(db: None, path: str, method: str) -> None:
    error = assert_error(getattr(APIClient(), method)(path), 404, "unknown_address")
    assert "se terminent par « / »" in str(error["message"])


def test_an_unknown_project_is_404(alice: APIClient) -> None:
    assert_error(alice.get(f"/api/projects/{uuid.uuid4()}/"), 404, "not_found")


def test_a_wrong_method_is_405(alice: APIClient) -> None:
    response = alice.delete("/api/me/")

    assert_error(response, 405, "method_not_allowed")


def test_a_wrong_format_of_answer_is_406(alice: APIClient) -> None:
    assert_error(alice.get("/api/me/", HTTP_ACCEPT="application/xml"), 406, "not_acceptable")


def test_a_wrong_format_of_request_is_415(alice: APIClient) -> None:
    response = alice.post("/api/projects/", "<titre/>", content_type="application/xml")

    assert_error(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("body", ["{", '{"title": NaN}', "[" * 100_000, b"\xff\xfe"])
def test_a_body_that_is_no_json_is_400(alice: APIClient, body: str | bytes) -> None:
    assert_error(alice.post("/api/projects/", body, content_type="application/json"), 400, "parse_error")


@pytest.mark.parametrize("body", ["[]", "3", '"texte"', "null"])
def test_json_that_is_no_object_is_400(alice: APIClient, body: str) -> None:
    assert_error(alice.post("/api/projects/", body, content_type="application/json"), 400, "invalid")


def test_a_body_over_the_limit_is_413(alice: APIClient, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]

    response = alice.post("/api/projects/", {"title": "x" * 2000})

    assert_error(response, 413, "payload_too_large")


def test_wrong_values_are_named_by_field(alice: APIClient) -> None:
    response = alice.post("/api/projects/", {"title": "", "deadline": "demain"})

    error = assert_error(response, 400, "invalid")
    assert set(error["details"]) == {"title", "deadline"}  # type: ignore[call-overload]
    assert all(isinstance(sentence, str) for sentences in error["details"].values() for sentence in sentences)  # type: ignore[attr-defined]


@pytest.mark.parametrize("title", ["\x00", "\ud800"])
def test_text_that_no_database_takes_is_400(alice: APIClient, title: str) -> None:
    body = json.dumps({"title": f"a{title}b"})

    assert_error(alice.post("/api/projects/", body, content_type="application/json"), 400, "invalid")


def test_nested_errors_are_flattened(alice: APIClient, project: Project) -> None:
    response = alice.post(f"/api/projects/{project.id}/requirements/approve/", {"requirement_ids": ["x", "y"]})

    error = assert_error(response, 400, "invalid")
    assert set(error["details"]) == {"requirement_ids.0", "requirement_ids.1"}  # type: ignore[call-overload]


def test_an_unforeseen_error_is_500_without_its_text(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: object) -> Project:
        raise RuntimeError("mot de passe de la base : s3cret")

    monkeypatch.setattr(projects, "create", fail)

    with caplog.at_level(logging.ERROR):
        response = alice.post("/api/projects/", {"title": "Panne"})

    error = assert_error(response, 500, "internal_error")
    assert b"s3cret" not in response.content
    incident = error["details"]["incident"][0]  # type: ignore[index]
    assert incident in caplog.text
    assert "s3cret" in caplog.text
