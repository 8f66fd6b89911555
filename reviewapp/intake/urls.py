"""Pages of this room."""

from django.urls import path

from reviewapp.intake import views

app_name = "intake"
urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/new/", views.new, name="new"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/facts/", views.facts, name="facts"),
    path("cases/<uuid:case_id>/photos/", views.photos, name="photos"),
    path("cases/<uuid:case_id>/submit/", views.submit, name="submit"),
    path("cases/<uuid:case_id>/withdraw/", views.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/close/", views.close, name="close"),
    path("photos/<uuid:photo_id>/withdraw/", views.withdraw_photo, name="photo-withdraw"),
    path("photos/<uuid:photo_id>/display/", views.display, name="photo-display"),
    path("photos/<uuid:photo_id>/thumbnail/", views.thumbnail, name="photo-thumbnail"),
    path("photos/<uuid:photo_id>/original/", views.original, name="photo-original"),
]
