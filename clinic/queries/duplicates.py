"""Who may be here twice: alike enough that a person should look, never alike enough that a machine decides."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.apps import apps
from django.db.models import Q, QuerySet

from clinic import merging
from clinic.models import AuditEntry, Client, Practice
from clinic.queries.neighbours import NEEDED, neighbours
from clinic.queries.traits import READ, Traits, traits, traits_of, why_alike

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


# --- who is alike -----------------------------------------------------------------------------------------------------


def alike(client: Client, *, by_contact: bool = False) -> list[Alike]:
    """In care at the same practice; `client` may be somebody who is only about to be added. Of their neighbours, and
    where somebody is alike one query more. `by_contact`: whom only the same address or number shows, too, which looks
    through the whole practice."""
    rows = by_any_trait(client) if by_contact else neighbours(client)
    mine = traits_of(client)
    found = [Alike(other, why) for other in rows if (why := why_alike(mine, traits_of(other)))]
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
    """Of everybody in care, those who may be one person, at most a hundred pairs. Three queries; reads six columns of
    everybody, so that among 100,000 it takes a second or two."""
    found: dict[frozenset[uuid.UUID], tuple[Traits, Traits, str]] = {}
    for group in groups([traits(*row) for row in in_care(practice).order_by().values_list(*READ)]):
        for one, other in combinations(group, 2):
            if why := why_alike(one, other):
                first, second = sorted((one, other), key=lambda each: each.pk)
                found[frozenset((one.pk, other.pk))] = (first, second, why)
    apart = kept_apart(practice.pk, {pk for key in found for pk in key}) if found else set()
    left = [pair for key, pair in found.items() if key not in apart]
    shown = sorted(left, key=lambda pair: (pair[0].family.whole, pair[0].pk, pair[1].pk))[:MOST_PAIRS]
    people = in_care(practice).in_bulk([each.pk for one, other, _ in shown for each in (one, other)])
    both = ((people.get(one.pk), people.get(other.pk), why) for one, other, why in shown)
    return [Pair(one, other, why) for one, other, why in both if one and other]


def groups(people: Sequence[Traits]) -> Iterator[list[Traits]]:
    """People with something in common that two rows of one person would have, too."""
    shared: dict[tuple[str, object], list[Traits]] = defaultdict(list)
    for each in people:
        if each.born:
            shared["born", each.born].append(each)
        if each.email:
            shared["mail", each.email].append(each)
        if each.phone:
            shared["phone", each.phone].append(each)
        shared["name", frozenset((each.given.whole, each.family.whole))].append(each)
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
