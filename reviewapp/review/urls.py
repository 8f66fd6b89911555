"""Pages of this room."""

from django.urls import path

from reviewapp.review import views

app_name = "review"
urlpatterns = [
    path("queue/", views.queue_page, name="queue"),
    path("queue/next/", views.next_case, name="next"),
    path("reviews/<uuid:review_id>/", views.review_page, name="review"),
    path("cases/<uuid:case_id>/review/", views.take, name="take"),
    path("cases/<uuid:case_id>/send-to-review/", views.send_to_review, name="send-to-review"),
    path("cases/<uuid:case_id>/report/", views.report_page, name="report"),
    path(
        "photos/<uuid:photo_id>/crop/<int:x>-<int:y>-<int:width>-<int:height>/",
        views.crop,
        name="crop",
    ),
]
