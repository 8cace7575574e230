"""Cursor pagination: rows that arrive while somebody turns pages are neither skipped nor shown twice."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class NewestFirstPagination(CursorPagination):
    """Newest rows first; `?page_size=` up to 200."""

    ordering = "-created_at"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    cursor_query_description = "Position dans la liste : suivez les liens next et previous."
    page_size_query_description = "Éléments par page, au plus 200 (50 par défaut)."

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a page; DRF's own says "nullable", which OpenAPI 3.1 does not know."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": [*properties], "properties": properties}


class ByQueryPagination(NewestFirstPagination):
    """In the order that the rows have already."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """Return the order of the rows."""
        return tuple(str(column) for column in queryset.query.order_by)


class LastUploadFirstPagination(NewestFirstPagination):
    """For documents."""

    ordering = "-uploaded_at"


class NewestVersionFirstPagination(NewestFirstPagination):
    """For productions: one entry a version."""

    ordering = "-version"


class ByCodePagination(NewestFirstPagination):
    """For requirements, in the order of the RC."""

    ordering = "code"


class NotificationPagination(NewestFirstPagination):
    """In the order in which the user was told. The view adds `unread_count`."""

    ordering = "-sequence"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a page."""
        page = super().get_paginated_response_schema(schema)
        page["properties"]["unread_count"] = {"type": "integer", "minimum": 0}
        return {**page, "required": [*page["required"], "unread_count"]}
