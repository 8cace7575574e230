"""What a user is told, and what the user wants to be told."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from realtime import notifications
from realtime.models import Notification, NotificationKind

ALL: Literal["all"] = "all"
_UUID_LIST = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": notifications.MAX_IDS}


class NotificationSerializer(serializers.Serializer[Notification]):
    notification_id = serializers.UUIDField(source="id")
    kind = serializers.ChoiceField(choices=NotificationKind.choices)
    title = serializers.CharField(help_text="Quelques mots.")
    text = serializers.CharField(help_text="Une ou deux phrases.")
    url = serializers.CharField(help_text="La page à ouvrir, un chemin de ce site ; vide s'il n'y en a pas.")
    project_id = serializers.UUIDField(allow_null=True)
    operation_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    read = serializers.BooleanField()

    def to_representation(self, instance: Notification) -> dict[str, Any]:
        """Return what a snapshot of the socket says too."""
        return notifications.describe(instance)


@extend_schema_field({"oneOf": [{"type": "string", "const": ALL}, _UUID_LIST]})
class NotificationIdsField(serializers.Field):  # type: ignore[type-arg]
    """A list of ids, or "all"."""

    def to_internal_value(self, data: Any) -> notifications.Read:
        """Return the ids, or "all"."""
        if data == ALL:
            return ALL
        ids = serializers.ListField(child=serializers.UUIDField(), max_length=notifications.MAX_IDS)
        checked: list[UUID] = ids.run_validation(data)
        return checked


class ReadSerializer(serializers.Serializer[Any]):
    notification_ids = NotificationIdsField(
        help_text=f"Les identifiants, au plus {notifications.MAX_IDS}, ou `all` pour tout ce qui est arrivé jusqu'ici."
    )


class UnreadCountSerializer(serializers.Serializer[Any]):
    unread_count = serializers.IntegerField(min_value=0, help_text="Ce qui reste non lu.")


class PreferenceSerializer(serializers.Serializer[Any]):
    enabled = serializers.BooleanField(required=False, help_text="Recevoir ces notifications.")
    email = serializers.BooleanField(
        required=False,
        help_text="Les recevoir aussi par courrier électronique si elles restent non lues, quand l'installation en "
        "envoie.",
    )


class PreferencesSerializer(serializers.Serializer[Any]):
    """One field for each kind."""

    completion = PreferenceSerializer(required=False, help_text="Une opération est terminée.")
    error = PreferenceSerializer(required=False, help_text="Une opération a échoué ; relancer peut suffire.")
    attention = PreferenceSerializer(required=False, help_text="Quelqu'un doit intervenir.")
