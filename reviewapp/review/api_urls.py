"""Endpoints of this room, under /api/v1/."""

from django.urls import path, register_converter

from reviewapp.review import api


class LayerConverter:
    regex = "parts|damage"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LayerConverter, "layer")

urlpatterns = [
    path("queue/", api.QueueEndpoint.as_view(), name="queue"),
    path("queue/next/", api.QueueNextEndpoint.as_view(), name="queue-next"),
    path("cases/<uuid:case_id>/reviews/", api.CaseReviewsEndpoint.as_view(), name="case-reviews"),
    path(
        "cases/<uuid:case_id>/send-to-review/",
        api.CaseSendToReviewEndpoint.as_view(),
        name="case-send-to-review",
    ),
    path("cases/<uuid:case_id>/report/", api.ReportEndpoint.as_view(), name="case-report"),
    path("reviews/<uuid:review_id>/", api.ReviewEndpoint.as_view(), name="review-detail"),
    path("reviews/<uuid:review_id>/renew/", api.ReviewRenewEndpoint.as_view(), name="review-renew"),
    path(
        "reviews/<uuid:review_id>/release/",
        api.ReviewReleaseEndpoint.as_view(),
        name="review-release",
    ),
    path(
        "reviews/<uuid:review_id>/finish/",
        api.ReviewFinishEndpoint.as_view(),
        name="review-finish",
    ),
    path(
        "reviews/<uuid:review_id>/decisions/",
        api.DecisionsEndpoint.as_view(),
        name="review-decisions",
    ),
    path(
        "reviews/<uuid:review_id>/decisions/<uuid:decision_id>/undo/",
        api.DecisionUndoEndpoint.as_view(),
        name="review-decision-undo",
    ),
    path(
        "photos/<uuid:photo_id>/corrections/",
        api.CorrectionsEndpoint.as_view(),
        name="photo-corrections",
    ),
    path(
        "photos/<uuid:photo_id>/label-maps/",
        api.LabelMapsEndpoint.as_view(),
        name="photo-label-maps",
    ),
    path(
        "photos/<uuid:photo_id>/label-maps/<int:revision>/<layer:layer>/",
        api.LabelMapEndpoint.as_view(),
        name="photo-label-map",
    ),
    path("taxonomy/", api.TaxonomyEndpoint.as_view(), name="taxonomy"),
]
