"""The protocol over the API: what is in force, every version of the practice, and a new one from an owner."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import queries, rules
from assessments.models import PracticePack
from assessments.services import packs
from clinic.access import ScopedViewSet
from clinic.api.description import NOT_THERE, STALE, described
from clinic.models import CLINICIANS, Role
from clinic.packs import PackError
from clinic.problems import InvalidInput, Problem

LEG_LIMITS = ("tape", "apparent", "block", "lying", "long_sitting", "imaging", "refer")


@extend_schema_field(OpenApiTypes.OBJECT)
class OverridesField(serializers.JSONField):
    """A pack without its reason, as in practice_pack.schema.json. Empty: the shipped protocol again."""


class VersionSerializer(serializers.ModelSerializer):
    overrides = OverridesField(read_only=True)

    class Meta:
        model = PracticePack
        fields = ["id", "practice", "number", "base_version", "overrides", "why", "made_by", "created_at"]
        read_only_fields = fields


class AdoptSerializer(serializers.Serializer):
    """What is sent to adopt a version; `after`: the number in force when it was thought up, 0 for none."""

    overrides = OverridesField()
    why = serializers.CharField(max_length=300)
    after = serializers.IntegerField(required=False, min_value=0)


class LimitSerializer(serializers.Serializer):
    grade = serializers.ChoiceField(["mild", "moderate", "marked"])
    below = serializers.FloatField(allow_null=True)
    at_most = serializers.FloatField(allow_null=True)
    sure_below = serializers.FloatField(allow_null=True)


class BandSerializer(serializers.Serializer):
    from_age = serializers.IntegerField()
    to_age = serializers.IntegerField(allow_null=True)
    limits = LimitSerializer(many=True)


class RuleInForceSerializer(serializers.Serializer):
    """One finding as it is raised today. `changed`: other than shipped. `tag`: V, C, U or D, as in its file."""

    key = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    changed = serializers.BooleanField()
    confidence = serializers.ChoiceField(["low", "moderate", "high"])
    evidence = serializers.ChoiceField(["supported", "partly", "weak", "traditional", "contradicted"])
    tag = serializers.ChoiceField(["V", "C", "U", "D"])
    source = serializers.CharField()  # type: ignore[assignment]  # a word of the contract
    looks_at = serializers.ListField(child=serializers.CharField())
    thresholds = serializers.DictField(child=serializers.FloatField())
    bands = BandSerializer(many=True)
    text = serializers.CharField()
    client_text = serializers.CharField()


class DetectableSerializer(serializers.Serializer):
    """The minimal detectable change of one measure, in its unit."""

    measure = serializers.CharField()
    changed = serializers.BooleanField()
    same_examiner = serializers.FloatField()
    different_examiners = serializers.FloatField(allow_null=True)
    passive = serializers.FloatField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a word of the contract
    tag = serializers.ChoiceField(["V", "C", "U", "D"])


class InForceSerializer(serializers.Serializer):
    """The protocol that findings are made with. `no_longer_fits`: why the practice's own version does not count."""

    key = serializers.CharField()
    version = serializers.CharField()
    shipped_version = serializers.CharField()
    number = serializers.IntegerField(help_text="Of the practice's newest version; 0 for none.")
    since = serializers.DateTimeField(allow_null=True)
    no_longer_fits = serializers.ListField(child=serializers.CharField())
    rules = RuleInForceSerializer(many=True)
    mdc = DetectableSerializer(many=True)
    leg_length = serializers.DictField(child=serializers.FloatField(), help_text="Limits of the table, in mm.")


def in_force_document(now: queries.packs.InForce) -> dict[str, Any]:
    pack = now.pack
    return {
        "key": pack.key,
        "version": pack.version,
        "shipped_version": rules.PACK.version,
        "number": now.number,
        "since": now.row.created_at if now.row else None,
        "no_longer_fits": list(now.lines),
        "rules": [{**asdict(rule), "changed": rule != rules.PACK.rules[key]} for key, rule in pack.rules.items()],
        "mdc": [
            {"measure": key, "changed": change != rules.PACK.changes[key], **asdict(change)}
            for key, change in pack.changes.items()
        ],
        "leg_length": {name: pack.leg[name] for name in LEG_LIMITS},
    }


@described
class ProtocolViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Versions of the practice's own protocol, newest first; owners adopt, clinicians read."""

    model = PracticePack
    writers = frozenset({Role.OWNER})
    serializer_class = VersionSerializer

    @extend_schema(request=AdoptSerializer, responses={201: VersionSerializer, 409: STALE})
    def create(self, request: Request) -> Response:
        """A new version, in force from now on. It takes the place of the one before as a whole."""
        reader = AdoptSerializer(data=request.data, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        try:
            row = packs.adopt(practice=self.membership.practice, by=self.membership, **reader.validated_data)
        except PackError as broken:
            raise InvalidInput([Problem("overrides", line.removeprefix("pack: ")) for line in broken.lines]) from broken
        return Response(VersionSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: InForceSerializer, 404: NOT_THERE}, filters=False)
    @action(detail=False, url_path="in-force", pagination_class=None)
    def in_force(self, request: Request) -> Response:
        """What findings are made with today in the practice that the caller acts in."""
        if self.membership is None or self.membership.role not in CLINICIANS:
            raise Http404
        now = queries.packs.in_force(self.membership.practice_id)
        return Response(InForceSerializer(in_force_document(now)).data)
