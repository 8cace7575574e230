"""
The shipped server with gates that misbehave, and an address that tells what the process holds.

`python -m tests.reliability.inspected PORT`; beside the project's own routes:

    ws/slow/<uuid>      reading the state takes three seconds of the database
    ws/faulty/<uuid>    the command `retry` fails with an exception
    GET /inspect        tasks, topics, sockets, channels, open files, memory
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from channels.layers import channel_layers
from channels.routing import URLRouter
from django.urls import path

from project.asgi import application as project_application

from django.contrib.auth.models import AbstractBaseUser  # isort: skip
from django.db import connection  # isort: skip
from proposals.access import ProjectGate  # isort: skip
from realtime.consumers import ProjectConsumer  # isort: skip
from realtime.hub import get_hub  # isort: skip
from realtime.middleware import TokenAuthMiddleware  # isort: skip
from realtime.server import bind, make_server  # isort: skip

SLOW_SECONDS = 3


class SlowGate(ProjectGate):
    """A gate whose state takes the database three seconds."""

    def read_state(self, *, project_id: UUID) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [SLOW_SECONDS])
        return super().read_state(project_id=project_id)


class FaultyGate(ProjectGate):
    """A gate with a fault of ours."""

    def retry(self, *, user: AbstractBaseUser, project_id: UUID, operation_id: UUID) -> dict[str, Any]:
        raise ZeroDivisionError


misbehaving = TokenAuthMiddleware(
    URLRouter(
        [
            path("ws/slow/<uuid:project_id>", ProjectConsumer.as_asgi(gate=SlowGate())),  # type: ignore[arg-type,list-item]
            path("ws/faulty/<uuid:project_id>", ProjectConsumer.as_asgi(gate=FaultyGate())),  # type: ignore[arg-type,list-item]
        ]
    )
)


def inspect() -> dict[str, int]:
    """Return what the process holds once everything that can go has gone."""
    gc.collect()
    statm = Path("/proc/self/statm").read_text().split()
    hub = get_hub()
    layer = channel_layers["default"]._get_layer()  # type: ignore[attr-defined]
    return {
        "tasks": len(asyncio.all_tasks()),
        "topics": len(hub._topics),
        "sockets": len(hub._attached),
        "guarded": len(hub._guarded),
        "channels": len(layer.channels),
        "groups": len(layer.groups),
        "files": len(os.listdir("/proc/self/fd")),
        "rss_bytes": int(statm[1]) * os.sysconf("SC_PAGE_SIZE"),
    }


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Add the addresses of this module to the project's."""
    where = scope.get("path", "")
    if where == "/inspect":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": json.dumps(inspect()).encode()})
    elif where.startswith(("/ws/slow/", "/ws/faulty/")):
        await misbehaving(scope, receive, send)
    else:
        await project_application(scope, receive, send)


if __name__ == "__main__":
    listener = bind("127.0.0.1", int(sys.argv[1]))
    make_server("tests.reliability.inspected:application", forwarded_allow_ips="").run(sockets=[listener])
