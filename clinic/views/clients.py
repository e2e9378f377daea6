from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clinic import undo
from clinic.access import ClinicianView, StaffView
from clinic.forms import ClearAlertForm, ClientForm, attempt
from clinic.models import AuditEntry, Client, Role, SafetyAlert
from clinic.queries import duplicates
from clinic.queries.reminders import is_locked, reminders_of
from clinic.services import clients, logins, safety

A_WEEK = datetime.timedelta(days=7)
A_YEAR = datetime.timedelta(days=366)


class AddClient(StaffView):
    def get(self, request: HttpRequest) -> HttpResponse:
        mine = self.membership if self.membership.role == Role.THERAPIST else None
        return self.page(ClientForm(practice=self.practice, initial={"therapist": mine}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClientForm(request.POST, practice=self.practice)
        if form.is_valid() and not request.POST.get("anyway") and (known := duplicates.perhaps(form.instance)):
            return self.page(form, status=422, alike=known)
        client = attempt(form, lambda: clients.add(practice=self.practice, by=self.membership, **form.cleaned_data))
        if client is None:
            return self.page(form, status=422)
        messages.success(request, f"{client} is now in your care as {client.ref}.")
        return redirect("clinic:client", client.pk)

    def page(self, form: ClientForm, status: int = 200, alike: Sequence[duplicates.Alike] = ()) -> HttpResponse:
        """`alike`: who may be the same person; the form then has a button to add them anyway."""
        return render(self.request, "clinic/client_form.html", {"form": form, "alike": alike}, status=status)


class ChangeClient(StaffView):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        return self.page(client, ClientForm(instance=client, practice=self.practice))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        form = ClientForm(request.POST, instance=client, practice=self.practice)
        if attempt(form, lambda: clients.change(client=client, by=self.membership, **form.cleaned_data)) is None:
            return self.page(self.get_client(pk), form, status=422)
        messages.success(request, "Saved.")
        return redirect("clinic:client", client.pk)

    def page(self, client: Client, form: ClientForm, status: int = 200) -> HttpResponse:
        return render(self.request, "clinic/client_form.html", {"form": form, "client": client}, status=status)


class _OneWrite(StaffView):
    """A POST that changes one thing about a client, then back to the record."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        try:
            self.write(client)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect("clinic:client", client.pk)

    def write(self, client: Client) -> None:
        raise NotImplementedError

    def offer(self, text: str, page: str, client: Client, **fields: str) -> None:
        undo.offer(self.request, text, url=reverse(f"clinic:{page}", args=[client.pk]), fields=fields)


class ArchiveClient(_OneWrite):
    def write(self, client: Client) -> None:
        clients.archive(client=client, by=self.membership)
        self.offer(f"{client} is archived: nothing is deleted, reminders have ended.", "restore_client", client)


class RestoreClient(_OneWrite):
    def write(self, client: Client) -> None:
        clients.restore(client=client, by=self.membership)
        self.offer(f"{client} is in your care again.", "archive_client", client)


class RemovePasskeys(_OneWrite):
    """A client lost their phone, or somebody else made a passkey by their link."""

    def write(self, client: Client) -> None:
        logins.remove_all(client=client, by=self.membership)
        messages.success(self.request, f"No passkey opens the page of {client} any more. Their link works as before.")


class StopReminders(_OneWrite):
    """A client said on the phone that they want no reminders."""

    def write(self, client: Client) -> None:
        paused = client.reminders_paused_until if client.reminders_paused else None
        clients.stop_reminders(client=client, by=self.membership)
        page, fields = ("pause_reminders", {"until": paused.isoformat()}) if paused else ("start_reminders", {})
        self.offer(f"Reminders to {client} are stopped.", page, client, **fields)


class PauseReminders(_OneWrite):
    """`until`: a day; without one, for a week."""

    def write(self, client: Client) -> None:
        asked = self.request.POST.get("until")
        until = parsed_day(asked) if asked else client.today + A_WEEK
        if not client.today < until <= client.today + A_YEAR:
            raise ValidationError("Reminders pause until a day within the next year.")
        clients.pause_reminders(client=client, until=until, by=self.membership, instead_of_stop=True)
        self.offer(f"Reminders to {client} pause until {until.day} {until:%B}.", "start_reminders", client)


class StartReminders(_OneWrite):
    """A client asked for their reminders again."""

    def write(self, client: Client) -> None:
        stopped, paused = client.reminders_stopped_at, client.reminders_paused_until
        clients.start_reminders(client=client, by=self.membership)
        status, words = reminders_of(client, is_locked(client))
        if status != "fine":
            words = f"Nobody stops reminders to {client} any more, but none goes out: {words.lower()}."
            messages.warning(self.request, words)
        elif stopped:
            self.offer(f"Reminders to {client} go out again.", "stop_reminders", client)
        elif paused and paused > client.today:
            self.offer(f"Reminders to {client} go out again.", "pause_reminders", client, until=paused.isoformat())
        else:
            messages.success(self.request, f"Reminders to {client} go out again.")


class RefuseMail(_OneWrite):
    """A client said that they want no mail at all any more."""

    def write(self, client: Client) -> None:
        clients.refuse_mail(client=client, by=self.membership)
        self.offer(f"{client} gets no mail of any kind any more.", "allow_mail", client)


class AllowMail(_OneWrite):
    """A client consented to mail again."""

    def write(self, client: Client) -> None:
        clients.allow_mail(client=client, by=self.membership)
        self.offer(f"{client} may get mail again.", "refuse_mail", client)


def parsed_day(text: str) -> datetime.date:
    """Raises ValidationError with a line for what is no day."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValidationError(f"“{text[:20]}” is no day; write it like 2026-01-31.") from None


class ClearAlert(ClinicianView):
    """A named clinician answers a red flag, with a note."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        alert = self.alert(pk)
        return self.page(alert, ClearAlertForm(initial={"seen": len(alert.because)}))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        alert = self.alert(pk)
        form = ClearAlertForm({**request.POST.dict(), "seen": len(alert.because)})
        if request.POST.get("seen") not in (None, "", str(len(alert.because))):
            form.add_error(None, "A reason was added while this page was open: read it, then answer.")
        elif attempt(form, lambda: safety.clear(alert=alert, note=form.cleaned_data["note"], by=self.membership)):
            messages.success(request, f"Answered by {self.membership}. The programme of {alert.client} may go on.")
            return redirect("clinic:client", alert.client_id)
        return self.page(alert, form, status=422)

    def alert(self, pk: uuid.UUID) -> SafetyAlert:
        alert: SafetyAlert = self.get_or_404(SafetyAlert, pk, cleared_at=None)
        return alert

    def page(self, alert: SafetyAlert, form: ClearAlertForm, status: int = 200) -> HttpResponse:
        context = {"alert": alert, "client": alert.client, "form": form}
        return render(self.request, "clinic/clear_alert.html", context, status=status)


class ClientLog(StaffView):
    """Who did what to this record: for the owner."""

    roles = frozenset({Role.OWNER})

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        rows = self.visible(AuditEntry).filter(client=client).select_related("actor_user", "actor_client")
        page = Paginator(rows, 50).get_page(request.GET.get("page"))
        return render(request, "clinic/client_log.html", {"client": client, "page": page})
