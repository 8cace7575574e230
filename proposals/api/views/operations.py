"""Operations: start, follow, cancel, retry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from pydantic import JsonValue
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import operations
from proposals.api.filters import OperationFilter
from proposals.api.schema import errors
from proposals.api.serializers.core import OperationSerializer, OperationStartSerializer
from proposals.api.views.scope import CompanyView, current_user
from proposals.models import Operation

IDEMPOTENCY_HEADER = "Idempotency-Key"
IDEMPOTENCY_PATTERN = r"^[\x21-\x7e]{1,100}$"


class IdempotencyKeySerializer(serializers.Serializer[dict[str, str]]):
    """The header as a field, so that a bad one is told like any other bad value."""

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        """Return the one field."""
        return {IDEMPOTENCY_HEADER: serializers.RegexField(IDEMPOTENCY_PATTERN, required=False)}


@extend_schema_view(
    get=extend_schema(
        tags=["operations"],
        operation_id="project_operations_list",
        summary="Lister les opérations d'un projet",
        responses={200: OperationSerializer(many=True), **errors(400, 404)},
    )
)
class OperationList(CompanyView, ListAPIView[Operation]):
    """Les opérations d'un projet, la plus récente d'abord."""

    queryset = Operation.objects.none()
    serializer_class = OperationSerializer
    filterset_class = OperationFilter

    def get_queryset(self) -> QuerySet[Operation]:
        """Return the operations of a project of the user's company."""
        return Operation.objects.filter(project=self.get_project()).select_related("requested_by")

    @extend_schema(
        tags=["operations"],
        operation_id="operations_start",
        summary="Lancer une opération",
        parameters=[
            OpenApiParameter(
                IDEMPOTENCY_HEADER,
                location=OpenApiParameter.HEADER,
                description="La même clé rend la même opération (200) au lieu d'en lancer une autre. "
                "1 à 100 caractères ASCII sans espace.",
            )
        ],
        request=OperationStartSerializer,
        responses={202: OperationSerializer, 200: OperationSerializer, **errors(400, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """
        202 : lancée, à suivre sur le WebSocket du projet ou à l'adresse `Location`.

        Refus (409) : `operation_already_running` (son identifiant est dans `details.operation_id`),
        `document_missing`, `idempotency_key_reused`. Refus (422) : `kind_not_available`.
        """
        project = self.get_project()
        order = OperationStartSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        operation, is_new = operations.start(
            project=project,
            kind=order.validated_data["kind"],
            by=current_user(request),
            idempotency_key=_read_key(request),
            parameters=_read_parameters(order.validated_data),
        )
        return _accepted(self.get_serializer(operation).data, is_new=is_new)


class RunEverything(CompanyView):
    """Lance toutes les opérations d'un projet, l'une après l'autre."""

    serializer_class = OperationSerializer

    @extend_schema(
        tags=["operations"],
        operation_id="operations_start_all",
        summary="Tout lancer",
        request=None,
        parameters=[OpenApiParameter(IDEMPOTENCY_HEADER, location=OpenApiParameter.HEADER)],
        responses={202: OperationSerializer, 200: OperationSerializer, **errors(400, 404, 409)},
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        """
        202 : la première est lancée, chaque suivante part quand la précédente a réussi.

        L'analyse est sautée si le dernier RC en a déjà une. Refus (409) : comme pour une opération seule.
        """
        operation, is_new = operations.start_all(
            project=self.get_project(), by=current_user(request), idempotency_key=_read_key(request)
        )
        return _accepted(self.get_serializer(operation).data, is_new=is_new)


class OperationDetail(CompanyView):
    """Une opération."""

    serializer_class = OperationSerializer

    @extend_schema(
        tags=["operations"],
        operation_id="operations_retrieve",
        summary="Lire une opération",
        responses={200: OperationSerializer, **errors(404)},
    )
    def get(self, request: Request, operation_id: UUID) -> Response:
        """L'état enregistré, le même que celui des événements du WebSocket."""
        return Response(self.get_serializer(self.get_operation()).data)


class CancelOperation(CompanyView):
    """Annule une opération."""

    serializer_class = OperationSerializer

    @extend_schema(
        tags=["operations"],
        operation_id="operations_cancel",
        summary="Annuler une opération",
        request=None,
        responses={202: OperationSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, operation_id: UUID) -> Response:
        """Elle s'arrête à sa prochaine étape ; ce qui est fini est gardé. Refus (409) : `not_cancellable`."""
        operation = operations.cancel(self.get_operation())
        return Response(self.get_serializer(operation).data, status=status.HTTP_202_ACCEPTED)


class RetryOperation(CompanyView):
    """Relance une opération."""

    serializer_class = OperationSerializer

    @extend_schema(
        tags=["operations"],
        operation_id="operations_retry",
        summary="Relancer une opération",
        request=None,
        responses={202: OperationSerializer, **errors(404, 409)},
    )
    def post(self, request: Request, operation_id: UUID) -> Response:
        """En échec ou annulée, elle reprend où elle en était ; une 2e demande ne change rien. 409 : `not_retryable`."""
        operation = operations.retry(self.get_operation())
        return Response(self.get_serializer(operation).data, status=status.HTTP_202_ACCEPTED)


def _accepted(body: dict[str, Any], *, is_new: bool) -> Response:
    """Return an operation that was started, and where to ask for it again."""
    address = reverse("api:operation-detail", kwargs={"operation_id": body["id"]})
    code = status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK
    return Response(body, status=code, headers={"Location": address})


def _read_parameters(order: dict[str, Any]) -> dict[str, JsonValue]:
    parameters: dict[str, JsonValue] = {}
    if section_ids := order.get("section_ids"):
        parameters["section_ids"] = [str(section_id) for section_id in section_ids]
    if "internal_annexes" in order:
        parameters["internal_annexes"] = order["internal_annexes"]
    return parameters


def _read_key(request: Request) -> str:
    given = {IDEMPOTENCY_HEADER: request.headers[IDEMPOTENCY_HEADER]} if IDEMPOTENCY_HEADER in request.headers else {}
    header = IdempotencyKeySerializer(data=given)
    header.is_valid(raise_exception=True)
    return str(header.validated_data.get(IDEMPOTENCY_HEADER, ""))
