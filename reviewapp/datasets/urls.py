"""Pages of this room."""

from django.urls import path

from reviewapp.datasets import views

app_name = "datasets"
urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/<uuid:export_id>/download/", views.download, name="download"),
]
