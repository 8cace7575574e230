"""What every view of the domain starts from: who asks, and what of their company they may see."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.shortcuts import get_object_or_404
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from proposals.api.parsers import BoundedJSONParser
from proposals.models import Operation, Project, Section, User

#: What a multipart body may weigh beside its file.
FORM_BYTES = 64 * 1024


def current_user(request: Request) -> User:
    """Return who asks; `IsCompanyMember` has let them in."""
    return cast(User, request.user)


def announces_oversized_file(request: Request) -> bool:
    """Whether the body is too long for one file, by its announced length, before anything is parsed or copied."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.PROPOSALS_MAX_UPLOAD_BYTES + FORM_BYTES


class CompanyView(GenericAPIView):  # type: ignore[type-arg]
    """A view on rows of the user's company. Another company's row is missing like one that never was."""

    parser_classes = [BoundedJSONParser]

    def get_project(self) -> Project:
        """
        Return the project named in the address.

        Raises:
            Http404: there is none of that id in the user's company.
        """
        visible = Project.objects.visible_to(current_user(self.request))
        return get_object_or_404(visible, id=self.kwargs["project_id"])

    def get_operation(self) -> Operation:
        """
        Return the operation named in the address.

        Raises:
            Http404: there is none of that id in the user's company.
        """
        visible = Operation.objects.visible_to(current_user(self.request)).select_related("requested_by")
        return get_object_or_404(visible, id=self.kwargs["operation_id"])

    def get_section(self) -> Section:
        """
        Return the section named in the address.

        Raises:
            Http404: there is none of that id in the user's company.
        """
        visible = Section.objects.visible_to(current_user(self.request)).select_related("updated_by")
        return get_object_or_404(visible, id=self.kwargs["section_id"])
