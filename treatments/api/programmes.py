from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Assessment
from clinic.api.description import NOT_THERE, described
from clinic.models import CLINICIANS
from treatments.api.items import ItemSerializer
from treatments.api.readers import CLINICIANS_ONLY, SharedSerializer, SharedViewSet
from treatments.models import Programme, ProgrammeItem
from treatments.services import holds, programmes


class LeftOutSerializer(serializers.Serializer):
    exercise = serializers.CharField()
    side = serializers.CharField(allow_null=True)
    because = serializers.CharField()


class ProgrammeSerializer(SharedSerializer):
    for_clinicians = ("left_out",)
    items = ItemSerializer(many=True, read_only=True)
    advice = serializers.ListField(child=serializers.CharField(), read_only=True)
    left_out = LeftOutSerializer(many=True, required=False, help_text=CLINICIANS_ONLY)

    class Meta:
        model = Programme
        fields = (
            "id", "practice", "client", "assessment", "state", "starts_on", "until", "advice", "left_out", "note",
            "items", "published_at", "held_at", "ended_at", "ended_because", "created_at",
        )  # fmt: skip


class NewProgrammeSerializer(serializers.Serializer):
    assessment = serializers.UUIDField(help_text="The programme answers its accepted findings.")


class PublishSerializer(serializers.Serializer):
    """What is left out stays as it is in the draft."""

    starts_on = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, help_text="From the therapist to the client.")
    because = serializers.CharField(
        max_length=160, required=False, allow_blank=True, help_text="Why the running programme ends."
    )
    ends_today = serializers.BooleanField(
        required=False, help_text="The running programme ends today although this one starts later."
    )


class PutBackSerializer(serializers.Serializer):
    item = serializers.UUIDField(help_text="The exercise as it was known before it was removed.")


class EndSerializer(serializers.Serializer):
    because = serializers.CharField(max_length=200, required=False, default="")


@described
class ProgrammeViewSet(ListModelMixin, RetrieveModelMixin, SharedViewSet):
    """What clients do at home. Clinicians see those of their practice, a client those that were given to them,
    without what is said to therapists."""

    model = Programme
    writers = CLINICIANS
    serializer_class = ProgrammeSerializer
    filterset_fields: ClassVar[list[str]] = ["client", "assessment", "state"]

    def narrow(self, rows: Any) -> Any:
        return rows.select_related("client__practice").prefetch_related(
            Prefetch("items", ProgrammeItem.objects.order_by("place", "id"))
        )

    @extend_schema(request=NewProgrammeSerializer, responses={201: ProgrammeSerializer, 404: NOT_THERE})
    def create(self, request: Request) -> Response:
        """Draft a programme from an assessment. It has no exercises while a red flag locks."""
        asked = NewProgrammeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        mine = Assessment.objects.visible_to(request.user).filter(practice=self.membership.practice)
        assessment = get_object_or_404(mine.select_related("client__practice"), pk=asked.validated_data["assessment"])
        programme = programmes.draft(client=assessment.client, assessment=assessment, by=self.membership)
        return self.answer(programme, status.HTTP_201_CREATED)

    @extend_schema(request=PublishSerializer, responses={200: ProgrammeSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Give it to the client; the running programme is replaced."""
        asked = PublishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        programme = self.get_object()
        return self.answer(programmes.publish(programme=programme, by=self.membership, **asked.validated_data))

    @extend_schema(request=PutBackSerializer, responses={200: ProgrammeSerializer})
    @action(detail=True, methods=["post"], url_path="put-back")
    def put_back(self, request: Request, pk: str) -> Response:
        """An exercise that was removed from this draft, in its place and at its dose."""
        asked = PutBackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        programme, item = self.get_object(), str(asked.validated_data["item"])
        programmes.put_back(programme=programme, item=item, by=self.membership)
        return self.answer(programme)

    @extend_schema(request=None, responses={201: ProgrammeSerializer})
    @action(detail=True, methods=["post"], url_path="start-from")
    def start_from(self, request: Request, pk: str) -> Response:
        """A new draft with the exercises of this version; an older draft of the client makes room."""
        draft = programmes.start_from(programme=self.get_object(), by=self.membership)
        return self.answer(draft, status.HTTP_201_CREATED)

    @extend_schema(request=EndSerializer, responses={200: ProgrammeSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        asked = EndSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer(programmes.end(programme=self.get_object(), by=self.membership, **asked.validated_data))

    @extend_schema(request=None, responses={200: ProgrammeSerializer})
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """A clinician has looked at a programme that waits because of pain: it goes on today, in another version."""
        return self.answer(holds.release(programme=self.get_object(), by=self.membership))

    def answer(self, programme: Programme, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=programme.pk)).data, status=code)
