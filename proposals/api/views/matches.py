"""Matches: which passages answer which requirement, and what people decide on them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import matches, reviews
from proposals.api.filters import RequirementFilter
from proposals.api.pagination import ByCodePagination
from proposals.api.schema import errors
from proposals.api.serializers.matches import AttachSerializer, CoverageSerializer
from proposals.api.views.scope import CompanyView, current_user
from proposals.models import ContentItem, ContentMatch, Project, Requirement


class CoverageList(CompanyView, ListAPIView[Requirement]):
    """Requirements of a project with their matches, page by page."""

    queryset = Requirement.objects.none()
    serializer_class = CoverageSerializer
    filterset_class = RequirementFilter
    pagination_class = ByCodePagination

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return a page of requirements, each with its matches."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows: Iterable[Requirement] = page or ()
        return self.get_paginated_response(self.get_serializer(matches.coverage_of(rows), many=True).data)


@extend_schema_view(
    get=extend_schema(
        tags=["matches"],
        operation_id="project_matches_list",
        summary="Lister les passages trouvés pour chaque exigence",
        responses={200: CoverageSerializer(many=True), **errors(400, 404)},
    )
)
class MatchList(CoverageList):
    """Les exigences non écartées, chacune avec ses passages : retenus, proposés, puis écartés."""

    def get_queryset(self) -> QuerySet[Requirement]:
        """Return the requirements of a project of the user's company that nobody rejected."""
        return matches.requirements_to_match(self.get_project().id)


@extend_schema_view(
    get=extend_schema(
        tags=["matches"],
        operation_id="project_gaps_list",
        summary="Lister les exigences sans réponse",
        responses={200: CoverageSerializer(many=True), **errors(400, 404)},
    )
)
class GapList(CoverageList):
    """Les exigences pour lesquelles la bibliothèque n'a rien, avec les passages qui s'en approchent le plus."""

    def get_queryset(self) -> QuerySet[Requirement]:
        """Return the requirements of a project of the user's company that have no evidence."""
        return matches.requirements_without_evidence(self.get_project())


class ReviewView(CompanyView):
    """A decision on one match; the answer is the whole requirement, whose strength may have changed."""

    serializer_class = CoverageSerializer

    def get_match(self) -> ContentMatch:
        """
        Return the match named in the address.

        Raises:
            Http404: there is none of that id in the user's company.
        """
        projects = Project.objects.visible_to(current_user(self.request))
        rows = ContentMatch.objects.filter(project__in=projects).select_related("requirement")
        return get_object_or_404(rows, id=self.kwargs["match_id"])

    def answer(self, requirement: Requirement, *, status: int = 200) -> Response:
        """Return a requirement with its matches as they are now."""
        return Response(self.get_serializer(matches.coverage_of([requirement])[0]).data, status=status)


class AcceptMatch(ReviewView):
    """Retient un passage."""

    @extend_schema(
        tags=["matches"],
        operation_id="matches_accept",
        summary="Retenir un passage",
        request=None,
        responses={200: CoverageSerializer, **errors(404)},
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        """Dès qu'un passage est retenu, seuls ceux qui le sont décident de la force de l'exigence."""
        match = self.get_match()
        reviews.accept(match, by=current_user(request))
        return self.answer(match.requirement)


class RejectMatch(ReviewView):
    """Écarte un passage."""

    @extend_schema(
        tags=["matches"],
        operation_id="matches_reject",
        summary="Écarter un passage",
        request=None,
        responses={200: CoverageSerializer, **errors(404)},
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        """Il ne compte plus, même après une nouvelle recherche."""
        match = self.get_match()
        reviews.reject(match, by=current_user(request))
        return self.answer(match.requirement)


class ResetMatch(ReviewView):
    """Revient sur une décision."""

    @extend_schema(
        tags=["matches"],
        operation_id="matches_reset",
        summary="Revenir sur une décision",
        request=None,
        responses={200: CoverageSerializer, **errors(404)},
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        """Le passage est de nouveau à valider ; s'il avait été ajouté à la main, il est retiré."""
        match = self.get_match()
        reviews.reset(match)
        return self.answer(match.requirement)


class AttachMatch(ReviewView):
    """Ajoute un passage à une exigence."""

    @extend_schema(
        tags=["matches"],
        operation_id="requirements_attach_match",
        summary="Ajouter un passage à une exigence",
        request=AttachSerializer,
        responses={201: CoverageSerializer, **errors(400, 404, 413, 415)},
    )
    def post(self, request: Request, requirement_id: UUID) -> Response:
        """N'importe quel passage de la bibliothèque ; il est aussitôt retenu."""
        user = current_user(request)
        rows = Requirement.objects.filter(project__in=Project.objects.visible_to(user)).select_related("project")
        requirement = get_object_or_404(rows, id=requirement_id)
        order = AttachSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        item = get_object_or_404(ContentItem.objects.visible_to(user), id=order.validated_data["item_id"])
        reviews.attach(requirement, item, by=user)
        return self.answer(requirement, status=status.HTTP_201_CREATED)
