"""Where every room's pages and endpoints hang."""

from django.urls import include, path

from reviewapp.api.views import SchemaView, docs
from reviewapp.foundation.health import alive, ready

urlpatterns = [
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("", include("reviewapp.accounts.urls")),
    path("", include("reviewapp.intake.urls")),
    path("", include("reviewapp.assessment.urls")),
    path("", include("reviewapp.review.urls")),
    path("", include("reviewapp.datasets.urls")),
    path("", include("reviewapp.modelversions.urls")),
    path("api/v1/", include("reviewapp.intake.api_urls")),
    path("api/v1/", include("reviewapp.assessment.api_urls")),
    path("api/v1/", include("reviewapp.review.api_urls")),
    path("api/v1/", include("reviewapp.datasets.api_urls")),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", docs, name="api-docs"),
]

handler400 = "reviewapp.foundation.error_pages.bad_request"
handler403 = "reviewapp.foundation.error_pages.permission_denied"
handler404 = "reviewapp.foundation.error_pages.not_found"
handler500 = "reviewapp.foundation.error_pages.server_error"
