"""The cast, and browsers that are signed in as each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from proposals.models import Project, User
from tests.factories import Cast, make_cast, make_project

Browse = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for uploads."""
    return media_root


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, bob, charlie, admin."""
    return make_cast()


@pytest.fixture
def browse() -> Browse:
    """Return a client that is signed in as the user, or as nobody for None."""

    def make(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Client:
    """Alice's browser."""
    return browse(cast.alice)


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of company A."""
    return make_project(cast.company_a, title="Services numériques")
