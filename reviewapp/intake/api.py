"""Endpoints: input, one service or selector, output."""

from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.accounts.requests import user_of
from reviewapp.api.pagination import NewestFirstCursor
from reviewapp.foundation.errors import InvalidError
from reviewapp.intake.forms import CaseFilterForm
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import case_for, cases_visible, photo_for, photos_shown
from reviewapp.intake.serializers import (
    CaseChangeSerializer,
    CaseSerializer,
    NewCaseSerializer,
    PhotoSerializer,
    ReceiptsSerializer,
)
from reviewapp.intake.services import (
    Outcome,
    Receipt,
    case_close,
    case_open,
    case_submit,
    case_update,
    case_withdraw,
    photo_withdraw,
    photos_add,
)
from reviewapp.intake.states import CaseState


class PhotosByNumber(NewestFirstCursor):
    """A case's photos as they came; its 50 and those refused fit on one page."""

    ordering = ("number", "id")
    page_size = 200


class CasesEndpoint(GenericAPIView[Case]):
    serializer_class = CaseSerializer
    queryset = Case.objects.none()

    @extend_schema(
        operation_id="cases_list",
        parameters=[
            OpenApiParameter("claim_number", description="Part of the claim number."),
            OpenApiParameter("state", enum=CaseState.values),
        ],
        responses=CaseSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        wanted = CaseFilterForm(request.query_params)
        if not wanted.is_valid():
            raise ValidationError(wanted.errors.as_data())
        page = self.paginate_queryset(wanted.narrow(cases_visible(user_of(request))))
        return self.get_paginated_response(CaseSerializer(page, many=True).data)

    @extend_schema(request=NewCaseSerializer, responses={201: CaseSerializer})
    def post(self, request: Request) -> Response:
        given = NewCaseSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        case = case_open(actor=user_of(request), **given.validated_data)
        return Response(CaseSerializer(case).data, status=HTTPStatus.CREATED)


class CaseEndpoint(APIView):
    @extend_schema(responses=CaseSerializer)
    def get(self, request: Request, case_id: UUID) -> Response:
        return Response(CaseSerializer(case_for(user_of(request), case_id)).data)

    @extend_schema(request=CaseChangeSerializer, responses=CaseSerializer)
    def patch(self, request: Request, case_id: UUID) -> Response:
        case = case_for(user_of(request), case_id)
        given = CaseChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        case = case_update(actor=user_of(request), case=case, **given.validated_data)
        return Response(CaseSerializer(case).data)


class CaseSubmitEndpoint(APIView):
    @extend_schema(request=None, responses=CaseSerializer)
    def post(self, request: Request, case_id: UUID) -> Response:
        user = user_of(request)
        case = case_submit(actor=user, case=case_for(user, case_id))
        return Response(CaseSerializer(case).data)


class CaseWithdrawEndpoint(APIView):
    @extend_schema(request=None, responses=CaseSerializer)
    def post(self, request: Request, case_id: UUID) -> Response:
        user = user_of(request)
        case = case_withdraw(actor=user, case=case_for(user, case_id))
        return Response(CaseSerializer(case).data)


class CaseCloseEndpoint(APIView):
    @extend_schema(request=None, responses=CaseSerializer)
    def post(self, request: Request, case_id: UUID) -> Response:
        user = user_of(request)
        case = case_close(actor=user, case=case_for(user, case_id))
        return Response(CaseSerializer(case).data)


class CasePhotosEndpoint(GenericAPIView[Photo]):
    serializer_class = PhotoSerializer
    pagination_class = PhotosByNumber
    parser_classes = [MultiPartParser]
    queryset = Photo.objects.none()

    @extend_schema(operation_id="cases_photos_list", responses=PhotoSerializer(many=True))
    def get(self, request: Request, case_id: UUID) -> Response:
        photos = photos_shown(case_for(user_of(request), case_id))
        page = self.paginate_queryset(photos)
        return self.get_paginated_response(PhotoSerializer(page, many=True).data)

    @extend_schema(
        operation_id="cases_photos_create",
        description=(
            "Takes one or several files in the field `photos`. 201 where at least one is new, "
            "200 where all were there already, 400 where every file was refused; "
            "`receipts` say what became of each."
        ),
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["photos"],
                "properties": {
                    "photos": {"type": "array", "items": {"type": "string", "format": "binary"}}
                },
            }
        },
        responses={200: ReceiptsSerializer, 201: ReceiptsSerializer},
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        user = user_of(request)
        case = case_for(user, case_id)
        receipts = photos_add(actor=user, case=case, uploads=request.FILES.getlist("photos"))
        return _answer(receipts)


def _answer(receipts: list[Receipt]) -> Response:
    body = ReceiptsSerializer({"receipts": receipts}).data
    outcomes = {receipt.outcome for receipt in receipts}
    if Outcome.ADDED in outcomes:
        return Response(body, status=HTTPStatus.CREATED)
    if Outcome.DUPLICATE in outcomes:
        return Response(body)
    first = receipts[0].error if receipts else None
    message = first.message if first else "Send at least one file in the field `photos`."
    raise InvalidError(message, code=first.code if first else "no_files", **body)


class PhotoEndpoint(APIView):
    @extend_schema(responses=PhotoSerializer)
    def get(self, request: Request, photo_id: UUID) -> Response:
        return Response(PhotoSerializer(photo_for(user_of(request), photo_id)).data)

    @extend_schema(description="Withdraws the photo.", responses={204: None})
    def delete(self, request: Request, photo_id: UUID) -> Response:
        user = user_of(request)
        photo_withdraw(actor=user, photo=photo_for(user, photo_id))
        return Response(status=HTTPStatus.NO_CONTENT)
