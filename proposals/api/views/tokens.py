"""Log-in by JWT: obtain, refresh, verify, blacklist."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.serializers import TokenRefreshSerializer, TokenVerifySerializer
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
    TokenVerifyView,
)

from proposals.api.parsers import BoundedJSONParser
from proposals.api.schema import public_errors

TOKENS = inline_serializer("Tokens", {"access": serializers.CharField(), "refresh": serializers.CharField()})
CREDENTIALS = inline_serializer(
    "Credentials", {"username": serializers.CharField(), "password": serializers.CharField()}
)
REFRESH = inline_serializer("RefreshTokenRequest", {"refresh": serializers.CharField()})
ANY_TOKEN = inline_serializer("TokenRequest", {"token": serializers.CharField()})


class RefreshSerializer(TokenRefreshSerializer):
    """Also refuses the token of somebody who was deleted, was deactivated or has a new password."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Return a new pair of tokens."""
        JWTAuthentication().get_user(RefreshToken(attrs["refresh"]))
        return super().validate(attrs)


class VerifySerializer(TokenVerifySerializer):
    """A blacklisted token is as invalid as a forged one."""

    def validate(self, attrs: dict[str, Any]) -> dict[Any, Any]:
        """Return nothing: no complaint."""
        try:
            return super().validate(attrs)
        except serializers.ValidationError as error:
            raise InvalidToken from error


@extend_schema_view(
    post=extend_schema(
        tags=["auth"],
        summary="Obtenir une paire de jetons",
        request=CREDENTIALS,
        responses={200: TOKENS, **public_errors(400, 401)},
        auth=[],
    )
)
class ObtainToken(TokenObtainPairView):
    """Identifiant et mot de passe contre un jeton d'accès (court) et un jeton de renouvellement (long)."""

    parser_classes = [BoundedJSONParser]
    throttle_scope = "login"


@extend_schema_view(
    post=extend_schema(
        tags=["auth"],
        summary="Renouveler la paire de jetons",
        request=REFRESH,
        responses={200: TOKENS, **public_errors(400, 401)},
        auth=[],
    )
)
class RefreshTokenView(TokenRefreshView):
    """Le jeton présenté ne sert qu'une fois : la réponse en porte un nouveau."""

    parser_classes = [BoundedJSONParser]
    serializer_class = RefreshSerializer


@extend_schema_view(
    post=extend_schema(
        tags=["auth"],
        summary="Vérifier un jeton",
        request=ANY_TOKEN,
        responses={200: OpenApiResponse(description="Valable."), **public_errors(400, 401)},
        auth=[],
    )
)
class VerifyToken(TokenVerifyView):
    """Dit si un jeton est valable."""

    parser_classes = [BoundedJSONParser]
    serializer_class = VerifySerializer


@extend_schema_view(
    post=extend_schema(
        tags=["auth"],
        summary="Révoquer un jeton de renouvellement",
        request=REFRESH,
        responses={200: OpenApiResponse(description="Révoqué."), **public_errors(400, 401)},
        auth=[],
    )
)
class BlacklistToken(TokenBlacklistView):
    """Se déconnecter : le jeton de renouvellement ne sert plus."""

    parser_classes = [BoundedJSONParser]
