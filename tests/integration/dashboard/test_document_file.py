"""Documents in the browser's reader and as downloads."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from proposals.models import Project
from tests.factories import make_document
from tests.pdfs import make_pdf


def test_a_document_opens_in_the_browser_and_loads_nothing(alice: Client, project: Project) -> None:
    document = make_document(project, content=make_pdf(), filename="règlement.pdf")

    response = alice.get(reverse("document-file", args=[project.id, document.id]))

    assert response.content == make_pdf()
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == "inline; filename*=utf-8''r%C3%A8glement.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_a_document_is_saved_on_demand(alice: Client, project: Project) -> None:
    document = make_document(project, filename="rc.pdf")

    response = alice.get(reverse("document-file", args=[project.id, document.id]) + "?download")

    assert response.headers["Content-Disposition"] == 'attachment; filename="rc.pdf"'
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_a_hostile_file_name_stays_within_its_header(alice: Client, project: Project) -> None:
    document = make_document(project, filename='a"; filename="b.html.pdf')

    response = alice.get(reverse("document-file", args=[project.id, document.id]))

    assert response.headers["Content-Disposition"] == r'inline; filename="a\"; filename=\"b.html.pdf"'


def test_a_file_that_is_gone_answers_404(alice: Client, project: Project) -> None:
    document = make_document(project)
    document.file.delete(save=False)

    response = alice.get(reverse("document-file", args=[project.id, document.id]))

    assert response.status_code == 404
