"""The superuser's browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.factories import Cast, make_cast


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for files."""
    return media_root


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, bob, charlie, admin."""
    return make_cast()


@pytest.fixture
def admin(cast: Cast) -> Client:
    """A browser in which the superuser is logged in."""
    client = Client()
    client.force_login(cast.admin)
    return client
