"""What OpenAPI says beyond the serializers: error responses, and the schema of an analysis."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiResponse
from pydantic import BaseModel
from rest_framework import serializers

from proposals.analysis import RCAnalysisResult

MEANINGS = {
    400: "Requête incorrecte : `details` nomme les champs.",
    401: "Jeton absent, expiré ou invalide.",
    403: "Compte sans entreprise, ou action refusée.",
    404: "N'existe pas, ou appartient à une autre entreprise.",
    409: "En conflit avec l'état actuel ; `code` dit pourquoi.",
    413: "Fichier ou requête trop volumineux.",
    415: "Format de requête non accepté.",
    422: "Compris, mais inutilisable ; `code` dit pourquoi.",
    429: "Trop de requêtes ; voir l'en-tête `Retry-After`.",
}


class ErrorBodySerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Code stable.")
    message = serializers.CharField(help_text="Phrase à montrer, en français.")
    details = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        allow_null=True,
        help_text="Champs en cause, ou null.",
    )


class ErrorSerializer(serializers.Serializer[Any]):
    error = ErrorBodySerializer()


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """Return the documentation of these error statuses, and of those that every endpoint has."""
    return public_errors(*statuses, 401, 403)


def public_errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """Return the documentation of error statuses of an endpoint that needs no log-in."""
    return {
        status: OpenApiResponse(ErrorSerializer, description=MEANINGS[status]) for status in sorted({*statuses, 429})
    }


class SignInScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]
    """Describes our check of JWTs like simplejwt's own."""

    target_class = "realtime.authentication.SignInAuthentication"


class TicketScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the check of addresses that take tickets too."""

    target_class = "realtime.ticket_authentication.TicketAuthentication"
    name = "ticketAuth"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Return the scheme: HTTP Bearer."""
        return {"type": "http", "scheme": "bearer", "description": "Un jeton d'accès, ou un ticket à usage unique."}


class ModelField(serializers.JSONField):
    """The stored JSON of a Pydantic model, as it is."""

    model: type[BaseModel]


class AnalysisResultField(ModelField):
    """The stored JSON of an `RCAnalysisResult`."""

    model = RCAnalysisResult


class ModelFieldExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Describes a `ModelField` by the schema of its Pydantic model."""

    target_class = ModelField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """Register the model and what it is made of as components; return a reference."""
        model = self.target.model
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        for name, part in schema.pop("$defs", {}).items():
            _register(auto_schema, name, part)
        return dict(_register(auto_schema, model.__name__, schema).ref)


def _register(auto_schema: AutoSchema, name: str, schema: dict[str, Any]) -> ResolvedComponent:
    component = ResolvedComponent(  # type: ignore[no-untyped-call]
        name=name, type=ResolvedComponent.SCHEMA, object=name, schema=schema
    )
    auto_schema.registry.register_on_missing(component)
    return component
