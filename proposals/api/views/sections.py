"""The sections of a proposal: plan, texts, locks, versions, open points."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import plan_editing, section_editing, selectors
from proposals.api.schema import errors
from proposals.api.serializers.sections import (
    DifferenceQuerySerializer,
    DifferenceSerializer,
    PlanEditSerializer,
    PlanSerializer,
    RestoreSerializer,
    SectionEditSerializer,
    SectionSerializer,
    ToDoListSerializer,
    UnsavedTextSerializer,
    VersionSerializer,
    VersionsSerializer,
)
from proposals.api.views.scope import CompanyView, current_user
from proposals.differences import Piece
from proposals.models import Project, Section
from proposals.plan_editing import PlanRow
from proposals.quality import count_words


class PlanView(CompanyView):
    """A view on the plan of a project."""

    serializer_class = PlanSerializer

    def answer(self, project: Project) -> Response:
        """Return the plan as it is now."""
        planned = selectors.plan(project.id)
        body = {
            "plan_version": plan_editing.plan_version(planned),
            "page_limit": selectors.page_limit(project.id),
            "words_budget_total": sum(section.words_budget for section in planned),
            "words_total": sum(count_words(section.text) for section in planned),
            "sections": planned,
        }
        return Response(self.get_serializer(body).data)


class SectionList(PlanView):
    """Les sections du mémoire technique."""

    @extend_schema(
        tags=["sections"],
        operation_id="project_sections_list",
        summary="Lire le plan d'un projet",
        responses={200: PlanSerializer, **errors(404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """Les sections dans l'ordre, sans leurs textes."""
        return self.answer(self.get_project())


class Plan(PlanView):
    """Le plan du mémoire technique."""

    @extend_schema(
        tags=["sections"],
        operation_id="project_plan_edit",
        summary="Modifier le plan",
        request=PlanEditSerializer,
        responses={200: PlanSerializer, **errors(400, 404, 409, 413, 415)},
    )
    def put(self, request: Request, project_id: UUID) -> Response:
        """
        Le plan entier, dans l'ordre voulu : les sections absentes sont supprimées.

        Refus (409) : `generation_unfinished` pendant la rédaction, `plan_changed` si quelqu'un d'autre l'a modifié,
        `written_section_missing` si une section rédigée manque sans être dans `removed`, `section_locked`,
        `requirement_gone`, `plan_too_long`.
        """
        project = self.get_project()
        wanted = PlanEditSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        plan_editing.edit_plan(
            project,
            [_read_row(row) for row in wanted.validated_data["sections"]],
            version=wanted.validated_data["plan_version"],
            removed=wanted.validated_data.get("removed", ()),
            by=current_user(request),
        )
        return self.answer(project)


class ProposePlan(PlanView):
    """Propose un plan."""

    @extend_schema(
        tags=["sections"],
        operation_id="project_plan_propose",
        summary="Proposer un plan d'après le RC",
        request=None,
        responses={200: PlanSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """
        Remplace les sections jamais rédigées ; celles qui sont rédigées ou verrouillées restent, à leur place du plan.

        Refus (409) : `analysis_missing`, `generation_unfinished`.
        """
        project = self.get_project()
        plan_editing.propose_plan(project, by=current_user(request))
        return self.answer(project)


class SectionView(CompanyView):
    """A view on one section."""

    serializer_class = SectionSerializer

    def answer(self, section: Section) -> Response:
        """Return the section as it is."""
        return Response(self.get_serializer(section).data)


class SectionDetail(SectionView):
    """Une section."""

    @extend_schema(
        tags=["sections"],
        operation_id="sections_retrieve",
        summary="Lire une section",
        responses={200: SectionSerializer, **errors(404)},
    )
    def get(self, request: Request, section_id: UUID) -> Response:
        """Avec son texte, ses sources phrase par phrase et sa qualité."""
        return self.answer(self.get_section())

    @extend_schema(
        tags=["sections"],
        operation_id="sections_edit",
        summary="Modifier le texte d'une section",
        request=SectionEditSerializer,
        responses={200: SectionSerializer, **errors(400, 404, 409, 413, 415)},
    )
    def patch(self, request: Request, section_id: UUID) -> Response:
        """
        Le texte devient une nouvelle version ; sources et qualité sont recalculées.

        Refus (409) : `section_changed` si le texte a changé depuis `version` (`details` porte `version`, `text` et
        `author` actuels), `section_locked`, `section_being_written`.
        """
        section = self.get_section()
        edit = SectionEditSerializer(data=request.data)
        edit.is_valid(raise_exception=True)
        return self.answer(section_editing.edit(section, **edit.validated_data, by=current_user(request)))


class LockSection(SectionView):
    """Verrouille une section."""

    @extend_schema(
        tags=["sections"],
        operation_id="sections_lock",
        summary="Verrouiller une section",
        request=None,
        responses={200: SectionSerializer, **errors(404)},
    )
    def post(self, request: Request, section_id: UUID) -> Response:
        """Plus personne n'en change le texte, la rédaction non plus."""
        return self.answer(section_editing.lock(self.get_section()))


class UnlockSection(SectionView):
    """Déverrouille une section."""

    @extend_schema(
        tags=["sections"],
        operation_id="sections_unlock",
        summary="Déverrouiller une section",
        request=None,
        responses={200: SectionSerializer, **errors(404)},
    )
    def post(self, request: Request, section_id: UUID) -> Response:
        """Le texte peut de nouveau changer."""
        return self.answer(section_editing.unlock(self.get_section()))


class VersionList(CompanyView):
    """Les textes qu'une section a eus."""

    serializer_class = VersionsSerializer

    @extend_schema(
        tags=["sections"],
        operation_id="section_versions_list",
        summary="Lister les versions d'une section",
        responses={200: VersionsSerializer, **errors(404)},
    )
    def get(self, request: Request, section_id: UUID) -> Response:
        """La plus récente d'abord, sans les textes."""
        section = self.get_section()
        versions = section.versions.select_related("author").defer("text", "grounding", "quality")
        return Response(self.get_serializer({"current": section.version, "versions": versions}).data)


class VersionDetail(CompanyView):
    """Un texte qu'une section a eu."""

    serializer_class = VersionSerializer

    @extend_schema(
        tags=["sections"],
        operation_id="section_versions_retrieve",
        summary="Lire une version d'une section",
        responses={200: VersionSerializer, **errors(404)},
    )
    def get(self, request: Request, section_id: UUID, number: int) -> Response:
        """Avec les sources et la qualité de ce texte."""
        return Response(self.get_serializer(section_editing.get_version(self.get_section(), number)).data)


class RestoreVersion(SectionView):
    """Rétablit un texte qu'une section a eu."""

    @extend_schema(
        tags=["sections"],
        operation_id="section_versions_restore",
        summary="Rétablir une version d'une section",
        request=RestoreSerializer,
        responses={200: SectionSerializer, **errors(400, 404, 409, 413, 415)},
    )
    def post(self, request: Request, section_id: UUID, number: int) -> Response:
        """Son texte devient une nouvelle version. Refus (409) : comme pour une modification."""
        section = self.get_section()
        seen = RestoreSerializer(data=request.data)
        seen.is_valid(raise_exception=True)
        restored = section_editing.restore(
            section, number=number, version=seen.validated_data["version"], by=current_user(request)
        )
        return self.answer(restored)


class SectionDifference(CompanyView):
    """Ce qui a changé d'une version à l'autre."""

    serializer_class = DifferenceSerializer

    @extend_schema(
        tags=["sections"],
        operation_id="section_versions_compare",
        summary="Comparer deux versions d'une section",
        parameters=[OpenApiParameter("from", int, required=True), OpenApiParameter("to", int, required=True)],
        responses={200: DifferenceSerializer, **errors(400, 404)},
    )
    def get(self, request: Request, section_id: UUID) -> Response:
        """Mot à mot, de la version `from` à la version `to`."""
        section = self.get_section()
        asked = DifferenceQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        earlier, later = asked.validated_data["from"], asked.validated_data["to"]
        return self.answer(section_editing.compare_versions(section, earlier=earlier, later=later))

    @extend_schema(
        tags=["sections"],
        operation_id="section_text_compare",
        summary="Comparer un texte non enregistré avec celui d'une section",
        request=UnsavedTextSerializer,
        responses={200: DifferenceSerializer, **errors(400, 404, 413, 415)},
    )
    def post(self, request: Request, section_id: UUID) -> Response:
        """Mot à mot, de la version actuelle à ce texte ; rien n'est enregistré."""
        section = self.get_section()
        unsaved = UnsavedTextSerializer(data=request.data)
        unsaved.is_valid(raise_exception=True)
        return self.answer(section_editing.compare_with_saved(section, unsaved.validated_data["text"]))

    def answer(self, pieces: list[Piece]) -> Response:
        """Return a difference."""
        return Response(self.get_serializer({"pieces": [piece._asdict() for piece in pieces]}).data)


class ToDoList(CompanyView):
    """Ce qui reste à régler dans un mémoire."""

    serializer_class = ToDoListSerializer

    @extend_schema(
        tags=["sections"],
        operation_id="project_todo_list",
        summary="Lister ce qui reste à régler",
        responses={200: ToDoListSerializer, **errors(404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """Les `[à compléter : …]`, et les noms, chiffres, dates et références que rien n'appuie."""
        items = selectors.to_do(self.get_project().id)
        gaps = sum(item.kind == "gap" for item in items)
        body = {"gaps_total": gaps, "violations_total": len(items) - gaps, "items": items}
        return Response(self.get_serializer(body).data)


def _read_row(row: dict[str, Any]) -> PlanRow:
    requirement_ids = row.get("requirement_ids")
    return PlanRow(
        id=row.get("id"),
        title=row["title"],
        words_budget=row["words_budget"],
        guidance=row.get("guidance"),
        requirement_ids=None if requirement_ids is None else tuple(requirement_ids),
    )
