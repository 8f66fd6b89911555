"""Endpoints of this room, under /api/v1/."""

from django.urls import path

from reviewapp.assessment.api import AssessmentView, CaseAssessmentsView, LabelMapView

urlpatterns = [
    path(
        "cases/<uuid:case_id>/assessments/", CaseAssessmentsView.as_view(), name="case-assessments"
    ),
    path("assessments/<uuid:assessment_id>/", AssessmentView.as_view(), name="assessment-detail"),
    path(
        "photo-results/<uuid:pk>/parts-map/",
        LabelMapView.as_view(layer="parts_map"),
        name="photo-result-parts-map",
    ),
    path(
        "photo-results/<uuid:pk>/damage-map/",
        LabelMapView.as_view(layer="damage_map"),
        name="photo-result-damage-map",
    ),
]
