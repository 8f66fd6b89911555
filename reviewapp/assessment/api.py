from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.accounts.requests import user_of
from reviewapp.assessment.models import Assessment
from reviewapp.assessment.selectors import (
    assessments_for,
    label_map_for,
    whole_assessment_for,
)
from reviewapp.assessment.serializers import AssessmentSerializer, WholeAssessmentSerializer
from reviewapp.foundation.files import file_response


class CaseAssessmentsView(ListAPIView[Assessment]):
    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()

    def get_queryset(self) -> QuerySet[Assessment]:
        return assessments_for(user_of(self.request), self.kwargs["case_id"])


class AssessmentView(GenericAPIView[Assessment]):
    serializer_class = WholeAssessmentSerializer
    queryset = Assessment.objects.none()

    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = whole_assessment_for(user_of(request), assessment_id)
        return Response(self.get_serializer(assessment).data)


class LabelMapView(APIView):
    """8-bit greyscale PNG at display size; a pixel's value is its finest class id."""

    layer = ""

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> FileResponse:
        key = label_map_for(user_of(request), pk, self.layer)
        return file_response(key, content_type="image/png")
