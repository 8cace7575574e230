"""Produced documents: list the productions of a project, download a file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import downloads
from proposals.api.pagination import NewestVersionFirstPagination
from proposals.api.schema import errors
from proposals.api.serializers.generated import ProductionSerializer
from proposals.api.views.scope import CompanyView, current_user
from proposals.models import GeneratedDocument


@extend_schema_view(
    get=extend_schema(
        tags=["generated"],
        operation_id="project_generated_list",
        summary="Lister les documents produits d'un projet",
        responses={200: ProductionSerializer(many=True), **errors(404)},
    )
)
class ProductionList(CompanyView, ListAPIView[GeneratedDocument]):
    """Les productions d'un projet, la dernière d'abord, chacune avec ses fichiers."""

    queryset = GeneratedDocument.objects.none()
    serializer_class = ProductionSerializer
    pagination_class = NewestVersionFirstPagination

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Turn pages by version, so that no production is cut in two."""
        documents = GeneratedDocument.objects.filter(project=self.get_project())
        versions = documents.values("version").annotate(newest=Max("created_at")).order_by("-version")
        page = [row["version"] for row in self.paginate_queryset(versions) or ()]
        productions = _group(documents.filter(version__in=page).order_by("-version", "format"))
        return self.get_paginated_response(self.get_serializer(productions, many=True).data)


class GeneratedDownload(CompanyView):
    """Un fichier produit."""

    @extend_schema(
        tags=["generated"],
        operation_id="generated_download",
        summary="Télécharger un document produit",
        responses={
            **{(200, content_type): OpenApiTypes.BINARY for content_type in downloads.CONTENT_TYPES.values()},
            **errors(404),
        },
    )
    def get(self, request: Request, generated_id: UUID) -> HttpResponse:
        """Toujours en pièce jointe."""
        visible = GeneratedDocument.objects.visible_to(current_user(request))
        return downloads.generated_as_attachment(get_object_or_404(visible, id=generated_id))

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Errors are JSON, whatever the client hopes the file to be."""
        return JSONRenderer(), JSONRenderer.media_type


def _group(documents: QuerySet[GeneratedDocument]) -> Iterable[dict[str, Any]]:
    for version, group in groupby(documents, key=lambda document: document.version):
        files = list(group)
        yield {
            "version": version,
            "operation_id": files[0].operation_id,
            "created_at": max(file.created_at for file in files),
            "documents": files,
        }
