"""Assessments and findings over the API: the same services with the same keywords as the pages."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django_filters.rest_framework import FilterSet, UUIDFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from assessments import queries
from assessments.api.reasoning import OneAssessmentSerializer
from assessments.api.serializers import (
    AssessmentSerializer,
    ChangeSerializer,
    DecisionSerializer,
    FindingSerializer,
    RecordSerializer,
    ReviseSerializer,
)
from assessments.models import Assessment, Finding
from assessments.services import assessments
from clinic.access import ScopedViewSet
from clinic.api.description import NOT_THERE, STALE, described
from clinic.models import CLINICIANS, Client, Membership

CLIENT = OpenApiParameter("client", OpenApiTypes.UUID, required=True, description="Whose changes.")


class OwnPractice(ScopedViewSet):
    """A write acts in the practice of the row: its membership there says as whom."""

    def writer_of(self, row: Assessment | Finding) -> Membership:
        membership = self.clinician_at().filter(practice_id=row.practice_id).first()
        if membership is None:
            raise Http404
        return membership

    def clinician_at(self) -> Any:
        """The caller's memberships as a clinician."""
        return Membership.objects.filter(user_id=self.request.user.pk or 0, is_active=True, role__in=CLINICIANS)

    def read(self, serializer: type[Serializer], request: Request) -> dict[str, Any]:
        reader = serializer(data=request.data, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        given: dict[str, Any] = reader.validated_data
        return given


@described
class AssessmentViewSet(ListModelMixin, RetrieveModelMixin, OwnPractice):
    """Assessments with their readings and findings, for owners and therapists; a single one with its reasoning."""

    model = Assessment
    writers = CLINICIANS
    filterset_fields: ClassVar[list[str]] = ["client", "state", "assessed_on"]

    def narrow(self, rows: Any) -> Any:
        return queries.with_parts(rows)

    def get_serializer_class(self) -> type[Serializer]:
        return AssessmentSerializer if self.action == "list" else OneAssessmentSerializer

    def shown(self, assessment: Assessment, code: int = status.HTTP_200_OK) -> Response:
        fresh = queries.with_parts(Assessment.objects.filter(pk=assessment.pk)).get()
        return Response(self.get_serializer(fresh).data, status=code)

    @extend_schema(request=RecordSerializer, responses={201: OneAssessmentSerializer})
    def create(self, request: Request) -> Response:
        given = self.read(RecordSerializer, request)
        assessment = assessments.record(by=self.membership, source="api", **given)
        return self.shown(assessment, status.HTTP_201_CREATED)

    @extend_schema(request=ReviseSerializer, responses={200: OneAssessmentSerializer, 409: STALE})
    def update(self, request: Request, pk: str) -> Response:
        assessment = self.get_object()
        given = self.read(ReviseSerializer, request)
        return self.shown(assessments.revise(assessment=assessment, by=self.writer_of(assessment), **given))

    @extend_schema(request=None, responses={200: OneAssessmentSerializer})
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        assessment = self.get_object()
        return self.shown(assessments.sign(assessment=assessment, by=self.writer_of(assessment)))

    @extend_schema(request=None, responses={200: OneAssessmentSerializer})
    @action(detail=True, methods=["post"], url_path="entered-in-error")
    def entered_in_error(self, request: Request, pk: str) -> Response:
        assessment = self.get_object()
        return self.shown(assessments.mark_entered_in_error(assessment=assessment, by=self.writer_of(assessment)))

    @extend_schema(parameters=[CLIENT], responses={200: ChangeSerializer(many=True), 404: NOT_THERE}, filters=False)
    @action(detail=False, pagination_class=None)
    def changes(self, request: Request) -> Response:
        """What changed between signed assessments of one client, oldest first."""
        found = queries.changes(self.client_of(request.query_params.get("client", "")))
        return Response(ChangeSerializer(found, many=True).data)

    def client_of(self, text: str) -> Client:
        """A client whose assessments the caller may see; anybody else's is 404."""
        try:
            wanted = uuid.UUID(text)
        except ValueError:
            raise Http404 from None
        practices = self.clinician_at().values("practice")
        client = Client.objects.filter(pk=wanted, practice__in=practices).first()
        if client is None:
            raise Http404
        return client


class FindingFilter(FilterSet):
    client = UUIDFilter("assessment__client")

    class Meta:
        model = Finding
        fields: ClassVar[list[str]] = ["assessment", "code", "client"]


@described
class FindingViewSet(ListModelMixin, RetrieveModelMixin, OwnPractice):
    """What the rules made of the readings, and the therapist's word on it."""

    model = Finding
    writers = CLINICIANS
    serializer_class = FindingSerializer
    filterset_class = FindingFilter

    def narrow(self, rows: Any) -> Any:
        return rows.select_related("assessment")

    @extend_schema(request=DecisionSerializer, responses={200: DecisionSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        finding = self.get_object()
        said = self.read(DecisionSerializer, request)
        decision = assessments.decide(finding=finding, by=self.writer_of(finding), **said)
        return Response(DecisionSerializer(decision).data)
