"""The cast, and clients that speak for each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from proposals.models import Project, User
from tests.factories import Cast, make_cast, make_project

Login = Callable[[User | None], APIClient]


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    """Throttles count in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for uploads."""
    return media_root


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, bob, charlie, admin."""
    return make_cast()


@pytest.fixture
def login() -> Login:
    """Return a client with a JWT of the user, or without any for None."""

    def make(user: User | None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
        return client

    return make


@pytest.fixture
def alice(cast: Cast, login: Login) -> APIClient:
    """Alice's client."""
    return login(cast.alice)


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of company A."""
    return make_project(cast.company_a, title="Services numériques")
