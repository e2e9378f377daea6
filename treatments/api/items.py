from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.api.description import NOT_THERE, described
from clinic.models import CLINICIANS
from treatments.api.readers import CLINICIANS_ONLY, SharedSerializer, SharedViewSet
from treatments.models import Programme, ProgrammeItem
from treatments.services import programmes


class SuggestedSerializer(serializers.Serializer):
    """What planning suggested, before a clinician changed it."""

    side = serializers.CharField(allow_blank=True)
    hold_seconds = serializers.IntegerField(allow_null=True)
    repetitions = serializers.IntegerField(allow_null=True)
    sets = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)
    weekdays = serializers.ListField(child=serializers.IntegerField())


class ItemSerializer(SharedSerializer):
    """One exercise, by its key in the library; no side of a sided exercise means both."""

    for_clinicians = ("suggested", "for_findings", "because")
    suggested = SuggestedSerializer(required=False, allow_null=True, help_text=CLINICIANS_ONLY)
    changes = serializers.ListField(child=serializers.CharField(), read_only=True)
    for_findings = serializers.ListField(child=serializers.CharField(), required=False, help_text=CLINICIANS_ONLY)
    because = serializers.CharField(required=False, help_text=f"From finding to exercise to dose. {CLINICIANS_ONLY}")

    class Meta:
        model = ProgrammeItem
        fields = (
            "id", "programme", "exercise", "kind", "target", "side", "hold_seconds", "repetitions", "sets", "minutes",
            "weekdays", "changes", "for_findings", "because", "maintenance", "suggested", "stopped_at",
            "stopped_because",
        )  # fmt: skip


class DoseSerializer(serializers.Serializer):
    """Side, dose and days; what is left out stays. `reason`: why it is right here although something forbids it."""

    side = serializers.ChoiceField(["", "left", "right"], required=False)
    hold_seconds = serializers.IntegerField(required=False, allow_null=True)
    repetitions = serializers.IntegerField(required=False, allow_null=True)
    sets = serializers.IntegerField(required=False)
    minutes = serializers.IntegerField(required=False, allow_null=True)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), required=False, max_length=7
    )
    reason = serializers.CharField(required=False, max_length=300)


class AddSerializer(DoseSerializer):
    programme = serializers.UUIDField()
    exercise = serializers.CharField(max_length=60)
    to = serializers.IntegerField(
        required=False, min_value=0, max_value=99, help_text="Place in the order, 0: first. Left out: last."
    )


class MoveSerializer(serializers.Serializer):
    to = serializers.IntegerField(
        min_value=0, max_value=99, help_text="Place in the order, 0: first; what lies outside is the end."
    )


class RemoveSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


@described
class ItemViewSet(RetrieveModelMixin, SharedViewSet):
    """Exercises of a draft: add, change, take out with a reason. What was changed stays when the draft is made anew."""

    model = ProgrammeItem
    writers = CLINICIANS
    serializer_class = ItemSerializer

    def narrow(self, rows: Any) -> Any:
        return rows.select_related("programme__client__practice", "programme__assessment")

    @extend_schema(request=AddSerializer, responses={201: ItemSerializer, 404: NOT_THERE})
    def create(self, request: Request) -> Response:
        """Add an exercise of the library, at its usual dose unless given."""
        asked = self.read(AddSerializer, request)
        mine = Programme.objects.visible_to(request.user).filter(practice=self.membership.practice)
        rows = mine.select_related("client__practice", "assessment")
        programme = get_object_or_404(rows, pk=asked.pop("programme"))
        item = programmes.add_item(programme=programme, by=self.membership, **asked)
        return Response(self.get_serializer(item).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DoseSerializer, responses={200: ItemSerializer})
    def partial_update(self, request: Request, pk: str) -> Response:
        item = self.get_object()
        return self.shown(programmes.change_item(item=item, by=self.membership, **self.read(DoseSerializer, request)))

    @extend_schema(request=RemoveSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Take it out; who did it and why stays with the programme."""
        item = self.get_object()
        programmes.remove_item(item=item, by=self.membership, **self.read(RemoveSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=MoveSerializer, responses={200: ItemSerializer})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """To another place in the order; the others make room."""
        item = self.get_object()
        return self.shown(programmes.move_item(item=item, by=self.membership, **self.read(MoveSerializer, request)))

    def read(self, serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
        asked = serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        return given

    def shown(self, item: ProgrammeItem) -> Response:
        return Response(self.get_serializer(item).data)
