"""Who works at a practice: coming, changing, handing over, leaving. What somebody wrote stays theirs for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import CLINICIANS, AuditEntry, Client, Membership, Practice, Role, Visit, VisitState
from clinic.queries.logins import is_ours
from clinic.services import audit, edits, visits

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

EDITABLE = ("display_name", "role", "supervisor")
LAST_OWNER = "{name} is the only owner. Make somebody else an owner first."


@dataclass(frozen=True)
class HandedOver:
    """How many clients and visits have somebody else now; `stay`: visits that could not, because that time is taken."""

    clients: int = 0
    visits: int = 0
    stay: int = 0


@transaction.atomic
def add(
    *, practice: Practice, email: str, display_name: str, role: str, by: audit.Actor,
    supervisor: Membership | None = None,
) -> Membership:  # fmt: skip
    """Somebody works here from now on. Who has no log-in gets one without a password: they set it by a link.

    Raises ValidationError by field, also where they work here already, or did.
    """
    _take_turns(practice)
    user = user_of(email) or _new_user(email)
    there = Membership.objects.filter(practice=practice, user_id=user.pk).first()
    if there:
        line = f"{there} works here already." if there.is_active else f"{there} worked here: let them back in below."
        raise ValidationError({"email": [line]})
    member = Membership(practice=practice, user_id=user.pk, display_name=display_name, role=role, supervisor=supervisor)
    _require_sound(member)
    member.full_clean()
    member.save()
    audit.record("member.added", on=member, by=by, role=str(role))
    return member


def user_of(email: str) -> AbstractBaseUser | None:
    """Whose log-in this address is; one that is switched off only where there is no other.

    Never one that we made for a client: whoever holds its passkey may have written any address into it.
    """
    rows = get_user_model().objects.filter(email__iexact=email).order_by("-is_active", "pk")
    return next((user for user in rows if not is_ours(user)), None)


def _new_user(email: str) -> AbstractBaseUser:
    model: Any = get_user_model()
    user: AbstractBaseUser = model(**{model.USERNAME_FIELD: email.lower(), model.get_email_field_name(): email.lower()})
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def change(*, member: Membership, seen: Mapping[str, str], by: audit.Actor, **details: Any) -> Membership:
    """Name, role, whose trainee. Raises ValidationError by field, also where somebody else changed the same."""
    unknown = set(details) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    _take_turns(member.practice)
    current = Membership.objects.select_for_update(of=("self",)).select_related("practice").get(pk=member.pk)
    was = current.role
    changed = edits.merge(current, seen, details)
    if not changed:
        return current
    if was == Role.OWNER and current.role != Role.OWNER:
        _require_another_owner(current, "role")
    if was in CLINICIANS and current.role not in CLINICIANS:
        _require_free_hands(current)
    _require_sound(current)
    current.full_clean(exclude=["user", "practice"])
    current.save(update_fields=changed)
    audit.record("member.changed", on=current, by=by, fields=changed, role=str(current.role))
    return current


@transaction.atomic
def hand_over(*, member: Membership, to: Membership, by: audit.Actor) -> HandedOver:
    """Clients, visits ahead and trainees of `member` are with `to` from now on.

    Raises ValidationError for somebody who sees no clients or does not work here.
    """
    if to.practice_id != member.practice_id or not to.is_active or to.role not in CLINICIANS or to.pk == member.pk:
        raise ValidationError({"to": ["Choose somebody else who works here and sees clients."]})
    clients = list(Client.objects.filter(therapist=member).order_by("pk").values_list("pk", flat=True))
    Client.objects.filter(pk__in=clients).update(therapist=to)
    _note_clients(clients, member, by)
    trainees = Membership.objects.filter(supervisor=member).exclude(pk=to.pk)
    if to.supervisor_id is None:
        trainees.update(supervisor=to)
    moved = stay = 0
    for visit in ahead_of(member).order_by("starts_at"):
        try:
            with transaction.atomic():
                visits.move(visit=visit, revision=None, by=by, anyway=True, therapist=to)
            moved += 1
        except ValidationError:
            stay += 1
    audit.record("member.handed_over", on=member, by=by, to=str(to.pk), clients=len(clients), visits=moved, stay=stay)
    return HandedOver(len(clients), moved, stay)


def _note_clients(clients: list[Any], member: Membership, by: audit.Actor) -> None:
    kept = {
        "practice_id": member.practice_id, "verb": "client.handed_over", "object_type": Client._meta.label_lower,
        **audit.actor_fields(by),
    }  # fmt: skip
    AuditEntry.objects.bulk_create(
        [AuditEntry(object_id=pk, client_id=pk, **kept) for pk in clients],
        batch_size=1000,
    )


@transaction.atomic
def leave(*, member: Membership, by: audit.Actor, to: Membership | None = None) -> HandedOver:
    """They get in no more; what they wrote stays. `to` takes over what is ahead; else it stays with their name.

    Raises ValidationError for the last owner, and as `hand_over` does.
    """
    _take_turns(member.practice)
    current = Membership.objects.select_for_update(of=("self",)).select_related("practice").get(pk=member.pk)
    if not current.is_active:
        return hand_over(member=current, to=to, by=by) if to else HandedOver()
    _require_another_owner(current, "__all__")
    done = hand_over(member=current, to=to, by=by) if to else HandedOver()
    current.is_active = False
    current.save(update_fields=["is_active"])
    audit.record("member.left", on=current, by=by)
    return done


@transaction.atomic
def come_back(*, member: Membership, by: audit.Actor) -> Membership:
    """They get in again, in the role that they had."""
    current = Membership.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if not current.is_active:
        current.is_active = True
        current.save(update_fields=["is_active"])
        audit.record("member.came_back", on=current, by=by)
    return current


def ahead_of(member: Membership) -> Any:
    """The visits that are still to come to them."""
    return Visit.objects.filter(therapist=member, state=VisitState.BOOKED, starts_at__gt=timezone.now())


def _take_turns(practice: Practice) -> None:
    """Two owners who take the role from each other come one after the other: the second is the last."""
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)


def _require_another_owner(member: Membership, field: str) -> None:
    others = Membership.objects.filter(practice=member.practice_id, role=Role.OWNER, is_active=True)
    was_owner = others.filter(pk=member.pk).exists()
    if was_owner and not others.exclude(pk=member.pk).exists():
        raise ValidationError({field: [LAST_OWNER.format(name=member)]})


def _require_free_hands(member: Membership) -> None:
    clients = Client.objects.filter(therapist=member, archived_at=None).count()
    ahead = ahead_of(member).count()
    if clients or ahead:
        held = f"{clients} client{'' if clients == 1 else 's'} and {ahead} visit{'' if ahead == 1 else 's'} ahead"
        raise ValidationError({"role": [f"{member} has {held}: hand them over first."]})


def _require_sound(member: Membership) -> None:
    if member.supervisor_id is None:
        return
    supervisor = Membership.objects.get(pk=member.supervisor_id)  # as it is now, not as a form read it
    if member.role not in CLINICIANS:
        line = "Only who sees clients is somebody’s trainee."
    elif supervisor.practice_id != member.practice_id or not supervisor.is_active or supervisor.role not in CLINICIANS:
        line = "Choose somebody who works here and sees clients."
    elif supervisor.pk == member.pk:
        line = "Nobody is their own trainee."
    elif supervisor.supervisor_id:
        line = f"{supervisor} is a trainee: choose who signs for both."
    elif not member._state.adding and member.trainees.exists():
        line = f"{member} signs for trainees: give them somebody else first."
    else:
        return
    raise ValidationError({"supervisor": [line]})
