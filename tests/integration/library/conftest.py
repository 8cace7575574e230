"""The cast, and files to import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from proposals import imports
from proposals.models import LibraryImport
from tests.factories import Cast, make_cast

Receive = Callable[..., LibraryImport]


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, bob, charlie, admin."""
    return make_cast()


@pytest.fixture
def receive(cast: Cast) -> Receive:
    """Import a text for company A, or what the test says."""

    def receive_file(content: str | bytes, name: str = "memoire.md", **arguments: Any) -> LibraryImport:
        data = content.encode() if isinstance(content, str) else content
        file = ContentFile(data, name=name)
        return imports.receive(**{"company": cast.company_a, "by": cast.alice, "file": file, **arguments})

    return receive_file
