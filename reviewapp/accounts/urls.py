"""Pages of this room; `home` has no namespace, the others are `accounts:…`."""

from django.urls import include, path

from reviewapp.accounts import views

_pages = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", views.SignOutView.as_view(), name="sign-out"),
    path("teams/", views.teams, name="teams"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include((_pages, "accounts"))),
]
