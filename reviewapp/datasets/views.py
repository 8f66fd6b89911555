"""Pages: input, one service or selector, output."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from reviewapp.accounts.requests import user_of
from reviewapp.datasets.files import export_response
from reviewapp.datasets.label_selectors import labels_available
from reviewapp.datasets.models import Export
from reviewapp.datasets.selectors import export_for, exports_for
from reviewapp.datasets.services import export_download, export_request

EXPORTS_A_PAGE = 20


@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if request.method == "POST":
        export = export_request(actor=user)
        messages.success(request, f"Export {export.number} is asked for.")
        return redirect("datasets:exports")
    return _page(request, exports_for(user))


def _page(request: HttpRequest, found: QuerySet[Export]) -> HttpResponse:
    page = Paginator(found, EXPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "under_way": any(export.is_under_way for export in page)}
    if request.headers.get("HX-Request"):
        return render(request, "datasets/exports_list.html", context)
    available = labels_available(timezone.now())
    return render(request, "datasets/exports.html", context | {"available": available})


@require_GET
def download(request: HttpRequest, export_id: UUID) -> FileResponse:
    user = user_of(request)
    export = export_download(actor=user, export=export_for(user, export_id))
    return export_response(export)
