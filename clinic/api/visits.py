"""The diary over the API: the same services with the same keywords as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django_filters.rest_framework import FilterSet, IsoDateTimeFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ScopedViewSet
from clinic.api.description import STALE, described
from clinic.models import STAFF, Client, Membership, Purpose, Room, Visit
from clinic.services import visits

ANYWAY = "Also outside hours, during an absence, in the past, or while the client has another visit."
TIMES = ["therapist", "room", "starts_at", "ends_at", "purpose", "note"]


class OwnField(serializers.PrimaryKeyRelatedField):
    """A row of the practice that the caller acts in."""

    def __init__(self, *, model: Any = None, **options: Any) -> None:
        self.model = model
        super().__init__(**({} if options.get("read_only") else {"queryset": model.objects.none()}), **options)

    def get_queryset(self) -> Any:
        return self.model.objects.filter(practice=self.context["view"].membership.practice_id)


class VisitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Visit
        fields = [
            "id", "practice", "client", *TIMES, "state", "state_because", "revision", "booked_by", "created_at",
            "changed_at",
        ]  # fmt: skip
        read_only_fields = fields


class TimesSerializer(serializers.Serializer):
    therapist = OwnField(model=Membership)
    room = OwnField(model=Room, required=False, allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    purpose = serializers.ChoiceField(Purpose.choices, required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    anyway = serializers.BooleanField(required=False, help_text=ANYWAY)


class BookSerializer(TimesSerializer):
    client = OwnField(model=Client)


class MoveSerializer(TimesSerializer):
    """What is left out stays as it is."""

    revision = serializers.IntegerField(min_value=1, help_text="The one that you saw; a stale one is refused by 409.")

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name in TIMES:
            fields[name].required = False
        return fields


class RevisionSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=1, help_text="The one that you saw; a stale one is refused by 409.")


class BecauseSerializer(RevisionSerializer):
    because = serializers.CharField(max_length=200, required=False, allow_blank=True)


class VisitFilter(FilterSet):
    """`after` and `before`: visits that touch the time from one instant to the other."""

    after = IsoDateTimeFilter("ends_at", lookup_expr="gt")
    before = IsoDateTimeFilter("starts_at", lookup_expr="lt")

    class Meta:
        model = Visit
        fields: ClassVar[list[str]] = ["client", "therapist", "room", "state", "after", "before"]


@described
class VisitViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Who comes when, to whom and where, for the staff of a practice."""

    model = Visit
    writers = STAFF
    serializer_class = VisitSerializer
    filterset_class = VisitFilter

    def ordering(self) -> tuple[str, ...]:
        return ("starts_at", "id")

    @extend_schema(request=BookSerializer, responses={201: VisitSerializer})
    def create(self, request: Request) -> Response:
        visit = visits.book(by=self.membership, **self.given(BookSerializer, request))
        return Response(self.get_serializer(visit).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MoveSerializer, responses={200: VisitSerializer, 409: STALE})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Another time, place or therapist. A visit that is over is restored first."""
        visit = self.get_object()
        moved = visits.move(visit=visit, by=self.membership, **self.given(MoveSerializer, request))
        return Response(self.get_serializer(moved).data)

    @extend_schema(request=BecauseSerializer, responses={200: VisitSerializer, 409: STALE})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Its time is free again."""
        return self.becomes(visits.cancel, BecauseSerializer, request)

    @extend_schema(request=BecauseSerializer, responses={200: VisitSerializer, 409: STALE})
    @action(detail=True, methods=["post"], url_path="no-show")
    def no_show(self, request: Request, pk: str) -> Response:
        """Nobody came; on its day or later."""
        return self.becomes(visits.no_show, BecauseSerializer, request)

    @extend_schema(request=RevisionSerializer, responses={200: VisitSerializer, 409: STALE})
    @action(detail=True, methods=["post"])
    def came(self, request: Request, pk: str) -> Response:
        """The client was there; on its day or later."""
        return self.becomes(visits.came, RevisionSerializer, request)

    @extend_schema(request=RevisionSerializer, responses={200: VisitSerializer, 409: STALE})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Booked again, unless somebody else has its time."""
        return self.becomes(visits.restore, RevisionSerializer, request)

    def becomes(self, write: Any, serializer: type[serializers.Serializer], request: Request) -> Response:
        visit = self.get_object()
        changed = write(visit=visit, by=self.membership, **self.given(serializer, request))
        return Response(self.get_serializer(changed).data)

    def given(self, serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
        reader = serializer(data=request.data, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        validated: dict[str, Any] = reader.validated_data
        return validated
