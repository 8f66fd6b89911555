"""Pages of this room."""

from django.urls import path

from reviewapp.modelversions import views

app_name = "modelversions"
urlpatterns = [
    path("models/", views.model_versions, name="list"),
    path("models/<uuid:version_id>/activate/", views.activate, name="activate"),
]
