"""The JSON of a proposal's plan, sections, versions and open points."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proposals.api.fields import InstantField
from proposals.api.schema import ModelField
from proposals.models import Section, SectionVersion, User
from proposals.quality import count_words
from proposals.section_editing import MAX_TEXT
from proposals.writing import Criterion, Grounding, Quality

MAX_GUIDANCE = 5_000
MIN_WORDS, MAX_WORDS = 50, 20_000


class CriterionField(ModelField):
    """The award criterion of a section."""

    model = Criterion


class QualityField(ModelField):
    """The quality of a text in its parts."""

    model = Quality


class GroundingField(ModelField):
    """What the statements of a text rest on; of a text that nobody has judged, nothing."""

    model = Grounding

    def to_representation(self, value: Any) -> Any:
        """Return the whole value, also for a section that was never written."""
        return Grounding.model_validate(value).model_dump(mode="json")


class PlannedSerializer(serializers.ModelSerializer[Section]):
    """A section without its text, as lists and the plan show it."""

    criterion = CriterionField(allow_null=True, read_only=True)
    requirement_ids = serializers.SerializerMethodField(help_text="Exigences à couvrir.")
    words_total = serializers.SerializerMethodField(help_text="Mots du texte enregistré.")
    quality = QualityField(allow_null=True, read_only=True)
    updated_by = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    updated_at = InstantField()

    class Meta:
        model = Section
        fields = [
            "id",
            "project_id",
            "order",
            "key",
            "title",
            "guidance",
            "criterion",
            "words_budget",
            "requirement_ids",
            "status",
            "version",
            "locked",
            "edited",
            "words_total",
            "quality",
            "quality_score",
            "engine",
            "updated_by",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_requirement_ids(self, section: Section) -> list[str]:
        """Return the ids in the order of the codes."""
        return [str(requirement.id) for requirement in section.requirements.all()]

    def get_words_total(self, section: Section) -> int:
        """Return the words of the text."""
        return count_words(section.text)


class SectionSerializer(PlannedSerializer):
    """A section with its text and what is known about it."""

    draft = serializers.CharField(read_only=True, help_text="Texte en cours de rédaction (état `writing`).")
    grounding = GroundingField(read_only=True)

    class Meta(PlannedSerializer.Meta):
        fields = [*PlannedSerializer.Meta.fields, "text", "draft", "grounding"]
        read_only_fields = fields


class PlanSerializer(serializers.Serializer[Any]):
    """The plan of a proposal."""

    plan_version = serializers.CharField(help_text="À renvoyer pour modifier ce plan et pas un autre.")
    page_limit = serializers.IntegerField(
        allow_null=True, help_text="Pages permises par le RC, si elles sont limitées."
    )
    words_budget_total = serializers.IntegerField(help_text="Mots visés en tout.")
    words_total = serializers.IntegerField(help_text="Mots écrits en tout.")
    sections = PlannedSerializer(many=True)


class PlanRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, allow_null=True, help_text="Absent ou null : une nouvelle section.")
    title = serializers.CharField(max_length=Section._meta.get_field("title").max_length)
    words_budget = serializers.IntegerField(min_value=MIN_WORDS, max_value=MAX_WORDS)
    guidance = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_GUIDANCE, help_text="Absente : inchangée."
    )
    requirement_ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=1000,
        help_text="Exigences à couvrir ; absent : inchangé.",
    )

    def validate_title(self, title: str) -> str:
        """Return the title on one line."""
        return " ".join(title.split())


class PlanEditSerializer(serializers.Serializer[Any]):
    """The whole plan as a person wants it, in order."""

    plan_version = serializers.CharField(max_length=64, help_text="Le plan qui a été lu.")
    sections = PlanRowSerializer(many=True)
    removed = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=1000,
        help_text="Sections déjà rédigées à supprimer, avec toutes leurs versions.",
    )


class SectionEditSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=MAX_TEXT, help_text="Markdown.")
    version = serializers.IntegerField(min_value=0, help_text="La version qui a été lue.")


class UnsavedTextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=MAX_TEXT, help_text="Markdown.")


class RestoreSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, help_text="La version actuelle, telle qu'elle a été lue.")


class VersionSummarySerializer(serializers.ModelSerializer[SectionVersion]):
    author = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    created_at = InstantField()

    class Meta:
        model = SectionVersion
        fields = ["number", "origin", "engine", "author", "created_at"]
        read_only_fields = fields


class VersionSerializer(VersionSummarySerializer):
    grounding = GroundingField(read_only=True)
    quality = QualityField(allow_null=True, read_only=True)

    class Meta(VersionSummarySerializer.Meta):
        fields = [*VersionSummarySerializer.Meta.fields, "text", "grounding", "quality"]
        read_only_fields = fields


class VersionsSerializer(serializers.Serializer[Any]):
    current = serializers.IntegerField(help_text="La version actuelle ; 0 : aucune.")
    versions = VersionSummarySerializer(many=True)


class DifferenceQuerySerializer(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        """Return the two numbers; `from` is a word of Python's own."""
        return {name: serializers.IntegerField(min_value=1, max_value=2**31 - 1) for name in ("from", "to")}


class PieceSerializer(serializers.Serializer[Any]):
    change = serializers.ChoiceField(choices=["equal", "insert", "delete"])
    text = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    pieces = PieceSerializer(many=True, help_text="Tous les morceaux, dans l'ordre : gardés, ajoutés, retirés.")


class ToDoSerializer(serializers.Serializer[Any]):
    section_id = serializers.UUIDField(source="section.id")
    section_title = serializers.CharField(source="section.title")
    kind = serializers.ChoiceField(
        choices=["gap", "name", "figure", "date", "reference"],
        help_text="`gap` : à compléter ; sinon, ce que ni le RC ni la bibliothèque ne disent.",
    )
    text = serializers.CharField()
    start = serializers.IntegerField(help_text="Début dans le texte de la section, en points de code Unicode.")
    end = serializers.IntegerField()


class ToDoListSerializer(serializers.Serializer[Any]):
    gaps_total = serializers.IntegerField()
    violations_total = serializers.IntegerField()
    items = ToDoSerializer(many=True)
