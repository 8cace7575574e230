"""The ASGI application: HTTP to Django and its neighbours, WebSockets through limits and tokens to the consumers."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

# Django must be set up before anything that imports a model.
http = get_asgi_application()

from project.body_limit import ENVELOPE_BYTES, BodyLimit  # noqa: E402
from project.routing import route_http, websocket_urlpatterns  # noqa: E402
from realtime.checks import refuse_unusable  # noqa: E402
from realtime.draining import DrainGuard  # noqa: E402
from realtime.handshake import HandshakeGuard  # noqa: E402
from realtime.middleware import TokenAuthMiddleware  # noqa: E402

refuse_unusable()
max_body_bytes = settings.PROPOSALS_MAX_UPLOAD_BYTES + ENVELOPE_BYTES
application = DrainGuard(
    ProtocolTypeRouter(
        {
            "http": BodyLimit(route_http(http), max_bytes=max_body_bytes),
            "websocket": HandshakeGuard(TokenAuthMiddleware(URLRouter(websocket_urlpatterns))),  # type: ignore[arg-type]
        }
    )
)
