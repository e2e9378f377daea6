"""What clients and the practice write to each other, over the API: the same services as the pages."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django_filters.rest_framework import BooleanFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ScopedViewSet
from clinic.api.description import described
from clinic.api.visits import OwnField
from clinic.models import STAFF, Client, Message
from clinic.services import messages

ONCE = "Made by the sender: a message that comes twice with the same key and words is kept once."


class MessageSerializer(serializers.ModelSerializer):
    """`written_by` null: the client wrote it. `read_at`, `read_by`: by the other side."""

    class Meta:
        model = Message
        fields = ["id", "practice", "client", "written_by", "text", "sent_key", "created_at", "read_at", "read_by"]
        read_only_fields = fields


class WriteSerializer(serializers.Serializer):
    client = OwnField(model=Client)
    text = serializers.CharField(max_length=messages.LONGEST)
    sent_key = serializers.UUIDField(required=False, help_text=ONCE)


class MessageFilter(FilterSet):
    """`unread`: nobody of the other side has read it."""

    unread = BooleanFilter("read_at", lookup_expr="isnull")
    from_client = BooleanFilter("written_by", lookup_expr="isnull")

    class Meta:
        model = Message
        fields: ClassVar[list[str]] = ["client", "unread", "from_client"]


@described
class MessageViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Messages, newest first: those of the practice for the staff, their own for a client. Not for emergencies."""

    model = Message
    writers = STAFF
    serializer_class = MessageSerializer
    filterset_class = MessageFilter

    def narrow(self, rows: Any) -> Any:
        return rows if self.action == "list" else rows.select_related("client__practice")

    def ordering(self) -> tuple[str, ...]:
        return ("-created_at", "-id")

    @extend_schema(request=WriteSerializer, responses={201: MessageSerializer})
    def create(self, request: Request) -> Response:
        """The practice writes to a client, who hears of it by a mail that does not say what."""
        reader = WriteSerializer(data=request.data, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        given: dict[str, Any] = {"sent_key": uuid.uuid4(), **reader.validated_data}
        message = messages.write(by=self.membership, **given)
        return Response(self.get_serializer(message).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: MessageSerializer})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Somebody of the practice has read what the client wrote; for the practice's own it changes nothing."""
        message = self.get_object()
        messages.mark_read(client=message.client, messages=[message.pk], by=self.membership)
        message.refresh_from_db()
        return Response(self.get_serializer(message).data)
