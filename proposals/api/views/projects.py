"""Projects: list, create, read, edit, archive."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import projects
from proposals.api.filters import ProjectFilter
from proposals.api.schema import errors
from proposals.api.serializers.core import ProjectSerializer
from proposals.api.views.scope import CompanyView, current_user
from proposals.models import Project


@extend_schema_view(
    get=extend_schema(
        tags=["projects"],
        operation_id="projects_list",
        summary="Lister les projets",
        responses={200: ProjectSerializer(many=True), **errors(400, 404)},
    )
)
class ProjectList(CompanyView, ListAPIView[Project]):
    """Les projets de l'entreprise, du plus récent au plus ancien."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter

    def get_queryset(self) -> QuerySet[Project]:
        """Return the projects of the user's company."""
        return Project.objects.visible_to(current_user(self.request)).select_related("created_by")

    @extend_schema(
        tags=["projects"],
        operation_id="projects_create",
        summary="Créer un projet",
        responses={201: ProjectSerializer, **errors(400, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Le projet appartient à l'entreprise de la personne connectée."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        project = projects.create(by=current_user(request), fields=serializer.validated_data)
        return Response(self.get_serializer(project).data, status=status.HTTP_201_CREATED)


class ProjectDetail(CompanyView):
    """Un projet."""

    serializer_class = ProjectSerializer

    @extend_schema(
        tags=["projects"],
        operation_id="projects_retrieve",
        summary="Lire un projet",
        responses={200: ProjectSerializer, **errors(404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """Un projet d'une autre entreprise n'existe pas."""
        return Response(self.get_serializer(self.get_project()).data)

    @extend_schema(
        tags=["projects"],
        operation_id="projects_edit",
        summary="Modifier un projet",
        responses={200: ProjectSerializer, **errors(400, 404, 413, 415)},
    )
    def patch(self, request: Request, project_id: UUID) -> Response:
        """Les champs absents gardent leur valeur."""
        project = self.get_project()
        serializer = self.get_serializer(project, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changed = projects.edit(project, fields=serializer.validated_data)
        return Response(self.get_serializer(changed).data)


class ArchiveProject(CompanyView):
    """Range un projet."""

    serializer_class = ProjectSerializer

    @extend_schema(
        tags=["projects"],
        operation_id="projects_archive",
        summary="Archiver un projet",
        request=None,
        responses={200: ProjectSerializer, **errors(404)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """Le projet reste lisible."""
        return Response(self.get_serializer(projects.archive(self.get_project())).data)


class UnarchiveProject(CompanyView):
    """Ressort un projet rangé."""

    serializer_class = ProjectSerializer

    @extend_schema(
        tags=["projects"],
        operation_id="projects_unarchive",
        summary="Désarchiver un projet",
        request=None,
        responses={200: ProjectSerializer, **errors(404)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """Le projet redevient actif."""
        return Response(self.get_serializer(projects.unarchive(self.get_project())).data)
