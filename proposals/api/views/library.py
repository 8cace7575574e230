"""The content library: find, add, edit, delete, import, export."""

from __future__ import annotations

from typing import Any, cast
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

from proposals import downloads, exports, imports, library
from proposals.api.pagination import ByQueryPagination
from proposals.api.schema import errors
from proposals.api.serializers.library import (
    ExportQuerySerializer,
    ImportSerializer,
    ImportUploadSerializer,
    ItemEditSerializer,
    ItemQuerySerializer,
    ItemSerializer,
    TagSerializer,
)
from proposals.api.views.scope import CompanyView, announces_oversized_file, current_user
from proposals.documents.passages.errors import FileTooLarge
from proposals.models import Company, ContentItem, LibraryImport

ALONGSIDE = ("owner", "created_by", "updated_by")


def current_company(request: Request) -> Company:
    """Return the company of who asks; `IsCompanyMember` has seen that there is one."""
    return cast(Company, current_user(request).company)


def find_items(request: Request, query: dict[str, Any]) -> QuerySet[ContentItem]:
    """Return the passages of the caller's company that the query asks for."""
    items = library.search(
        user=current_user(request),
        text=query["search"],
        kind=query["kind"],
        tag=query["tag"],
        status=query["status"],
        order=query["order"],
    )
    if query["owner"]:
        items = items.filter(owner__username=query["owner"])
    if query["language"]:
        items = items.filter(language=query["language"])
    return items.select_related(*ALONGSIDE)


@extend_schema_view(
    get=extend_schema(
        tags=["library"],
        operation_id="library_items_list",
        summary="Chercher dans la bibliothèque",
        parameters=[ItemQuerySerializer],
        responses={200: ItemSerializer(many=True), **errors(400)},
    )
)
class ItemList(CompanyView, ListAPIView[ContentItem]):
    """Les passages de la bibliothèque qui contiennent tous les mots cherchés, sans égard aux accents."""

    queryset = ContentItem.objects.none()
    serializer_class = ItemSerializer
    pagination_class = ByQueryPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[ContentItem]:
        """Return what the query asks for."""
        query = ItemQuerySerializer(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        return find_items(self.request, query.validated_data)

    @extend_schema(
        tags=["library"],
        operation_id="library_items_create",
        summary="Ajouter un passage",
        responses={201: ItemSerializer, **errors(400, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Le passage appartient à l'entreprise de la personne connectée."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        item = library.create(
            company=current_company(request), by=current_user(request), fields=serializer.validated_data
        )
        return Response(self.get_serializer(item).data, status=status.HTTP_201_CREATED)


class ItemDetail(CompanyView):
    """Un passage."""

    serializer_class = ItemSerializer

    def get_item(self) -> ContentItem:
        """
        Return the passage named in the address.

        Raises:
            Http404: there is none of that id in the user's company.
        """
        visible = ContentItem.objects.visible_to(current_user(self.request)).select_related("company", *ALONGSIDE)
        return get_object_or_404(visible, id=self.kwargs["item_id"])

    @extend_schema(
        tags=["library"],
        operation_id="library_items_retrieve",
        summary="Lire un passage",
        responses={200: ItemSerializer, **errors(404)},
    )
    def get(self, request: Request, item_id: UUID) -> Response:
        """Un passage d'une autre entreprise n'existe pas."""
        return Response(self.get_serializer(self.get_item()).data)

    @extend_schema(
        tags=["library"],
        operation_id="library_items_edit",
        summary="Modifier un passage",
        request=ItemEditSerializer,
        responses={200: ItemSerializer, **errors(400, 404, 409, 413, 415)},
    )
    def patch(self, request: Request, item_id: UUID) -> Response:
        """
        Les champs absents gardent leur valeur ; `version` est celle qui a été lue.

        Refus (409) : `item_changed` si le passage a changé depuis ; rien n'est écrit, et `details` porte ses valeurs
        actuelles.
        """
        item = self.get_item()
        changes = ItemEditSerializer(data=request.data, context=self.get_serializer_context())
        changes.is_valid(raise_exception=True)
        fields = dict(changes.validated_data)
        version = fields.pop("version")
        changed = library.edit(item, fields=fields, version=version, by=current_user(request))
        return Response(self.get_serializer(changed).data)

    @extend_schema(
        tags=["library"],
        operation_id="library_items_delete",
        summary="Supprimer un passage",
        responses={204: None, **errors(404)},
    )
    def delete(self, request: Request, item_id: UUID) -> Response:
        """Avec lui disparaissent les correspondances qui le proposent."""
        library.delete(self.get_item())
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    get=extend_schema(
        tags=["library"],
        operation_id="library_imports_list",
        summary="Lister les imports",
        responses={200: ImportSerializer(many=True), **errors(400)},
    )
)
class ImportList(CompanyView, ListAPIView[LibraryImport]):
    """Les imports de l'entreprise, le dernier commencé d'abord."""

    queryset = LibraryImport.objects.none()
    serializer_class = ImportSerializer
    parser_classes = [MultiPartParser]
    filter_backends = []

    @property
    def throttle_scope(self) -> str:
        """Uploads have a limit of their own."""
        return "upload" if self.request.method == "POST" else ""

    def get_queryset(self) -> QuerySet[LibraryImport]:
        """Return the imports of the user's company."""
        return LibraryImport.objects.visible_to(current_user(self.request)).select_related("created_by")

    @extend_schema(
        tags=["library"],
        operation_id="library_imports_create",
        summary="Importer un fichier",
        request={"multipart/form-data": ImportUploadSerializer},
        responses={201: ImportSerializer, **errors(400, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """
        Un DOCX, un PDF ou un fichier Markdown, découpé en passages ; tous sont enregistrés, ou aucun.

        La réponse vient à la fin de l'import. Pour le suivre entre-temps, choisissez `id` et lisez cet import.

        Refus (422) : `file_empty`, `format_unknown`, `not_a_docx`, `docx_old_format`, `docx_encrypted`, `docx_damaged`,
        `text_undecodable`, `library_file_invalid`, `file_too_costly`, `file_unreadable`, `no_passages`,
        `too_many_passages`, et pour un PDF les mêmes que pour un document. L'import reste lisible, en échec ;
        `details` porte son `import_id`. Trop volumineux (413) : `file_too_large`. Identifiant pris (409) :
        `import_exists`.
        """
        if announces_oversized_file(request):
            raise FileTooLarge.for_limit(settings.PROPOSALS_MAX_UPLOAD_BYTES)
        upload = ImportUploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        row = _receive(request, upload.validated_data)
        if row.status == LibraryImport.Status.FAILED:
            raise imports.ImportFailed(row)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)


class ImportDetail(CompanyView):
    """Un import."""

    serializer_class = ImportSerializer

    @extend_schema(
        tags=["library"],
        operation_id="library_imports_retrieve",
        summary="Suivre un import",
        responses={200: ImportSerializer, **errors(404)},
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """Où il en est. Sans nouvelle de lui depuis dix minutes, il est en échec (`import_interrupted`)."""
        visible = LibraryImport.objects.visible_to(current_user(request)).select_related("created_by")
        return Response(self.get_serializer(get_object_or_404(visible, id=import_id)).data)


class Export(CompanyView):
    """La bibliothèque en un fichier."""

    @extend_schema(
        tags=["library"],
        operation_id="library_export",
        summary="Exporter la bibliothèque",
        parameters=[ExportQuerySerializer],
        responses={
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/csv"): OpenApiTypes.STR,
            **errors(400),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Les passages que les filtres désignent. L'export Markdown se réimporte tel quel."""
        query = ExportQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        chosen = exports.FORMATS[query.validated_data["as"]]
        content = chosen.write(find_items(request, query.validated_data)).encode()
        return downloads.content_as_attachment(content, filename=chosen.filename, content_type=chosen.content_type)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Errors are JSON, whatever the client hopes the file to be."""
        return JSONRenderer(), JSONRenderer.media_type


class TagList(CompanyView):
    """Les étiquettes de la bibliothèque."""

    serializer_class = TagSerializer
    pagination_class = None
    filter_backends = []

    @extend_schema(
        tags=["library"],
        operation_id="library_tags_list",
        summary="Lister les étiquettes",
        responses={200: TagSerializer(many=True), **errors()},
    )
    def get(self, request: Request) -> Response:
        """Par ordre alphabétique, avec le nombre de passages de chacune."""
        counts = library.tags(current_user(request))
        return Response(self.get_serializer([count._asdict() for count in counts], many=True).data)


def _receive(request: Request, values: dict[str, Any]) -> LibraryImport:
    defaults = imports.Defaults(
        kind=values.get("kind", ""), tags=tuple(values.get("tags", ())), valid_until=values.get("valid_until")
    )
    return imports.receive(
        company=current_company(request),
        file=values["file"],
        by=current_user(request),
        import_id=values.get("id"),
        defaults=defaults,
    )
