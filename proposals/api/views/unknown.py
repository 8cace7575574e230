"""Addresses that do not exist, in the error format of the API."""

from __future__ import annotations

from typing import NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from proposals.api.errors import NotFound


@extend_schema(exclude=True)
class UnknownAddress(APIView):
    """Answers every method of every address that nothing else answers."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> NoReturn:
        """Refuse before the method is looked at."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request, force=True)
        raise NotFound("unknown_address", "Cette adresse n'existe pas ; celles de l'API se terminent par « / ».")
