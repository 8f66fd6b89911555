"""Pages of this room."""

from django.urls import path

from reviewapp.assessment.views import progress

app_name = "assessment"
urlpatterns = [path("cases/<uuid:case_id>/progress/", progress, name="progress")]
