from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from phonenumber_field import serializerfields
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ScopedViewSet
from clinic.api.description import described
from clinic.models import STAFF, Client, Membership
from clinic.services import clients


class ColleagueField(serializers.PrimaryKeyRelatedField):
    """Somebody who works at the practice that the caller acts in."""

    def get_queryset(self) -> Any:
        return Membership.objects.filter(practice=self.context["view"].membership.practice_id)


@extend_schema_field(
    {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", "example": "18:00"}
)
class WallTimeField(serializers.TimeField):
    """A time on the client's own clock; an offset would say something else and is refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **options)


@extend_schema_field({"type": "string", "example": "+49 30 1234567"})
class PhoneField(serializerfields.PhoneNumberField):
    """Answered as +4930…; read as it is written in the country of the practice, or with the prefix of another."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "No phone number: write it as in the country of the practice, or like +49 30 1234567."
    }

    def to_internal_value(self, data: Any) -> Any:
        membership = getattr(self.context.get("view"), "membership", None)
        self.region = membership.practice.country or None if membership else None
        return super().to_internal_value(data) or ""


class ClientSerializer(serializers.ModelSerializer):
    therapist = ColleagueField(required=False, allow_null=True)
    phone = PhoneField(required=False, allow_blank=True)
    reminder_time = WallTimeField(required=False, allow_null=True, help_text="Empty: as the practice has it.")

    class Meta:
        model = Client
        fields = ["id", "practice", "ref", *clients.EDITABLE, "email_refused_at", "archived_at", "created_at"]
        read_only_fields = ["practice", "email_refused_at", "archived_at", "created_at"]
        extra_kwargs: ClassVar[dict[str, Any]] = {"ref": {"required": False}}
        validators: ClassVar[list[Any]] = []  # the service checks; it knows the practice


@described
class ClientViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """The people in care. Reception, therapists and owners see those of their practice; a client sees themself."""

    model = Client
    writers = STAFF
    serializer_class = ClientSerializer
    filterset_fields: ClassVar[list[str]] = ["ref", "therapist", "email"]

    @extend_schema(responses={201: ClientSerializer})
    def create(self, request: Request) -> Response:
        given = self.given(request)
        client = clients.add(practice=self.membership.practice, by=self.membership, **given)
        return Response(self.get_serializer(client).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: ClientSerializer})
    def partial_update(self, request: Request, pk: str) -> Response:
        client = self.get_object()
        given = self.given(request, instance=client, partial=True)
        given.pop("ref", None)  # a reference never changes
        clients.change(client=client, by=self.membership, **given)
        return Response(self.get_serializer(client).data)

    @extend_schema(request=None, responses={200: ClientSerializer})
    @action(detail=True, methods=["post"], url_path="refuse-mail")
    def refuse_mail(self, request: Request, pk: str) -> Response:
        """The client withdrew their consent: no mail of any kind leaves any more."""
        client = clients.refuse_mail(client=self.get_object(), by=self.membership)
        return Response(self.get_serializer(client).data)

    @extend_schema(request=None, responses={200: ClientSerializer})
    @action(detail=True, methods=["post"], url_path="allow-mail")
    def allow_mail(self, request: Request, pk: str) -> Response:
        """The client consented to mail again; stopped or paused reminders stay so."""
        client = clients.allow_mail(client=self.get_object(), by=self.membership)
        return Response(self.get_serializer(client).data)

    def given(self, request: Request, **options: Any) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data, **options)
        serializer.is_valid(raise_exception=True)
        validated: dict[str, Any] = serializer.validated_data
        return validated
