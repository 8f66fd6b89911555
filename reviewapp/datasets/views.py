from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviewapp.accounts.requests import user_of
from reviewapp.datasets.selectors import exports_for


def exports_page(request: HttpRequest) -> HttpResponse:
    return render(request, "datasets/exports.html", {"exports": exports_for(user_of(request))})
