"""The demo data."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from proposals.models import Company, ContentItem, Project, SourceDocument, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings: Any, media_root: Path) -> Any:
    """Tests run with DEBUG off; the demo needs it."""
    settings.DEBUG = True
    return settings


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
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


def test_each_company_has_a_library_of_its_own_with_current_and_outdated_passages() -> None:
    said = load()

    today = timezone.localdate()
    for name, owner, at_least in (("Atelier Numérique Rivoli", "alice", 60), ("Bâtisseurs du Vexin", "charlie", 15)):
        items = ContentItem.objects.filter(company__name=name)
        assert items.count() >= at_least
        assert f"added library of {name}: {items.count()} passages." in said
        assert items.expired(today=today).exists()
        assert items.filter(owner__username=owner, created_by__username=owner).exists()
        assert not items.filter(source="").exists()


def test_passages_that_people_edited_or_deleted_stay_so() -> None:
    load()
    edited = ContentItem.objects.filter(company__name="Atelier Numérique Rivoli").latest("title")
    ContentItem.objects.filter(id=edited.id).update(body="Le nôtre.")
    ContentItem.objects.exclude(id=edited.id).delete()

    said = load()

    assert said == "Demo data: all there.\n"
    assert list(ContentItem.objects.values_list("body", flat=True)) == ["Le nôtre."]


def test_a_library_that_somebody_emptied_does_not_come_back() -> None:
    load()
    ContentItem.objects.all().delete()

    load()

    assert not ContentItem.objects.exists()


def test_the_libraries_can_be_left_out() -> None:
    load("--without-library")

    assert not ContentItem.objects.exists()


def test_what_is_missing_is_added_again() -> None:
    load()
    User.objects.get(username="bob").delete()

    assert load() == "Demo data: added user bob.\n"


def test_without_debug_it_is_refused_and_nothing_is_written(settings: Any) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG"):
        load()

    assert not User.objects.exists()
