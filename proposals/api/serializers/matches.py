"""The JSON of matches: requirements with the passages that answer them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proposals import matches
from proposals.api.fields import InstantField
from proposals.api.serializers.core import RequirementSerializer
from proposals.models import ContentItem, ContentMatch, Strength, User
from proposals.retrieval.highlighting import make_excerpt

SPANS = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}}


class MatchedItemSerializer(serializers.ModelSerializer[ContentItem]):
    is_expired = serializers.SerializerMethodField(help_text="Vrai si sa date de validité est passée.")

    class Meta:
        model = ContentItem
        fields = ["id", "title", "kind", "tags", "source", "valid_until", "is_expired"]
        read_only_fields = fields

    def get_is_expired(self, item: ContentItem) -> bool:
        """Return whether the last day has passed."""
        return item.is_expired(today=timezone.localdate())


class MatchSerializer(serializers.ModelSerializer[ContentMatch]):
    item = MatchedItemSerializer(source="content_item", read_only=True)
    excerpt = serializers.SerializerMethodField(help_text="La partie du passage qui répond le mieux.")
    highlights = serializers.SerializerMethodField(
        help_text="Mots de l'extrait communs à l'exigence : [début, fin[, en caractères Unicode."
    )
    reviewed_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    reviewed_at = InstantField(allow_null=True)

    class Meta:
        model = ContentMatch
        fields = [
            "id",
            "item",
            "rank",
            "score",
            "strength",
            "status",
            "excerpt",
            "highlights",
            "reviewed_by",
            "reviewed_at",
        ]
        read_only_fields = fields

    def to_representation(self, instance: ContentMatch) -> dict[str, Any]:
        """Cut the excerpt once for both of its fields."""
        self._excerpt = make_excerpt(instance.content_item.body, matches.highlights_of(instance))
        return super().to_representation(instance)

    def get_excerpt(self, match: ContentMatch) -> str:
        """Return the part of the passage that shows most of what matched."""
        return self._excerpt.text

    @extend_schema_field(SPANS)
    def get_highlights(self, match: ContentMatch) -> list[list[int]]:
        """Return the words of the excerpt that matched."""
        return [list(span) for span in self._excerpt.highlights]


class CoverageSerializer(serializers.Serializer[Any]):
    requirement = RequirementSerializer(read_only=True)
    strength = serializers.ChoiceField(
        choices=Strength.choices, read_only=True, help_text="Celle des passages retenus, sinon du meilleur proposé."
    )
    matches = MatchSerializer(many=True, read_only=True)


class AttachSerializer(serializers.Serializer[Any]):
    item_id = serializers.UUIDField(help_text="Un passage de la bibliothèque.")
