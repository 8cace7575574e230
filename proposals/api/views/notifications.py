"""What the caller is told, across all projects: the REST twin of the socket of notifications."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.api.filters import NotificationFilter
from proposals.api.pagination import NotificationPagination
from proposals.api.schema import errors
from proposals.api.serializers.notifications import (
    NotificationSerializer,
    PreferencesSerializer,
    ReadSerializer,
    UnreadCountSerializer,
)
from proposals.api.views.scope import CompanyView, current_user
from realtime import notifications, preferences
from realtime.models import Notification


@extend_schema_view(
    get=extend_schema(
        tags=["notifications"],
        operation_id="notifications_list",
        summary="Lister vos notifications",
        responses={200: NotificationSerializer(many=True), **errors(400)},
    )
)
class NotificationList(CompanyView, ListAPIView[Notification]):
    """Vos notifications, la plus récente d'abord ; `unread_count` compte toutes les non lues."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    pagination_class = NotificationPagination

    def get_queryset(self) -> QuerySet[Notification]:
        """Return the caller's notifications."""
        return notifications.of_user(current_user(self.request).pk)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page, with the count of all that is unread, on this page or not."""
        page = super().list(request, *args, **kwargs)
        return Response({**page.data, "unread_count": notifications.count_unread(current_user(request).pk)})


class ReadNotifications(CompanyView):
    """La lecture de vos notifications."""

    serializer_class = ReadSerializer

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_read",
        summary="Marquer des notifications comme lues",
        responses={200: UnreadCountSerializer, **errors(400)},
    )
    def post(self, request: Request) -> Response:
        """
        Vos autres onglets et appareils l'apprennent aussitôt.

        Les identifiants inconnus, et ceux des notifications d'autrui, sont ignorés ; recommencer ne change rien.
        """
        order = self.get_serializer(data=request.data)
        order.is_valid(raise_exception=True)
        unread = notifications.mark_read(current_user(request).pk, order.validated_data["notification_ids"])
        return Response({"unread_count": unread})


class NotificationPreferences(CompanyView):
    """Vos préférences, par nature de notification."""

    serializer_class = PreferencesSerializer

    @extend_schema(
        tags=["notifications"],
        operation_id="notification_preferences",
        summary="Lire vos préférences de notification",
        responses={200: PreferencesSerializer, **errors()},
    )
    def get(self, request: Request) -> Response:
        return Response(preferences.read(current_user(request).pk))

    @extend_schema(
        tags=["notifications"],
        operation_id="notification_preferences_change",
        summary="Changer vos préférences de notification",
        responses={200: PreferencesSerializer, **errors(400)},
    )
    def patch(self, request: Request) -> Response:
        """Ce qui n'est pas nommé reste tel quel. Vaut pour les notifications à venir."""
        wish = self.get_serializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(preferences.change(current_user(request).pk, wish.validated_data))
