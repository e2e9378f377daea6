from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ScopedViewSet, current_membership
from clinic.api.description import NOT_THERE, described
from clinic.models import CLINICIANS
from clinic.services import audit
from treatments.models import HomeLog, Outcome, ProgrammeItem
from treatments.services import home_logs


class AnswerSerializer(serializers.ModelSerializer):
    """What the client did with one exercise on one of their calendar days."""

    programme = serializers.UUIDField(source="item.programme_id", read_only=True)

    class Meta:
        model = HomeLog
        fields = (
            "id", "practice", "client", "programme", "item", "local_date", "outcome", "word", "changed_at", "seen_at",
        )  # fmt: skip
        read_only_fields = fields


class NewAnswerSerializer(serializers.Serializer):
    item = serializers.UUIDField()
    local_date = serializers.DateField(help_text="Today or yesterday in the client's calendar.")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    word = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AnswerFilter(django_filters.FilterSet):
    programme = django_filters.UUIDFilter(field_name="item__programme")
    client = django_filters.UUIDFilter(field_name="client_id")
    date_from = django_filters.DateFilter(field_name="local_date", lookup_expr="gte")
    date_to = django_filters.DateFilter(field_name="local_date", lookup_expr="lte")

    class Meta:
        model = HomeLog
        fields = ("client", "programme", "item", "local_date", "outcome")


@described
class AdherenceViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Answers from home, newest day first. A client answers for themself, a clinician for a client of the practice."""

    model = HomeLog
    permission_classes = [IsAuthenticated]  # `visible_to` decides; clients write too
    serializer_class = AnswerSerializer
    filterset_class = AnswerFilter

    def ordering(self) -> tuple[str, ...]:
        return ("-local_date", "-id")

    def narrow(self, rows: Any) -> Any:
        return rows.select_related("item")

    @extend_schema(request=NewAnswerSerializer, responses={201: AnswerSerializer, 404: NOT_THERE})
    def create(self, request: Request) -> Response:
        """Answer an exercise of today or yesterday; the last answer of a day counts. Too painful stops it at once."""
        asked = NewAnswerSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        rows = ProgrammeItem.objects.visible_to(request.user).select_related("programme__client")
        item = get_object_or_404(rows, pk=given.pop("item"))
        answer = home_logs.log(item=item, by=self.writer(item), **given)
        return Response(self.get_serializer(answer).data, status=status.HTTP_201_CREATED)

    def writer(self, item: ProgrammeItem) -> audit.Actor:
        """The client where the log-in is theirs, else the clinician of the item's practice."""
        client = item.programme.client
        if client.user_id == self.request.user.pk:
            return client
        membership = current_membership(self.request)
        if membership is None or membership.role not in CLINICIANS or membership.practice_id != item.practice_id:
            raise PermissionDenied
        return membership
