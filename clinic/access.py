"""Doors that start from nothing: the base classes of every page and every API viewset.

A page names the roles that may enter. Whoever has no log-in is asked for it; whoever works in none of the roles gets
403; a row that is not theirs is 404, exactly like a row that does not exist.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views import View
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from clinic.models import CLINICIANS, STAFF, Client, Membership, Practice, Role
from clinic.queries.logins import is_ours

SESSION_KEY = "practice"


def memberships_of(user: Any) -> list[Membership]:
    """Where `user` works, with the practice; empty for clients and strangers."""
    if not user.is_active or user.pk is None:
        return []
    rows = Membership.objects.filter(user=user, is_active=True).select_related("practice").order_by("practice__name")
    return list(rows)


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership that this request acts in: the chosen practice, else the first. Read once a request."""
    if not hasattr(request, "_membership"):
        mine = memberships_of(request.user)
        chosen = str(request.session.get(SESSION_KEY, ""))
        request._membership = next((row for row in mine if str(row.practice_id) == chosen), mine[0] if mine else None)  # type: ignore[attr-defined]
    return request._membership  # type: ignore[attr-defined]


class StaffView(AccessMixin, View):
    """A page for people who work at a practice, in one of `roles`. `self.membership` says as whom."""

    roles: ClassVar[frozenset[Role]] = STAFF
    membership: Membership

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        membership = current_membership(request)
        if membership is None or membership.role not in self.roles:
            raise PermissionDenied
        self.membership = membership
        return super().dispatch(request, *args, **kwargs)

    @property
    def practice(self) -> Practice:
        return self.membership.practice

    def visible(self, model: type[models.Model]) -> Any:
        """The rows of `model` in the current practice that this user may see."""
        return model._default_manager.visible_to(self.request.user).filter(practice=self.practice)  # type: ignore[attr-defined]

    def get_or_404(self, model: type[models.Model], pk: Any, **kwargs: Any) -> Any:
        return get_object_or_404(self.visible(model), pk=pk, **kwargs)

    def get_client(self, pk: Any) -> Client:
        client: Client = get_object_or_404(self.visible(Client).select_related("practice", "therapist"), pk=pk)
        return client


class ClinicianView(StaffView):
    """A page with health data: owners and therapists."""

    roles = CLINICIANS


class StaffWrites(BasePermission):
    """Reading is limited by `visible_to`; writing needs a membership in one of the viewset's `writers`, and for a row
    in the practice of that row. A client's passkey opens their page and nothing here."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated or is_ours(request.user):
            return False
        return request.method in SAFE_METHODS or may_write(current_membership(request._request), view)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        if request.method in SAFE_METHODS:
            return True
        there = [row for row in memberships_of(request.user) if row.practice_id == obj.practice_id]
        view.membership = there[0] if there else None
        return may_write(view.membership, view)


def may_write(membership: Membership | None, view: Any) -> bool:
    return membership is not None and membership.role in view.writers


class ScopedViewSet(GenericViewSet):
    """Base of every API viewset. `model` names the rows; `writers` who may write; nothing is visible by default.

    `self.membership` is as whom somebody writes: in the practice of the row, or for a new row in the chosen practice.
    """

    model: ClassVar[type[models.Model]]
    writers: ClassVar[frozenset[Role]] = frozenset()
    membership: Membership
    permission_classes = [StaffWrites]
    lookup_value_regex = "[^/]+"  # an id with a dot in it is an unknown row, too

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not hasattr(self, "membership"):
            self.membership = current_membership(request._request)  # type: ignore[assignment]

    def get_queryset(self) -> Any:
        rows = self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]
        return self.narrow(rows.order_by(*self.ordering()))

    def narrow(self, rows: Any) -> Any:
        """Place for `select_related` and the like."""
        return rows

    def ordering(self) -> tuple[str, ...]:
        return ("-id",)
