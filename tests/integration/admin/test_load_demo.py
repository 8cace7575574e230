"""The demo data."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from proposals.models import Company, Project, SourceDocument, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings: Any, media_root: Path) -> Any:
    """Tests run with DEBUG off; the demo needs it."""
    settings.DEBUG = True
    return settings


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def test_the_cast_has_its_companies_roles_and_password() -> None:
    load()

    alice, bob, charlie, admin = (User.objects.get(username=name) for name in ("alice", "bob", "charlie", "admin"))
    assert alice.company == bob.company != charlie.company
    assert (alice.role, bob.role) == ("admin", "member")
    assert alice.company is not None
    assert alice.company.name == "Atelier Numérique Rivoli"
    assert (admin.company, admin.is_superuser, admin.is_staff) == (None, True, True)
    assert not alice.is_staff
    assert all(user.check_password("demo-tenderwire") for user in (alice, bob, charlie, admin))


def test_each_company_has_a_project_with_a_readable_rc() -> None:
    load()

    for company in Company.objects.all():
        document = SourceDocument.objects.get(project__company=company)
        assert document.kind == SourceDocument.Kind.RC
        assert document.pages > 1
        assert Path(document.file.path).stat().st_size == document.size_bytes


def test_loading_again_adds_nothing_and_resets_no_password() -> None:
    first = load()
    alice = User.objects.get(username="alice")
    alice.set_password("le-mien-maintenant")
    alice.save()

    second = load()

    assert "added user alice" in first
    assert second == "Demo data: all there.\n"
    alice.refresh_from_db()
    assert alice.check_password("le-mien-maintenant")
    assert (Project.objects.count(), SourceDocument.objects.count()) == (2, 2)


def test_what_is_missing_is_added_again() -> None:
    load()
    User.objects.get(username="bob").delete()

    assert load() == "Demo data: added user bob.\n"


def test_without_debug_it_is_refused_and_nothing_is_written(settings: Any) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG"):
        load()

    assert not User.objects.exists()
