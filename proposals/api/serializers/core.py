"""The JSON of the domain's rows. Reading and writing only: what a change means is decided in the use cases."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from proposals.api.fields import InstantField
from proposals.api.schema import AnalysisResultField
from proposals.models import Company, Operation, Project, RCAnalysis, Requirement, SourceDocument, User


class CompanySerializer(serializers.ModelSerializer[Company]):
    class Meta:
        model = Company
        fields = ["id", "name"]


class MeSerializer(serializers.ModelSerializer[User]):
    company = CompanySerializer(read_only=True)
    display_name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "display_name", "email", "role", "company"]
        read_only_fields = fields


class ProjectSerializer(serializers.ModelSerializer[Project]):
    created_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    created_at = InstantField()
    updated_at = InstantField()

    class Meta:
        model = Project
        fields = ["id", "title", "reference", "buyer", "deadline", "status", "created_by", "created_at", "updated_at"]
        read_only_fields = ["id", "status"]


class DocumentSerializer(serializers.ModelSerializer[SourceDocument]):
    uploaded_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    uploaded_at = InstantField()
    download_url = serializers.HyperlinkedIdentityField(
        view_name="api:document-download", lookup_url_kwarg="document_id"
    )

    class Meta:
        model = SourceDocument
        fields = [
            "id",
            "project_id",
            "kind",
            "filename",
            "sha256",
            "size_bytes",
            "pages",
            "uploaded_by",
            "uploaded_at",
            "download_url",
        ]
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    # An empty file is refused by the same reader, with the same kind of sentence, as every other bad file.
    file = serializers.FileField(allow_empty_file=True, help_text="PDF.")
    kind = serializers.ChoiceField(choices=SourceDocument.Kind.choices)


class OperationErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    error = serializers.CharField()
    retryable = serializers.BooleanField()


class OperationSerializer(serializers.ModelSerializer[Operation]):
    requested_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    step = serializers.DictField(allow_null=True, read_only=True, help_text="Dernière étape annoncée.")
    error = OperationErrorSerializer(allow_null=True, read_only=True)
    result = serializers.DictField(allow_null=True, read_only=True)
    created_at = InstantField()
    started_at = InstantField(allow_null=True)
    finished_at = InstantField(allow_null=True)

    class Meta:
        model = Operation
        fields = [
            "id",
            "project_id",
            "kind",
            "status",
            "attempt",
            "progress",
            "eta_seconds",
            "step",
            "error",
            "result",
            "requested_by",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields


class OperationStartSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Operation.Kind.choices)
    section_ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_empty=False,
        help_text="Seulement pour `generation` : ne rédiger que ces sections, même modifiées par une personne.",
    )
    internal_annexes = serializers.BooleanField(
        required=False,
        help_text="Seulement pour `document_generation` : faux, pour des documents à remettre, sans les annexes de "
        "travail (points à compléter, traçabilité). Vrai par défaut.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what another kind of operation is told, and what nobody knows: a slip must not rewrite a proposal."""
        unknown = dict.fromkeys(set(self.initial_data) - set(self.fields), "Champ inconnu.")
        if unknown:
            raise serializers.ValidationError(unknown)
        if "section_ids" in attrs and attrs["kind"] != Operation.Kind.GENERATION:
            raise serializers.ValidationError({"section_ids": "Seulement pour la rédaction des sections."})
        if "internal_annexes" in attrs and attrs["kind"] != Operation.Kind.DOCUMENT_GENERATION:
            raise serializers.ValidationError({"internal_annexes": "Seulement pour la production des documents."})
        return attrs


class AnalysisSerializer(serializers.ModelSerializer[RCAnalysis]):
    result = AnalysisResultField(read_only=True)
    created_at = InstantField()

    class Meta:
        model = RCAnalysis
        fields = ["id", "document_id", "engine", "created_at", "result"]
        read_only_fields = fields


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    reviewed_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    reviewed_at = InstantField(allow_null=True)

    class Meta:
        model = Requirement
        fields = [
            "id",
            "project_id",
            "code",
            "text",
            "category",
            "mandatory",
            "page",
            "quote",
            "article",
            "status",
            "edited",
            "reviewed_by",
            "reviewed_at",
        ]
        read_only_fields = [name for name in fields if name not in {"text", "category", "mandatory"}]


class ApprovalSerializer(serializers.Serializer[Any]):
    requirement_ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=1000,
        help_text="Exigences à valider ; sans ce champ, toutes celles qui attendent une décision.",
    )


class ApprovedSerializer(serializers.Serializer[Any]):
    approved_total = serializers.IntegerField()
