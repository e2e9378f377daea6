"""Session notes over the API: the same services with the same keywords as the pages."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ScopedViewSet
from clinic.api.description import NOT_THERE, STALE, described
from clinic.figure import chart as body_chart
from clinic.models import CLINICIANS, Client, Visit
from clinic.models.base import uuid7
from treatments.models import SessionAmendment, SessionNote, SessionTechnique
from treatments.queries import sessions as read
from treatments.services import sessions
from treatments.services.sessions import Content, Row, content_of

SIDE = "left, right, both, or empty"


class StrokeSerializer(serializers.Serializer):
    """Points are thousandths of the drawing's width and height, from its upper left."""

    view = serializers.ChoiceField(list(body_chart.VIEWS))
    kind = serializers.ChoiceField(list(body_chart.KINDS))
    points = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=1000), min_length=2, max_length=2
        ),
        min_length=1,
        max_length=body_chart.MOST_POINTS,
    )


class TechniqueSerializer(serializers.ModelSerializer):
    """`technique` and `structure` are keys of the vocabulary; a draft may hold a word that isn't one yet."""

    technique = serializers.CharField(max_length=60, allow_blank=True)
    structure = serializers.CharField(max_length=60, allow_blank=True, required=False)
    side = serializers.CharField(max_length=5, allow_blank=True, required=False, help_text=SIDE)
    minutes = serializers.IntegerField(min_value=1, max_value=240, allow_null=True, required=False)
    for_side = serializers.CharField(max_length=5, allow_blank=True, required=False, help_text=SIDE)

    class Meta:
        model = SessionTechnique
        fields = ("technique", "structure", "side", "minutes", "for_finding", "for_side", "remark")


class AmendmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = SessionAmendment
        fields = ("id", "text", "in_error", "author", "created_at")


class SessionNoteSerializer(serializers.ModelSerializer):
    """`amendments` hold what was added later, why a note was given back, and why it was entered in error."""

    techniques = TechniqueSerializer(many=True)
    amendments = AmendmentSerializer(many=True)
    chart = StrokeSerializer(many=True)
    chart_in_words = serializers.SerializerMethodField()

    class Meta:
        model = SessionNote
        fields = (
            "id", "practice", "client", "visit", "assessment", "author", "held_on", "state", "revision", "subjective",
            "objective", "analysis", "plan", "pain_before", "pain_after", "chart", "chart_in_words", "techniques",
            "amendments", "signed_at", "signed_by", "cosigned_at", "cosigned_by", "created_at", "changed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_chart_in_words(self, note: SessionNote) -> list[str]:
        return body_chart.in_words(note.chart)


class ContentSerializer(serializers.Serializer):
    """What is left out of a change stays as it is."""

    held_on = serializers.DateField(required=False)
    subjective = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    objective = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    analysis = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    plan = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    pain_before = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10)
    pain_after = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10)
    chart = StrokeSerializer(many=True, required=False)
    assessment = serializers.UUIDField(required=False, allow_null=True, help_text="What was measured in this session.")
    techniques = TechniqueSerializer(many=True, required=False)


class NewNoteSerializer(ContentSerializer):
    client = serializers.UUIDField()
    visit = serializers.UUIDField(required=False, allow_null=True)


class ChangedNoteSerializer(ContentSerializer):
    revision = serializers.IntegerField(min_value=1, help_text="The one that was read; 409 when it is out of date.")


class TextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=5000)


def content_from(given: dict[str, Any], content: Content) -> Content:
    known = {name: value for name, value in given.items() if name not in ("client", "visit", "revision")}
    if "techniques" in known:
        known["techniques"] = tuple(Row(**row) for row in known["techniques"])
    if "chart" in known:
        known["chart"] = [dict(stroke) for stroke in known["chart"]]
    return replace(content, **known)


@described
class SessionNoteViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Session notes, for owners and therapists. A signed one never changes: it is amended, or entered in error."""

    model = SessionNote
    writers = CLINICIANS
    serializer_class = SessionNoteSerializer
    filterset_fields: ClassVar[list[str]] = ["client", "author", "state", "held_on", "visit"]

    def narrow(self, rows: Any) -> Any:
        return read.with_parts(rows)

    @extend_schema(request=NewNoteSerializer, responses={201: SessionNoteSerializer, 404: NOT_THERE})
    def create(self, request: Request) -> Response:
        """Start a note; somebody signs it later."""
        given = self.read(NewNoteSerializer, request)
        practice = self.membership.practice
        rows = Client.objects.visible_to(request.user).filter(practice=practice)
        client = get_object_or_404(rows.select_related("practice"), pk=given["client"])
        visits = Visit.objects.visible_to(request.user).filter(practice=practice, client=client)
        visit = get_object_or_404(visits, pk=given["visit"]) if given.get("visit") else None
        content = content_from(given, Content())
        note = sessions.save(client=client, pk=uuid7(), revision=0, content=content, by=self.membership, visit=visit)
        if note is None:
            raise ValidationError("A note needs a word, a technique, a stroke or a visit.")
        return self.answer(note.pk, status.HTTP_201_CREATED)

    @extend_schema(request=ChangedNoteSerializer, responses={200: SessionNoteSerializer, 409: STALE})
    def partial_update(self, request: Request, pk: str) -> Response:
        note = self.get_object()
        given = self.read(ChangedNoteSerializer, request)
        content = content_from(given, content_of(note))
        sessions.save(client=note.client, pk=note.pk, revision=given["revision"], content=content, by=self.membership)
        return self.answer(note.pk)

    @extend_schema(request=None, responses={200: SessionNoteSerializer})
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """By its author. A trainee's note then waits for a co-signature."""
        return self.answer(sessions.sign(note=self.get_object(), by=self.membership).pk)

    @extend_schema(request=None, responses={200: SessionNoteSerializer})
    @action(detail=True, methods=["post"])
    def cosign(self, request: Request, pk: str) -> Response:
        """By the trainee's supervisor or an owner."""
        return self.answer(sessions.cosign(note=self.get_object(), by=self.membership).pk)

    @extend_schema(request=TextSerializer, responses={200: SessionNoteSerializer})
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """To the trainee, with a word."""
        note, text = self.get_object(), self.read(TextSerializer, request)["text"]
        return self.answer(sessions.give_back(note=note, word=text, by=self.membership).pk)

    @extend_schema(request=TextSerializer, responses={200: SessionNoteSerializer})
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        note, text = self.get_object(), self.read(TextSerializer, request)["text"]
        sessions.amend(note=note, text=text, by=self.membership)
        return self.answer(note.pk)

    @extend_schema(request=TextSerializer, responses={200: SessionNoteSerializer})
    @action(detail=True, methods=["post"], url_path="entered-in-error")
    def entered_in_error(self, request: Request, pk: str) -> Response:
        note, text = self.get_object(), self.read(TextSerializer, request)["text"]
        return self.answer(sessions.mark_entered_in_error(note=note, reason=text, by=self.membership).pk)

    def read(self, serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
        asked = serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        return given

    def answer(self, pk: uuid.UUID, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data, status=code)
