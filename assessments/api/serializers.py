"""Shapes of the API. A measurement is read by the rules, not here: every problem comes from one place."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.models import Assessment, Decision, Finding, FindingDecision, Reading
from assessments.rules import GRADES
from clinic.models import Client
from clinic.problems import InvalidInput, Problem

HALF_CHARACTER = re.compile("[\ud800-\udfff]")
TEXTS = ("measure", "side", "grade", "observed", "unit", "mode", "position", "instrument", "examiner")


class ReadingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Reading
        fields = [
            "id", "measure", "side", "value", "grade", "observed", "unit", "typed_value", "typed_unit", "mode",
            "position", "instrument", "trial", "examiner", "pelvis_controlled", "pain",
        ]  # fmt: skip
        extra_kwargs = {"value": {"coerce_to_string": False}, "typed_value": {"coerce_to_string": False}}


class BecauseSerializer(serializers.Serializer):
    measure = serializers.CharField()
    side = serializers.CharField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    grade = serializers.CharField(allow_null=True)
    observed = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    threshold = serializers.FloatField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a word of the contract
    note = serializers.CharField()


class RuleSerializer(serializers.Serializer):
    key = serializers.CharField(source="rule_key")
    version = serializers.IntegerField(source="rule_version")


class FindingSerializer(serializers.ModelSerializer):
    because = BecauseSerializer(many=True)
    rule = RuleSerializer(source="*")
    client = serializers.UUIDField(source="assessment.client_id")

    class Meta:
        model = Finding
        fields = [
            "id", "assessment", "client", "code", "side", "grade", "confidence", "because", "rule",
            "protocol_version", "evidence", "text", "client_text",
        ]  # fmt: skip


class DecisionSerializer(serializers.ModelSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    decision = serializers.ChoiceField(Decision.choices)
    grade = serializers.ChoiceField(GRADES, required=False, allow_blank=True, default="")
    text = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")

    class Meta:
        model = FindingDecision
        fields = [
            "id", "assessment", "code", "side", "decision", "reason", "grade", "text", "decided_by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["assessment", "code", "side", "decided_by", "created_at"]


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["measure"],
            "properties": {
                "measure": {"type": "string"},
                "side": {"type": "string", "enum": ["left", "right", None], "nullable": True},
                "value": {"type": "number", "nullable": True},
                "grade": {"type": "string", "nullable": True},
                "observed": {"type": "string", "nullable": True},
                "unit": {"type": "string"},
                "mode": {"type": "string", "nullable": True},
                "position": {"type": "string", "nullable": True},
                "instrument": {"type": "string", "nullable": True},
                "trial": {"type": "integer", "minimum": 1, "nullable": True},
                "examiner": {"type": "string"},
                "pelvis_controlled": {"type": "boolean", "nullable": True},
                "pain": {"type": "integer", "minimum": 0, "maximum": 10, "nullable": True},
            },
        },
    }
)
class MeasurementsField(serializers.JSONField):
    """The contract's list, as it came. JSON can escape half a character, which no database keeps."""

    def to_internal_value(self, data: Any) -> Any:
        rows = enumerate(data if isinstance(data, list) else ())
        pairs = ((index, key, text) for index, row in rows if isinstance(row, dict) for key, text in row.items())
        halves = [
            Problem(f"measurements[{index}].{key}", "has half a character in it")
            for index, key, text in pairs
            if key in TEXTS and isinstance(text, str) and HALF_CHARACTER.search(text)
        ]
        if halves:
            raise InvalidInput(halves)
        return super().to_internal_value(data)


class AssessmentSerializer(serializers.ModelSerializer):
    readings = ReadingSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "id", "client", "assessed_on", "examiner", "state", "note", "revision", "protocol_key",
            "protocol_version", "source", "signed_at", "signed_by", "created_at", "readings", "findings",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_field(OpenApiTypes.UUID)
class ClientField(serializers.PrimaryKeyRelatedField):
    """A client of the practice that the caller acts in."""

    def get_queryset(self) -> Any:
        view = self.context["view"]
        rows = Client.objects.visible_to(view.request.user).select_related("practice")
        return rows.filter(practice=view.membership.practice_id)


class RecordSerializer(serializers.Serializer):
    """What is sent to record an assessment."""

    client = ClientField()
    assessed_on = serializers.DateField()
    note = serializers.CharField(required=False, allow_blank=True, default="")
    measurements = MeasurementsField()


class ReviseSerializer(serializers.Serializer):
    """What is sent to revise a draft; `revision` is the one that was read."""

    revision = serializers.IntegerField()
    assessed_on = serializers.DateField(required=False)
    note = serializers.CharField(required=False, allow_blank=True)
    measurements = MeasurementsField()


class ChangeSerializer(serializers.Serializer):
    """One judged change, as the contract has it."""

    measure = serializers.CharField()
    side = serializers.CharField(allow_null=True)
    mode = serializers.CharField(allow_null=True)
    position = serializers.CharField(allow_null=True)
    instrument = serializers.CharField(allow_null=True)
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)
    before_date = serializers.DateField(allow_null=True)
    after_date = serializers.DateField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    mdc = serializers.FloatField(allow_null=True)
    verdict = serializers.ChoiceField(["improved", "worse", "within_error", "not_comparable"])
    note = serializers.CharField()
