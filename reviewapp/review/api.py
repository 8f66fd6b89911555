"""Endpoints: input, one service or selector, output."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.accounts.requests import user_of
from reviewapp.intake.selectors import case_for, photo_for
from reviewapp.review.forms import QueueFilterForm
from reviewapp.review.inputs import (
    DecisionDraftSerializer,
    FinishSerializer,
    NewCorrectionSerializer,
)
from reviewapp.review.models import Correction, Review
from reviewapp.review.page import ReviewPage, review_page
from reviewapp.review.pictures import label_map_response
from reviewapp.review.queue import queue_for, queue_rows, queue_teams
from reviewapp.review.report import report_for
from reviewapp.review.report_serializers import ReportSerializer
from reviewapp.review.selectors import (
    corrections_of,
    maps_now,
    review_for,
    reviews_for,
)
from reviewapp.review.serializers import (
    CorrectionSavedSerializer,
    DecisionMadeSerializer,
    FinishedSerializer,
    LabelMapsSerializer,
    LeaseSerializer,
    PastReviewSerializer,
    QueueSerializer,
    ReviewPageSerializer,
    RevisionSerializer,
    TakenSerializer,
)
from reviewapp.review.services import (
    case_send_to_review,
    correction_save,
    decision_make,
    decision_undo,
    review_finish,
    review_open,
    review_release,
    review_renew,
    review_take_next,
)
from reviewapp.review.standing_serializers import DecisionSerializer, label_map_urls
from reviewapp.review.states import Outcome, QueueShow
from reviewapp.review.taxonomy import taxonomy

CASES_A_PAGE = 50


def _context(review: Review) -> dict[str, Any]:
    return {"review_id": review.pk}


def _given(serializer: Any) -> Any:  # noqa: ANN401 (any serializer, validated)
    serializer.is_valid(raise_exception=True)
    return serializer


def _taken(review: Review | None) -> Response:
    url = reverse("review:review", args=[review.pk]) if review else None
    return Response({"review": review.pk if review else None, "url": url})


class QueueEndpoint(APIView):
    """The cases of one's teams that wait for a review, the most urgent first."""

    @extend_schema(
        parameters=[
            OpenApiParameter("show", enum=QueueShow.values),
            OpenApiParameter("claim_number", description="Part of the claim number."),
            OpenApiParameter("team", OpenApiTypes.UUID),
            OpenApiParameter("page", OpenApiTypes.INT),
        ],
        responses=QueueSerializer,
    )
    def get(self, request: Request) -> Response:
        user = user_of(request)
        teams = queue_teams(user)
        wanted = QueueFilterForm(request.query_params, teams=teams).wanted()
        pages = Paginator(queue_for(user, teams, wanted), CASES_A_PAGE)
        page = pages.get_page(request.query_params.get("page"))
        rows = queue_rows(list(page))
        queue = {"count": pages.count, "pages": pages.num_pages, "page": page.number}
        return Response(QueueSerializer({**queue, "results": rows}).data)


class QueueNextEndpoint(APIView):
    @extend_schema(request=None, responses=TakenSerializer)
    def post(self, request: Request) -> Response:
        return _taken(review_take_next(actor=user_of(request)))


class CaseReviewsEndpoint(ListAPIView[Review]):
    """Past and present reviews of a case; POST takes it, resumes one's own or reopens it."""

    serializer_class = PastReviewSerializer
    queryset = Review.objects.none()

    def get_queryset(self) -> Any:  # noqa: ANN401 (ListAPIView leaves it open)
        return reviews_for(user_of(self.request), self.kwargs["case_id"])

    @extend_schema(request=None, responses=TakenSerializer)
    def post(self, request: Request, case_id: UUID) -> Response:
        user = user_of(request)
        return _taken(review_open(actor=user, case=case_for(user, case_id)))


class CaseSendToReviewEndpoint(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, case_id: UUID) -> Response:
        user = user_of(request)
        case_send_to_review(actor=user, case=case_for(user, case_id))
        return Response(status=HTTPStatus.NO_CONTENT)


class ReviewEndpoint(APIView):
    @extend_schema(responses=ReviewPageSerializer)
    def get(self, request: Request, review_id: UUID) -> Response:
        user = user_of(request)
        review = review_for(user, review_id)
        page = review_page(user, review)
        return Response(ReviewPageSerializer(page, context=_context(review)).data)


class ReviewRenewEndpoint(APIView):
    @extend_schema(request=None, responses=LeaseSerializer)
    def post(self, request: Request, review_id: UUID) -> Response:
        user = user_of(request)
        review = review_renew(actor=user, review=review_for(user, review_id))
        return Response(LeaseSerializer(review).data)


class ReviewReleaseEndpoint(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, review_id: UUID) -> Response:
        user = user_of(request)
        review_release(actor=user, review=review_for(user, review_id))
        return Response(status=HTTPStatus.NO_CONTENT)


class ReviewFinishEndpoint(APIView):
    @extend_schema(request=FinishSerializer, responses=FinishedSerializer)
    def post(self, request: Request, review_id: UUID) -> Response:
        user = user_of(request)
        review = review_for(user, review_id)
        given = _given(FinishSerializer(data=request.data)).validated_data
        done = review_finish(
            actor=user, review=review, outcome=Outcome(given["outcome"]), note=given["note"]
        )
        return Response(FinishedSerializer(done).data)


class DecisionsEndpoint(APIView):
    @extend_schema(responses=DecisionSerializer(many=True))
    def get(self, request: Request, review_id: UUID) -> Response:
        user = user_of(request)
        review = review_for(user, review_id)
        page = review_page(user, review)
        return Response(
            DecisionSerializer(page.decisions, many=True, context=_context(review)).data
        )

    @extend_schema(request=DecisionDraftSerializer, responses={201: DecisionMadeSerializer})
    def post(self, request: Request, review_id: UUID) -> Response:
        user = user_of(request)
        review = review_for(user, review_id)
        draft = _given(DecisionDraftSerializer(data=request.data)).draft()
        decision = decision_make(actor=user, review=review, draft=draft)
        page = review_page(user, review, decision=decision)
        return _made(page, HTTPStatus.CREATED)


class DecisionUndoEndpoint(APIView):
    @extend_schema(request=None, responses=DecisionMadeSerializer)
    def post(self, request: Request, review_id: UUID, decision_id: UUID) -> Response:
        user = user_of(request)
        review = review_for(user, review_id)
        decision = decision_undo(actor=user, review=review, decision_id=decision_id)
        return _made(review_page(user, review, decision=decision), HTTPStatus.OK)


def _made(page: ReviewPage, status: HTTPStatus) -> Response:
    data = DecisionMadeSerializer(page, context=_context(page.review)).data
    return Response(data, status=status)


class CorrectionsEndpoint(GenericAPIView[Correction]):
    serializer_class = RevisionSerializer
    queryset = Correction.objects.none()
    parser_classes = [MultiPartParser]

    @extend_schema(responses=RevisionSerializer(many=True))
    def get(self, request: Request, photo_id: UUID) -> Response:
        revisions = corrections_of(photo_for(user_of(request), photo_id))
        return Response(RevisionSerializer(revisions, many=True).data)

    @extend_schema(
        request={"multipart/form-data": NewCorrectionSerializer},
        responses={201: CorrectionSavedSerializer},
    )
    def post(self, request: Request, photo_id: UUID) -> Response:
        user = user_of(request)
        photo = photo_for(user, photo_id)
        given = _given(NewCorrectionSerializer(data=request.data)).validated_data
        review = review_for(user, given["review"])
        done = correction_save(
            actor=user,
            review=review,
            photo=photo,
            base_revision=given["base_revision"],
            parts_map=given["parts_map"].read(),
            damage_map=given["damage_map"].read(),
        )
        page = review_page(user, review, correction=done)
        data = CorrectionSavedSerializer(page, context=_context(review)).data
        return Response(data, status=HTTPStatus.CREATED)


class LabelMapsEndpoint(APIView):
    """The current label maps of a photo, and every revision before them."""

    @extend_schema(responses=LabelMapsSerializer)
    def get(self, request: Request, photo_id: UUID) -> Response:
        photo = photo_for(user_of(request), photo_id)
        keys = maps_now(photo)
        maps = {
            "photo": photo.pk,
            "revision": keys.revision,
            "width": photo.width,
            "height": photo.height,
            "revisions": corrections_of(photo),
            **label_map_urls(photo, keys),
        }
        return Response(LabelMapsSerializer(maps).data)


class LabelMapEndpoint(APIView):
    """8-bit greyscale PNG at display size; a pixel's value is its finest class id."""

    @extend_schema(
        operation_id="photos_label_map_retrieve",
        parameters=[OpenApiParameter("layer", enum=["parts", "damage"], location="path")],
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, photo_id: UUID, revision: int, layer: str) -> HttpResponseBase:
        photo = photo_for(user_of(request), photo_id)
        return label_map_response(photo, revision, layer, request.query_params.get("v", ""))


class ReportEndpoint(APIView):
    @extend_schema(responses=ReportSerializer)
    def get(self, request: Request, case_id: UUID) -> Response:
        return Response(ReportSerializer(report_for(user_of(request), case_id)).data)


class TaxonomyEndpoint(APIView):
    """Parts and damage types with their merges, reject reasons and outcomes."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, _request: Request) -> Response:
        return Response(taxonomy())
