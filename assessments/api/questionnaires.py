"""Answered questionnaires over the API: the same service with the same keywords as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import queries
from assessments.api.serializers import ClientField
from assessments.api.views import OwnPractice
from assessments.models import QuestionnaireResponse
from assessments.rules.questionnaires import QUESTIONNAIRES, Comparison
from assessments.services import questionnaires
from clinic.api.description import described
from clinic.models import CLINICIANS

SHAPES = (
    'By item: nprs `{"average": 5, "worst": 7, "now": 3}`; rmdq the ticked statements `{"3": true, "17": true}`; psfs '
    '`{"activities": [{"activity": "Walk to the shop", "score": 4}]}`, three to five; groc `{"change": 5}`; score_only '
    '`{"total": 41.5}`.'
)

VERDICTS = ["improved", "worse", "within_error", "not_comparable"]


class OwnItemChangeSerializer(serializers.Serializer):
    activity = serializers.CharField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    verdict = serializers.ChoiceField(VERDICTS)


class ComparisonSerializer(serializers.Serializer):
    """An answer beside the one before it: the verdict, what it needed, and whose figure that is."""

    verdict = serializers.ChoiceField(VERDICTS)
    note = serializers.CharField()
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField()
    before_on = serializers.DateField(allow_null=True)
    after_on = serializers.DateField()
    difference = serializers.FloatField(allow_null=True)
    needed = serializers.FloatField(allow_null=True)
    called = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a word of the contract
    tag = serializers.CharField()
    recovered = serializers.BooleanField()
    remarks = serializers.ListField(child=serializers.CharField())
    activities = OwnItemChangeSerializer(many=True)


class QuestionnaireResponseSerializer(serializers.ModelSerializer):
    class Meta:
        model = QuestionnaireResponse
        fields = [
            "id", "client", "questionnaire", "version", "answered_on", "answers", "score", "name", "licence_held",
            "entered_by", "entered_in_error", "created_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"score": {"coerce_to_string": False}}


class OneResponseSerializer(QuestionnaireResponseSerializer):
    comparison = serializers.SerializerMethodField(help_text="Null for the first one, and for one entered in error.")

    class Meta(QuestionnaireResponseSerializer.Meta):
        fields = [*QuestionnaireResponseSerializer.Meta.fields, "comparison"]
        read_only_fields = fields

    @extend_schema_field(ComparisonSerializer(allow_null=True))
    def get_comparison(self, response: QuestionnaireResponse) -> dict[str, Any] | None:
        found: Comparison | None = queries.comparison_of(response)
        return ComparisonSerializer(found).data if found else None


class RecordResponseSerializer(serializers.Serializer):
    """What is sent to record an answered questionnaire; `name` and `licence_held` with `score_only`, and only there."""

    client = ClientField()
    questionnaire = serializers.ChoiceField(list(QUESTIONNAIRES))
    answered_on = serializers.DateField()
    answers = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=SHAPES)
    name = serializers.CharField(required=False, allow_blank=True, max_length=questionnaires.LONGEST_NAME, default="")
    licence_held = serializers.BooleanField(required=False, allow_null=True, default=None)


@described
class QuestionnaireViewSet(ListModelMixin, RetrieveModelMixin, OwnPractice):
    """Answered questionnaires with their scores, for owners and therapists."""

    model = QuestionnaireResponse
    writers = CLINICIANS
    serializer_class = OneResponseSerializer
    filterset_fields: ClassVar[list[str]] = ["client", "questionnaire", "answered_on", "entered_in_error"]

    def narrow(self, rows: Any) -> Any:
        return rows.select_related("client__practice")

    def get_serializer_class(self) -> Any:
        return QuestionnaireResponseSerializer if self.action == "list" else OneResponseSerializer

    @extend_schema(request=RecordResponseSerializer, responses={201: OneResponseSerializer})
    def create(self, request: Request) -> Response:
        given = self.read(RecordResponseSerializer, request)
        response = questionnaires.record(by=self.membership, **given)
        return Response(OneResponseSerializer(response).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: OneResponseSerializer})
    @action(detail=True, methods=["post"], url_path="entered-in-error")
    def entered_in_error(self, request: Request, pk: str) -> Response:
        response = questionnaires.mark_entered_in_error(response=self.get_object(), by=self.membership)
        return Response(OneResponseSerializer(response).data)
