"""The practice "Riverside": a client at every stage of the loop, built by the services that the pages use."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.db import transaction

from clinic.models import Client, Membership, Practice, Role
from clinic.services import clients, practices
from clinic.services.audit import Machine
from treatments.services.seeding import diary, notes, stages, visits

PASSWORD = "a quiet river bend"  # noqa: S105  (made-up people on the developer's own machine)
PEOPLE = (
    ("Owner and therapist", "olga@riverside.example", Role.OWNER, "Olga Berg"),
    ("Therapist", "tomas@riverside.example", Role.THERAPIST, "Tomas Lind"),
    ("Therapist", "nadia@riverside.example", Role.THERAPIST, "Nadia Haas"),
    ("Reception", "rita@riverside.example", Role.RECEPTIONIST, "Rita Klein"),
)
#: (what, e-mail, password), for the welcome of the demo.
DEMO_LOGINS = tuple((what, email, PASSWORD) for what, email, _, _ in PEOPLE)

#: given name, family name, born, sex, zone, the stage of the loop.
CLIENTS: tuple[tuple[str, str, str, str, str, Callable[[Client, Membership], object]], ...] = (
    ("Ada", "Brandt", "1978-03-02", "female", "", stages.just_added),
    ("Ben", "Okafor", "1990-11-19", "male", "", stages.intake_sent),
    ("Clara", "Weiss", "1969-06-30", "female", "", stages.intake_unread),
    ("Daniel", "Moreau", "1957-01-08", "male", "Europe/Paris", stages.red_flag),
    ("Elif", "Kaya", "1984-09-14", "female", "", stages.unsigned),
    ("Frank", "Sommer", "1975-12-01", "male", "", stages.assessed),
    ("Grace", "Nguyen", "1988-04-22", "female", "America/Chicago", stages.drafted),
    ("Henrik", "Dahl", "1993-07-07", "male", "", stages.keeps_going),
    ("Ines", "Costa", "1981-02-17", "female", "Europe/Lisbon", stages.slips),
    ("Jonas", "Richter", "1972-10-05", "male", "", stages.too_painful),
    ("Katja", "Simon", "1966-08-25", "female", "", stages.mail_failed),
    ("Luis", "Herrera", "1979-05-11", "male", "America/Chicago", stages.really_improved),
    ("Marta", "Novak", "1986-01-29", "female", "", stages.within_error),
    ("Noah", "Fischer", "1962-03-18", "male", "", stages.six_weeks_done),
)


@transaction.atomic
def seed_demo(slug: str) -> Practice | None:
    """Everything or nothing; None where a practice of this name is there already."""
    if Practice.objects.filter(slug=slug).exists():
        return None
    practice = practices.open_practice(
        slug=slug,
        name="Riverside Bodywork",
        timezone="Europe/Berlin",
        by=Machine.SEED,
        reply_to="desk@riverside.example",
    )
    therapists = [member for member in staff_of(practice) if member.role == Role.THERAPIST]
    notes.phrases(therapists[0])
    for number, (given, family, born, sex, zone, stage) in enumerate(CLIENTS):
        therapist = therapists[number % len(therapists)]
        client = clients.add(
            practice=practice,
            by=therapist,
            given_name=given,
            family_name=family,
            date_of_birth=visits.date(born),
            sex=sex,
            email=f"{given}.{family}@clients.example".lower(),
            timezone=zone,
            therapist=therapist,
        )
        stage(client, therapist)
    diary.open_the_diary(practice)
    return practice


def staff_of(practice: Practice) -> list[Membership]:
    users = get_user_model().objects
    return [
        practices.add_member(
            practice=practice,
            user=users.filter(email=email).first() or users.create_user(email, email=email, password=PASSWORD),
            role=role,
            display_name=name,
            by=Machine.SEED,
        )
        for _, email, role, name in PEOPLE
    ]
