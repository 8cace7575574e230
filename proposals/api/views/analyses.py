"""The analysis of a project's RC."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proposals.api.errors import NotFound
from proposals.api.schema import errors
from proposals.api.serializers.core import AnalysisSerializer
from proposals.api.views.scope import CompanyView
from proposals.models import RCAnalysis


class LatestAnalysis(CompanyView):
    """La dernière analyse du RC."""

    serializer_class = AnalysisSerializer

    @extend_schema(
        tags=["analysis"],
        operation_id="project_analysis",
        summary="Lire la dernière analyse du RC",
        responses={200: AnalysisSerializer, **errors(404)},
    )
    def get(self, request: Request, project_id: UUID) -> Response:
        """Chaque fait porte sa page et sa citation. Sans analyse : 404, `analysis_missing`."""
        analysis = RCAnalysis.objects.filter(project=self.get_project()).first()
        if analysis is None:
            raise NotFound("analysis_missing", "Ce projet n'a pas encore d'analyse : lancez-la d'abord.")
        return Response(self.get_serializer(analysis).data)
