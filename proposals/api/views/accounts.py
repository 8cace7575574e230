"""Who am I?"""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.api.schema import errors
from proposals.api.serializers.core import MeSerializer
from proposals.api.views.scope import CompanyView


class Me(CompanyView):
    """La personne connectée et son entreprise."""

    serializer_class = MeSerializer

    @extend_schema(tags=["auth"], summary="Qui suis-je ?", responses={200: MeSerializer, **errors()})
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(request.user).data)
