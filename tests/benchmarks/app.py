"""The application under load: our consumer and the plain Channels consumer side by side, on one server."""

from __future__ import annotations

import sys
import uuid
from typing import Any

import django
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

django.setup()

from django.contrib.auth.models import AbstractBaseUser  # noqa: E402

from realtime.access import Watcher  # noqa: E402
from realtime.consumers import ProjectConsumer  # noqa: E402
from realtime.middleware import TokenAuthMiddleware  # noqa: E402
from realtime.server import bind, make_server  # noqa: E402


class OpenGate:
    """Everybody may watch; there is nothing to see but events."""

    def can_watch(self, *, user: AbstractBaseUser, project_id: uuid.UUID) -> bool:
        return True

    def filter_watchers(self, pairs: set[Watcher]) -> set[Watcher]:
        return pairs

    def read_state(self, *, project_id: uuid.UUID) -> dict[str, Any]:
        return {"operations": [], "sections": []}

    def cancel(self, *, user: AbstractBaseUser, project_id: uuid.UUID, operation_id: uuid.UUID) -> dict[str, Any]:
        return {}

    def retry(self, *, user: AbstractBaseUser, project_id: uuid.UUID, operation_id: uuid.UUID) -> dict[str, Any]:
        return {}


class PlainConsumer(AsyncJsonWebsocketConsumer):
    """What the Channels tutorial teaches: a channel per socket, JSON encoded per socket."""

    async def connect(self) -> None:
        self.group = f"plain.{self.scope['url_route']['kwargs']['project_id']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def progress_event(self, message: dict[str, Any]) -> None:
        await self.send_json(message["event"])


routes = [
    path("ours/<uuid:project_id>", ProjectConsumer.as_asgi(gate=OpenGate())),  # type: ignore[arg-type]
    path("plain/<uuid:project_id>", PlainConsumer.as_asgi()),  # type: ignore[arg-type]
]
application = ProtocolTypeRouter({"websocket": TokenAuthMiddleware(URLRouter(routes))})  # type: ignore[arg-type]

if __name__ == "__main__":
    listener = bind("127.0.0.1", int(sys.argv[1]))
    make_server("tests.benchmarks.app:application", forwarded_allow_ips="").run(sockets=[listener])
