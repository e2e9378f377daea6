"""The reasoning behind one assessment over the API, in the shapes of the result document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.serializers import AssessmentSerializer, BecauseSerializer
from assessments.models import Assessment
from assessments.rules import Reasoning
from assessments.services.explanation import explain


class NotFoundSerializer(serializers.Serializer):
    """A finding that is not there, and why not."""

    code = serializers.CharField()
    side = serializers.CharField(allow_null=True)
    because = BecauseSerializer(many=True)
    why = serializers.CharField()


class ContradictionSerializer(serializers.Serializer):
    key = serializers.CharField()
    level = serializers.ChoiceField(["ask", "urgent"])
    sentence = serializers.CharField()
    because = BecauseSerializer(many=True)


class MethodSerializer(serializers.Serializer):
    """The legs by one method, in mm; `side` is the shorter one, null inside the working error."""

    measure = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a word of the contract
    left = serializers.FloatField(allow_null=True)
    right = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    side = serializers.CharField(allow_null=True)
    error = serializers.FloatField()
    trials = serializers.IntegerField()
    spread = serializers.FloatField()
    examiners = serializers.ListField(child=serializers.CharField())
    reliability = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a word of the contract


class RowSerializer(serializers.Serializer):
    """A row of the decision table."""

    row = serializers.IntegerField()
    codes = serializers.ListField(child=serializers.CharField())
    pattern = serializers.CharField()
    answered = serializers.BooleanField()
    lacks = serializers.CharField()


class LegLengthSerializer(serializers.Serializer):
    methods = MethodSerializer(many=True)
    disagree = serializers.BooleanField()
    rows = RowSerializer(many=True)
    next = serializers.ListField(child=serializers.CharField())


class LiftSerializer(serializers.Serializer):
    may_be_considered = serializers.BooleanField()
    because = serializers.ListField(child=serializers.CharField())


class OneAssessmentSerializer(AssessmentSerializer):
    """With the reasoning as the result document has it, worked out again from what was kept.

    `as_then`: it leads to the findings on file, by the very protocol that made them; else it is how today's protocol or
    records show it.
    """

    as_then = serializers.SerializerMethodField()
    not_found = serializers.SerializerMethodField()
    contradictions = serializers.SerializerMethodField()
    leg_length = serializers.SerializerMethodField()
    lift = serializers.SerializerMethodField()

    class Meta(AssessmentSerializer.Meta):
        fields = [*AssessmentSerializer.Meta.fields, "as_then", "not_found", "contradictions", "leg_length", "lift"]
        read_only_fields = fields

    def to_representation(self, instance: Assessment) -> Any:
        self.explained = explain(instance)
        return super().to_representation(instance)

    @property
    def reasoning(self) -> Reasoning:
        return self.explained.reasoning

    def get_as_then(self, assessment: Assessment) -> bool:
        return self.explained.as_then

    @extend_schema_field(NotFoundSerializer(many=True))
    def get_not_found(self, assessment: Assessment) -> list[dict[str, Any]]:
        return [entry.as_dict() for entry in self.reasoning.not_found]

    @extend_schema_field(ContradictionSerializer(many=True))
    def get_contradictions(self, assessment: Assessment) -> list[dict[str, Any]]:
        return [one.as_dict() for one in self.reasoning.contradictions]

    @extend_schema_field(LegLengthSerializer(allow_null=True))
    def get_leg_length(self, assessment: Assessment) -> dict[str, Any] | None:
        return self.reasoning.ledger.as_dict() if self.reasoning.ledger else None

    @extend_schema_field(LiftSerializer)
    def get_lift(self, assessment: Assessment) -> dict[str, Any]:
        return self.reasoning.lift.as_dict()
