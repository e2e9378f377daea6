"""Who works here: adding, changing, handing over, leaving."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clinic import undo
from clinic.forms.practice import HandOverForm, MemberForm, NewMemberForm, written
from clinic.models import Membership
from clinic.queries import practice as queries
from clinic.services import people
from clinic.services.people import HandedOver
from clinic.views.practice.frame import OwnerPage
from clinic.views.practice.welcome import welcome

SHOWN = 20
NO_MAIL = "The mail to {name} did not leave. Send the link again when mail works."


def counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


class PeoplePage(OwnerPage):
    topic = "people"

    def member(self, pk: uuid.UUID) -> Membership:
        member: Membership = self.get_or_404(Membership, pk)
        return member

    def say_sent(self, member: Membership, *, added: bool = False) -> None:
        first = f"{member} works here now. " if added else ""
        if welcome(self.request, member):
            messages.success(self.request, f"{first}A mail with a link is on its way to {member.user.email}.")
        else:
            messages.warning(self.request, first + NO_MAIL.format(name=member))


class People(PeoplePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(NewMemberForm(practice=self.practice))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewMemberForm(request.POST, practice=self.practice)
        _done, member = written(
            form, lambda: people.add(practice=self.practice, by=self.membership, **form.cleaned_data)
        )
        if member is None:
            return self.shown(form, status=422)
        self.say_sent(member, added=True)
        return redirect("clinic:people")

    def shown(self, form: NewMemberForm, *, status: int = 200) -> HttpResponse:
        return self.page("people", {"form": form, "members": queries.members(self.practice)}, status=status)


class ChangeMember(PeoplePage):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        member = self.member(pk)
        return self.shown(member, MemberForm(instance=member))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        member = self.member(pk)
        form = MemberForm(request.POST, instance=member)
        done, _member = written(
            form,
            lambda: people.change(member=member, seen=form.before(), by=self.membership, **form.given()),
        )
        if not done:
            form.look_again()
            return self.shown(member, form, status=422)
        messages.success(request, "Saved.")
        return redirect("clinic:people")

    def shown(self, member: Membership, form: MemberForm, *, status: int = 200) -> HttpResponse:
        return self.page("member", {"member": member, "form": form}, status=status)


class Invite(PeoplePage):
    """The link once more; the old one stays good until its time is over."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.say_sent(self.member(pk))
        return redirect("clinic:people")


class Leave(PeoplePage):
    """What happens to clients and visits, who takes over, and the end of access. `only`: hand over, stay."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        member = self.member(pk)
        return self.shown(member, HandOverForm(member=member))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        member = self.member(pk)
        form = HandOverForm(request.POST, member=member)
        done, handed = written(form, lambda: self.write(member, form))
        if not done or handed is None:
            return self.shown(member, form, status=422)
        self.say(member, form, handed)
        return redirect("clinic:people")

    def write(self, member: Membership, form: HandOverForm) -> HandedOver:
        to = form.cleaned_data["to"]
        if "only" not in self.request.POST:
            return people.leave(member=member, to=to, by=self.membership)
        if to is None:
            raise ValidationError({"to": ["Choose who takes over."]})
        return people.hand_over(member=member, to=to, by=self.membership)

    def say(self, member: Membership, form: HandOverForm, handed: HandedOver) -> None:
        to = form.cleaned_data["to"]
        clients, visits = counted(handed.clients, "client"), counted(handed.visits, "visit")
        said = f"{to} has {clients} and {visits} of {member} now." if to else ""
        if "only" in self.request.POST:
            messages.success(self.request, said)
        else:
            left = f"{member} gets in no more. {said}".strip()
            undo.offer(self.request, left, url=reverse("clinic:come_back", args=[member.pk]), label="Let back in")
        if handed.stay:
            stay = f"{counted(handed.stay, 'visit')} {'stays' if handed.stay == 1 else 'stay'}"
            line = f"{stay} with {member}: {to} has somebody else then. Move or cancel what is left."
            messages.warning(self.request, line)

    def shown(self, member: Membership, form: HandOverForm, *, status: int = 200) -> HttpResponse:
        ahead = queries.ahead(member)
        context = {
            "member": member, "form": form, "ahead": ahead[:SHOWN], "ahead_count": ahead.count(),
            "care_count": queries.clients_of(member), "zone": self.practice.zone,
            "trainees": Membership.objects.filter(supervisor=member, is_active=True),
        }  # fmt: skip
        return self.page("leave", context, status=status)


class ComeBack(PeoplePage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        member = people.come_back(member=self.member(pk), by=self.membership)
        messages.success(request, f"{member} gets in again.")
        return redirect("clinic:people")
