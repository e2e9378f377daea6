"""The practice that the caller acts in, over the API: its facts, and the protocol that findings are made with there."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import queries
from clinic.access import ScopedViewSet
from clinic.api.clients import WallTimeField
from clinic.api.description import NOT_THERE, described
from clinic.models import Practice


class ProtocolNameSerializer(serializers.Serializer):
    """All of it is at /protocol/in-force/."""

    key = serializers.CharField()
    version = serializers.CharField()
    number = serializers.IntegerField(help_text="Of the practice's newest version; 0 for none.")


class PracticeSerializer(serializers.ModelSerializer):
    protocol = ProtocolNameSerializer()
    reminder_time = WallTimeField(read_only=True, help_text="Client's local time, unless they chose.")
    quiet_from = WallTimeField(read_only=True, help_text="No mail from here, client's local time.")
    quiet_until = WallTimeField(read_only=True)

    class Meta:
        model = Practice
        fields = [
            "id", "slug", "name", "timezone", "address", "phone", "country", "emergency_number", "reply_to",
            "mail_name", "paper", "reminder_time", "quiet_from", "quiet_until", "visit_minutes",
            "visit_reminder_hours", "reassess_after_days", "reassess_after_sessions", "keep_years", "protocol",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Practice) -> dict[str, Any]:
        now = queries.packs.in_force(instance.pk)
        instance.protocol = {"key": now.pack.key, "version": now.pack.version, "number": now.number}  # type: ignore[attr-defined]
        shown: dict[str, Any] = super().to_representation(instance)
        return shown


@described
class PracticeViewSet(ScopedViewSet):
    """The practice that the caller acts in, for those who work there; changed only on its pages."""

    model = Practice
    serializer_class = PracticeSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="practice_retrieve",
        responses={200: forced_singular_serializer(PracticeSerializer), 404: NOT_THERE},
    )
    def list(self, request: Request) -> Response:
        """Name, time zone, hours of mail, paper, what is due when; and the protocol in force."""
        if self.membership is None:
            raise Http404
        return Response(self.get_serializer(self.membership.practice).data)
