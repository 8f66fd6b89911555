"""Pages of this room."""

from django.urls import path

from reviewapp.datasets.views import exports_page

app_name = "datasets"
urlpatterns = [path("exports/", exports_page, name="exports")]
