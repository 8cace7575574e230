"""What people do in the admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from pydantic import AwareDatetime

from proposals import queue
from proposals.analysis import AwardCriterion, Fact, Procedure
from proposals.models import Company, Operation, Requirement, User
from realtime.models import Event
from realtime.progress import ProgressUpdater
from tests.factories import (
    PASSWORD,
    Cast,
    make_analysis,
    make_document,
    make_generated,
    make_operation,
    make_project,
    make_requirement,
    make_result,
)
from tests.pdfs import make_pdf

Status = Operation.Status


def act(client: Client, model: str, action: str, rows: list[Any]) -> list[str]:
    """Run an action on rows of a list; return what the page then says."""
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    response = client.post(reverse(f"admin:proposals_{model}_changelist"), data)
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.django_db(transaction=True)
def test_cancel_tells_for_each_operation_what_became_of_it(admin: Client, cast: Cast) -> None:
    project = make_project(cast.company_a, title="Pont neuf")
    waiting = make_operation(project)
    finished = make_operation(project, kind="matching", status=Status.SUCCEEDED)

    said = act(admin, "operation", "cancel", [waiting, finished])

    waiting.refresh_from_db()
    finished.refresh_from_db()
    assert (waiting.status, finished.status) == (Status.CANCELLED, Status.SUCCEEDED)
    assert sorted(said) == [
        "Analyse du RC, Pont neuf : Annulée.",
        "Recherche de contenus, Pont neuf : Cette opération est déjà terminée.",
    ]


@pytest.mark.django_db(transaction=True)
def test_retry_queues_a_failed_operation(admin: Client, cast: Cast) -> None:
    operation = make_operation(make_project(cast.company_a), status=Status.FAILED)
    queue.wakeup.clear()

    [said] = act(admin, "operation", "retry", [operation])

    operation.refresh_from_db()
    assert operation.status == Status.PENDING
    assert said.endswith(" : En attente.")
    assert queue.wakeup.is_set()


def test_staff_without_the_right_see_operations_and_do_not_steer(cast: Cast) -> None:
    operation = make_operation(make_project(cast.company_a))
    cast.bob.is_staff = True
    cast.bob.save()
    cast.bob.user_permissions.add(_permission("view_operation"))
    client = Client()
    client.force_login(cast.bob)

    page = client.get(reverse("admin:proposals_operation_changelist"))
    client.post(page.request["PATH_INFO"], {"action": "cancel", "_selected_action": [str(operation.pk)]})

    assert page.status_code == 200
    assert b"Annuler les op" not in page.content
    operation.refresh_from_db()
    assert operation.status == Status.PENDING


def _permission(codename: str) -> Any:
    return User.user_permissions.field.related_model.objects.get(codename=codename)  # type: ignore[attr-defined]


def test_the_page_of_an_operation_shows_its_bar_step_and_error(admin: Client, cast: Cast) -> None:
    operation = make_operation(
        make_project(cast.company_a),
        status=Status.FAILED,
        progress=40,
        step={"status": "analyzing", "message": "Lecture <b>page 3</b>"},
        error={"code": "worker_lost", "error": "Interrompue.", "retryable": True},
    )

    page = admin.get(reverse("admin:proposals_operation_change", args=[operation.pk])).content.decode()

    assert '<progress max="100" value="40"' in page
    assert "worker_lost" in page
    assert "Lecture &lt;b&gt;page 3&lt;/b&gt;" in page


def test_an_analysis_is_shown_with_its_evidence(admin: Client, cast: Cast) -> None:
    criteria = (
        AwardCriterion(
            name="Valeur technique",
            weight=60,
            unit="percent",
            page=5,
            quote="Valeur technique : 60 %",
            children=(AwardCriterion(name="Méthode", weight=40, unit="points"),),
        ),
    )
    result = make_result(
        object=Fact[str](value="<script>alert(1)</script>", status="found", page=1, quote="Objet : …", confidence=0.8),
        divided_into_lots=Fact[bool](value=False, status="found", page=2, quote="non alloti", confidence=1),
        procedure=Fact[Procedure](value="mapa", status="found", page=1, quote="procédure adaptée", confidence=0.9),
        submission_deadline=Fact[AwareDatetime](
            value=datetime.fromisoformat("2027-02-12T17:00:00+01:00"),
            status="found",
            page=1,
            quote="le 12 février 2027",
        ),
        award_criteria=criteria,
    )
    analysis = make_analysis(make_document(make_project(cast.company_a)), result=result.model_dump(mode="json"))

    page = admin.get(reverse("admin:proposals_rcanalysis_change", args=[analysis.pk])).content.decode()

    for words in (
        "Marché n° 2026-042",
        "Absent du document",
        "Non",
        "90 %",
        "Procédure adaptée (MAPA)",
        "12 février 2027 17:00",
        "Valeur technique : 60 %",
        "60 %",
    ):
        assert words in page
    assert "— Méthode" in page
    assert "40 points" in page
    assert "Les pondérations ne font pas 100." in page
    assert "<script>alert(1)" not in page


def test_a_user_is_created_in_a_company_with_a_hashed_password(admin: Client, cast: Cast) -> None:
    data = {
        "username": "dora",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "company": str(cast.company_b.pk),
        "role": "member",
    }

    response = admin.post(reverse("admin:proposals_user_add"), data)

    assert response.status_code == 302
    dora = User.objects.get(username="dora")
    assert dora.company == cast.company_b
    assert dora.check_password(PASSWORD)


def test_a_company_is_created_and_counts_its_people(admin: Client, cast: Cast) -> None:
    make_project(cast.company_a)

    response = admin.post(reverse("admin:proposals_company_add"), {"name": "Entreprise C"})
    page = admin.get(reverse("admin:proposals_company_changelist")).content.decode()

    assert response.status_code == 302
    assert Company.objects.filter(name="Entreprise C").exists()
    assert '<td class="field-users_total">2</td><td class="field-projects_total">1</td>' in page


def test_a_project_is_created_for_a_company(admin: Client, cast: Cast) -> None:
    data = {
        "title": "Pont neuf",
        "company": str(cast.company_a.pk),
        "status": "active",
        "documents-TOTAL_FORMS": "0",
        "documents-INITIAL_FORMS": "0",
    }

    assert admin.post(reverse("admin:proposals_project_add"), data).status_code == 302
    project = cast.company_a.projects.get()
    assert (project.title, project.created_by) == ("Pont neuf", cast.admin)


def test_autocomplete_finds_companies(admin: Client, cast: Cast) -> None:
    query = {"app_label": "proposals", "model_name": "user", "field_name": "company", "term": "entreprise a"}

    results = admin.get("/admin/autocomplete/", query).json()["results"]

    assert [row["text"] for row in results] == ["Entreprise A"]


def test_a_document_is_downloaded_by_staff_alone(admin: Client, cast: Cast) -> None:
    content = make_pdf()
    document = make_document(make_project(cast.company_a), content=content)
    address = reverse("admin:proposals_sourcedocument_download", args=[document.pk])
    stranger = Client()
    stranger.force_login(cast.alice)

    response = admin.get(address)

    assert response.content == content
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert stranger.get(address).status_code == 302


def test_a_requirement_corrected_here_is_marked_as_edited(admin: Client, cast: Cast) -> None:
    requirement = make_requirement(make_project(cast.company_a), quote="citation")
    data = {"text": "Fournir un planning mensuel.", "category": "planning", "mandatory": "on", "quote": "faux"}

    response = admin.post(reverse("admin:proposals_requirement_change", args=[requirement.pk]), data)

    assert response.status_code == 302
    requirement.refresh_from_db()
    assert (requirement.text, requirement.edited) == ("Fournir un planning mensuel.", True)
    assert requirement.quote == "citation"


def test_requirements_are_approved_with_the_name_of_who_did(admin: Client, cast: Cast) -> None:
    project = make_project(cast.company_a)
    rows = [make_requirement(project), make_requirement(project)]

    said = act(admin, "requirement", "approve", rows)

    assert said == ["Exigences validées : 2."]
    assert set(Requirement.objects.values_list("status", "reviewed_by__username")) == {("approved", "admin")}


def test_the_event_log_of_a_project_is_found_by_its_id(admin: Client, cast: Cast) -> None:
    projects = [make_project(cast.company_a), make_project(cast.company_b)]
    for project in projects:
        ProgressUpdater().send_rc_analysis_progress(project.id, "analyzing", 40, f"Lecture de {project.title}")

    listing = admin.get(reverse("admin:realtime_event_changelist"), {"q": str(projects[0].id)}).content.decode()
    event = Event.objects.get(topic__name__contains=str(projects[0].id))
    page = admin.get(reverse("admin:realtime_event_change", args=[event.pk])).content.decode()

    assert projects[0].title in listing
    assert projects[1].title not in listing
    assert "&quot;progress&quot;: 40" in page


def test_a_produced_document_is_downloaded_by_staff_alone(admin: Client, cast: Cast) -> None:
    document = make_generated(make_project(cast.company_a), content=b"%PDF", format="pdf", filename="memoire.pdf")
    address = reverse("admin:proposals_generateddocument_download", args=[document.pk])
    member = Client()
    member.force_login(cast.alice)

    assert admin.get(address).content == b"%PDF"
    assert member.get(address).status_code == 302
