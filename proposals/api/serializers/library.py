"""The JSON of the content library: passages, imports, tags."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proposals import exports, library
from proposals.api.fields import InstantField
from proposals.models import ContentItem, LibraryImport, User


class ColleagueField(serializers.SlugRelatedField[User]):
    """A user name of the caller's own company."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="username", queryset=User.objects.all(), **kwargs)

    def get_queryset(self) -> QuerySet[User]:
        """Return the people of the company; whoever is not among them does not exist."""
        return User.objects.filter(company_id=self.context["request"].user.company_id)


class ItemSerializer(serializers.ModelSerializer[ContentItem]):
    body = serializers.CharField(max_length=library.MAX_BODY, trim_whitespace=False, help_text="Markdown.")
    tags = serializers.ListField(
        child=serializers.CharField(max_length=library.MAX_TAG), max_length=library.MAX_TAGS, required=False
    )
    owner = ColleagueField(allow_null=True, required=False, help_text="Qui en répond : un identifiant de l'entreprise.")
    is_expired = serializers.SerializerMethodField(help_text="Son dernier jour (`valid_until`) est passé.")
    version = serializers.IntegerField(read_only=True, help_text="À renvoyer pour modifier ce texte et pas un autre.")
    import_id = serializers.UUIDField(source="imported_by_id", read_only=True, allow_null=True)
    created_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    updated_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    created_at = InstantField()
    updated_at = InstantField()

    class Meta:
        model = ContentItem
        fields = [
            "id",
            "title",
            "body",
            "kind",
            "tags",
            "language",
            "valid_until",
            "is_expired",
            "owner",
            "source",
            "version",
            "import_id",
            "created_by",
            "created_at",
            "updated_by",
            "updated_at",
        ]

    def get_is_expired(self, item: ContentItem) -> bool:
        """Return whether the passage is out of date today."""
        return item.is_expired(today=timezone.localdate())


class ItemEditSerializer(ItemSerializer):
    """Some fields of a passage, with the version that was read."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="La version qui a été lue.")

    class Meta(ItemSerializer.Meta):
        extra_kwargs = {"title": {"required": False}}

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        """Return the fields; all but the version may be left out."""
        fields = super().get_fields()
        fields["body"].required = False
        return fields


class ItemQuerySerializer(serializers.Serializer[Any]):
    search = serializers.CharField(required=False, default="", allow_blank=True, help_text="Mots cherchés.")
    kind = serializers.ChoiceField(ContentItem.Kind.choices, required=False, default="", allow_blank=True)
    tag = serializers.CharField(required=False, default="", allow_blank=True, help_text="Une étiquette entière.")
    status = serializers.ChoiceField(
        ["current", "expired"], required=False, default="", allow_blank=True, help_text="À jour, ou périmé."
    )
    owner = serializers.CharField(required=False, default="", allow_blank=True, help_text="Identifiant du responsable.")
    language = serializers.CharField(required=False, default="", allow_blank=True)
    order = serializers.ChoiceField(
        sorted(library.ORDERS), required=False, default="title", help_text="Par titre, ou le dernier modifié d'abord."
    )


class ExportQuerySerializer(ItemQuerySerializer):
    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        """Return the filters and the format; `as` is a word of Python's own."""
        formats = serializers.ChoiceField(sorted(exports.FORMATS), required=False, default="markdown")
        return {**super().get_fields(), "as": formats}


class TagSerializer(serializers.Serializer[Any]):
    tag = serializers.CharField()
    items_total = serializers.IntegerField(help_text="Passages qui la portent.")


class ImportErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    error = serializers.CharField()


class ImportSerializer(serializers.ModelSerializer[LibraryImport]):
    status = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    duplicates_total = serializers.IntegerField(read_only=True, help_text="Passages que la bibliothèque avait déjà.")
    created_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    created_at = InstantField()
    updated_at = InstantField()
    finished_at = InstantField(allow_null=True)

    class Meta:
        model = LibraryImport
        fields = [
            "id",
            "filename",
            "sha256",
            "status",
            "progress",
            "message",
            "items_total",
            "created_total",
            "duplicates_total",
            "error",
            "created_by",
            "created_at",
            "updated_at",
            "finished_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(LibraryImport.Status.choices))
    def get_status(self, row: LibraryImport) -> str:
        """Return the state as people see it."""
        return row.shown_status(now=timezone.now())

    @extend_schema_field(ImportErrorSerializer(allow_null=True))
    def get_error(self, row: LibraryImport) -> dict[str, str] | None:
        """Return why it failed."""
        return row.shown_error(now=timezone.now())


class ImportUploadSerializer(serializers.Serializer[Any]):
    # An empty file is refused by the reader, with the same kind of sentence as every other bad file.
    file = serializers.FileField(allow_empty_file=True, help_text="DOCX, PDF, Markdown (.md) ou texte (.txt).")
    id = serializers.UUIDField(
        required=False, help_text="Identifiant choisi par l'appelant, pour suivre l'import pendant l'envoi."
    )
    kind = serializers.ChoiceField(
        ContentItem.Kind.choices, required=False, allow_blank=True, help_text="Sinon, devinée d'après les titres."
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=library.MAX_TAG * library.MAX_TAGS),
        max_length=library.MAX_TAGS,
        required=False,
        help_text="Ajoutées à tous les passages.",
    )
    valid_until = serializers.DateField(required=False, allow_null=True)
