from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from clinic import panels
from clinic.access import ClinicianView, StaffView
from clinic.forms import ClearAlertForm, ClientForm, attempt
from clinic.models import AuditEntry, Client, Role, SafetyAlert
from clinic.queries.reminders import is_locked, reminders_of, with_locks
from clinic.services import clients, safety

PAGE_SIZE = 25
SHOWN = {"all": "Everybody in care", "mine": "My clients", "archived": "Archived"}


class ClientList(StaffView):
    def get(self, request: HttpRequest) -> HttpResponse:
        words, shown = request.GET.get("q", "").strip(), request.GET.get("show", "all")
        rows = with_locks(self.rows(shown).matching(words).select_related("therapist", "practice"))
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "page": page, "words": words, "shown": shown, "tabs": SHOWN.items(),
            "base": f"?{urlencode({'q': words, 'show': shown})}&",
        }  # fmt: skip
        return render(request, "clinic/clients.html", context)

    def rows(self, shown: str) -> Any:
        rows = self.visible(Client)
        if shown == "archived":
            return rows.exclude(archived_at=None)
        return rows.active().filter(therapist=self.membership) if shown == "mine" else rows.active()


class AddClient(StaffView):
    def get(self, request: HttpRequest) -> HttpResponse:
        mine = self.membership if self.membership.role == Role.THERAPIST else None
        return self.page(ClientForm(practice=self.practice, initial={"therapist": mine}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClientForm(request.POST, practice=self.practice)
        client = attempt(form, lambda: clients.add(practice=self.practice, by=self.membership, **form.cleaned_data))
        if client is None:
            return self.page(form, status=422)
        messages.success(request, f"{client} is now in your care as {client.ref}.")
        return redirect("clinic:client", client.pk)

    def page(self, form: ClientForm, status: int = 200) -> HttpResponse:
        return render(self.request, "clinic/client_form.html", {"form": form}, status=status)


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


class ClientRecord(StaffView):
    """Everything about one client that this role may see; each app adds its panels."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        alerts = self.visible(SafetyAlert).filter(client=client).open()
        shown = list(panels.on_client(request, self.membership, client))
        return render(request, "clinic/client.html", {"client": client, "alerts": alerts, "panels": shown})


class ArchiveClient(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = clients.archive(client=self.get_client(pk), by=self.membership)
        messages.success(request, f"{client} is archived: nothing is deleted, reminders have ended.")
        return redirect("clinic:clients")


class StartReminders(StaffView):
    """A client asked for their reminders again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = clients.start_reminders(client=self.get_client(pk), by=self.membership)
        status, words = reminders_of(client, is_locked(client))
        if status == "fine":
            messages.success(request, f"Reminders to {client} go out again.")
        else:
            messages.warning(
                request, f"Nobody stops reminders to {client} any more, but none goes out: {words.lower()}."
            )
        return redirect("clinic:client", client.pk)


class RefuseMail(StaffView):
    """A client said that they want no mail at all any more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = clients.refuse_mail(client=self.get_client(pk), by=self.membership)
        messages.success(request, f"{client} gets no mail of any kind any more.")
        return redirect("clinic:client", client.pk)


class AllowMail(StaffView):
    """A client consented to mail again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = clients.allow_mail(client=self.get_client(pk), by=self.membership)
        messages.success(request, f"{client} may get mail again.")
        return redirect("clinic:client", client.pk)


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
