"""Documents of the buyer: upload, list, download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import downloads, uploads
from proposals.api.filters import DocumentFilter
from proposals.api.pagination import LastUploadFirstPagination
from proposals.api.schema import errors
from proposals.api.serializers.core import DocumentSerializer, UploadSerializer
from proposals.api.views.scope import CompanyView, announces_oversized_file, current_user
from proposals.documents.errors import PdfTooLarge
from proposals.models import Project, SourceDocument


@extend_schema_view(
    get=extend_schema(
        tags=["documents"],
        operation_id="documents_list",
        summary="Lister les documents d'un projet",
        responses={200: DocumentSerializer(many=True), **errors(400, 404)},
    )
)
class DocumentList(CompanyView, ListAPIView[SourceDocument]):
    """Les documents de la consultation, le dernier déposé d'abord."""

    queryset = SourceDocument.objects.none()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    pagination_class = LastUploadFirstPagination
    parser_classes = [MultiPartParser]

    @property
    def throttle_scope(self) -> str:
        """Uploads have a limit of their own."""
        return "upload" if self.request.method == "POST" else ""

    def get_queryset(self) -> QuerySet[SourceDocument]:
        """Return the documents of a project of the user's company."""
        return SourceDocument.objects.filter(project=self.get_project()).select_related("uploaded_by")

    @extend_schema(
        tags=["documents"],
        operation_id="documents_upload",
        summary="Déposer un document",
        request={"multipart/form-data": UploadSerializer},
        responses={201: DocumentSerializer, 200: DocumentSerializer, **errors(400, 404, 413, 415, 422)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """
        Un PDF réellement lisible. 201 : déposé ; 200 : ce contenu était déjà là, et redevient le plus récent.

        Refus (422) : `pdf_empty`, `not_a_pdf`, `pdf_damaged`, `pdf_encrypted`, `pdf_too_many_pages`,
        `pdf_too_costly`, `pdf_image_only`, `pdf_unreadable`. Trop volumineux (413) : `pdf_too_large`.
        """
        project = self.get_project()
        if announces_oversized_file(request):
            raise PdfTooLarge.for_limit(settings.PROPOSALS_MAX_UPLOAD_BYTES)
        upload = UploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        receipt = _receive(project, upload.validated_data, request)
        code = status.HTTP_201_CREATED if receipt.is_new else status.HTTP_200_OK
        return Response(self.get_serializer(receipt.document).data, status=code)


class DocumentDownload(CompanyView):
    """Le fichier d'un document."""

    @extend_schema(
        tags=["documents"],
        operation_id="documents_download",
        summary="Télécharger un document",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **errors(404)},
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """Toujours en pièce jointe."""
        projects = Project.objects.visible_to(current_user(request))
        document = get_object_or_404(SourceDocument, id=document_id, project__in=projects)
        return downloads.as_attachment(document)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Errors are JSON, whatever the client hopes the file to be."""
        return JSONRenderer(), JSONRenderer.media_type


def _receive(project: Project, values: dict[str, Any], request: Request) -> uploads.Receipt:
    return uploads.receive(project, values["file"], values["kind"], current_user(request))
