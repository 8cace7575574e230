"""HTTP routes."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from project import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("proposals.api.urls")),
    path("livez", health.live),
    path("readyz", health.ready),
    path("", include("proposals.dashboard.urls")),
]
