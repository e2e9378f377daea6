"""What says that two rows are one person: names, birth, address and number, each folded once."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from clinic.models import Client
from clinic.models.people import WORD, folded

READ = ("pk", "given_name", "family_name", "date_of_birth", "email", "phone")


@dataclass(frozen=True, slots=True)
class Name:
    """`whole` without anything but letters and digits; `parts`: the names of a double one."""

    whole: str
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one client, ready to be compared with many."""

    pk: uuid.UUID
    given: Name
    family: Name
    born: datetime.date | None
    email: str
    phone: str


def traits_of(client: Client) -> Traits:
    return traits(*(getattr(client, name) for name in READ))


def traits(pk: uuid.UUID, given: str, family: str, born: datetime.date | None, email: str, phone: object) -> Traits:
    """From the values of the columns `READ`."""
    return Traits(pk, name(given), name(family), born, email.casefold(), str(phone or ""))


def name(said: str) -> Name:
    low = folded(said)
    words = WORD.findall(low)
    return Name("".join(words), frozenset(word for word in words if len(word) > 2))


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


def near_names(one: Name, other: Name) -> bool:
    """Near as a whole, or one of the names of a double one: “Anna-Maria” is “Anna”, “Brandt-Lee” is “Lee”."""
    return not one.parts.isdisjoint(other.parts) or near(one.whole, other.whole)


def same_name(one: Traits, other: Traits) -> bool:
    """Both names near each other, as written or with given and family name in each other's place."""
    straight = near_names(one.given, other.given) and near_names(one.family, other.family)
    return straight or (near_names(one.given, other.family) and near_names(one.family, other.given))


def why_alike(one: Traits, other: Traits) -> str:
    """Empty where nothing says that the two are one person."""
    born = one.born is not None and one.born == other.born
    mail = bool(one.email) and one.email == other.email
    phone = bool(one.phone) and one.phone == other.phone
    named = same_name(one, other)
    mistyped = named and near_birth(one.born, other.born)
    if not ((named and (born or mail or phone or mistyped)) or (born and (mail or phone))):
        return ""
    reasons = {
        "same date of birth": born, "date of birth almost the same": mistyped and not born,
        "same e-mail address": mail, "same phone number": phone, "similar name": named,
    }  # fmt: skip
    return ", ".join(reason for reason, so in reasons.items() if so)


def near_birth(one: datetime.date | None, other: datetime.date | None) -> bool:
    """One digit is another, or day and month are in each other's place."""
    if one is None or other is None:
        return False
    digits = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    return digits <= 1 or (one.year == other.year and (one.month, one.day) == (other.day, other.month))
