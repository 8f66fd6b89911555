"""Pages of this room."""

from django.urls import URLPattern

app_name = "modelversions"
urlpatterns: list[URLPattern] = []
