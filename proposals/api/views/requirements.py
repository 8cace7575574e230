"""Requirements: list, correct, approve, reject."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import requirements
from proposals.api.filters import RequirementFilter
from proposals.api.pagination import ByCodePagination
from proposals.api.schema import errors
from proposals.api.serializers.core import ApprovalSerializer, ApprovedSerializer, RequirementSerializer
from proposals.api.views.scope import CompanyView, current_user
from proposals.models import Project, Requirement


@extend_schema_view(
    get=extend_schema(
        tags=["requirements"],
        operation_id="project_requirements_list",
        summary="Lister les exigences d'un projet",
        responses={200: RequirementSerializer(many=True), **errors(400, 404)},
    )
)
class RequirementList(CompanyView, ListAPIView[Requirement]):
    """Les exigences relevées dans le RC, dans l'ordre de leurs codes."""

    queryset = Requirement.objects.none()
    serializer_class = RequirementSerializer
    filterset_class = RequirementFilter
    pagination_class = ByCodePagination

    def get_queryset(self) -> QuerySet[Requirement]:
        """Return the requirements of a project of the user's company."""
        return Requirement.objects.filter(project=self.get_project()).select_related("reviewed_by")


class RequirementView(CompanyView):
    """A view on one requirement."""

    serializer_class = RequirementSerializer

    def get_rows(self) -> QuerySet[Requirement]:
        """
        Return the requirement named in the address, as a queryset of one.

        Raises:
            Http404: there is none of that id in the user's company.
        """
        projects = Project.objects.visible_to(current_user(self.request))
        rows = Requirement.objects.filter(id=self.kwargs["requirement_id"], project__in=projects)
        if not rows.exists():
            raise Http404
        return rows.select_related("reviewed_by")

    def answer(self, rows: QuerySet[Requirement]) -> Response:
        """Return the requirement as it is now."""
        return Response(self.get_serializer(get_object_or_404(rows)).data)


class RequirementDetail(RequirementView):
    """Une exigence."""

    @extend_schema(
        tags=["requirements"],
        operation_id="requirements_retrieve",
        summary="Lire une exigence",
        responses={200: RequirementSerializer, **errors(404)},
    )
    def get(self, request: Request, requirement_id: UUID) -> Response:
        """Avec sa page et sa citation."""
        return self.answer(self.get_rows())

    @extend_schema(
        tags=["requirements"],
        operation_id="requirements_edit",
        summary="Corriger une exigence",
        responses={200: RequirementSerializer, **errors(400, 404, 413, 415)},
    )
    def patch(self, request: Request, requirement_id: UUID) -> Response:
        """Le texte, la catégorie, le caractère obligatoire. Une nouvelle analyse garde la correction."""
        requirement = self.get_rows().get()
        serializer = self.get_serializer(requirement, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changed = requirements.edit(requirement, fields=serializer.validated_data)
        return Response(self.get_serializer(changed).data)


class ApproveRequirement(RequirementView):
    """Valide une exigence."""

    @extend_schema(
        tags=["requirements"],
        operation_id="requirements_approve",
        summary="Valider une exigence",
        request=None,
        responses={200: RequirementSerializer, **errors(404)},
    )
    def post(self, request: Request, requirement_id: UUID) -> Response:
        """La décision porte le nom de son auteur."""
        rows = self.get_rows()
        requirements.approve(rows, by=current_user(request))
        return self.answer(rows)


class RejectRequirement(RequirementView):
    """Écarte une exigence."""

    @extend_schema(
        tags=["requirements"],
        operation_id="requirements_reject",
        summary="Écarter une exigence",
        request=None,
        responses={200: RequirementSerializer, **errors(404)},
    )
    def post(self, request: Request, requirement_id: UUID) -> Response:
        """La décision porte le nom de son auteur."""
        rows = self.get_rows()
        requirements.reject(rows, by=current_user(request))
        return self.answer(rows)


class ApproveRequirements(CompanyView):
    """Valide des exigences ensemble."""

    @extend_schema(
        tags=["requirements"],
        operation_id="project_requirements_approve",
        summary="Valider plusieurs exigences",
        request=ApprovalSerializer,
        responses={200: ApprovedSerializer, **errors(400, 404, 413, 415)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """Celles de la liste, toutes ou aucune (404 si l'une manque) ; sans liste, celles qui attendent."""
        rows = Requirement.objects.filter(project=self.get_project())
        approval = ApprovalSerializer(data=request.data)
        approval.is_valid(raise_exception=True)
        chosen = _choose(rows, approval.validated_data.get("requirement_ids"))
        return Response({"approved_total": requirements.approve(chosen, by=current_user(request))})


def _choose(rows: QuerySet[Requirement], ids: list[UUID] | None) -> QuerySet[Requirement]:
    if ids is None:
        return rows.filter(status=Requirement.Status.PROPOSED)
    chosen = rows.filter(id__in=ids)
    if chosen.count() != len(set(ids)):
        raise Http404
    return chosen
