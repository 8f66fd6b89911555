"""Pages of this room."""

from django.urls import path

from reviewapp.review.views import queue_page

app_name = "review"
urlpatterns = [path("queue/", queue_page, name="queue")]
