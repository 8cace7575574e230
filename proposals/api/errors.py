"""
The one error format of the API: `{"error": {"code", "message", "details"}}`.

`code` is stable, `message` a French sentence to show, `details` the offending fields with their sentences, or null.
The text of an exception never leaves the server.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from proposals.documents.errors import DocumentError, PdfTooLarge
from proposals.documents.passages.errors import FileTooLarge
from proposals.downloads import FileGone
from proposals.exceptions import KindNotAvailable, ProposalsError
from proposals.imports import ImportFailed
from proposals.library import InvalidItem, ItemGone
from proposals.requirements import RequirementGone
from proposals.reviews import MatchGone
from proposals.section_editing import VersionMissing
from proposals.sections import SectionGone
from realtime.http_answers import Answer

logger = logging.getLogger(__name__)

Details = dict[str, list[str]]

#: Codes of the frameworks that have a clearer name here.
RENAMED = {
    "token_not_valid": "token_invalid",
    "password_changed": "token_invalid",
    "user_not_found": "token_invalid",
    "bad_authorization_header": "token_invalid",
    "no_active_account": "invalid_credentials",
    "error": "internal_error",
}

MESSAGES = {
    "not_authenticated": "Connectez-vous pour continuer.",
    "authentication_failed": "Vous n'avez pas pu être identifié.",
    "token_invalid": "Votre session n'est plus valable. Reconnectez-vous.",
    "token_expired": "Votre session a expiré. Reconnectez-vous.",
    "invalid_credentials": "Identifiant ou mot de passe incorrect.",
    "user_inactive": "Ce compte est désactivé.",
    "permission_denied": "Vous n'avez pas le droit de faire cela.",
    "not_found": "Cette ressource n'existe pas.",
    "method_not_allowed": "Cette adresse n'accepte pas cette méthode.",
    "not_acceptable": "Le format de réponse demandé n'est pas disponible.",
    "unsupported_media_type": "Le format de la requête n'est pas accepté à cette adresse.",
    "parse_error": "La requête n'a pas pu être lue.",
    "bad_request": "La requête n'a pas pu être lue.",
    "payload_too_large": "La requête est trop volumineuse.",
    "invalid": "Certaines valeurs sont incorrectes.",
    "too_many_connections": "Trop de connexions ouvertes pour votre compte ou votre entreprise. Fermez-en d'abord.",
    "throttled": "Trop de requêtes. Réessayez dans un instant.",
    "internal_error": "Une erreur interne est survenue. Réessayez ; si elle persiste, prévenez-nous.",
}

#: What is not listed conflicts with the state of things.
STATUSES: dict[type[ProposalsError], int] = {
    InvalidItem: 400,
    FileGone: 404,
    ItemGone: 404,
    MatchGone: 404,
    RequirementGone: 404,
    SectionGone: 404,
    VersionMissing: 404,
    ImportFailed: 422,
    KindNotAvailable: 422,
}
CONFLICT = 409


class NotFound(exceptions.NotFound):
    """Nothing here, with a code that says what is missing. Never tells what another company has."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(detail=message, code=code)


@dataclass(frozen=True)
class Problem:
    """An error as the API tells it."""

    status: int
    code: str
    message: str
    details: Details | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The error as JSON."""
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}

    def to_response(self) -> Response:
        """Return the error as a response of a view."""
        return Response(self.body, status=self.status, headers=self.headers)

    def to_answer(self) -> Answer:
        """Return the error as an answer of an application beside Django: the same bytes."""
        headers = {"Content-Type": "application/json", **self.headers}
        return Answer(self.status, headers.items(), JSONRenderer().render(self.body))


def handle_exception(exception: Exception, context: dict[str, Any]) -> Response:
    """Return what the API says about an exception of a view; a foreseen one, or a logged 500."""
    view = type(context.get("view")).__name__
    return (_describe(exception) or _report(exception, view)).to_response()


def describe(exception: Exception) -> Answer:
    """Return what the API says about an exception outside of its views."""
    return (_describe(exception) or _report(exception, "a stream")).to_answer()


def _describe(exception: Exception) -> Problem | None:
    match exception:
        case ProposalsError():
            return _from_domain(exception)
        case DocumentError():
            status = 413 if isinstance(exception, (PdfTooLarge, FileTooLarge)) else 422
            return Problem(status, exception.code, exception.user_message)
        case exceptions.APIException():
            return _from_framework(exception)
        case Http404():
            return _plain(404, "not_found")
        case PermissionDenied():
            return _plain(403, "permission_denied")
        case RequestDataTooBig():
            return _plain(413, "payload_too_large")
        case SuspiciousOperation():
            return _plain(400, "bad_request")
    return None


def _plain(status: int, code: str, **more: Any) -> Problem:
    return Problem(status, code, MESSAGES[code], **more)


def _from_domain(error: ProposalsError) -> Problem:
    return Problem(STATUSES.get(type(error), CONFLICT), error.code, error.user_message, error.details)


def _from_framework(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        return _plain(400, "invalid", details=dict(_list_fields(error.detail)))
    code = _read_code(error)
    message = MESSAGES.get(code) or str(error.detail)
    return Problem(error.status_code, code, message, headers=_make_headers(error))


def _read_code(error: exceptions.APIException) -> str:
    # simplejwt puts its code beside the sentence, as text.
    code = error.detail["code"] if isinstance(error.detail, dict) else error.get_codes()
    return RENAMED.get(str(code), str(code))


def _make_headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    return headers


def _list_fields(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Flatten nested errors to one list of sentences for each dotted path."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _list_fields(inner, f"{path}.{name}" if path else str(name))
    elif any(isinstance(inner, (dict, list)) for inner in detail):
        for index, inner in enumerate(detail):
            yield from _list_fields(inner, f"{path}.{index}" if path else str(index))
    elif detail:
        yield path or "non_field_errors", [str(sentence) for sentence in detail]


def _report(exception: Exception, where: str) -> Problem:
    incident = uuid.uuid4().hex[:12]
    logger.error("Incident %s in %s.", incident, where, exc_info=exception)
    return _plain(500, "internal_error", details={"incident": [incident]})
