"""Filters of the lists."""

from __future__ import annotations

import django_filters  # type: ignore[import-untyped]
from django.db.models import Q, QuerySet

from proposals.models import Operation, Project, Requirement, SourceDocument
from realtime.models import Notification


class WordFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Keeps rows in which every word of the search stands in one of the fields."""

    def __init__(self, *, columns: list[str], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.columns = columns

    def filter(self, qs: QuerySet, value: str) -> QuerySet:  # type: ignore[type-arg]
        """Return the rows that hold all words."""
        for word in (value or "").split():
            anywhere = Q()
            for column in self.columns:
                anywhere |= Q(**{f"{column}__icontains": word})
            qs = qs.filter(anywhere)
        return qs


class ProjectFilter(django_filters.FilterSet):  # type: ignore[misc]
    search = WordFilter(columns=["title", "reference", "buyer"], label="Mots du titre, de la référence, de l'acheteur.")

    class Meta:
        model = Project
        fields = ["status"]


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = SourceDocument
        fields = ["kind"]


class OperationFilter(django_filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = Operation
        fields = ["kind", "status"]


class RequirementFilter(django_filters.FilterSet):  # type: ignore[misc]
    search = WordFilter(columns=["code", "text", "quote", "article"], label="Mots du texte ou de la citation.")

    class Meta:
        model = Requirement
        fields = ["category", "mandatory", "status"]


class NotificationFilter(django_filters.FilterSet):  # type: ignore[misc]
    unread = django_filters.BooleanFilter(
        field_name="read_at", lookup_expr="isnull", label="Vrai : les non lues seulement ; faux : les lues."
    )

    class Meta:
        model = Notification
        fields = ["kind"]
