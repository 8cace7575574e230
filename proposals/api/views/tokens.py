"""Log-in by JWT: obtain, refresh, verify, blacklist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.serializers import (
    TokenBlacklistSerializer,
    TokenObtainPairSerializer,
    TokenRefreshSerializer,
    TokenVerifySerializer,
)
from rest_framework_simplejwt.tokens import RefreshToken, Token, UntypedToken
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
    TokenVerifyView,
)

from proposals.api.parsers import BoundedJSONParser
from proposals.api.schema import public_errors
from realtime import sign_ins
from realtime.authentication import SignInAuthentication

TOKENS = inline_serializer("Tokens", {"access": serializers.CharField(), "refresh": serializers.CharField()})
CREDENTIALS = inline_serializer(
    "Credentials", {"username": serializers.CharField(), "password": serializers.CharField()}
)
REFRESH = inline_serializer("RefreshTokenRequest", {"refresh": serializers.CharField()})
ANY_TOKEN = inline_serializer("TokenRequest", {"token": serializers.CharField()})


class ObtainSerializer(TokenObtainPairSerializer):
    """Each log-in is a sign-in session of its own."""

    @classmethod
    def get_token(cls, user: Any) -> Token:
        """Return the refresh token; the access token takes over its claims."""
        return sign_ins.begin(user)


class RefreshSerializer(TokenRefreshSerializer):
    """Also refuses the token of somebody who was deleted, deactivated or signed out, or has a new password."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Return a new pair of tokens."""
        SignInAuthentication().get_user(RefreshToken(attrs["refresh"]))
        return super().validate(attrs)


class VerifySerializer(TokenVerifySerializer):
    """A token that opens nothing any more is as invalid as a forged one."""

    def validate(self, attrs: dict[str, Any]) -> dict[Any, Any]:
        """Return nothing: no complaint."""
        try:
            answer = super().validate(attrs)
        except serializers.ValidationError as error:
            raise InvalidToken from error
        SignInAuthentication().get_user(UntypedToken(attrs["token"]))
        return answer


class BlacklistSerializer(TokenBlacklistSerializer):
    """Logging out ends the whole sign-in session, access tokens, tickets and sockets too."""

    def validate(self, attrs: dict[str, Any]) -> dict[Any, Any]:
        """Return nothing: no complaint."""
        token = RefreshToken(attrs["refresh"])
        answer = super().validate(attrs)
        if sid := sign_ins.read_sid(token):
            sign_ins.revoke(sid, until=datetime.fromtimestamp(token["exp"], tz=UTC))
        return answer


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
    serializer_class = ObtainSerializer
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
    """Se déconnecter : ni le jeton de renouvellement, ni les jetons d'accès et tickets qui en viennent ne servent."""

    parser_classes = [BoundedJSONParser]
    serializer_class = BlacklistSerializer
