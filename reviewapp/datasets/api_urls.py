"""Endpoints of this room, under /api/v1/."""

from django.urls import path

from reviewapp.datasets import api

urlpatterns = [
    path("exports/", api.ExportsView.as_view(), name="exports"),
    path("exports/<uuid:export_id>/", api.ExportView.as_view(), name="export"),
    path(
        "exports/<uuid:export_id>/download/",
        api.ExportDownloadView.as_view(),
        name="export-download",
    ),
]
