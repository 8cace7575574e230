"""What language models cost the caller's company."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals import usage
from proposals.api.schema import errors
from proposals.api.serializers.usage import MonthUsageSerializer
from proposals.api.views.scope import CompanyView, current_user
from proposals.models import Company


class CompanyUsage(CompanyView):
    """La consommation de votre entreprise."""

    serializer_class = MonthUsageSerializer

    @extend_schema(
        tags=["usage"],
        operation_id="usage",
        summary="Lire la dépense et le budget du mois",
        responses={200: MonthUsageSerializer, **errors()},
    )
    def get(self, request: Request) -> Response:
        """Jetons et coût par nature d'opération, depuis le premier du mois."""
        company = Company.objects.get(users=current_user(request))
        month = usage.sum_up_month(company, now=timezone.now())
        return Response(self.get_serializer(month).data)
