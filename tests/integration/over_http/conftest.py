"""The whole ASGI application for HTTP, with the cast and a hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from django.core.asgi import get_asgi_application
from django.core.cache import cache
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from project.routing import route_http
from proposals.models import Project, User
from realtime import database, notifications
from realtime.hub import Hub, get_hub
from realtime.progress import ProgressUpdater
from tests.factories import Cast, make_cast, make_project
from tests.integration.over_http.exchange import Exchange

Open = Callable[..., Exchange]


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    """Throttles count in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for uploads."""
    return media_root


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Alice, bob, charlie, admin."""
    return make_cast()


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of company A."""
    return make_project(cast.company_a)


@pytest.fixture
def layer() -> Iterator[InMemoryChannelLayer]:
    """A channel layer of the test's own."""
    layer = InMemoryChannelLayer(capacity=10_000)
    previous = channel_layers.set("default", layer)
    yield layer
    if previous is None:
        channel_layers.backends.pop("default", None)
    else:
        channel_layers.set("default", previous)


@pytest.fixture
async def hub(layer: InMemoryChannelLayer) -> AsyncIterator[Hub]:
    """The hub of the test's event loop."""
    hub = get_hub()
    yield hub
    await hub.stop()


@pytest.fixture
async def request_(hub: Hub) -> AsyncIterator[Open]:
    """Send a request; what is still open at the end is left."""
    application = route_http(get_asgi_application())
    opened: list[Exchange] = []

    def make(path: str, *, user: User | None = None, **options: Any) -> Exchange:
        if user is not None:
            options["headers"] = [bearer(token_for(user)), *options.get("headers", [])]
        exchange = Exchange(application, path, **options)
        opened.append(exchange)
        return exchange

    yield make
    for exchange in opened:
        if not exchange.task.done():
            await exchange.leave()
    await asyncio.gather(*(exchange.task for exchange in opened), return_exceptions=True)


@pytest.fixture
def speak(project: Project) -> Callable[..., Any]:
    """Publish progress of the project from a thread, as jobs do."""
    updater = ProgressUpdater()
    percent = iter(range(1, 100_000))

    async def publish(count: int = 1, *, text: str = "Lecture") -> None:
        for _ in range(count):
            said = f"{text} {next(percent)}"
            await database.run(updater.send_rc_analysis_progress, project.id, "analyzing", 10, said)

    return publish


def token_for(user: User, **life: float) -> str:
    """Return a JWT of a user, with a life of its own if one is given."""
    token = AccessToken.for_user(user)
    if life:
        token.set_exp(lifetime=timedelta(**life))
    return str(token)


def bearer(credential: str) -> tuple[str, str]:
    """Return the header that shows a JWT or a ticket."""
    return ("Authorization", f"Bearer {credential}")


def tell(user: User) -> None:
    """Send a user a notification."""
    message = notifications.Message(kind="completion", title="Prêt", text="Le mémoire est prêt.")
    notifications.notify([user.pk], message, now=timezone.now())
