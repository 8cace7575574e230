"""Fields that the API writes in its own way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from realtime.events import to_timestamp


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field[datetime, None, str, Any]):
    """An instant as the socket writes it: UTC, milliseconds, `Z`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: datetime) -> str:
        """Return the wire text."""
        return to_timestamp(value)
