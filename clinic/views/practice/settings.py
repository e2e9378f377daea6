"""Topics that are one form: details, mail and reminders, keeping records, my own name; and what is measured by."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from clinic import panels, undo
from clinic.forms.practice import (
    DetailsForm,
    EditForm,
    KeepingForm,
    LogoForm,
    NameForm,
    RemindersForm,
    written,
    zone_names,
)
from clinic.models import Membership, Practice
from clinic.queries import retention as past_records
from clinic.services import logos, mail_sample, people, practices, retention
from clinic.views.practice.frame import OwnerPage, PracticePage


class FormPage(OwnerPage):
    """Reads the row, shows the form, writes what was changed."""

    form: ClassVar[type[EditForm]]
    template: ClassVar[str] = "form"
    view: ClassVar[str]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(self.form(instance=self.row()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, instance=self.row())
        done, changed = written(form, lambda: self.write(form))
        if not done:
            form.look_again()
            return self.shown(form, status=422)
        messages.success(request, "Saved." if changed else "Nothing was changed.")
        return redirect(self.view)

    def row(self) -> Any:
        return Practice.objects.get(pk=self.practice.pk)

    def write(self, form: EditForm) -> Any:
        anyway = form.cleaned_data.get("anyway", False)
        return practices.change(
            practice=self.practice, seen=form.before(), by=self.membership, anyway=anyway, **form.given()
        )

    def shown(self, form: EditForm, *, status: int = 200) -> HttpResponse:
        return self.page(self.template, {"form": form, **self.more()}, status=status)

    def more(self) -> dict[str, Any]:
        return {}


class Details(FormPage):
    topic, view, form, template = "details", "clinic:practice_details", DetailsForm, "details"

    def more(self) -> dict[str, Any]:
        return {"zones": zone_names()}


class Reminders(FormPage):
    topic, view, form, template = "reminders", "clinic:practice_reminders", RemindersForm, "reminders"

    def more(self) -> dict[str, Any]:
        return {
            "sample": mail_sample.headers(self.membership),
            "logo": logos.row_of(self.practice),
            "logo_form": LogoForm(),
        }


class SendSample(OwnerPage):
    """A mail to oneself, over the line that the reminders leave by."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        outcome = mail_sample.send(to=self.membership, by=self.membership)
        to = self.membership.user.email
        if outcome.state == "sent":
            messages.success(request, f"A mail is on its way to {to}. Look there, in the junk folder too.")
        else:
            messages.warning(request, f"The mail to {to} did not leave. {outcome.reason}".strip())
        return redirect("clinic:practice_reminders")


class PutLogo(Reminders):
    """The practice's picture; what is wrong with a file stands beside its field."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LogoForm(request.POST, request.FILES)
        done, _ = written(
            form, lambda: logos.put(practice=self.practice, content=form.cleaned_data["logo"], by=self.membership)
        )
        if not done:
            context = {"form": RemindersForm(instance=self.row()), **self.more(), "logo_form": form}
            return self.page(self.template, context, status=422)
        messages.success(request, "Your logo stands on your clients’ pages, mails and papers from now on.")
        return redirect(self.view)


class RemoveLogo(OwnerPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        logos.remove(practice=self.practice, by=self.membership)
        messages.success(request, "Your name stands where the logo stood.")
        return redirect("clinic:practice_reminders")


class MyName(FormPage):
    roles = PracticePage.roles
    topic, view, form = "me", "clinic:my_name", NameForm

    def row(self) -> Any:
        return Membership.objects.select_related("practice").get(pk=self.membership.pk)

    def write(self, form: EditForm) -> Any:
        return people.change(member=self.membership, seen=form.before(), by=self.membership, **form.given())


class Clinical(OwnerPage):
    topic = "clinical"

    def get(self, request: HttpRequest) -> HttpResponse:
        ways = self.practice.measuring.get("ways", {})
        rows = [(key.replace("_", " ").capitalize(), way) for key, way in sorted(ways.items())]
        protocol = reverse(panels.nav["protocol"].view) if "protocol" in panels.nav else ""
        return self.page("clinical", {"ways": rows, "protocol_url": protocol})


class ForgetWays(OwnerPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        practices.forget_ways(practice=self.practice, by=self.membership)
        messages.success(request, "The measuring screen begins afresh, and learns from what you measure next.")
        return redirect("clinic:practice_clinical")


class Keeping(FormPage):
    topic, view, form, template = "keeping", "clinic:practice_keeping", KeepingForm, "keeping"

    def more(self) -> dict[str, Any]:
        return {"past": past_records.past(self.practice, timezone.now()), "most": retention.MOST}


class ArchivePast(OwnerPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        count, at = retention.archive_past(practice=self.practice, by=self.membership)
        if count:
            said = f"{count} client{' is' if count == 1 else 's are'} archived. Their records stay readable."
            undo.offer(request, said, url=reverse("clinic:bring_back"), fields={"at": at.isoformat()})
        else:
            messages.info(request, "Nobody could be archived.")
        return redirect("clinic:practice_keeping")


class BringBack(OwnerPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            at = parse_datetime(request.POST.get("at", ""))
        except ValueError:
            at = None
        if at is not None and at.tzinfo:
            count, lines = retention.bring_back(practice=self.practice, archived_at=at, by=self.membership)
            messages.success(request, f"{count} {'is' if count == 1 else 'are'} back in care.")
            for line in lines:
                messages.warning(request, line)
        return redirect("clinic:practice_keeping")
