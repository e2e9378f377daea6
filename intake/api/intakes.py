from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ScopedViewSet
from clinic.api.description import described
from clinic.models import STAFF, Client
from intake.models import IntakeRequest, IntakeResponse
from intake.services import requests


class IntakeSerializer(serializers.ModelSerializer):
    form_key = serializers.SlugField(source="form_version.key", read_only=True)
    form_number = serializers.IntegerField(source="form_version.number", read_only=True)
    answers = serializers.DictField(read_only=True, help_text="The intake part of the case document.")
    scores = serializers.DictField(
        read_only=True, help_text="By key: label, points (null while open), lowest, highest, band, open questions."
    )
    referral_because = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = IntakeResponse
        fields = [
            "id", "practice", "client", "form_key", "form_number", "answers", "completed_at", "consent_text",
            "consent_version", "signed_name", "scores", "referral_level", "referral_because", "read_at", "read_by",
        ]  # fmt: skip
        read_only_fields = fields


class ClientInCare(serializers.PrimaryKeyRelatedField):
    """A client of the practice that the caller works in."""

    def get_queryset(self) -> Any:
        return Client.objects.visible_to(self.context["request"].user).select_related("practice")


class InvitationSerializer(serializers.ModelSerializer):
    client = ClientInCare()

    class Meta:
        model = IntakeRequest
        fields = ["id", "client", "expires_at", "created_at"]
        read_only_fields = ["id", "expires_at", "created_at"]


@described
class IntakeViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Signed intakes: owners and therapists see those of their practice, a client their own.

    POST mails a client the link to the form; reception may do that too.
    """

    model = IntakeResponse
    writers = STAFF
    serializer_class = IntakeSerializer
    filterset_fields: ClassVar[list[str]] = ["client", "referral_level"]

    def narrow(self, rows: Any) -> Any:
        return rows.completed().select_related("form_version")

    @extend_schema(request=InvitationSerializer, responses={201: InvitationSerializer})
    def create(self, request: Request) -> Response:
        serializer = InvitationSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        client = serializer.validated_data["client"]
        self.check_object_permissions(request, client)  # as a colleague of that client's practice
        sent = requests.send(client=client, by=self.membership)
        return Response(InvitationSerializer(sent).data, status=status.HTTP_201_CREATED)
