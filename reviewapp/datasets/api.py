"""Endpoints: input, one service or selector, output."""

from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from reviewapp.accounts.requests import user_of
from reviewapp.datasets.files import export_response
from reviewapp.datasets.models import Export
from reviewapp.datasets.selectors import export_for, exports_for
from reviewapp.datasets.services import export_download, export_request
from reviewapp.datasets.states import ExportState


class ExportSerializer(serializers.ModelSerializer[Export]):
    download = serializers.SerializerMethodField(help_text="Where the zip is, once it is done.")

    class Meta:
        model = Export
        fields = (
            "id",
            "number",
            "state",
            "created_at",
            "reviewed_until",
            "photos_total",
            "photos_written",
            "photos_left_out",
            "counts",
            "size_bytes",
            "sha256",
            "failure_reason",
            "finished_at",
            "download",
        )
        read_only_fields = fields

    def get_download(self, export: Export) -> str | None:
        if export.state != ExportState.DONE:
            return None
        return reverse("export-download", args=(export.pk,), request=self.context["request"])


class ExportsView(ListAPIView[Export]):
    """Exports of labels, newest first."""

    serializer_class = ExportSerializer
    queryset = Export.objects.none()

    def get_queryset(self) -> QuerySet[Export]:
        return exports_for(user_of(self.request))

    @extend_schema(request=None, responses={HTTPStatus.ACCEPTED: ExportSerializer})
    def post(self, request: Request) -> Response:
        """Ask for an export; a worker writes it. An export that still waits is given back."""
        export = export_request(actor=user_of(request))
        data = self.get_serializer(export).data
        return Response(data, status=HTTPStatus.ACCEPTED)


class ExportView(APIView):
    @extend_schema(responses=ExportSerializer)
    def get(self, request: Request, export_id: UUID) -> Response:
        """One export and how far it is."""
        export = export_for(user_of(request), export_id)
        return Response(ExportSerializer(export, context={"request": request}).data)


class ExportDownloadView(APIView):
    @extend_schema(responses={(HTTPStatus.OK, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: UUID) -> FileResponse:
        """The zip; 409 until it is done."""
        user = user_of(request)
        export = export_download(actor=user, export=export_for(user, export_id))
        return export_response(export)
