"""Endpoints of this room, under /api/v1/."""

from django.urls import path

from reviewapp.intake import api

urlpatterns = [
    path("cases/", api.CasesEndpoint.as_view(), name="api-cases"),
    path("cases/<uuid:case_id>/", api.CaseEndpoint.as_view(), name="api-case"),
    path("cases/<uuid:case_id>/photos/", api.CasePhotosEndpoint.as_view(), name="api-case-photos"),
    path("cases/<uuid:case_id>/submit/", api.CaseSubmitEndpoint.as_view(), name="api-case-submit"),
    path(
        "cases/<uuid:case_id>/withdraw/",
        api.CaseWithdrawEndpoint.as_view(),
        name="api-case-withdraw",
    ),
    path("cases/<uuid:case_id>/close/", api.CaseCloseEndpoint.as_view(), name="api-case-close"),
    path("photos/<uuid:photo_id>/", api.PhotoEndpoint.as_view(), name="api-photo"),
]
