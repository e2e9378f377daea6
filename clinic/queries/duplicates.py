"""Who may be here twice: alike enough that a person should look, never alike enough that a machine decides."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.apps import apps
from django.db.models import Q, QuerySet

from clinic import merging
from clinic.models import AuditEntry, Client, Practice
from clinic.models.people import WORD, folded
from clinic.queries.neighbours import NEEDED, neighbours

MOST = 5  # alike to one
MOST_LOOKED_AT = 200
MOST_PAIRS = 100
MOST_OF_ONE_KIND = 6  # more people at one address or number are a family, a home or a default


@dataclass(frozen=True)
class Alike:
    """`why`: for people of the practice, such as “same date of birth, similar name”."""

    client: Client
    why: str


@dataclass(frozen=True)
class Pair:
    one: Client
    other: Client
    why: str


# --- how alike two people are -----------------------------------------------------------------------------------------


def near(one: str, other: str) -> bool:
    """The same but for one letter that is wrong, missing, too many, or changed places with its neighbour."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:  # of two letters one is too much
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    swapped = len(a) == len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def plain(name: str) -> str:
    return "".join(WORD.findall(folded(name)))


def parts_of(name: str) -> set[str]:
    return {word for word in WORD.findall(folded(name.replace("-", " "))) if len(word) > 2}


def near_names(one: str, other: str) -> bool:
    """Near as a whole, or one of the names of a double one: “Anna-Maria” is “Anna”, “Brandt-Lee” is “Lee”."""
    return near(plain(one), plain(other)) or bool(parts_of(one) & parts_of(other))


def same_name(one: Client, other: Client) -> bool:
    """Both names near each other, as written or with given and family name in each other's place."""
    straight = near_names(one.given_name, other.given_name) and near_names(one.family_name, other.family_name)
    return straight or (near_names(one.given_name, other.family_name) and near_names(one.family_name, other.given_name))


def why_alike(one: Client, other: Client) -> str:
    """Empty where nothing says that the two are one person."""
    born = one.date_of_birth is not None and one.date_of_birth == other.date_of_birth
    mail = bool(one.email) and one.email.casefold() == other.email.casefold()
    phone = bool(one.phone) and one.phone == other.phone
    name = same_name(one, other)
    mistyped = name and near_birth(one.date_of_birth, other.date_of_birth)
    if not ((name and (born or mail or phone or mistyped)) or (born and (mail or phone))):
        return ""
    reasons = {
        "same date of birth": born, "date of birth almost the same": mistyped and not born,
        "same e-mail address": mail, "same phone number": phone, "similar name": name,
    }  # fmt: skip
    return ", ".join(reason for reason, so in reasons.items() if so)


def near_birth(one: datetime.date | None, other: datetime.date | None) -> bool:
    """One digit is another, or day and month are in each other's place."""
    if one is None or other is None:
        return False
    digits = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    return digits <= 1 or (one.year == other.year and (one.month, one.day) == (other.day, other.month))


# --- who is alike -----------------------------------------------------------------------------------------------------


def alike(client: Client, *, by_contact: bool = False) -> list[Alike]:
    """In care at the same practice; `client` may be somebody who is only about to be added. Of their neighbours, and
    where somebody is alike one query more. `by_contact`: whom only the same address or number shows, too, which looks
    through the whole practice."""
    rows = by_any_trait(client) if by_contact else neighbours(client)
    found = [Alike(other, why) for other in rows if (why := why_alike(client, other))]
    others = [each.client.pk for each in found]
    apart = kept_apart(client.practice_id, [client.pk, *others]) if found else set()
    return [each for each in found if frozenset((client.pk, each.client.pk)) not in apart][:MOST]


def by_any_trait(client: Client) -> QuerySet[Client]:
    maybe = Q(family_name__iexact=client.family_name) | Q(family_name__iexact=client.given_name)
    maybe |= Q(date_of_birth=client.date_of_birth) if client.date_of_birth else Q()
    maybe |= Q(email__iexact=client.email) if client.email else Q()
    maybe |= Q(phone=client.phone) if client.phone else Q()
    return in_care(client.practice).filter(maybe).exclude(pk=client.pk)[:MOST_LOOKED_AT]


def perhaps(new: Client) -> list[Alike]:
    """Whom to ask about before somebody is added; nobody where they can't be, as the very same person is here."""
    found = alike(new, by_contact=True)
    said = (str(new).casefold(), new.date_of_birth)
    return [] if any((str(each.client).casefold(), each.client.date_of_birth) == said for each in found) else found


def in_care(practice: Practice) -> QuerySet[Client]:
    return Client.objects.filter(practice=practice).active().only(*NEEDED)


def kept_apart(practice_id: uuid.UUID, pks: Iterable[uuid.UUID]) -> set[frozenset[uuid.UUID]]:
    """Pairs of these clients of which a clinician said that they are two people. By the index of a client's log."""
    said = AuditEntry.objects.filter(practice_id=practice_id, client__in=list(pks), verb="client.kept_apart")
    return {frozenset((pk, uuid.UUID(facts["other"]))) for pk, facts in said.values_list("object_id", "facts")}


def pairs(practice: Practice) -> list[Pair]:
    """Of everybody in care, those who may be one person, at most a hundred pairs. Two queries."""
    found: dict[frozenset[uuid.UUID], Pair] = {}
    for group in groups(list(in_care(practice))):
        for one, other in combinations(group, 2):
            key = frozenset((one.pk, other.pk))
            if key not in found and (why := why_alike(one, other)):
                first, second = sorted((one, other), key=lambda each: each.pk)
                found[key] = Pair(first, second, why)
    apart = kept_apart(practice.pk, {pk for key in found for pk in key})
    left = [pair for key, pair in found.items() if key not in apart]
    return sorted(left, key=lambda pair: (folded(pair.one.family_name), pair.one.pk, pair.other.pk))[:MOST_PAIRS]


def groups(people: Sequence[Client]) -> Iterator[list[Client]]:
    """People with something in common that two rows of one person would have, too."""
    shared: dict[tuple[str, object], list[Client]] = defaultdict(list)
    for each in people:
        if each.date_of_birth:
            shared["born", each.date_of_birth].append(each)
        if each.email:
            shared["mail", each.email.casefold()].append(each)
        if each.phone:
            shared["phone", str(each.phone)].append(each)
        shared["name", frozenset((plain(each.given_name), plain(each.family_name)))].append(each)
    return (group for (kind, _), group in shared.items() if kind == "born" or 1 < len(group) <= MOST_OF_ONE_KIND)


# --- what a merge would do --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """`moves`: how many rows of what; `told`: what happens besides, a sentence each."""

    moves: Sequence[str]
    told: Sequence[str]


def plan(goes_on: Client, ends: Client) -> Plan:
    """Exactly what `services.merge.merge` will do. Changes nothing."""
    moves = []
    for part in merging.parts:
        if part.one and (count := rows_of(part.key, ends)):
            moves.append(f"{count} {part.one if count == 1 else part.many}")
    return Plan(moves, [line for part in merging.parts if part.told for line in part.told(goes_on, ends)])


def rows_of(label: str, client: Client) -> int:
    model = apps.get_model(label)
    return model._base_manager.filter(client=client).count() if label != client._meta.label else 0
