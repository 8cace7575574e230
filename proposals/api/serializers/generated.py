"""The JSON of produced documents, one production after the other."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from proposals.api.fields import InstantField
from proposals.models import GeneratedDocument


class GeneratedDocumentSerializer(serializers.ModelSerializer[GeneratedDocument]):
    created_at = InstantField()
    download_url = serializers.SerializerMethodField(help_text="Adresse du fichier, sur ce serveur.")

    class Meta:
        model = GeneratedDocument
        fields = ["id", "format", "filename", "size_bytes", "sha256", "pages", "created_at", "download_url"]
        read_only_fields = fields

    def get_download_url(self, document: GeneratedDocument) -> str:
        """Return the address of the file."""
        return reverse("api:generated-download", kwargs={"generated_id": document.id})


class ProductionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="À partir de 1 dans chaque projet.")
    operation_id = serializers.UUIDField(allow_null=True, help_text="L'opération ; son résultat compte les pages.")
    created_at = InstantField()
    documents = GeneratedDocumentSerializer(many=True)
