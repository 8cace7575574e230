"""Who may use the API: active people of a company. What they see is decided by `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # DRF reads this module while it defines these
    from rest_framework.request import Request
    from rest_framework.views import APIView


class IsCompanyMember(BasePermission):
    """Lets in active users who belong to a company; a superuser of none has the admin instead."""

    code = "no_company"
    message = "Votre compte n'est rattaché à aucune entreprise."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user is active and has a company."""
        user = request.user
        return user.is_authenticated and user.is_active and getattr(user, "company_id", None) is not None
