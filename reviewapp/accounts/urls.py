"""Pages of this room; `home` has no namespace, the others are `accounts:…`."""

from django.urls import URLPattern, URLResolver, include, path

from reviewapp.accounts import team_views, views

_team = [
    path("", team_views.team, name="team"),
    path("audit/", team_views.trail, name="trail"),
    path("members/", team_views.member_new, name="member-new"),
    path("members/<uuid:membership_id>/role/", team_views.member_role, name="member-role"),
    path("members/<uuid:membership_id>/remove/", team_views.member_out, name="member-out"),
    path("members/<uuid:membership_id>/link/", team_views.member_link, name="member-link"),
    path("machines/", team_views.machine_new, name="machine-new"),
    path("machines/<uuid:token_id>/revoke/", team_views.machine_revoke, name="machine-revoke"),
]

_pages: list[URLPattern | URLResolver] = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("set-password/<uidb64>/<token>/", views.SetPasswordView.as_view(), name="set-password"),
    path("teams/", team_views.teams, name="teams"),
    path("teams/<uuid:team_id>/", include(_team)),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include((_pages, "accounts"))),
]
